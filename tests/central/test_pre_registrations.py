"""预登记 at headquarters: opened there only, kept sealed, called back, looked at on record."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from sqlalchemy import select

from central.desks import pre_registrations
from central.desks.desk import Desk
from central.model_pre_registration import PreRegistrationRow, PreRegistrationState
from central.problems import Declined
from kiosk.people.synthetic import Situation
from kiosk.protocol.filings import PreRegistration
from kiosk.protocol.records import fresh_key_file, public_of, sealed_for
from tests.central.office import Office, someone


def left(office: Office, *, key: str = "", service: str = "HZ01", **more: str) -> dict[str, Any]:
    person = someone(Situation.RENEWAL_DUE)
    told = {"service": service, "number": person.number, "name": person.card.name, "phone": person.phone} | more
    content = PreRegistration.model_validate(told).model_dump_json().encode()
    sealed = sealed_for((key or office.headquarters.unsealing.seal_for,), content)
    return {"service": "HZ01", "sealed": base64.b64encode(sealed).decode()}


def rows(office: Office) -> list[PreRegistrationRow]:
    return list(office.headquarters.by_a_person(lambda desk: desk.db.scalars(select(PreRegistrationRow)).all()))


def test_it_is_kept_as_it_came_and_whoever_left_it_is_told(office: Office) -> None:
    payload = left(office)
    reply = office.file("pre-registration", payload)
    (row,) = rows(office)
    assert (reply["number"], row.sealed, row.state) == (row.number, payload["sealed"], PreRegistrationState.OPEN)
    _, told = office.headquarters.by_a_person(lambda desk: pre_registrations.look_into(desk, row.number))
    assert told.number not in repr(vars(row)) and told.phone not in repr(vars(row))
    (entry,) = [c for c in office.ledger()["cases"] if c["number"] == row.number]
    assert (entry["kind"], entry["state"]) == ("pre-registration", "open")


def test_the_same_again_is_the_same(office: Office) -> None:
    payload, key = left(office), office.fresh()
    first, again = (office.file("pre-registration", payload, key=key) for _ in range(2))
    assert again == first | {"duplicate": True} and len(rows(office)) == 1


@pytest.mark.parametrize("wrong", ["another-key", "another-service", "no-number", "no-age"])
def test_what_cannot_be_opened_or_is_no_pre_registration_is_422(office: Office, wrong: str) -> None:
    payload = {
        "another-key": lambda: left(office, key=public_of(fresh_key_file())),
        "another-service": lambda: left(office, service="CRJ04"),
        "no-number": lambda: left(office, number="123"),
        "no-age": lambda: {"service": "HZ01", "sealed": "bm8="},
    }[wrong]()
    status, problem = office.send("POST", "/v1/filings", office.filing("pre-registration", payload))
    assert (status, problem["code"]) == (422, "payload") and rows(office) == []


def test_called_back_once_with_what_came_of_it(office: Office) -> None:
    number = office.file("pre-registration", left(office))["number"]

    def settle(found: str) -> None:
        office.headquarters.by_a_person(lambda desk: pre_registrations.settle(desk, number, "wang", found))

    with pytest.raises(Declined):
        settle("  ")
    settle(" comes on\nThursday ")
    (row,) = rows(office)
    assert (row.state, row.by, row.found) == (PreRegistrationState.SETTLED, "wang", "comes on Thursday")
    with pytest.raises(Declined):
        settle("again")

    def look(desk: Desk) -> Any:
        return pre_registrations.look_into(desk, "Y1")

    with pytest.raises(Declined):
        office.headquarters.by_a_person(look)
