"""JG06 驾驶人与机动车记分查询: licence, points, vehicles, what is open; to be read, on paper if wished."""

from __future__ import annotations

from kiosk.flows.common import ExpiredCard, ask_consent, identify, paper_for, show_and_offer_paper
from kiosk.flows.effects import PaperKind
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import StandingOf
from kiosk.flows.steps import LookUp, OnPaper, Phase, Section, ShowResult, WithoutCard
from kiosk.people.traffic import TrafficStanding


async def query_standing(opening: Opening) -> Outcome:
    """JG06 驾驶人与机动车记分查询. Order 163 art. 6."""
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    standing = await LookUp(key="standing", phase=Phase.FINISH, query=StandingOf(citizen.number))
    if standing.licence is None and not standing.vehicles:
        return citizen.leaves(Ending.NOTHING_DUE, "closing-no-traffic-file")
    shown = ShowResult(
        key="shown",
        phase=Phase.FINISH,
        topic="result-traffic-open" if standing.fines or standing.open_records else "result-traffic",
        sections=sections(standing),
        on_paper=OnPaper.OFFERED,
    )
    slip = paper_for(citizen, "query-slip", PaperKind.QUERY_SLIP, standing.named, *standing.on_paper)
    return await show_and_offer_paper(citizen, shown, "closing-looked-up", "", slip)


def sections(standing: TrafficStanding) -> tuple[Section, ...]:
    """The licence first, then each vehicle under its plate, then what is to be paid."""
    driver = (Section("result-licence", standing.driving),) if standing.licence else ()
    vehicles = tuple(Section(v.vehicle.plate.spaced, v.facts) for v in standing.vehicles)
    due = (("unpaid_fines", str(standing.fines)), ("amount", standing.fines_due.yuan))
    fines = (Section("result-fines", due),) if standing.fines else ()
    return (*driver, *vehicles, *fines)
