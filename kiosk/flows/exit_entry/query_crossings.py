"""CRJ03 出入境记录查询: one's own crossings of the border, on paper with the authority's sign."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from kiosk.flows.common import (
    come_in,
    file,
    one_of,
    refuse,
    sign,
)
from kiosk.flows.effects import PaperKind, Print
from kiosk.flows.filing import filing
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import IssuedCrossings, MayQueryCrossingsOf
from kiosk.flows.steps import Field, FieldKind, FillForm, LookUp, Phase
from kiosk.people.exit_entry import CROSSING_PERIODS, CROSSING_PURPOSES, MayQueryCrossings
from kiosk.people.records import Refusal

QUESTIONS = (one_of("crossing_period", CROSSING_PERIODS), one_of("crossing_purpose", CROSSING_PURPOSES))
DAYS = (Field("crossing_first", FieldKind.DATE_PAST), Field("crossing_last", FieldKind.DATE_PAST))

YEARS = MappingProxyType({"this-year": 0, "two-years": 1})
"""From the first day of the year that lies so many before."""


async def query_crossings(opening: Opening) -> Outcome:
    """CRJ03 出入境记录查询: what the immigration administration answered about records (S-REC)."""
    citizen = await come_in(opening, "CRJ03")
    if isinstance(citizen, Outcome):
        return citizen
    allowed = await LookUp(key="may-query", phase=Phase.DETAILS, query=MayQueryCrossingsOf(citizen.number))
    if isinstance(allowed, Refusal):
        return await refuse(allowed)
    form = await FillForm(key="form", phase=Phase.DETAILS, topic="form-crossings", fields=QUESTIONS)
    first, last = await period(form["crossing_period"], allowed)
    signature = await sign(citizen, "sign-crossings")
    if isinstance(signature, Outcome):
        return signature
    asked = (("first", first), ("last", last), ("purpose", form["crossing_purpose"]))
    filed = await file(citizen, filing(citizen, "crossing-query", "crossing-query", asked, signature))
    if isinstance(filed, Outcome):
        return filed
    issued = IssuedCrossings(citizen.number, filed.number)
    text = await LookUp(key="record-text", phase=Phase.FINISH, query=issued)
    if isinstance(text, Refusal):
        return await refuse(text)
    _ = await Print(
        key="crossing-record",
        phase=Phase.FINISH,
        paper=PaperKind.CROSSING_RECORD,
        values=(("number", filed.number), *text.values),
    )
    return citizen.leaves(Ending.DONE, "closing-crossings", filed.number, "page")


async def period(chosen: str, allowed: MayQueryCrossings) -> tuple[str, str]:
    """First and last day, in order and within what can be asked for."""
    earliest, latest = allowed.first.isoformat(), allowed.last.isoformat()
    if chosen in YEARS:
        return max(date(allowed.last.year - YEARS[chosen], 1, 1).isoformat(), earliest), latest
    if chosen == "longest":
        return earliest, latest
    days = await FillForm(key="days", phase=Phase.DETAILS, topic="form-crossings", fields=DAYS)
    first, last = sorted(min(max(days[field.name], earliest), latest) for field in DAYS)
    return first, last
