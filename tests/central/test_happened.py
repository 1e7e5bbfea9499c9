"""One visit with everything on record of it, masked; figures of visits."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from central.console.figures import as_csv, figures, visits_of
from central.console.happened import Happened, cases_of, happened
from kiosk.people.synthetic import Situation
from tests.central.office import Office, someone
from tests.central.test_incidents import row_of

FEE = "fee:id-card-renewal:2004-01-01"
CASE = "01JC0000000000000000000042"


def told(office: Office, case: str = CASE) -> Happened:
    found = office.headquarters.by_a_person(lambda desk: happened(desk, case))
    assert found is not None
    return found


def found(office: Office, text: str) -> list[str]:
    return office.headquarters.by_a_person(lambda desk: cases_of(desk, text))


@pytest.fixture
def applied(office: Office) -> str:
    """An application with its payment, and what the terminal's chain says of it; the number it got."""
    person = someone(Situation.RENEWAL_DUE)
    order = office.order(person, FEE, 2000, key=f"{CASE}/fee/1")
    office.pay(order)
    office.clock.forward(seconds=40)
    reply = office.file("card-application", office.application(person, "renewal", order), key=f"{CASE}/file/1")
    rows = [
        row_of(1, "face-compared", verdict="same", distance="0.3"),
        row_of(2, "visit-ended", service="HZ01", ending="done", topic="filed", seconds="180"),
    ]
    office.post(
        "/v1/audit",
        {"rows": [row | {"text": row["text"].replace("CASE1", CASE).replace("CASE2", CASE)} for row in rows]},
    )
    return reply["number"]


def test_every_effect_of_a_visit_with_time_and_evidence(office: Office, applied: str) -> None:
    it = told(office)
    assert [step.what for step in it.steps if step.source == "books"] == [
        "order-made",
        "order-paid",
        "card-application",
    ]
    assert {step.what for step in it.steps if step.source == "chain"} == {"face-compared", "visit-ended"}
    assert (it.service, it.ending, it.seconds, it.paid_fen, it.back_fen) == ("HZ01", "done", 180, 2000, 0)
    assert next(step for step in it.steps if step.what == "card-application").number == applied


def test_nothing_on_it_names_anybody(office: Office, applied: str) -> None:
    person = someone(Situation.RENEWAL_DUE)
    it = repr(told(office))
    assert person.number not in it and person.card.name not in it and "13800000000" not in it
    (citizen,) = told(office).citizens
    assert citizen[0][0] == person.card.name[0] and "*" in citizen[0] and "********" in citizen[1]


def test_a_visit_is_found_by_any_number_somebody_holds(office: Office, applied: str) -> None:
    order = office.ledger()["payments"][0]
    for text in (CASE, CASE[-8:], applied, order["order"], order["receipt"], f"  {applied} "):
        assert found(office, text) == [CASE], text
    for text in ("", "%", "42", "_" * 9, "no-such-number"):
        assert found(office, text) == [], text
    assert office.headquarters.by_a_person(lambda desk: happened(desk, "nothing")) is None


def test_figures_count_success_time_and_reasons(office: Office) -> None:
    rows = [
        row_of(1, "visit-ended", service="HZ01", ending="done", seconds="100"),
        row_of(2, "visit-ended", service="HZ01", ending="done", seconds="200"),
        row_of(3, "visit-ended", service="HZ01", ending="refused", topic="E-AGE-01", seconds="20"),
        row_of(4, "visit-ended", service="JG02", ending="left", seconds="5"),
    ]
    office.post("/v1/audit", {"rows": rows})
    day = date(2026, 11, 22)
    it = office.headquarters.by_a_person(lambda desk: figures(desk, day, day, ""))
    assert (it.visits, it.succeeded, it.share) == (4, 2, 50)
    assert [(s.code, s.visits, s.succeeded, s.median) for s in it.services] == [
        ("HZ01", 3, 2, 150),
        ("JG02", 1, 0, None),
    ]
    assert ("HZ01", "refused", "E-AGE-01", 1) in it.reasons
    assert [(bar.total, bar.good) for bar in it.hours if bar.total] == [(4, 2)] and it.hours[10].total == 4
    none = office.headquarters.by_a_person(lambda desk: figures(desk, date(2026, 11, 21), date(2026, 11, 21), ""))
    assert none.visits == 0
    text = as_csv(office.headquarters.by_a_person(lambda desk: visits_of(desk, day, day, "KDL-001"))).decode(
        "utf-8-sig"
    )
    assert [row["service"] for row in csv.DictReader(io.StringIO(text))] == ["HZ01", "HZ01", "HZ01", "JG02"]


def test_no_cell_is_a_formula(office: Office) -> None:
    office.post("/v1/audit", {"rows": [row_of(1, "visit-ended", service="=1+1", ending="done")]})
    rows = office.headquarters.by_a_person(lambda desk: visits_of(desk, date(2026, 11, 22), date(2026, 11, 22), ""))
    assert ",'=1+1," in as_csv(rows).decode("utf-8-sig")
