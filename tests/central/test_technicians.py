"""Headquarters and technicians: the answer by telephone, and records opened by whoever has the key."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from central import cli
from central.console.record import chain
from central.database import transaction
from central.technicians import CODE_KEY
from kiosk.protocol.records import packed, sealed_for
from kiosk.protocol.staff import response
from tests.central.office import TERMINAL, Office
from tests.central.test_books import beat


class Command:
    """`central` in this folder."""

    def __init__(self, office: Office, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.office = office
        self.folder = folder
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, Any]:
        _ = self._capsys.readouterr()
        status = cli.main([*words, "--state", str(self.folder), "--database", self.office.url])
        said = self._capsys.readouterr()
        return status, json.loads(said.out) if status == 0 else said.err

    def answer(self, challenge: str, staff: str = "004170", by: str = "009001", because: str = "voice known") -> Any:
        who = ("--terminal", TERMINAL, "--staff", staff, "--by", by, "--because", because)
        return self("technician", "answer", "--challenge", challenge, *who)

    def acts(self) -> list[tuple[str, str, str]]:
        with transaction(self.office.headquarters.engine) as db:
            told = chain(db)
        assert told["broken_at"] == 0
        return [(row["user"], row["act"], row["subject"]) for row in told["rows"]]


@pytest.fixture
def central(office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(office, tmp_path, capsys)


def test_headquarters_answers_a_challenge_once_and_who_asked_and_who_answered_is_on_record(central: Command) -> None:
    _ = central.office.post("/v1/heartbeats", beat(central.office))
    status, told = central("technician", "key", "--terminal", TERMINAL)
    secret = Path(told["key"]).read_bytes()
    assert (status, Path(told["key"]).name, len(secret)) == (0, CODE_KEY, 32)
    assert Path(told["key"]).stat().st_mode & 0o077 == 0
    status, told = central.answer("4071 3862")
    assert status == 0
    assert told["code"].replace(" ", "") == response(secret, TERMINAL, "40713862", "004170")
    assert central.acts()[-1] == ("009001", "answered-technician", f"{TERMINAL}/004170/40713862")
    assert central.answer("40713862")[0] == 1
    assert len(central.acts()) == 1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"challenge": "4071"}, "8 digits"),
        ({"challenge": "40713862", "staff": "4170"}, "six digits"),
        ({"challenge": "40713862", "by": "004170"}, "nobody answers themselves"),
        ({"challenge": "40713862", "because": " "}, "made sure"),
        ({"challenge": "40713862"}, "was ever heard"),
    ],
)
def test_no_code_is_read_out_without_a_whole_question(central: Command, given: dict[str, str], why: str) -> None:
    _ = central("technician", "key", "--terminal", TERMINAL)
    status, said = central.answer(**given)
    assert status == 1 and why in said
    assert central.acts() == []


def test_a_stations_secret_is_made_once(central: Command) -> None:
    assert central("technician", "key", "--terminal", TERMINAL)[0] == 0
    assert central("technician", "key", "--terminal", TERMINAL)[0] == 1
    assert central("technician", "key", "--terminal", "../KDL-001")[0] == 1


def test_records_are_opened_with_the_key_and_on_record(central: Command, tmp_path: Path) -> None:
    office = central.office
    _, told = central("records", "key")
    head = {"kind": "records-1", "terminal": TERMINAL, "at": "2026-11-22T23:05:00+08:00", "by": "004170"}
    sealed = sealed_for((told["public"],), packed([json.dumps(head), json.dumps({"book": "audit", "row": 1})]))
    sent = {"name": "records.jsonl.gz.age", "staff": ["004170"], "lines": 2}
    reply = office.post(
        "/v1/filings", office.filing("records", {**sent, "content": base64.b64encode(sealed).decode()})
    )
    _, listed = central("records", "list")
    assert [(one["number"], one["terminal"], one["lines"]) for one in listed["records"]] == [
        (reply["number"], TERMINAL, 2)
    ]
    out, stick = tmp_path / "lines.jsonl", tmp_path / "stick.age"
    stick.write_bytes(sealed)
    why = ("--by", "009001", "--because", "a complaint")
    assert central("records", "open", reply["number"], "--out", str(out), *why)[0] == 0
    assert [json.loads(line) for line in out.read_text().splitlines()] == [head, {"book": "audit", "row": 1}]
    assert central("records", "open", reply["number"], "--out", str(out), *why)[0] == 1, "never over another file"
    assert central("records", "open", str(stick), "--out", str(tmp_path / "again.jsonl"), *why)[0] == 0
    assert central("records", "open", "R999", "--out", str(tmp_path / "none.jsonl"), *why)[0] == 1
    assert [act for _, act, _ in central.acts()] == ["opened-records", "opened-records"]
