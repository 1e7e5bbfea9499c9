"""The returning citizen (rule 17): told where money and document are, and given their papers once more."""

from __future__ import annotations

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.desk import Desk, PrintedPaper
from kiosk.counter.looking_up import arguments_of
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import Remembered
from kiosk.counter.printing import every_paper_says, print_again
from kiosk.counter.remembering import told_facts, without_reprint
from kiosk.devices.receipt_printer.contract import PrintResult
from kiosk.flows.effects import PaperKind
from kiosk.flows.performing import At
from kiosk.flows.queries import PapersOf
from kiosk.flows.steps import DeviceClass
from kiosk.people.id_number import IdNumber
from kiosk.people.records import PaperOnFile
from kiosk.screens.states import WelcomeBack, WorkingPage, WorkTopic


async def welcome_back(desk: Desk, page: Conversation, number: IdNumber, at: At) -> None:
    """Whoever was interrupted hears where money and document are, and may have the papers printed.

    Only once they are known to be the owner: a finder of the card learns nothing of its owner's visits (rule 32), and
    a face alone gives out no paper while a second factor is asked for (rule 33).
    """
    visit = await desk.memory.interrupted(number.text)
    if visit is None:
        return
    due = await page.wait(_papers_due(desk, number, visit.case, at), WorkingPage(WorkTopic.ASKING_HEADQUARTERS))
    papers = tuple(_as_printed(desk, paper, visit, page.look.language) for paper in due)
    facts = told_facts(visit)
    if not papers:
        facts = without_reprint(facts)
    quote = next((e.number for e in visit.effects if e.number), visit.case[-8:])
    page.amend(WelcomeBack(visit.when, facts, quote, reprint=bool(papers)))
    while (await page.answer("continue", "reprint", idle=desk.durations.tell)).action == "reprint":
        came_out = await page.wait(_print(desk, papers, visit.case), WorkingPage(_topic(papers)))
        said = ("back-reprinted" if came_out else "back-reprint-failed", "")
        page.amend(WelcomeBack(visit.when, (said, *facts), quote, reprint=bool(papers)))
    await desk.memory.told(visit.case)


async def _papers_due(desk: Desk, number: IdNumber, case: str, at: At) -> tuple[PaperOnFile, ...]:
    """What headquarters has on file for the visit; nothing where it cannot say so now."""
    query = PapersOf(number, case)
    asking = desk.headquarters.lookup(query.name, arguments_of(query), at.case, query.answer)
    try:
        found: tuple[PaperOnFile, ...] = await desk.ask_headquarters(asking, desk.durations.lookup)
    except (Unreachable, Rejected, TimeoutError):
        return ()
    known = {kind.value for kind in PaperKind}
    return tuple(paper for paper in found if paper.paper in known)


def _as_printed(desk: Desk, paper: PaperOnFile, visit: Remembered, language: str) -> PrintedPaper:
    values = {**dict(paper.values), **every_paper_says(desk, visit.when)}
    return PrintedPaper(PaperKind(paper.paper), values, language)


async def _print(desk: Desk, papers: tuple[PrintedPaper, ...], case: str) -> bool:
    """Each paper once, one after another; whether every one of them came out."""
    results: list[str] = []
    for paper in papers:
        result = await print_again(desk, paper)
        await desk.audit.write("reprinted", case, {"paper": paper.kind.value, "result": result})
        results.append(result)
    return all(result == PrintResult.PRINTED.value for result in results)


def _topic(papers: tuple[PrintedPaper, ...]) -> WorkTopic:
    page = any(paper.kind.device is DeviceClass.PAGE_PRINTER for paper in papers)
    return WorkTopic.PRINTING_PAGE if page else WorkTopic.PRINTING_RECEIPT
