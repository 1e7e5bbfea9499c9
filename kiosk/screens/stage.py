"""The port between the counter and whatever shows pages: Qt, or nothing at all under the virtual clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from kiosk.screens.proof import PageProof
from kiosk.screens.states import Chrome, Live, Look, PageState


@dataclass(frozen=True, slots=True)
class Intent:
    """A touch, in meaning. `revision` names the page it was meant for (rule 21).

    Actions every page may send: language, size, theme, reach, elder, sound, help, leave, back, more-time. Others are
    the page's own and are listed in docs/pages.md. `payload` is plain data of strings, numbers, lists and maps.
    """

    revision: int
    action: str
    payload: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Typed:
    """How many characters stand in a page's field, never which; `ready`: there is something to send."""

    characters: int = 0
    ready: bool = False


@dataclass(frozen=True, slots=True)
class Glass:
    """What is shown now. `typed` is None while nobody has touched what the view keeps to itself."""

    state: PageState
    chrome: Chrome
    live: Live
    look: Look
    typed: Typed | None = None


class Stage(Protocol):
    """Shows one page at a time; the latest wins."""

    @property
    def look(self) -> Look: ...

    def dress(self, look: Look) -> None:
        """Change language, size, theme, layout; the page is shown again in it with the same revision."""
        ...

    def show(self, state: PageState, chrome: Chrome) -> int:
        """Show a page and return its revision: a new one when the page's kind or identity changed.

        The same revision is kept when only the state of the same page class changed and `same_page` is meant:
        use `amend` for that.
        """
        ...

    def amend(self, state: PageState, chrome: Chrome) -> None:
        """Replace the page part without making a new page (a reader that begins to read)."""
        ...

    def live(self, live: Live) -> None:
        """Replace the live part."""
        ...

    def proof(self) -> PageProof:
        """Hashes of the page as it stands now, in the words the citizen reads (rule 31)."""
        ...

    def glass(self) -> Glass | None:
        """What is shown now; None before the first page, and where nobody sees one."""
        ...

    async def intent(self) -> Intent:
        """The next touch meant for the page now shown; others are answered by the stage itself."""
        ...
