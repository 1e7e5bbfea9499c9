"""Runs a flow with a citizen there: the procedure is followed, written down, and ended in one place.

Before the first effect nothing is on disk, and leaving wipes everything. From the first effect on the case is in the
book; whoever leaves then is answered for by what each step says when nobody is there, until the flow ends or stops.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Protocol

from kiosk.flows.book import Book, Letters
from kiosk.flows.ending import Ended, Finished, How, InDoubt, Left, VisitBroken, VisitEnd
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.performing import Leave
from kiosk.flows.play import Broken, Flow
from kiosk.flows.transcript import Transcript
from kiosk.flows.visit import (
    Finish,
    Gone,
    Performers,
    Stopped,
    Surroundings,
    Undecided,
    Visit,
    close_after,
    close_for_people,
)

_log = logging.getLogger(__name__)


class NewCases(Protocol):
    """Where ids of cases come from."""

    def case_id(self) -> str: ...


class Engine:
    """Runs visits, one after another or side by side; keeps nothing between them."""

    def __init__(self, performers: Performers, book: Book, ids: NewCases, letters: Letters) -> None:
        self._around = Surroundings(performers, book, letters)
        self._ids = ids

    async def run(self, flow: Flow, opening: Opening) -> VisitEnd:
        """One visit, to its end.

        Raises VisitBroken for a mistake of our own (the flow awaited no step, a performer raised something else than
        Back, Leave or VisitEnds), after the case has been wiped or put in doubt; and whatever the book raises when
        it cannot write, such as a full disk: then nothing was begun that is not on disk.
        """
        case = self._ids.case_id()
        _log.info("a visit to %s begins", opening.service, extra={"visit": case})
        visit = Visit(self._around, flow, case, Transcript(opening))
        try:
            finish = await visit.go()
            visit.close()
            return VisitEnd(case, await self._end(visit, finish), visit.records)
        except Broken as broken:
            _log.error("the visit to %s broke: %s", opening.service, broken)
            how = InDoubt(str(broken))
            if visit.begun:
                await close_for_people(self._around, case, visit.known, "in-doubt")
            raise VisitBroken(str(broken), VisitEnd(case, how, visit.records)) from None
        finally:
            with contextlib.suppress(Broken):
                visit.close()
            self._around.book.forget_case(case)

    async def _end(self, visit: Visit, finish: Finish) -> How:
        if isinstance(finish, Undecided):
            return InDoubt(finish.trouble)
        if visit.begun:
            await close_after(visit, finish)
        if isinstance(finish, Stopped):
            return _without_them(finish.why, None)
        return Finished(finish.outcome) if visit.gone is None else _without_them(visit.gone, finish.outcome)


def _without_them(gone: Gone, outcome: Outcome | None) -> How:
    if isinstance(gone, Leave):
        return Left(gone.why, outcome)
    return Ended(gone.code, gone.details, outcome)
