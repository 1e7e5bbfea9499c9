"""Commands at headquarters: given with a reason, signed, fetched by one terminal, answered; what is kept shut."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central.desks.commands import Wanted, order
from central.model_command import CommandRow
from central.problems import Declined
from kiosk.people.synthetic import Situation
from kiosk.protocol.commands import Command, CommandKind
from tests.central.office import TERMINAL, Office, someone

CLOSE = Wanted(CommandKind.OUT_OF_SERVICE, text_zh="地面有水", text_en="Water on the floor")
LOCK = Wanted(CommandKind.LOCK_COMPARTMENT, compartment=3)


def ordered(office: Office, wanted: Wanted, because: str = "asked for", terminal: str = TERMINAL) -> str:
    return office.headquarters.by_a_person(lambda desk: order(desk, terminal, wanted, "wang", because).number)


def fetched(office: Office, terminal: str = TERMINAL) -> list[Command]:
    status, reply = office.send("GET", "/v1/commands", terminal=terminal)
    assert status == 200
    return [Command.model_validate(one) for one in reply["commands"]]


def ended(office: Office, number: str, **said: Any) -> Any:
    return office.file("command-ended", {"number": number, "outcome": "done", **said})


def row(office: Office, number: str) -> CommandRow:
    found = office.headquarters.by_a_person(lambda desk: desk.db.get(CommandRow, number))
    assert found is not None
    return found


def beat(office: Office) -> Any:
    said: dict[str, Any] = {"version": "1", "settings_version": "1", "devices": [], "services_open": []}
    said |= {"outbox_waiting": 0, "audit_rows": 0, "audit_head": "", "at": "2026-11-22T10:00:00+08:00"}
    return office.post("/v1/heartbeats", said)


def test_it_waits_is_signed_with_every_field_and_is_over_when_it_was_answered(office: Office) -> None:
    number = ordered(office, CLOSE)
    assert beat(office)["waiting"] == ["command"]
    (command,) = fetched(office)
    key = Ed25519PublicKey.from_public_bytes(office.headquarters.signer.public_raw)
    key.verify(bytes.fromhex(command.signature), command.signed_text())
    changes: tuple[dict[str, Any], ...] = (
        {"kind": CommandKind.RESTART},
        {"terminal": "KDL-006"},
        {"nonce": "0" * 32},
        {"text_en": "Open"},
        {"urgency": "safety"},
        {"device": "door"},
        {"board": 9},
        {"compartment": 9},
        {"expires": command.expires + timedelta(days=1)},
    )
    for change in changes:
        with pytest.raises(InvalidSignature):
            text = Command.model_validate(command.model_dump() | change).signed_text()
            key.verify(bytes.fromhex(command.signature), text)
    assert fetched(office, "KDL-006") == [] and len(fetched(office)) == 1
    assert ended(office, number)["status"] == "accepted"
    assert (fetched(office), beat(office)["waiting"], row(office, number).state.value) == ([], [], "done")


def test_another_terminal_answers_nothing_and_a_late_answer_still_counts(office: Office) -> None:
    number = ordered(office, Wanted(CommandKind.RESTART), because="")
    said = {"key": "k", "digest": "d", "case": "", "at": "2026-11-22T10:00:00+08:00", "kind": "command-ended"}
    payload = {"number": number, "outcome": "done"}
    status, _ = office.send("POST", "/v1/filings", {**said, "payload": payload}, terminal="KDL-006")
    assert status == 422
    office.clock.forward(minutes=6)
    office.headquarters.look_at_the_clock()
    assert (fetched(office), row(office, number).state.value) == ([], "over")
    _ = ended(office, number, outcome="failed", code="too-long")
    assert (row(office, number).state.value, row(office, number).code) == ("failed", "too-long")


@pytest.mark.parametrize(
    ("wanted", "because", "code"),
    [
        (CLOSE, " ", "reason"),
        (LOCK, "", "reason"),
        (Wanted(CommandKind.OUT_OF_SERVICE, text_zh="x"), "why", "text"),
        (Wanted(CommandKind.OUT_OF_SERVICE, text_zh="x" * 61, text_en="x"), "why", "text"),
        (Wanted(CommandKind.OUT_OF_SERVICE, text_zh="a\nb", text_en="x"), "why", "text"),
        (Wanted(CommandKind.LOCK_COMPARTMENT, compartment=0), "why", "compartment"),
        (Wanted(CommandKind.UNLOCK_COMPARTMENT, compartment=10_000), "", "compartment"),
        (Wanted(CommandKind.TEST_DEVICE), "", "device"),
        (Wanted(CommandKind.RESTART, safety=True), "why", "safety"),
    ],
)
def test_what_no_terminal_could_do_or_nobody_says_why_is_not_ordered(
    office: Office, wanted: Wanted, because: str, code: str
) -> None:
    with pytest.raises(Declined) as declined:
        _ = ordered(office, wanted, because)
    assert declined.value.problem.code == code and fetched(office) == []


def test_the_same_is_not_told_twice_while_it_is_under_way(office: Office) -> None:
    _ = ordered(office, LOCK)
    with pytest.raises(Declined):
        _ = ordered(office, LOCK)
    with pytest.raises(Declined):
        _ = ordered(office, CLOSE, terminal="KDL-999")


def test_what_lies_in_a_compartment_that_is_kept_shut_is_a_persons_to_hand_out(office: Office) -> None:
    holder = someone(Situation.CARD_FINISHED_RENEWAL)
    card = office.look_up("card-to-collect", holder)
    lock = Wanted(CommandKind.LOCK_COMPARTMENT, compartment=card["compartment"])
    _ = ended(office, ordered(office, lock))
    told = office.look_up("card-to-collect", holder)
    assert ["reason", "kept-shut"] in [list(detail) for detail in told["details"]]
    place = {"board": card["board"], "compartment": card["compartment"]}
    request = {"key": "g", "digest": "d", "case": "C", "item": card["item"], "nonce": "0" * 32, **place}
    status, reply = office.send("POST", "/v1/grants", request)
    assert (status, reply["code"]) == (409, "kept-shut")
    unlock = Wanted(CommandKind.UNLOCK_COMPARTMENT, compartment=card["compartment"])
    _ = ended(office, ordered(office, unlock, because=""))
    assert office.look_up("card-to-collect", holder)["item"] == card["item"]
