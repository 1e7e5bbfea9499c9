"""The fleet: every terminal as it really stands, and one of them with all that is known."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from typing import Any

from fastapi import Response
from sqlalchemy import func, select

from central.console.figures import finished
from central.console.map import HEIGHT, WIDTH, drawn
from central.console.runbooks import runbook_of
from central.console.standing import Light, standing, standings
from central.console.web import Call, House, Page
from central.desks.desk import BEIJING, Desk
from central.model import TerminalRow
from central.model_watch import Event, Incident, Visit
from central.problems import unknown

_EVENTS = 40
_VISITS = 12


class FleetPages:
    """The list of terminals, and one."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (Page("GET", "/", self._list), Page("GET", "/terminals/{name}", self._one))

    def _list(self, call: Call) -> Response:
        site = call.query.get("site", "")

        def look(desk: Desk) -> dict[str, Any]:
            live = (
                select(Incident.terminal, func.count()).where(Incident.live.is_not(None)).group_by(Incident.terminal)
            )
            visits = (
                select(Visit.terminal, func.count()).where(Visit.ended_at >= midnight(desk)).group_by(Visit.terminal)
            )
            terminals = standings(desk)
            places = dict(desk.db.execute(select(TerminalRow.id, TerminalRow.site)).tuples().all())
            places |= {name: terminal.site for name, terminal in desk.tables.terminals.items()}
            here = [one for one in terminals if not site or places.get(one.id) == site]
            return {
                "all": terminals,
                "terminals": here,
                "map": drawn(desk.tables.sites, terminals, places),
                "site": desk.tables.sites[site].name if site in desk.tables.sites else "",
                "incidents": dict(desk.db.execute(live).tuples().all()),
                "visits": dict(desk.db.execute(visits).tuples().all()),
            }

        found = call.books(look)
        figures = {light.value: sum(one.light is light for one in found["all"]) for light in Light}
        return self._house.page(call, "fleet.html", figures=figures, width=WIDTH, height=HEIGHT, **found)

    def _one(self, call: Call) -> Response:
        name = call.parts["name"]

        def look(desk: Desk) -> dict[str, Any]:
            found = standing(desk, name)
            if found is None:
                raise unknown("terminal")
            today = desk.db.scalars(
                select(Visit)
                .where(Visit.terminal == name, Visit.ended_at >= midnight(desk))
                .order_by(Visit.row.desc())
            ).all()
            live = desk.db.scalars(
                select(Incident).where(Incident.terminal == name, Incident.live.is_not(None)).order_by(Incident.id)
            ).all()
            events = desk.db.scalars(
                select(Event).where(Event.terminal == name).order_by(Event.id.desc()).limit(_EVENTS)
            ).all()
            could_not = Counter((v.service, v.ending, v.topic) for v in today if not finished(v.ending))
            return {
                "one": found,
                "today": today[:_VISITS],
                "count": len(today),
                "succeeded": sum(finished(v.ending) for v in today),
                "could_not": could_not.most_common(8),
                "incidents": [(row, runbook_of(row.code)) for row in live],
                "events": events,
            }

        return self._house.page(call, "terminal.html", **call.books(look))


def midnight(desk: Desk) -> datetime:
    """When today began in Beijing."""
    return datetime.combine(desk.today, time(), BEIJING)
