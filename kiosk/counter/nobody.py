"""The stage of a recovery: nobody is there, so nothing is shown and nobody answers."""

from __future__ import annotations

import asyncio

from kiosk.screens.proof import PageProof
from kiosk.screens.stage import Glass, Intent
from kiosk.screens.states import Chrome, Live, Look, PageState


class DarkStage:
    """A Stage. What a recovery would show must not come over the page of whoever stands there now."""

    def __init__(self, look: Look) -> None:
        self._look = look

    @property
    def look(self) -> Look:
        """For the language of what is composed."""
        return self._look

    def dress(self, look: Look) -> None:
        """Nobody sees it."""
        del look

    def show(self, state: PageState, chrome: Chrome) -> int:
        """Nobody sees it."""
        del state, chrome
        return 0

    def amend(self, state: PageState, chrome: Chrome) -> None:
        """Nobody sees it."""
        del state, chrome

    def live(self, live: Live) -> None:
        """Nobody sees it."""
        del live

    def proof(self) -> PageProof:
        """Raises LookupError: no page was shown, and nobody agreed to one."""
        raise LookupError("nobody was shown a page")

    def glass(self) -> Glass | None:
        """Nobody sees anything."""
        return None

    async def intent(self) -> Intent:
        """Never: the caller's deadline ends the wait."""
        return await asyncio.get_running_loop().create_future()
