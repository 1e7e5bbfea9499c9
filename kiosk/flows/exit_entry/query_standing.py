"""CRJ08 出入境办理进度与签注余次查询: documents, what is left on them, how far applications are."""

from __future__ import annotations

from kiosk.flows.common import ExpiredCard, ask_consent, identify, paper_for, refuse, show_and_offer_paper
from kiosk.flows.effects import PaperKind
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import ExitEntryStandingOf
from kiosk.flows.steps import Course, LookUp, OnPaper, Phase, Section, ShowResult, WithoutCard
from kiosk.people.exit_entry import ExitEntryStanding, TravelProgress
from kiosk.people.records import Refusal

STAGES = ("accepted", "review", "signing", "production", "to-collect")
"""已受理→审核→签发→制证→待领."""
WITHIN_PRODUCTION = ("inspection", "stocked")
UNPAID = "awaiting-payment"


async def query_exit_entry(opening: Opening) -> Outcome:
    """CRJ08 出入境进度与签注余次查询: what is left of an endorsement cannot be read off the pass itself."""
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.OFFERED, ExpiredCard.ACCEPTED)
    if isinstance(citizen, Outcome):
        return citizen
    found = await LookUp(key="standing", phase=Phase.FINISH, query=ExitEntryStandingOf(citizen.number))
    if isinstance(found, Refusal):
        return await refuse(found)
    if not found.documents and not found.cases:
        return citizen.leaves(Ending.NOTHING_DUE, "closing-no-travel-file")
    newest = found.cases[0] if found.cases else None
    shown = ShowResult(
        key="shown",
        phase=Phase.FINISH,
        topic=topic(newest),
        sections=sections(found),
        course=None if newest is None else course(newest),
        on_paper=OnPaper.OFFERED,
    )
    number = "" if newest is None else newest.case_number
    named = number or found.documents[0].number_masked
    slip = paper_for(citizen, "travel-slip", PaperKind.TRAVEL_SLIP, named, *found.on_paper)
    return await show_and_offer_paper(citizen, shown, "closing-travel-shown", number, slip)


def topic(newest: TravelProgress | None) -> str:
    """The sentence that leads."""
    if newest is None:
        return "result-travel"
    return "result-travel-here" if newest.here else "result-travel-progress"


def sections(found: ExitEntryStanding) -> tuple[Section, ...]:
    """Applications first, then each document with what stands on it."""
    cases = tuple(Section(f"travel-{case.kind.value}-applied", case.facts) for case in found.cases)
    documents: list[Section] = []
    for document in found.documents:
        documents.append(Section(f"travel-{document.kind.value}", document.facts_on(found.today)))
        for line in document.endorsements:
            documents.append(Section(f"travel-to-{line.destination.value}", line.facts_on(found.today)))
    return (*cases, *documents)


def course(case: TravelProgress) -> Course:
    """The stages of the newest application, with the days that are known."""
    names = (UNPAID, *STAGES) if case.stage == UNPAID else STAGES
    hidden = case.stage in WITHIN_PRODUCTION
    return Course.of(names, "production" if hidden else case.stage, case.applied_on, None if hidden else case.since)
