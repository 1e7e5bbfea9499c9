"""Fingerprints compared with the sandbox's library, where no chip was read."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.people.synthetic import Finger, Situation
from tests.central.office import Office, someone


def ask(office: Office, number: str, live: bytes) -> Any:
    return office.post("/v1/fingers", {"case": "C", "number": number, "live": live.hex()})


def test_either_enrolled_finger_is_the_citizens(office: Office) -> None:
    person = someone(Situation.CARD_LOST)
    for finger in (Finger.RIGHT_THUMB, Finger.LEFT_THUMB):
        assert ask(office, person.number, person.touch(finger, "now")) == {"verdict": "same", "sandbox": True}


def test_another_finger_and_another_person_are_different(office: Office) -> None:
    person, other = someone(Situation.CARD_LOST), someone(Situation.CARD_LOST, 1)
    assert ask(office, person.number, person.touch(Finger.RIGHT_INDEX, "now"))["verdict"] == "different"
    assert ask(office, person.number, other.touch(Finger.RIGHT_THUMB, "now"))["verdict"] == "different"
    assert ask(office, person.number, b"")["verdict"] == "different"


def test_nobody_enrolled_is_said(office: Office) -> None:
    person = someone(Situation.CARD_LOST_NO_FINGERS)
    assert ask(office, person.number, person.touch(Finger.RIGHT_THUMB, "now"))["verdict"] == "not-enrolled"


@pytest.mark.parametrize("fault", ["down", "error-500", "garbage"])
def test_a_library_that_fails_passes_nobody(office: Office, fault: str) -> None:
    person = someone(Situation.CARD_LOST)
    office.fault("finger-matching", fault)
    assert ask(office, person.number, person.touch(Finger.RIGHT_THUMB, "now"))["verdict"] == "not-available"


def test_what_is_not_hexadecimal_is_422(office: Office) -> None:
    assert office.send("POST", "/v1/fingers", {"case": "C", "number": "x", "live": "zz"})[0] == 422
