"""All presenters together, as a stage asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.screens.present import present, present_live
from kiosk.screens.screen_settings import ScreenSettings
from kiosk.screens.states import Chrome, Live, Look, PageState
from kiosk.screens.views import LiveView, PageView
from kiosk.screens.words import Words


class Presenters:
    """Words by language; a language without words falls back to the first."""

    def __init__(self, words: Mapping[str, Words], settings: ScreenSettings) -> None:
        self._words = dict(words)
        self._settings = settings

    def page(self, state: PageState, chrome: Chrome, look: Look, revision: int) -> PageView:
        """The page part, with this revision in it."""
        return present(state, chrome, look, self._of(look), self._settings, revision)

    def live(self, live: Live, look: Look) -> LiveView:
        """The live part."""
        return present_live(live, look, self._of(look), self._settings)

    def _of(self, look: Look) -> Words:
        found = self._words.get(look.language)
        return found if found is not None else next(iter(self._words.values()))
