"""JG03 as headquarters decides it, and a doctor's way with what a booth measured."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic_core import to_jsonable_python

from central.agencies.sandbox_model import SandboxLicence
from central.database import transaction
from central.model import FilingRow
from central.model_medical import DriverExam, ExamState
from kiosk.people.examination import HeightMeasured, Measured, MovementsRecorded
from kiosk.people.eyesight import Eye
from kiosk.people.portrait import Blob
from kiosk.people.synthetic import Situation, SyntheticPerson
from tests.central.office import Office, someone
from tests.people.exams import BELOW, WELL, eye


def taken(office: Office, person: SyntheticPerson, measured: Measured = WELL, **more: Any) -> dict[str, Any]:
    """As a terminal files it, its pictures sent before."""
    names = [office.blob(name.encode()) for name, _ in measured.movements.pictures]
    pictures = tuple(
        (name, Blob(sha, 4, "image/jpeg")) for (name, _), sha in zip(measured.movements.pictures, names, strict=True)
    )
    whole = replace(measured, movements=MovementsRecorded(pictures))
    fields = {f.name: to_jsonable_python(getattr(whole, f.name)) for f in dataclasses.fields(whole)}
    return {
        "number": person.number,
        **fields,
        "portrait": office.blob(b"portrait"),
        "signature": office.blob(b"signed"),
        **more,
    }


def row(office: Office) -> DriverExam:
    with transaction(office.headquarters.engine) as db:
        found = db.query(DriverExam).one()
        db.expunge(found)
        return found


def filed(office: Office, **more: Any) -> tuple[SyntheticPerson, dict[str, Any], Any]:
    person = someone(Situation.LICENCE_NO_REPORT)
    payload = taken(office, person, **more)
    return person, payload, office.file("driver-exam", payload)


def fault(office: Office, **order: Any) -> None:
    import json

    body = json.dumps({"agency": "medical", **order}).encode()
    assert office.people("POST", "/sandbox/faults", body).status < 300


def test_what_is_asked_measured_and_recorded_comes_from_dated_tables(office: Office) -> None:
    may = office.look_up("may-be-examined", someone(Situation.LICENCE_NO_REPORT))
    assert may["tag"] == "may-examine"
    assert may["limits"] == {"height_mm": 0, "vision": 49, "plates": 6, "plates_right": 5, "tones_right": 3}
    assert len(may["conditions"]) == 12
    assert all(condition["zh"].endswith("？") and condition["en"].endswith("?") for condition in may["conditions"])
    assert len(may["movements"]) == 8


def test_a_doctor_confirms_after_hours_and_the_report_renews_a_licence(office: Office) -> None:
    person, payload, reply = filed(office)
    assert reply["status"] == "accepted"
    assert reply["extras"]["state"] == "sent"
    assert office.people("GET", f"/v/{reply['number']}").status == 200
    again = office.look_up("may-be-examined", person)
    assert (again["code"], dict(again["details"])["case"]) == ("E-CASE-01", reply["number"])
    assert office.look_up("may-apply-traffic", person, matter="licence-renewal")["code"] == "E-MED-01"
    office.clock.forward(hours=7)
    renewal = office.look_up("may-apply-traffic", person, matter="licence-renewal")
    assert (renewal["tag"], renewal["portrait"]) == ("may-apply-traffic", "of-the-report")
    assert row(office).report == renewal["report"] != ""
    told = office.look_up("may-be-examined", person)
    assert (told["code"], dict(told["details"])["reason"]) == ("E-CASE-04", "report-counts")
    assert office.file("driver-exam", payload)["refusal"]["code"] == "E-CASE-04"


def test_a_report_counts_for_six_months(office: Office) -> None:
    person, _, _ = filed(office)
    office.clock.forward(hours=7)
    assert office.look_up("may-be-examined", person)["code"] == "E-CASE-04"
    office.clock.forward(days=185)
    assert office.look_up("may-apply-traffic", person, matter="licence-renewal")["code"] == "E-MED-01"
    assert office.look_up("may-be-examined", person)["tag"] == "may-examine"


def test_figures_and_pictures_are_wiped_once_a_doctor_has_answered(office: Office) -> None:
    _, payload, _ = filed(office)
    assert "1726" in row(office).measured
    office.clock.forward(hours=7)
    office.headquarters.look_at_the_clock()
    assert (row(office).state, row(office).measured) == (ExamState.CONFIRMED, "")
    blobs = office.headquarters.blobs
    assert not any(blobs.has(blob["sha256"]) for _, blob in payload["movements"]["pictures"])
    assert blobs.has(payload["portrait"])
    with transaction(office.headquarters.engine) as db:
        assert [f.payload for f in db.query(FilingRow) if f.kind == "driver-exam"] == ["{}"]


def test_the_record_of_an_interrupted_visit_is_there_again_while_the_figures_are(office: Office) -> None:
    person, _, reply = filed(office)
    visit = row(office).visit
    papers = office.look_up("papers-of", person, case=visit)
    (paper,) = papers
    assert (paper["paper"], paper["number"]) == ("exam-record", reply["number"])
    assert dict(paper["values"])["vision_left"] == "4.9"
    assert office.look_up("papers-of", someone(Situation.SENIOR_DRIVER), case=visit) == []
    office.clock.forward(hours=7)
    assert office.look_up("papers-of", person, case=visit) == []


def test_the_same_filing_is_one_examination(office: Office) -> None:
    person = someone(Situation.LICENCE_NO_REPORT)
    payload = taken(office, person)
    key = office.fresh()
    first, second = office.file("driver-exam", payload, key), office.file("driver-exam", payload, key)
    assert (second["number"], second["duplicate"]) == (first["number"], True)
    office.clock.forward(hours=7)
    assert office.file("driver-exam", payload, key)["duplicate"]


@pytest.mark.parametrize("item", sorted(BELOW))
def test_what_is_below_a_limit_goes_to_the_institution_and_is_not_kept(office: Office, item: str) -> None:
    person = someone(Situation.LICENCE_NO_REPORT)
    refusal = office.file("driver-exam", taken(office, person, BELOW[item]))["refusal"]
    assert (refusal["code"], dict(refusal["details"])["reason"]) == ("E-MED-03", item)
    assert dict(refusal["details"])["place"]
    assert office.look_up("may-be-examined", person)["tag"] == "may-examine"


def test_not_all_questions_asked_is_no_declaration(office: Office) -> None:
    person = someone(Situation.LICENCE_NO_REPORT)
    payload = taken(office, person)
    payload["declaration"]["answers"] = payload["declaration"]["answers"][:-1]
    assert office.file("driver-exam", payload)["refusal"]["code"] == "E-MED-03"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"measured": replace(WELL, right=eye(Eye.RIGHT, 50, read=2))}, ExamState.DECLINED),
        ({"measured": replace(WELL, height=HeightMeasured(1726, (1700, 1741, 1726), "C"))}, ExamState.CALLED_IN),
        (
            {"measured": replace(WELL, movements=MovementsRecorded(WELL.movements.pictures[:-1]))},
            ExamState.CALLED_IN,
        ),
        ({"portrait_review": True}, ExamState.CALLED_IN),
    ],
)
def test_a_doctor_declines_or_asks_to_come(office: Office, change: dict[str, Any], state: ExamState) -> None:
    person, payload, _ = filed(office, **change)
    office.clock.forward(hours=7)
    assert office.look_up("may-apply-traffic", person, matter="licence-renewal")["code"] == "E-MED-01"
    answer = office.look_up("may-be-examined", person)
    assert row(office).state is state
    assert not office.headquarters.blobs.has(payload["portrait"])
    if state is ExamState.CALLED_IN:
        assert answer["code"] == "E-MED-04"
    else:
        assert answer["tag"] == "may-examine"


def test_while_the_institution_is_away_it_is_held_and_sent_when_it_is_back(office: Office) -> None:
    fault(office, fault="down", seconds=10 * 3600)
    person, _, reply = filed(office)
    assert reply["extras"]["state"] == "held"
    assert office.look_up("may-be-examined", person)["code"] == "E-CASE-01"
    office.clock.forward(hours=11)
    office.headquarters.look_at_the_clock()
    assert row(office).state is ExamState.SENT
    office.clock.forward(hours=7)
    office.headquarters.look_at_the_clock()
    assert row(office).state is ExamState.CONFIRMED


def test_it_is_held_for_a_day_and_not_longer(office: Office) -> None:
    fault(office, fault="down", seconds=80_000)
    person, payload, _ = filed(office)
    office.clock.forward(hours=22)
    fault(office, fault="down", seconds=80_000)
    assert row(office).state is ExamState.HELD
    office.clock.forward(hours=3)
    office.headquarters.look_at_the_clock()
    assert (row(office).state, row(office).measured) == (ExamState.LAPSED, "")
    assert not office.headquarters.blobs.has(payload["portrait"])
    assert office.look_up("may-be-examined", person)["tag"] == "may-examine"


@pytest.mark.parametrize(
    ("situation", "code", "reason"),
    [
        (Situation.SENIOR_NO_REPORT, "E-MED-02", "age"),
        (Situation.REVIEW_DUE, "E-MED-02", "class"),
        (Situation.LICENCE_WITHHELD, "E-LIC-01", "application"),
        (Situation.ORDINARY, "E-LIC-01", "application"),
        (Situation.UNDER_16, "E-AGE-01", ""),
    ],
)
def test_a_no_has_its_code(office: Office, situation: Situation, code: str, reason: str) -> None:
    answer = office.look_up("may-be-examined", someone(situation))
    assert (answer["code"], dict(answer["details"]).get("reason", "")) == (code, reason)


@pytest.mark.parametrize(
    ("classes", "allowed"),
    [("C1", True), ("C2,E", True), ("C3,C4,D,F,M", True), ("C5", False), ("C1,A2", False), ("N", False)],
)
def test_the_classes_a_booth_is_for(office: Office, classes: str, allowed: bool) -> None:
    person = someone(Situation.LICENCE_NO_REPORT)
    with transaction(office.headquarters.engine) as db:
        licence = db.get(SandboxLicence, person.number)
        assert licence is not None
        licence.classes = classes
    answer = office.look_up("may-be-examined", person)
    assert (answer.get("tag") == "may-examine") is allowed


@pytest.mark.parametrize(
    ("valid_to", "code", "detail"),
    [
        (None, "E-CASE-04", ("reason", "long-term")),
        (date(2029, 1, 1), "E-CASE-04", ("from", "2028-04-03")),
        (date(2025, 1, 1), "E-LIC-01", ("reason", "application")),
    ],
)
def test_a_report_must_still_count_when_the_licence_may_be_renewed(
    office: Office, valid_to: date | None, code: str, detail: tuple[str, str]
) -> None:
    person = someone(Situation.LICENCE_NO_REPORT)
    with transaction(office.headquarters.engine) as db:
        licence = db.get(SandboxLicence, person.number)
        assert licence is not None
        licence.valid_to = valid_to
    answer = office.look_up("may-be-examined", person)
    assert answer["code"] == code
    assert list(detail) in answer["details"]
