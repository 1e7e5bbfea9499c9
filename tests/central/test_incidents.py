"""Silence, alarms as things to do, and the light that is never better than what a citizen can bring to its end."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from central.console.runbooks import runbook_of, runbooks
from central.console.standing import Light, Standing, standing
from central.desks import incidents
from central.desks.overdue import CALL, MATTER
from central.model_watch import Event, Incident, IncidentLine, IncidentState, Visit
from central.problems import Declined
from tests.central.office import TERMINAL, Office

ROOT = Path(__file__).parents[2]


def beat(office: Office, **said: Any) -> None:
    message = {
        "at": office.clock.now().isoformat(),
        "version": "1",
        "settings_version": "1",
        "devices": [{"device": "locker", "state": "online"}],
        "services_open": ["HZ01", "JG02"],
        "outbox_waiting": 0,
        "audit_rows": 0,
        "audit_head": "",
        **said,
    }
    office.post("/v1/heartbeats", message)


def stands(office: Office) -> Standing:
    found = office.headquarters.by_a_person(lambda desk: standing(desk, TERMINAL))
    assert found is not None
    return found


def live(office: Office) -> list[tuple[str, int, bool]]:
    rows = office.headquarters.by_a_person(
        lambda desk: desk.db.scalars(select(Incident).where(Incident.live.is_not(None)).order_by(Incident.id)).all()
    )
    return [(row.code, row.times, row.over_at is not None) for row in rows]


def tick(office: Office, seconds: float) -> None:
    office.clock.forward(seconds=seconds)
    office.headquarters.look_at_the_clock()


def test_silence_is_an_alarm_within_a_minute_and_once(office: Office) -> None:
    office.headquarters.look_at_the_clock()
    assert live(office) == [], "a terminal that was never heard is not silent"
    beat(office)
    for _ in range(54):
        tick(office, 1)
    assert live(office) == [] and stands(office).light is Light.GOOD
    for _ in range(6):
        tick(office, 1)
    assert live(office) == [("silent", 1, False)]
    found = stands(office)
    assert found.silent and found.light is Light.BAD and found.open == ()
    tick(office, 600)
    assert live(office) == [("silent", 1, False)]
    beat(office)
    assert live(office) == [("silent", 1, True)], "heard again: its cause is gone, and a person closes it"
    tick(office, 60)
    assert live(office) == [("silent", 2, False)]


@pytest.mark.parametrize(
    ("said", "light", "open_"),
    [
        ({}, Light.GOOD, ("HZ01", "JG02")),
        ({"closed": {"HZ06": "closed-page-printer"}}, Light.ATTENTION, ("HZ01", "JG02")),
        ({"services_open": [], "closed": {"HZ01": "closed-locker"}}, Light.BAD, ()),
        (
            {"devices": [{"device": "locker", "state": "online", "code": "paperLow"}]},
            Light.ATTENTION,
            ("HZ01", "JG02"),
        ),
        ({"alarms": ["alarm-disk"]}, Light.ATTENTION, ("HZ01", "JG02")),
    ],
)
def test_the_light_follows_what_the_terminal_says(
    office: Office, said: dict[str, Any], light: Light, open_: tuple[str, ...]
) -> None:
    beat(office, **said)
    found = stands(office)
    assert (found.light, found.open) == (light, open_)


def test_a_service_whose_agency_is_down_is_not_shown_as_open(office: Office) -> None:
    """The terminal cannot know; headquarters does."""
    beat(office)
    office.fault("payment", "down")
    found = stands(office)
    assert found.light is Light.BAD and {one.why for one in found.closed} == {"agency-payment"}
    office.fault("payment", None)
    office.fault("traffic", "down")
    found = stands(office)
    assert (found.light, found.open) == (Light.ATTENTION, ("HZ01",))


def test_the_same_alarm_again_is_the_same_thing_to_do(office: Office) -> None:
    beat(office, alarms=["alarm-door-open:7"])
    beat(office, alarms=["alarm-door-open:7"])
    assert live(office) == [("alarm-door-open:7", 1, False)]
    beat(office)
    assert live(office) == [("alarm-door-open:7", 1, True)]
    beat(office, alarms=["alarm-door-open:7"])
    assert live(office) == [("alarm-door-open:7", 2, False)]


def acts(office: Office, number: int = 1) -> list[tuple[str, str]]:
    rows = office.headquarters.by_a_person(
        lambda desk: desk.db.scalars(
            select(IncidentLine).where(IncidentLine.incident == number).order_by(IncidentLine.id)
        ).all()
    )
    return [(row.by, row.act) for row in rows]


def test_what_nobody_takes_escalates_twice(office: Office) -> None:
    beat(office, alarms=["alarm-disk"])
    for _ in range(20):
        tick(office, 60)
        beat(office, alarms=["alarm-disk"])
    assert acts(office) == [("", "escalated"), ("", "escalated")]


def test_taken_assigned_handed_over_and_closed_with_a_reason(office: Office) -> None:
    beat(office, alarms=["alarm-disk"])
    by = office.headquarters.by_a_person
    by(lambda desk: incidents.take(desk, 1, "wang"))
    for _ in range(10):
        tick(office, 60)
    by(lambda desk: incidents.take(desk, 1, "wang", "li"))
    assert by(lambda desk: incidents.hand_over(desk, "wang", "zhao", "")) == 0
    assert by(lambda desk: incidents.hand_over(desk, "li", "zhao", "disk ordered")) == 1
    with pytest.raises(Declined):
        by(lambda desk: incidents.close(desk, 1, "zhao", " "))
    by(lambda desk: incidents.close(desk, 1, "zhao", "logs cleared"))
    assert [act for _, act in acts(office)] == ["taken", "assigned", "handed-over", "closed"]
    assert ("alarm-disk", 1, False) not in live(office)
    with pytest.raises(Declined):
        by(lambda desk: incidents.take(desk, 1, "wang"))
    row = by(lambda desk: desk.db.get(Incident, 1))
    assert row is not None and row.state is IncidentState.CLOSED and row.assigned == "zhao"


def test_a_change_is_an_event_and_a_beat_like_the_last_is_none(office: Office) -> None:
    def kinds() -> list[str]:
        return list(office.headquarters.by_a_person(lambda desk: desk.db.scalars(select(Event.kind)).all()))

    beat(office)
    beat(office)
    assert kinds() == ["heard"]
    beat(office, devices=[{"device": "locker", "state": "powerOff"}], services_open=["JG02"], visiting=True)
    assert kinds() == ["heard", "device", "service-closed", "visit-begins"]


def row_of(number: int, event: str, **details: str) -> dict[str, Any]:
    at = "2026-11-22T10:00:00+08:00"
    text = {"at": at, "case": f"CASE{number}", "details": details, "event": event, "row": number, "subject": ""}
    return {"row": number, "text": json.dumps(text), "hash": f"{number:064x}"}


def test_visits_come_out_of_the_terminals_chain_once(office: Office) -> None:
    rows = [
        row_of(1, "terminal-started", version="1"),
        row_of(2, "visit-ended", service="HZ01", ending="done", topic="filed", seconds="180"),
        row_of(3, "visit-ended", service="JG01", ending="refused"),
        {"row": 4, "text": '{"event": "visit-ended", nonsense', "hash": "0" * 64},
    ]
    for _ in range(2):
        assert office.post("/v1/audit", {"rows": rows}) == {"row": 4}
    kept = office.headquarters.by_a_person(lambda desk: desk.db.scalars(select(Visit).order_by(Visit.row)).all())
    assert [(v.service, v.ending, v.topic, v.seconds) for v in kept] == [
        ("HZ01", "done", "filed", 180),
        ("JG01", "refused", "", 0),
    ]


def raised() -> Iterable[str]:
    """Every alarm that the code of headquarters raises by name."""
    for file in (ROOT / "central").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "alarm":
                for word in node.args:
                    if isinstance(word, ast.Constant):
                        yield str(word.value)


def test_every_alarm_has_a_page_of_what_to_do() -> None:
    codes = sorted(
        {
            *raised(),
            CALL,
            MATTER,
            "silent",
            "alarm-disk",
            "alarm-offline",
            "alarm-clock",
            "alarm-database",
            "alarm-power",
        }
    )
    assert len(codes) > 15
    assert [code for code in codes if runbook_of(code) is runbooks()[-1]] == []
    for book in runbooks():
        assert len(book.zh.do) == len(book.en.do) >= 2
