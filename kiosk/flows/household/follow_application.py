"""HZ04 身份证办理进度查询: how far the citizen's application for an identity card has come."""

from __future__ import annotations

from kiosk.flows.common import ExpiredCard, ask_consent, identify, paper_for, refuse, show_and_offer_paper
from kiosk.flows.effects import PaperKind
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.queries import ProgressOfCard
from kiosk.flows.steps import Course, LookUp, OnPaper, Phase, Section, ShowResult, WithoutCard
from kiosk.people.household import CardProgress
from kiosk.people.records import Refusal

UNPAID = "awaiting-payment"
STAGES = ("accepted", "review", "signing", "production", "to-collect", "collected")
"""已受理→审核→签发→制证→待领→已领."""
WITHIN_PRODUCTION = ("inspection", "stocked")
"""质检 and 入库 are headquarters' own business: to a citizen the card is being made."""


async def follow_application(opening: Opening) -> Outcome:
    """HZ04 身份证办理进度查询. Resident Identity Card Law art. 12."""
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.OFFERED, ExpiredCard.ACCEPTED)
    if isinstance(citizen, Outcome):
        return citizen
    progress = await LookUp(key="progress", phase=Phase.FINISH, query=ProgressOfCard(citizen.number))
    if isinstance(progress, Refusal):
        return await refuse(progress)
    shown = ShowResult(
        key="shown",
        phase=Phase.FINISH,
        topic="result-progress-here" if progress.here else "result-progress",
        sections=(Section("", facts(progress)),),
        course=course(progress),
        on_paper=OnPaper.OFFERED,
    )
    number, slip = progress.case_number, progress.on_paper
    paper = paper_for(citizen, "progress-slip", PaperKind.PROGRESS_SLIP, number, *slip)
    return await show_and_offer_paper(citizen, shown, "closing-shown", number, paper)


def facts(progress: CardProgress) -> tuple[tuple[str, str], ...]:
    """What the page says beside the course; a date only while it lies ahead."""
    ahead = progress.stage not in ("to-collect", "collected", "void")
    return (
        ("case_number", progress.case_number),
        ("ground", progress.ground.value),
        *((("ready_by", progress.ready_by.isoformat()),) if ahead else ()),
        ("collect_site", progress.site),
        ("address", progress.address),
    )


def course(progress: CardProgress) -> Course:
    """The stages with the days that are known: of the application and of what was reached last."""
    names = (UNPAID, *STAGES) if progress.stage == UNPAID else STAGES
    if progress.stage == "void":
        names = ("accepted", "void")
    hidden = progress.stage in WITHIN_PRODUCTION
    reached = "production" if hidden else progress.stage
    return Course.of(names, reached, progress.applied_on, None if hidden else progress.since)
