"""Questions to headquarters."""

from __future__ import annotations

import base64
import dataclasses
from typing import Any

from pydantic_core import to_jsonable_python

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.desk import Desk
from kiosk.flows.performing import At, VisitEnds
from kiosk.flows.queries import Query
from kiosk.flows.steps import LookUp
from kiosk.people.records import RefusalCode
from kiosk.people.vehicle import Violation
from kiosk.screens.states import WorkingPage, WorkTopic


def arguments_of(query: Query[Any]) -> dict[str, Any]:
    """A query's fields as JSON."""
    return {field.name: to_jsonable_python(getattr(query, field.name)) for field in dataclasses.fields(query)}


class LookUpDesk:
    """One try; a silent or broken headquarters ends the visit in one place (rule 9 has nothing to lose here)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: LookUp[Any], at: At) -> Any:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at)
        ask = desk.headquarters.lookup(step.query.name, arguments_of(step.query), at.case, step.query.answer)
        try:
            return await page.wait(
                desk.ask_headquarters(ask, desk.durations.lookup), WorkingPage(WorkTopic.ASKING_HEADQUARTERS)
            )
        except (Unreachable, TimeoutError):
            raise VisitEnds(RefusalCode.OFFLINE) from None
        except Rejected:
            raise VisitEnds(RefusalCode.OTHER) from None


async def picture_of(desk: Desk, violation: Violation) -> str:
    """The record's picture as a source an image view can show; nothing where it cannot be had.

    Kept in memory only: before the first effect nothing personal is on disk (rule 15).
    """
    if violation.picture is None:
        return ""
    try:
        jpeg = await desk.ask_headquarters(desk.headquarters.get_blob(violation.picture), desk.durations.lookup)
    except (Unreachable, Rejected, TimeoutError):
        return ""
    return picture_source(jpeg)


def png_source(png: bytes) -> str:
    """A data URL of a drawing."""
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def picture_source(jpeg: bytes) -> str:
    """A data URL: no file, no name."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
