"""The fleet: every terminal as it really stands."""

from __future__ import annotations

from fastapi import Response

from central.console.rights import May
from central.console.standing import Light, standings
from central.console.web import Call, House, Page


class FleetPages:
    """The list of terminals."""

    def __init__(self, house: House) -> None:
        self._house = house

    def pages(self) -> tuple[Page, ...]:
        """Routes."""
        return (Page("GET", "/", self._list, May.LOOK),)

    def _list(self, call: Call) -> Response:
        found = call.books(standings)
        figures = {light.value: sum(one.light is light for one in found) for light in Light}
        return self._house.page(call, "fleet.html", terminals=found, figures=figures)
