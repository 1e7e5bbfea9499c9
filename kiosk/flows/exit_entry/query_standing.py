"""CRJ08 出入境办理进度与签注余次查询: documents, what is left on them, how far applications are."""

from __future__ import annotations

from datetime import date

from kiosk.flows.common import Citizen, ExpiredCard, ask_consent, identify, refuse
from kiosk.flows.effects import PaperKind, Print
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import ExitEntryStandingOf
from kiosk.flows.steps import AfterReading, Course, LookUp, OnPaper, Phase, Section, ShowResult, WithoutCard
from kiosk.people.exit_entry import DocumentOnFile, DocumentStanding, Endorsement, ExitEntryStanding, TravelProgress
from kiosk.people.records import Refusal

STAGES = ("accepted", "review", "signing", "production", "to-collect")
"""已受理→审核→签发→制证→待领."""
WITHIN_PRODUCTION = ("inspection", "stocked")
UNPAID = "awaiting-payment"
Facts = tuple[tuple[str, str], ...]


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
        return Outcome(Ending.NOTHING_DUE, "closing-no-travel-file", take=citizen.brought)
    newest = found.cases[0] if found.cases else None
    read = await ShowResult(
        key="shown",
        phase=Phase.FINISH,
        topic=topic(newest),
        sections=sections(found),
        course=None if newest is None else course(newest),
        on_paper=OnPaper.OFFERED,
    )
    number = "" if newest is None else newest.case_number
    if read is AfterReading.ENOUGH:
        return Outcome(Ending.DONE, "closing-travel-shown", number, take=citizen.brought)
    _ = await Print(key="travel-slip", phase=Phase.FINISH, paper=PaperKind.TRAVEL_SLIP, values=slip(citizen, found))
    return Outcome(Ending.DONE, "closing-travel-shown", number, take=("receipt", *citizen.brought))


def topic(newest: TravelProgress | None) -> str:
    """The sentence that leads."""
    if newest is None:
        return "result-travel"
    return "result-travel-here" if newest.here else "result-travel-progress"


def sections(found: ExitEntryStanding) -> tuple[Section, ...]:
    """Applications first, then each document with what stands on it."""
    cases = tuple(Section(f"travel-{case.kind.value}-applied", applied(case)) for case in found.cases)
    documents: list[Section] = []
    for document in found.documents:
        documents.append(Section(f"travel-{document.kind.value}", on_file(document, found.today)))
        documents += [
            Section(f"travel-to-{line.destination.value}", endorsement(line, found.today))
            for line in document.endorsements
        ]
    return (*cases, *documents)


def applied(case: TravelProgress) -> Facts:
    """One application."""
    return (
        ("case_number", case.case_number),
        ("stage", f"stage-{case.stage}"),
        *((("ready_by", case.ready_by.isoformat()),) if case.stage != "to-collect" else ()),
        ("collect_site", case.site),
        ("address", case.address),
    )


def standing_of(document: DocumentOnFile, today: date) -> str:
    """In one word: lost, expired or in force."""
    if document.standing is DocumentStanding.IN_FORCE and document.valid_to < today:
        return "expired"
    return document.standing.value


def on_file(document: DocumentOnFile, today: date) -> Facts:
    """One document."""
    return (
        ("document_number", document.number_masked),
        ("document_standing", standing_of(document, today)),
        ("valid_to", document.valid_to.isoformat()),
    )


def trips_left(line: Endorsement, today: date) -> str:
    """A number, or a word where there is none."""
    left = line.left_on(today)
    if left is None:
        return "no-limit"
    return str(left) if left else "used-up"


def endorsement(line: Endorsement, today: date) -> Facts:
    """One endorsement."""
    return (
        ("endorsement_kind", line.kind.value),
        ("trips_left", trips_left(line, today)),
        ("valid_to", line.valid_to.isoformat()),
    )


def course(case: TravelProgress) -> Course:
    """The stages of the newest application, with the days that are known."""
    names = (UNPAID, *STAGES) if case.stage == UNPAID else STAGES
    stage = "production" if case.stage in WITHIN_PRODUCTION else case.stage
    reached = names.index(stage)
    days = [""] * len(names)
    days[0] = case.applied_on.isoformat()
    if stage == case.stage:
        days[reached] = case.since.isoformat()
    return Course(tuple((f"progress-{name}", day) for name, day in zip(names, days, strict=True)), reached)


LETTERS = {"hong-kong": "香港", "macao": "澳门", "taiwan": "台湾"}
"""Places as passes name them, whatever the language."""


def slip(citizen: Citizen, found: ExitEntryStanding) -> Facts:
    """查询单: a line a document, a line an endorsement, a line an application."""
    number = found.cases[0].case_number if found.cases else found.documents[0].number_masked
    documents = "\n".join(f"{d.number_masked} {d.valid_to.isoformat()}" for d in found.documents)
    lines = "\n".join(
        f"{LETTERS[e.destination.value]} {e.kind.value} {count_on_paper(e, found.today)} {e.valid_to.isoformat()}"
        for d in found.documents
        for e in d.endorsements
    )
    case = found.cases[0] if found.cases else None
    progress: Facts = ()
    if case is not None:
        progress = (
            ("stage", case.stage),
            ("since", case.since.isoformat()),
            ("ready_by", case.ready_by.isoformat()),
            ("collect_site", case.site),
        )
    return (
        ("number", number),
        *citizen.on_paper,
        *((("documents", documents),) if documents else ()),
        *((("endorsements", lines),) if lines else ()),
        *progress,
    )


def count_on_paper(line: Endorsement, today: date) -> str:
    """What is left, in figures: 1, 0, or ∞ where there is no limit."""
    left = line.left_on(today)
    return "∞" if left is None else str(left)
