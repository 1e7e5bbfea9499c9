"""Server-sent events: pages are told that something changed, and fetch themselves (HTML Living Standard, 9.2).

Each process asks the books once a second for events newer than the last, whoever's process wrote them, and only
while somebody listens. An event may be committed after a younger one; a few of the newest are therefore read again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from central.console import accounts
from central.console.web import COOKIE, House, newest_event
from central.desks.desk import Desk
from central.desks.sights import turns
from central.model_console import Stage
from central.model_watch import Event

LOOK_SECONDS = 1.0
AGAIN = 40
"""So many of the newest events are read once more at each look."""
SESSION_SECONDS = 15.0
"""How often it is asked whether whoever listens is still signed in."""


class Live:
    """One listener's stream at a time asks for itself; what it asks is one indexed query."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def stream(self, request: Request) -> Response:
        """The events, until the session or the connection ends."""
        cookie = request.cookies.get(COOKIE, "")
        if not cookie or not await asyncio.to_thread(self._holds, cookie):
            return Response(status_code=401)
        # What was heard last; before anything was heard, what was newest when the page was drawn.
        heard = request.headers.get("last-event-id", "") or request.query_params.get("since", "")
        newest = await asyncio.to_thread(self._newest)
        last = min(newest, int(heard)) if heard.isascii() and heard.isdecimal() and len(heard) < 19 else newest
        return StreamingResponse(self._events(request, cookie, last), media_type="text/event-stream")

    async def _events(self, request: Request, cookie: str, last: int) -> AsyncGenerator[str]:
        """What came after `last`: nobody misses what happened before they listened, or while they were cut off."""
        told: set[int] = set(range(last - AGAIN, last + 1))
        yield "retry: 2000\n\n"
        looks = 0
        seen = await asyncio.to_thread(self._seen)
        while not await request.is_disconnected():
            await asyncio.sleep(LOOK_SECONDS)
            looks += 1
            if looks * LOOK_SECONDS >= SESSION_SECONDS:
                looks = 0
                if not await asyncio.to_thread(self._holds, cookie):
                    yield "event: over\ndata:\n\n"
                    return
                yield ": still here\n\n"
            found = await asyncio.to_thread(self._since, max(told, default=0) - AGAIN)
            fresh = [each for each in found if each[0] not in told]
            before, seen = seen, await asyncio.to_thread(self._seen)
            if not fresh:
                if seen != before:
                    yield "event: changed\ndata:\n\n"
                continue
            told = {number for number, _, _ in found} | {max(number for number, _, _ in fresh)}
            for _, kind, subject in fresh:
                if kind == "help":
                    yield f"event: help\ndata: {subject}\n\n"
            yield f"id: {max(told)}\nevent: changed\ndata:\n\n"

    def _holds(self, cookie: str) -> bool:
        def look(desk: Desk) -> bool:
            found = accounts.seated(desk.db, desk.now, cookie, used=False)
            return found is not None and found.stage is Stage.IN

        return self._house.books(look)

    def _seen(self) -> frozenset[tuple[str, int]]:
        """What is looked at where somebody calls for help; it is no event, and is not kept as one."""
        return self._house.books(turns)

    def _newest(self) -> int:
        return self._house.books(newest_event)

    def _since(self, number: int) -> list[tuple[int, str, str]]:
        def look(desk: Desk) -> list[tuple[int, str, str]]:
            rows = desk.db.execute(select(Event.id, Event.kind, Event.subject).where(Event.id > number))
            return list(rows.tuples())

        return self._house.books(look)
