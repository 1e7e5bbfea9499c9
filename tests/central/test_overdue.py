"""Whoever was promised a call or a person waits no longer than was promised, or headquarters says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from central.desks import incidents, pre_registrations, unresolved
from central.desks.overdue import CALL, MATTER
from central.model_pre_registration import PreRegistrationRow
from central.model_watch import Incident
from central.retention import Keeping
from tests.central.office import Office
from tests.central.test_pre_registrations import left
from tests.central.test_tickets import called

FRIDAY, MONDAY, TUESDAY = "2026-11-27", "2026-11-30", "2026-12-01"


def at(office: Office, day: str, hour: str) -> None:
    office.clock.moment = datetime.fromisoformat(f"{day}T{hour}+08:00")
    office.headquarters.look_at_the_clock()


def standing(office: Office, code: str) -> list[str]:
    """Each incident of that kind: what it stands at, or that its cause is gone."""
    query = select(Incident).where(Incident.code == code).order_by(Incident.id)
    rows = office.headquarters.by_a_person(lambda desk: desk.db.scalars(query).all())
    return ["gone" if row.over_at is not None else row.state.value for row in rows]


def left_on(office: Office, day: str) -> str:
    office.clock.moment = datetime.fromisoformat(f"{day}T23:10+08:00")
    return str(office.file("pre-registration", left(office))["number"])


def handed_over_on(office: Office, day: str) -> str:
    office.clock.moment = datetime.fromisoformat(f"{day}T23:10+08:00")
    _, ticket = called(office)
    return office.headquarters.by_a_person(lambda desk: unresolved.hand_over(desk, ticket, "wang", "no photo").number)


@pytest.mark.parametrize(("code", "begins"), [(CALL, left_on), (MATTER, handed_over_on)])
def test_after_the_working_day_it_was_promised_for_and_not_before_the_staff_are_there(
    office: Office, code: str, begins: Callable[[Office, str], str]
) -> None:
    _ = begins(office, FRIDAY)
    for day, hour in ((FRIDAY, "23:30"), ("2026-11-28", "12:00"), (MONDAY, "23:59"), (TUESDAY, "08:59")):
        at(office, day, hour)
        assert standing(office, code) == [], (day, hour)
    at(office, TUESDAY, "09:00")
    at(office, TUESDAY, "09:30")
    assert standing(office, code) == ["open"], "once"


def test_nobody_is_called_on_a_day_off(office: Office) -> None:
    _ = left_on(office, "2026-11-26")
    for day in ("2026-11-28", "2026-11-29"):
        at(office, day, "12:00")
        assert standing(office, CALL) == []
    at(office, MONDAY, "09:00")
    assert standing(office, CALL) == ["open"]


def test_its_cause_is_gone_with_the_call_and_comes_back_with_the_next_that_was_not_made(office: Office) -> None:
    number = left_on(office, FRIDAY)
    at(office, TUESDAY, "09:00")
    office.headquarters.by_a_person(lambda desk: pre_registrations.settle(desk, number, "wang", "comes on Thursday"))
    at(office, TUESDAY, "09:01")
    assert standing(office, CALL) == ["gone"]
    _ = left_on(office, TUESDAY)
    at(office, "2026-12-03", "09:00")
    assert standing(office, CALL) == ["open"], "the same, which nobody had closed"


def test_whoever_closes_it_without_calling_hears_of_it_again_the_next_day(office: Office) -> None:
    _ = left_on(office, FRIDAY)
    at(office, TUESDAY, "09:00")
    office.headquarters.by_a_person(lambda desk: incidents.close(desk, 1, "wang", "nobody answers"))
    at(office, TUESDAY, "17:00")
    assert standing(office, CALL) == ["closed"]
    at(office, "2026-12-02", "09:00")
    assert standing(office, CALL) == ["closed", "open"]


def test_somebody_who_took_it_makes_no_noise(office: Office) -> None:
    number = handed_over_on(office, FRIDAY)
    office.headquarters.by_a_person(lambda desk: unresolved.take(desk, number, "li"))
    at(office, TUESDAY, "09:00")
    assert standing(office, MATTER) == []


def test_a_pre_registration_goes_after_its_time_but_not_before_somebody_called(office: Office) -> None:
    called_back, waiting = left_on(office, FRIDAY), left_on(office, FRIDAY)
    office.headquarters.by_a_person(lambda desk: pre_registrations.settle(desk, called_back, "wang", "came"))
    office.clock.forward(days=150)
    keeping = Keeping(office.headquarters.engine, office.headquarters.blobs, office.clock)
    keeping.tick()
    query = select(PreRegistrationRow.number)
    assert office.headquarters.by_a_person(lambda desk: desk.db.scalars(query).all()) == [waiting]
    office.headquarters.by_a_person(lambda desk: pre_registrations.settle(desk, waiting, "wang", "came at last"))
    office.clock.forward(days=1)
    keeping.tick()
    assert office.headquarters.by_a_person(lambda desk: desk.db.scalars(query).all()) == []
