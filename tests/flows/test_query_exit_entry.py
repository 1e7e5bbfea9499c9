"""CRJ08 出入境办理进度与签注余次查询, as a table of step -> answer."""

from __future__ import annotations

from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Printed
from kiosk.flows.exit_entry.query_standing import query_exit_entry
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import Acknowledged, AfterReading, ConsentAnswer, FactorResult
from kiosk.people.exit_entry import (
    Destination,
    DocumentOnFile,
    DocumentStanding,
    Endorsement,
    EndorsementKind,
    ExitEntryStanding,
    TravelDocumentKind,
    TravelProgress,
)
from kiosk.people.records import Refusal, RefusalCode
from tests.flows.tables import Table, card, opening

TODAY = date(2026, 11, 22)


def line(entries: int, used: int, until: date = date(2027, 5, 1)) -> Endorsement:
    return Endorsement(
        Destination.HONG_KONG, EndorsementKind.GROUP, entries, used, 7, date(2026, 5, 1), until, "内蒙古"
    )


def on_file(*lines: Endorsement, until: date = date(2031, 1, 1)) -> DocumentOnFile:
    return DocumentOnFile(
        TravelDocumentKind.HK_MACAO_PASS, "C*****101", until, DocumentStanding.IN_FORCE, tuple(lines)
    )


def applied(stage: str, here: bool = False) -> TravelProgress:
    days = (date(2026, 11, 10), date(2026, 11, 15), date(2026, 11, 30))
    return TravelProgress("1502261110800017", TravelDocumentKind.PASSPORT, stage, *days, "大厅", "某街", here)


def standing(documents: tuple[DocumentOnFile, ...] = (), cases: tuple[TravelProgress, ...] = ()) -> ExitEntryStanding:
    return ExitEntryStanding(TODAY, documents, cases)


def visit(found: object, **answers: object) -> Table:
    """Anything not given goes well."""
    usual: dict[str, object] = {
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "standing": found,
        "shown": AfterReading.ENOUGH,
        "travel-slip": Printed(Certainty.SENSED),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | answers)


def facts(table: Table) -> list[tuple[str, str]]:
    return [fact for section in table.step("shown").sections for fact in section.facts]


@pytest.mark.parametrize(
    ("one", "left"),
    [
        (line(2, 1), "1"),
        (line(1, 1), "used-up"),
        (line(0, 7), "no-limit"),
        (line(2, 0, date(2026, 11, 21)), "used-up"),
        (line(2, 0, TODAY), "2"),
    ],
)
def test_what_is_left_of_an_endorsement_is_told(one: Endorsement, left: str) -> None:
    table = visit(standing((on_file(one),)))
    outcome = table.run(query_exit_entry, opening("CRJ08"))
    assert (outcome.ending, outcome.topic) == (Ending.DONE, "closing-travel-shown")
    assert ("trips_left", left) in facts(table)
    assert table.step("shown").topic == "result-travel"


def test_a_pass_past_its_date_is_called_so() -> None:
    table = visit(standing((on_file(until=date(2026, 1, 1)),)))
    table.run(query_exit_entry, opening("CRJ08"))
    assert ("document_standing", "expired") in facts(table)


@pytest.mark.parametrize(
    ("stage", "name"),
    [("inspection", "progress-production"), ("stocked", "progress-production"), ("review", "progress-review")],
)
def test_how_far_an_application_has_come(stage: str, name: str) -> None:
    table = visit(standing(cases=(applied(stage),)))
    outcome = table.run(query_exit_entry, opening("CRJ08"))
    course = table.step("shown").course
    assert course.stages[course.reached][0] == name
    assert (outcome.number, table.step("shown").topic) == ("1502261110800017", "result-travel-progress")


def test_what_lies_in_this_machine_is_said() -> None:
    table = visit(standing(cases=(applied("to-collect", here=True),)))
    table.run(query_exit_entry, opening("CRJ08"))
    assert table.step("shown").topic == "result-travel-here"


def test_it_is_printed_where_wished_and_with_masked_numbers_only() -> None:
    table = visit(standing((on_file(line(2, 1), line(0, 3)),), (applied("production"),)), shown=AfterReading.PRINT)
    outcome = table.run(query_exit_entry, opening("CRJ08"))
    values = dict(table.step("travel-slip").values)
    assert values["endorsements"].splitlines() == ["香港 L 1 2027-05-01", "香港 L ∞ 2027-05-01"]
    assert values["documents"] == "C*****101 2031-01-01" and values["stage"] == "production"
    assert outcome.take == ("receipt", "id-card")


def test_whoever_has_nothing_is_told_so() -> None:
    outcome = visit(standing()).run(query_exit_entry, opening("CRJ08"))
    assert (outcome.ending, outcome.topic) == (Ending.NOTHING_DUE, "closing-no-travel-file")


@pytest.mark.parametrize("code", [RefusalCode.UNDER_AGE, RefusalCode.CARD_REPORTED_LOST])
def test_a_no_is_told(code: RefusalCode) -> None:
    assert visit(Refusal(code)).run(query_exit_entry, opening("CRJ08")).refusal == Refusal(code)
