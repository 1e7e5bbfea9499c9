"""What is read aloud of the pages, where the citizen wants to hear it (无障碍环境建设法 of 2023, art. 33)."""

from __future__ import annotations

from typing import Protocol

from kiosk.screens.states import Look
from kiosk.screens.views import LiveView, PageView


class Reader(Protocol):
    """Whoever reads aloud. Returns at once; never raises."""

    def page(self, text: str, language: str) -> None:
        """Say this now, instead of whatever is being said."""
        ...

    def aside(self, text: str, language: str) -> None:
        """Say this when what is being said has ended, unless something newer takes its place."""
        ...

    def hush(self) -> None:
        """Be silent at once."""
        ...


class Reading:
    """Each page once, again when its words change; advice and questions in between; nothing unless it is wanted."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._page: tuple[str, str, str] | None = None
        self._aside = ""

    def page(self, view: PageView, look: Look) -> None:
        """A page was put up, or its words changed."""
        if not look.sound:
            if self._page is not None:
                self._page, self._aside = None, ""
                self._reader.hush()
            return
        said = (view.identity, view.voice, look.language)
        if said == self._page:
            return
        self._page, self._aside = said, ""
        self._reader.page(view.voice, look.language)

    def live(self, view: LiveView, look: Look) -> None:
        """Advice of the camera, or the question whether more time is needed."""
        line = view.more_time_voice if view.more_time else view.advice_voice
        if not look.sound or line == self._aside:
            return
        self._aside = line
        if line:
            self._reader.aside(line, look.language)
