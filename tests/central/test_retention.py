"""What is kept no longer goes by itself, with a record that proves what went; what is needed still works after it."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from central import cli
from central.database import transaction
from central.desks.incidents import tell
from central.model import AuditLine, FilingRow
from central.model_watch import Event
from central.retention import LOOK, Keeping, due, proof, rules
from tests.central.office import TERMINAL, Office

YEARS = timedelta(days=1500)


def audit(office: Office, *numbers: int) -> tuple[int, Any]:
    rows = [{"row": n, "text": f"line {n}", "hash": hashlib.sha256(str(n).encode()).hexdigest()} for n in numbers]
    return office.send("POST", "/v1/audit", {"rows": rows})


def lines(office: Office) -> list[int]:
    with transaction(office.headquarters.engine) as db:
        return list(db.scalars(select(AuditLine.row).order_by(AuditLine.row)))


def keeping(office: Office) -> Keeping:
    return Keeping(office.headquarters.engine, office.headquarters.blobs, office.clock)


def test_every_rule_has_its_source_and_date() -> None:
    assert {rule.id: rule.keep_days for rule in rules()} == {
        "audit": 1096,
        "watch": 183,
        "pre-registration": 90,
        "under-way": 4,
    }
    assert all(rule.source and rule.as_of.year >= 2026 for rule in rules())


def test_a_month_of_a_chain_goes_with_proof_and_the_chain_goes_on(office: Office) -> None:
    assert audit(office, 1, 2, 3)[0] == 200
    office.clock.forward(days=40)
    assert audit(office, 4)[0] == 200
    office.clock.moment = datetime.fromisoformat("2029-12-15T00:00:00+00:00")
    keeping(office).tick()
    assert lines(office) == [4]
    whole = proof(office.headquarters.engine)
    record = next(one for one in whole["deleted"] if one["table"] == "audit_line")
    keys = "".join(f'["{TERMINAL}", {number}]\n' for number in (1, 2, 3))
    assert (record["month"], record["rows"], record["by"]) == ("2026-11", 3, "headquarters")
    assert record["keys_sha256"] == hashlib.sha256(keys.encode()).hexdigest()
    assert record["carried"] == {TERMINAL: hashlib.sha256(b"3").hexdigest()}
    assert whole["broken_at"] == 0
    # A terminal that begins anew brings its whole chain: what went is passed over, what follows is kept.
    assert audit(office, 1, 2, 3, 4, 5) == (200, {"row": 5})
    assert lines(office) == [4, 5]
    assert audit(office, 7)[1]["code"] == "audit-gap"


def test_it_is_done_by_itself_and_not_all_the_time(office: Office) -> None:
    with transaction(office.headquarters.engine) as db:
        tell(db, office.clock.now() - YEARS, TERMINAL, "heard", "")
    server = keeping(office)
    server.tick()
    with transaction(office.headquarters.engine) as db:
        assert db.scalars(select(Event)).all() == []
        tell(db, office.clock.now() - YEARS, TERMINAL, "heard", "")
    server.tick()
    assert len(due(office.headquarters.engine, office.clock.now())) == 1
    office.clock.moment += LOOK
    server.tick()
    assert due(office.headquarters.engine, office.clock.now()) == []
    assert len(proof(office.headquarters.engine)["deleted"]) == 2


def test_what_belongs_to_a_case_stays(office: Office) -> None:
    _ = office.file("help-call", {"page": "attract"})
    office.clock.forward(days=10_000)
    keeping(office).tick()
    with transaction(office.headquarters.engine) as db:
        assert len(db.scalars(select(FilingRow)).all()) == 1


def test_an_upload_nobody_goes_on_with_goes_with_proof(office: Office) -> None:
    blobs = office.headquarters.blobs
    name = hashlib.sha256(b"never whole").hexdigest()
    _ = blobs.append(TERMINAL, name, 0, b"never")
    part = office.folder / "blobs" / "uploads" / TERMINAL / name / f"{0:012d}"
    for days, kept in ((3, 5), (5, 0)):
        then = (office.clock.now() - timedelta(days=days)).timestamp()
        os.utime(part, (then, then))
        keeping(office).tick()
        assert blobs.offset(TERMINAL, name) == kept
    (record,) = proof(office.headquarters.engine)["deleted"]
    path = f"uploads/{TERMINAL}/{name}/{0:012d}"
    assert (record["class"], record["rows"]) == ("under-way", 1)
    assert record["keys_sha256"] == hashlib.sha256(f'["{path}"]\n'.encode()).hexdigest()


def test_the_command_says_what_would_go_and_does_it_when_told(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(office.headquarters.engine) as db:
        tell(db, office.clock.now() - YEARS, TERMINAL, "heard", "")
    books = ["--state", str(office.folder), "--database", office.url, "--json"]

    def said(*more: str) -> Any:
        assert cli.main(["retention", *books, *more]) == 0
        return json.loads(capsys.readouterr().out)

    (would,) = said()["due"]
    assert (would["class"], would["table"], would["rows"]) == ("watch", "event", 1)
    assert said()["due"] == [would]
    done = said("--act", "--by", "wang")
    assert [(one["class"], one["by"]) for one in done["went"]] == [("watch", "wang")]
    after = said()
    assert (after["due"], len(after["deleted"]), after["broken_at"]) == ([], 1, 0)
