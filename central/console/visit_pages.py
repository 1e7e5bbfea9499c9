"""What happened, money and documents, reports."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from fastapi import Response
from sqlalchemy import func, select

from central.console.figures import CHART_HEIGHT, as_csv, figures, visits_of
from central.console.happened import cases_of, happened
from central.console.record import record
from central.console.rights import May
from central.console.web import Call, House, Page, go
from central.desks.desk import Desk
from central.desks.settling import doubts
from central.model import Document
from central.model_watch import Visit
from central.paging import Sheet, newest_first
from central.problems import unknown
from central.reconcile import reconcile

_LATEST = 40
_LONGEST = 92
"""Days of one report at most."""


class VisitPages:
    """After the fact."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (
            Page("GET", "/visits", self._search, May.LOOK_AT_VISITS),
            Page("GET", "/visits/{case}", self._one, May.LOOK_AT_VISITS),
            Page("GET", "/money", self._money),
            Page("GET", "/reports", self._reports),
            Page("GET", "/reports.csv", self._csv),
        )

    def _search(self, call: Call) -> Response:
        text = call.query.get("number", "").strip()[:60]

        after = self._house.place(call, "visits")

        def look(desk: Desk) -> tuple[list[str], Sheet[Visit]]:
            order = (Visit.ended_at, Visit.terminal, Visit.row)
            return cases_of(desk, text), newest_first(desk.db, select(Visit), order, after, _LATEST)

        found, latest = call.books(look)
        if len(found) == 1:
            return go(f"/visits/{found[0]}")
        older = self._house.older("visits", latest)
        return self._house.page(call, "visits.html", number=text, found=found, latest=latest.rows, visits=older)

    def _one(self, call: Call) -> Response:
        case = call.parts["case"]

        def look(desk: Desk) -> Any:
            found = happened(desk, case)
            if found is None:
                raise unknown("visit")
            record(desk.db, desk.now, call.who, "looked-at-visit", case)
            return found

        return self._house.page(call, "visit.html", it=call.books(look))

    def _money(self, call: Call) -> Response:
        day = _day(call.query.get("day", ""))

        def look(desk: Desk) -> dict[str, Any]:
            places = select(Document.place, func.count()).group_by(Document.place)
            return {
                "day": day or desk.today,
                "report": reconcile(desk.db, day or desk.today, desk.now),
                "doubts": doubts(desk.db),
                "places": [(place.value, count) for place, count in desk.db.execute(places).tuples()],
            }

        return self._house.page(call, "money.html", **call.books(look))

    def _span(self, call: Call, desk: Desk) -> tuple[date, date, str]:
        last = _day(call.query.get("last", "")) or desk.today
        first = _day(call.query.get("first", "")) or last - timedelta(days=6)
        return max(min(first, last), last - timedelta(days=_LONGEST)), last, call.query.get("terminal", "")[:20]

    def _reports(self, call: Call) -> Response:
        def look(desk: Desk) -> dict[str, Any]:
            return {"it": figures(desk, *self._span(call, desk)), "terminals": sorted(desk.tables.terminals)}

        return self._house.page(call, "reports.html", chart_height=CHART_HEIGHT, **call.books(look))

    def _csv(self, call: Call) -> Response:
        def look(desk: Desk) -> tuple[bytes, str]:
            first, last, terminal = self._span(call, desk)
            record(desk.db, desk.now, call.who, "exported-visits", f"{first}/{last}")
            return as_csv(visits_of(desk, first, last, terminal)), f"visits-{first}-{last}.csv"

        content, name = call.books(look)
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, headers=headers, media_type="text/csv; charset=utf-8")


def _day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None
