"""The signed list of a cabinet, what a pair of loaders reports, and who hears of it when."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from central.agencies.sandbox_model import SandboxNotice
from central.database import transaction
from central.desks.desk import Desk
from central.desks.loading import Two, load_document
from central.model import Alarm, CardCase, CardState, Document, DocumentKind, Place
from central.model_exit_entry import TravelCase
from central.problems import Declined
from kiosk.people.synthetic import Situation
from kiosk.protocol.loading import LoadingList, Standing, card_mark
from tests.central.office import TERMINAL, Office, someone

PAIR = ("004172", "004173")
NONCE = "00" * 16


def listed(office: Office) -> LoadingList:
    return LoadingList.model_validate(office.post("/v1/loading-lists", {"nonce": NONCE}))


def brought(office: Office, kind: DocumentKind = DocumentKind.NEW_CARD, site: str = "kiosk-0001") -> tuple[str, str]:
    """A finished document that lay here came out of production just now: item and case."""

    def act(desk: Desk) -> tuple[str, str]:
        document = desk.db.scalars(
            select(Document).where(Document.kind == kind, Document.place == Place.CABINET).order_by(Document.id)
        ).first()
        assert document is not None
        document.place, document.compartment, document.site = Place.DEPOT, None, site
        table = CardCase if kind is DocumentKind.NEW_CARD else TravelCase
        case = desk.db.get(table, document.case_number)
        assert case is not None
        case.state = CardState.STOCKED
        return document.id, case.number

    return office.headquarters.by_a_person(act)


def free_place(office: Office) -> tuple[int, int]:
    return listed(office).free[0]


def laid_in(office: Office, item: str, place: tuple[int, int], outcome: str = "loaded", **other: Any) -> Any:
    payload = {
        "item": item,
        "board": place[0],
        "compartment": place[1],
        "outcome": outcome,
        "permit": f"L1/{item}/1",
        "staff": PAIR,
        **other,
    }
    return office.file("document-loaded", payload, office.fresh())


def counted(office: Office, *items: str, explained: str = "", aside: tuple[dict[str, str], ...] = ()) -> Any:
    payload = {
        "loading_list": "L1",
        "loaded": items,
        "aside": aside,
        "left": len(aside),
        "explained": explained,
        "staff": PAIR,
    }
    return office.file("loading-ended", payload, office.fresh())


def told(office: Office, case: str) -> int:
    with transaction(office.headquarters.engine) as db:
        return len(db.scalars(select(SandboxNotice).where(SandboxNotice.reference == case)).all())


def state(office: Office, case: str) -> str:
    with transaction(office.headquarters.engine) as db:
        row = db.get(CardCase, case) or db.get(TravelCase, case)
        assert row is not None
        return row.state.value


def alarms(office: Office) -> set[str]:
    with transaction(office.headquarters.engine) as db:
        return set(db.scalars(select(Alarm.code)))


def item_of(situation: Situation) -> str:
    made = someone(situation).new_card
    assert made is not None
    return made.record.item


def test_the_list_is_signed_and_a_changed_one_is_not(office: Office) -> None:
    item, _ = brought(office)
    now = listed(office)
    key = Ed25519PublicKey.from_public_bytes(office.headquarters.signer.public_raw)
    key.verify(bytes.fromhex(now.signature), now.signed_text())
    other = now.model_copy(update={"free": ((1, 1),)})
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(now.signature), other.signed_text())
    (card,) = [c for c in now.cards if c.item == item]
    assert card.standing is Standing.TO_LOAD and now.nonce == NONCE and now.terminal == TERMINAL


def test_a_card_is_known_by_what_its_chip_says_and_no_number_stands_in_the_list(office: Office) -> None:
    item, case = brought(office)
    now = listed(office)
    (card,) = [c for c in now.cards if c.item == item]
    with transaction(office.headquarters.engine) as db:
        row = db.get(CardCase, case)
        assert row is not None and row.issue_date is not None
        number = row.holder
        assert card.mark == card_mark(now.salt, number, row.issue_date, row.valid_to, row.authority)
    assert number not in now.model_dump_json()


def test_the_list_tells_how_every_document_stands(office: Office) -> None:
    standing = {c.item: c.standing for c in listed(office).cards}
    blocked = item_of(Situation.CARD_BLOCKED)
    elsewhere = item_of(Situation.CARD_AT_ANOTHER_SITE)
    here = item_of(Situation.CARD_FINISHED_RENEWAL)
    assert standing[here] is Standing.HERE and standing[elsewhere] is Standing.ELSEWHERE
    (out,) = [u for u in listed(office).unload if u.item == blocked]
    assert out.why == "recalled"


@pytest.mark.parametrize("kind", [DocumentKind.NEW_CARD, DocumentKind.TRAVEL_DOCUMENT])
def test_nobody_is_told_before_the_pair_has_counted(office: Office, kind: DocumentKind) -> None:
    item, case = brought(office, kind)
    before = told(office, case)
    place = free_place(office)
    assert laid_in(office, item, place)["status"] == "accepted"
    assert office.place(item) == f"cabinet:{TERMINAL}:{place[0]}:{place[1]}"
    assert (state(office, case), told(office, case)) == ("stocked", before)
    assert counted(office, item)["extras"] == {"released": "1"}
    assert (state(office, case), told(office, case)) == ("to-collect", before + 1)
    assert counted(office, item)["extras"] == {"released": "0"}
    assert told(office, case) == before + 1


def test_a_difference_that_may_be_an_empty_door_tells_nobody_and_alarms(office: Office) -> None:
    item, case = brought(office)
    _ = laid_in(office, item, free_place(office))
    _ = counted(office, item, explained="missing")
    assert state(office, case) == "stocked" and "loading-difference" in alarms(office)


def test_the_same_report_again_changes_nothing(office: Office) -> None:
    item, _ = brought(office)
    place, key = free_place(office), office.fresh()
    payload = {"item": item, "board": place[0], "compartment": place[1], "outcome": "loaded"}
    payload |= {"permit": "L1/x/1", "staff": PAIR}
    first = office.file("document-loaded", payload, key)
    books = office.ledger()
    again = office.file("document-loaded", payload, key)
    assert again == {**first, "duplicate": True} and office.ledger() == books


def test_two_documents_are_never_in_one_compartment(office: Office) -> None:
    (one, _), (other, _) = brought(office), brought(office)
    place = free_place(office)
    _ = laid_in(office, one, place)
    _ = laid_in(office, other, place)
    assert office.place(one).startswith("cabinet:") and office.place(other) == "in-doubt"
    assert "compartment-claimed-twice" in alarms(office)


@pytest.mark.parametrize("wrong", ["another station", "collected"])
def test_what_cannot_lie_there_is_in_doubt(office: Office, wrong: str) -> None:
    item, case = brought(office, site="kundulun-hall" if wrong == "another station" else "kiosk-0001")
    if wrong == "collected":
        office.headquarters.by_a_person(lambda desk: collect(desk, item, case))
    _ = laid_in(office, item, free_place(office))
    assert office.place(item) == "in-doubt" and "loaded-against-the-books" in alarms(office)


def collect(desk: Desk, item: str, case: str) -> None:
    document, row = desk.db.get(Document, item), desk.db.get(CardCase, case)
    assert document is not None and row is not None
    document.place, row.state = Place.CITIZEN, CardState.COLLECTED


def test_what_was_collected_is_known_again_for_thirty_days(office: Office) -> None:
    item, case = brought(office)

    def today(desk: Desk) -> None:
        collect(desk, item, case)
        row = desk.db.get(CardCase, case)
        assert row is not None
        row.state_since = desk.now

    office.headquarters.by_a_person(today)
    assert {c.item: c.standing for c in listed(office).cards}[item] is Standing.COLLECTED
    office.clock.forward(days=31)
    assert item not in {c.item for c in listed(office).cards}


def test_what_a_dispenser_drew_back_comes_out_of_its_bin_and_waits_in_the_depot(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    found = office.look_up("card-to-collect", person)
    grant = office.post("/v1/grants", office.grant_request(found))
    payload = {"effect_key": grant["grant"], "effect_kind": "hand-over", "state": "failed"}
    evidence = {"grant": grant["grant"], "bin": "retained", "why": "not-taken"}
    office.file("effect-report", payload | {"evidence": evidence})
    (out,) = [u for u in listed(office).unload if u.why == "retracted"]
    assert (out.item, out.board, out.compartment) == (found["item"], 0, 0)
    told = {"item": out.item, "board": 0, "compartment": 0, "why": out.why, "outcome": "unloaded"}
    told |= {"certainty": "sensed", "permit": "L1/x/1", "staff": PAIR}
    _ = office.file("document-unloaded", told, office.fresh())
    assert office.place(out.item) == "depot:kiosk-0001"
    assert [u.item for u in listed(office).unload].count(out.item) == 0
    assert state(office, found["case_number"]) == "stocked"


def test_a_door_nobody_knows_about_is_settled_by_the_next_reading(office: Office) -> None:
    item, _ = brought(office)
    place = free_place(office)
    _ = laid_in(office, item, place, "in-doubt")
    assert office.place(item) == "in-doubt"
    assert {c.item: c.standing for c in listed(office).cards}[item] is Standing.IN_DOUBT
    assert place not in listed(office).free
    other = free_place(office)
    _ = laid_in(office, item, other)
    assert office.place(item) == f"cabinet:{TERMINAL}:{other[0]}:{other[1]}"
    assert [g["state"] for g in office.ledger()["grants"]] == ["not-used", "used"]


def test_what_is_read_outside_and_lies_inside_by_the_books_is_in_doubt(office: Office) -> None:
    here = item_of(Situation.CARD_FINISHED_RENEWAL)
    _ = counted(office, aside=({"item": here, "why": "here"},))
    assert office.place(here) == "in-doubt" and "document-in-two-places" in alarms(office)


@pytest.mark.parametrize(
    ("outcome", "place"), [("unloaded", "depot:kiosk-0001"), ("missing", "in-doubt"), ("in-doubt", "in-doubt")]
)
def test_what_was_not_collected_in_time_comes_out(office: Office, outcome: str, place: str) -> None:
    item = item_of(Situation.CARD_FINISHED_RENEWAL)
    assert [u.item for u in listed(office).unload if u.why == "expired"] == []
    office.clock.forward(days=91)
    (out,) = [u for u in listed(office).unload if u.item == item]
    assert out.why == "expired" and out.mark
    payload = {"item": item, "board": out.board, "compartment": out.compartment, "why": out.why}
    payload |= {"outcome": outcome, "certainty": "sensed", "permit": "L1/x/1", "staff": PAIR}
    _ = office.file("document-unloaded", payload, office.fresh())
    assert office.place(item) == place
    standing = {c.item: c.standing for c in listed(office).cards}[item]
    assert standing is (Standing.RETURNED if outcome == "unloaded" else Standing.IN_DOUBT)


def test_an_old_card_comes_out_when_its_application_is_over(office: Office) -> None:
    person = someone(Situation.CARD_FINISHED_RENEWAL)
    place = office.post("/v1/custody-places", office.custody_request(person))
    assert office.use(place["grant"], "taken-in")[0] == 204
    assert [u.item for u in listed(office).unload if u.why == "recovered"] == []
    assert person.new_card is not None
    item, case = person.new_card.record.item, person.new_card.record.case_number
    office.headquarters.by_a_person(lambda desk: collect(desk, item, case))
    assert [u.item for u in listed(office).unload if u.why == "recovered"] == [place["custody"]]


def test_one_person_alone_loads_nothing(office: Office) -> None:
    item, _ = brought(office)
    payload = {"item": item, "board": 1, "compartment": 1, "outcome": "loaded", "permit": "x", "staff": [PAIR[0]] * 2}
    status, problem = office.send("POST", "/v1/filings", office.filing("document-loaded", payload))
    assert (status, problem["code"]) == (422, "two")


def test_by_hand_a_document_goes_to_a_cabinet_of_its_own_station_only(office: Office) -> None:
    here, _ = brought(office, DocumentKind.TRAVEL_DOCUMENT)
    there, _ = brought(office, site="kundulun-hall")
    board, number = free_place(office)
    where = f"cabinet:{TERMINAL}:{board}:{number}"
    with pytest.raises(Declined) as declined:
        office.headquarters.by_a_person(lambda desk: load_document(desk, there, where, Two(*PAIR)))
    assert declined.value.problem.code == "wrong-station"
    assert office.headquarters.by_a_person(lambda desk: load_document(desk, here, where, Two(*PAIR)).now) == where
