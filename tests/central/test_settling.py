"""A person settles what is in doubt, with who, why and where; the books then agree with what was found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from central import cli
from central.database import transaction
from central.desks.desk import Desk
from central.desks.settling import Reason, doubts, settle_document, settle_effect
from central.model import Settlement
from central.problems import Declined
from kiosk.people.synthetic import Situation
from tests.central.office import TERMINAL, Office, someone

SEEN = Reason("012345", "打开柜门看过")


def card_of(office: Office, nth: int = 0) -> dict[str, Any]:
    return office.look_up("card-to-collect", someone(Situation.CARD_FINISHED_RENEWAL, nth))


def card_in_doubt(office: Office) -> dict[str, Any]:
    card = card_of(office)
    grant = office.post("/v1/grants", office.grant_request(card))
    assert office.use(grant, "hand-over-in-doubt")[0] == 204
    assert office.place(card["item"]) == "in-doubt"
    return card


def old_card_in_doubt(office: Office) -> str:
    place = office.post("/v1/custody-places", office.custody_request(someone(Situation.CARD_FINISHED_RENEWAL)))
    assert office.use(place["grant"], "take-in-in-doubt")[0] == 204
    return place["custody"]


def reported_in_doubt(office: Office, key: str, kind: str) -> None:
    payload: dict[str, Any] = {"effect_key": key, "effect_kind": kind, "state": "in_doubt", "evidence": {}}
    _ = office.file("effect-report", payload, f"{key}/report/1")


def settle(office: Office, item: str, place: str) -> Settlement:
    return office.headquarters.by_a_person(lambda desk: settle_document(desk, item, place, SEEN))


def refused(office: Office, item: str, place: str) -> str:
    """Why it was refused; nothing has moved."""
    before = office.ledger()
    with pytest.raises(Declined) as declined:
        _ = settle(office, item, place)
    assert office.ledger() == before
    return declined.value.problem.code


def case_of(office: Office, card: dict[str, Any]) -> dict[str, Any]:
    (case,) = [c for c in office.ledger()["cases"] if c["number"] == card["case_number"]]
    return case


def waiting(office: Office) -> dict[str, list[dict[str, str]]]:
    with transaction(office.headquarters.engine) as db:
        return doubts(db)


def test_a_card_found_in_its_compartment_can_be_collected(office: Office) -> None:
    card = card_in_doubt(office)
    assert [d["id"] for d in waiting(office)["documents"]] == [card["item"]]
    home = f"cabinet:{TERMINAL}:1:{card['compartment']}"
    _ = settle(office, card["item"], home)
    assert office.place(card["item"]) == home and waiting(office)["documents"] == []
    assert [g["state"] for g in office.ledger()["grants"]] == ["not-used"]
    assert card_of(office)["item"] == card["item"]
    assert office.post("/v1/grants", office.grant_request(card))["item"] == card["item"]


def test_a_card_the_citizen_has_is_collected(office: Office) -> None:
    card = card_in_doubt(office)
    _ = settle(office, card["item"], "citizen")
    assert office.place(card["item"]) == "citizen"
    assert (case_of(office, card)["state"], case_of(office, card)["certainty"]) == ("collected", "settled")
    assert [g["state"] for g in office.ledger()["grants"]] == ["used"]
    assert card_of(office)["code"] == "E-COL-01"


def test_a_card_brought_to_a_depot_is_collected_there(office: Office) -> None:
    card = card_in_doubt(office)
    _ = settle(office, card["item"], "depot:kiosk-0001")
    assert office.place(card["item"]) == "depot:kiosk-0001"
    assert card_of(office)["code"] == "E-COL-03"
    assert case_of(office, card)["state"] == "stocked"


def test_an_old_card_found_is_in_custody(office: Office) -> None:
    custody = old_card_in_doubt(office)
    _ = settle(office, custody, f"custody:{TERMINAL}:1:24")
    assert office.place(custody) == f"custody:{TERMINAL}:1:24"
    assert [g["state"] for g in office.ledger()["grants"]] == ["used"]


def test_an_old_card_that_never_came_is_its_owners(office: Office) -> None:
    custody = old_card_in_doubt(office)
    _ = settle(office, custody, "citizen")
    assert office.place(custody) == "citizen"
    assert [g["state"] for g in office.ledger()["grants"]] == ["not-used"]
    again = office.post("/v1/custody-places", office.custody_request(someone(Situation.CARD_FINISHED_RENEWAL)))
    assert again["grant"]["compartment"] == 24


def test_what_is_written_down_says_who_why_and_what_it_was(office: Office) -> None:
    card = card_in_doubt(office)
    _ = settle(office, card["item"], "citizen")
    assert office.ledger()["settlements"] == [
        {
            "kind": "document",
            "subject": card["item"],
            "was": "in-doubt",
            "now": "citizen",
            "by": "012345",
            "because": "打开柜门看过",
            "at": "2026-11-22T10:00:00+08:00",
        }
    ]


def test_only_what_is_in_doubt_is_settled_and_only_once(office: Office) -> None:
    assert refused(office, card_of(office)["item"], "citizen") == "not-in-doubt"
    assert refused(office, "nothing", "citizen") == "unknown"
    card = card_in_doubt(office)
    _ = settle(office, card["item"], "citizen")
    assert refused(office, card["item"], f"cabinet:{TERMINAL}:1:{card['compartment']}") == "not-in-doubt"


def test_a_place_that_is_none_for_this_document_is_refused(office: Office) -> None:
    item = card_in_doubt(office)["item"]
    nowhere = ["", "pocket", "citizen:x", "depot:", "depot:nowhere", "production", "in-doubt"]
    no_lock = ["cabinet:KDL-999:1:1", "cabinet:KDL-001:1:0", "cabinet:KDL-001:2:1", "cabinet:KDL-001:1:25"]
    for place in (*nowhere, *no_lock, f"custody:{TERMINAL}:1:24"):
        assert refused(office, item, place) == "place", place


def test_a_compartment_holds_one_document(office: Office) -> None:
    other = card_of(office, 1)
    card = card_in_doubt(office)
    assert refused(office, card["item"], f"cabinet:{TERMINAL}:1:{other['compartment']}") == "occupied"


def test_a_contradicting_report_afterwards_moves_nothing(office: Office) -> None:
    card = card_of(office)
    grant = office.post("/v1/grants", office.grant_request(card))
    assert office.use(grant, "hand-over-in-doubt")[0] == 204
    _ = settle(office, card["item"], "citizen")
    status, problem = office.use(grant, "not-opened")
    assert (status, problem["code"]) == (409, "settled")
    assert office.place(card["item"]) == "citizen"


def test_an_effect_without_a_document_is_settled_by_its_key(office: Office) -> None:
    key = "CASE00001/slip/1"
    reported_in_doubt(office, key, "print")
    assert [e["key"] for e in waiting(office)["effects"]] == [key]

    def act(desk: Desk) -> Settlement:
        return settle_effect(desk, key, "done", SEEN)

    assert office.headquarters.by_a_person(act).now == "done"
    assert waiting(office)["effects"] == []
    with pytest.raises(Declined, match="not-in-doubt"):
        _ = office.headquarters.by_a_person(act)
    with pytest.raises(Declined, match="unknown"):
        _ = office.headquarters.by_a_person(lambda desk: settle_effect(desk, "CASE/x/1", "done", SEEN))


def test_where_a_document_was_moved_the_document_is_settled(office: Office) -> None:
    request = office.grant_request(card_of(office))
    _ = office.post("/v1/grants", request)
    reported_in_doubt(office, request["key"], "hand-over")
    with pytest.raises(Declined, match="document"):
        _ = office.headquarters.by_a_person(lambda desk: settle_effect(desk, request["key"], "done", SEEN))
    assert waiting(office)["effects"] == [] and len(waiting(office)["documents"]) == 1


@pytest.mark.parametrize(
    ("by", "because"), [("", "seen"), (" ", "seen"), ("1", ""), ("1" * 41, "seen"), ("1", "x" * 401)]
)
def test_nobody_settles_without_name_and_reason(by: str, because: str) -> None:
    with pytest.raises(Declined, match="reason"):
        _ = Reason(by, because)


def command(office: Office, *words: str) -> int:
    return cli.main([*words, "--database", office.url, "--state", str(office.folder / "state")])


def test_the_command_settles_and_says_so(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    card, key = card_in_doubt(office), "CASE00001/slip/1"
    reported_in_doubt(office, key, "print")
    assert command(office, "doubts", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["documents"][0]["id"], found["effects"][0]["key"]) == (card["item"], key)
    why = ("--by", "012345", "--because", "打开柜门看过")
    assert command(office, "settle", "document", card["item"], "--place", "citizen", *why) == 0
    assert json.loads(capsys.readouterr().out)["now"] == "citizen"
    assert command(office, "settle", "effect", key, "--outcome", "failed", *why) == 0
    assert json.loads(capsys.readouterr().out)["now"] == "failed"
    assert command(office, "settle", "effect", key, "--outcome", "failed", *why) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("not-in-doubt")
    assert {s["subject"] for s in office.ledger()["settlements"]} == {card["item"], key}


def test_without_books_nothing_is_settled_and_none_are_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["settle", "document", "x", "--place", "citizen", "--by", "1", "--because", "y", "--state", str(tmp_path)]
    assert cli.main(words) == 1
    assert capsys.readouterr().err == "no database here\n" and list(tmp_path.iterdir()) == []
