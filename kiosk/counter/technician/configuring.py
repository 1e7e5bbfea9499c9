"""Carries out what is asked of the configuration: shown level by level, set within limits, taken back.

Nothing is typed here: every value that may be set has a list of what it may be.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import Audit
from kiosk.flows.performing import At
from kiosk.flows.steps import StepKind
from kiosk.maintenance.settings import Configure, Did
from kiosk.screens.states import RecordRow, RecordsPage, RowMark
from kiosk.settings.loading import Source, Sourced


class Sets(Protocol):
    """Where pushed sets stand: kiosk.configuration.book.Sets."""

    @property
    def in_force(self) -> int: ...
    @property
    def before(self) -> int: ...
    @property
    def refused(self) -> tuple[tuple[int, str], ...]: ...


class ConfigurationBook(Protocol):
    """kiosk.configuration.book.ConfigurationBook."""

    def values(self) -> Sequence[Sourced]: ...

    def sets(self) -> Sets: ...

    def at_once(self) -> bool: ...

    def choices(self, key: tuple[str, ...], source: Source) -> tuple[str, ...]: ...

    def put(self, key: str, choice: str) -> str: ...

    def has_before(self) -> bool: ...

    def values_back(self) -> str: ...

    def set_back(self, who: str) -> bool: ...


class ConfigureDesk:
    """设置. `book` is None where a terminal was wired from values alone: there is nothing to tell of them."""

    def __init__(self, desk: Desk, audit: Audit, book: ConfigurationBook | None) -> None:
        self._desk = desk
        self._audit = audit
        self._book = book

    async def perform(self, step: Configure, at: At) -> Did:
        page = self._desk.pages.conversation(step.phase, at)
        if self._book is None:
            page.show(RecordsPage("settings-unknown", (), ("enough-seen",)))
            _ = await page.answer("enough-seen")
            return Did.NOTHING
        return await _Talk(page, self._book, self._audit, ",".join(at.opening.staff)).go()


class _Talk:
    """From the menu to having seen and done enough."""

    def __init__(self, page: Conversation, book: ConfigurationBook, audit: Audit, who: str) -> None:
        self._page = page
        self._book = book
        self._audit = audit
        self._who = who
        self._turn = 0
        self._did = Did.NOTHING

    async def go(self) -> Did:
        while True:
            match await self._menu():
                case "own":
                    await self._own()
                case "changed":
                    differs = tuple(v for v in self._book.values() if v.source is not Source.PACKAGED)
                    _ = await self._shown("settings-changed", tuple(_row(value) for value in differs))
                case "all":
                    await self._level(())
                case "sets":
                    await self._sets()
                case _:
                    return self._did

    async def _menu(self) -> str:
        sets = self._book.sets()
        rows = (
            RecordRow("own", "settings-own"),
            RecordRow("changed", "settings-changed"),
            RecordRow("all", "settings-all"),
            RecordRow("sets", "settings-sets", "", (("set", str(sets.in_force)), ("set-before", str(sets.before)))),
        )
        return await self._shown("settings-menu", rows, "enough-seen")

    # -- what is in force --------------------------------------------------------------------------------------------

    async def _level(self, at: tuple[str, ...]) -> None:
        """One table: its values, and the tables in it, which open."""
        while True:
            depth, rows, seen = len(at), list[RecordRow](), set[str]()
            for value in self._book.values():
                if value.key[:depth] != at:
                    continue
                if len(value.key) == depth + 1:
                    rows.append(_row(value, value.key[-1]))
                elif value.key[depth] not in seen:
                    seen.add(value.key[depth])
                    rows.append(RecordRow(value.key[depth], value.key[depth]))
            chosen = await self._shown("settings-all", tuple(rows))
            if not chosen:
                return
            await self._level((*at, chosen))

    # -- what is set here --------------------------------------------------------------------------------------------

    async def _own(self) -> None:
        while True:
            values = {".".join(value.key): value for value in self._book.values()}
            rows = [
                RecordRow(
                    key,
                    f"own-{key.replace('.', '-').replace('_', '-')}",
                    value.text,
                    (("source", f"source-{value.source.value}"),),
                    None,
                    RowMark.NOTE if value.source is Source.MACHINE else RowMark.PLAIN,
                )
                for key, value in values.items()
                if self._book.choices(value.key, value.source)
            ]
            if self._book.has_before():
                rows.append(RecordRow("values-back", "settings-values-back"))
            chosen = await self._shown("settings-own", tuple(rows))
            if not chosen:
                return
            if chosen == "values-back":
                await self._values_back()
            else:
                await self._set(chosen, values[chosen])

    async def _set(self, key: str, held: Sourced) -> None:
        rows = tuple(
            RecordRow(choice, choice, "settings-now" if choice == held.text else "")
            for choice in self._book.choices(held.key, held.source)
        )
        label = f"own-{key.replace('.', '-').replace('_', '-')}"
        choice = await self._shown("settings-choose", rows, about=(("what", label),))
        if not choice or choice == held.text:
            return
        await self._audit.write(
            "station-value-set", "", {"who": self._who, "key": key, "before": held.text, "after": choice}
        )
        await self._told(self._book.put(key, choice))

    async def _values_back(self) -> None:
        await self._audit.write("station-values-back", "", {"who": self._who})
        await self._told(self._book.values_back())

    async def _told(self, why_not: str) -> None:
        if why_not:
            await self._audit.write("station-value-refused", "", {"who": self._who, "why": why_not})
            _ = await self._shown(f"settings-{why_not}", ())
            return
        self._did = Did.CHANGED
        _ = await self._shown("settings-put" if self._book.at_once() else "settings-put-next-start", ())

    # -- pushed sets -------------------------------------------------------------------------------------------------

    async def _sets(self) -> None:
        sets = self._book.sets()
        rows = [
            RecordRow("", "settings-set-in-force", str(sets.in_force), (), None, RowMark.GOOD),
            RecordRow("", "settings-set-before", str(sets.before)),
            *(
                RecordRow("", "settings-set-refused", str(number), (("why", why),), None, RowMark.NOTE)
                for number, why in reversed(sets.refused)
            ),
        ]
        if sets.in_force and self._book.at_once():
            rows.append(RecordRow("set-back", "settings-set-back"))
        if await self._shown("settings-sets", tuple(rows)) != "set-back":
            return
        about = (("set", str(sets.in_force)), ("before", str(sets.before)))
        sure = await self._shown("settings-set-back-sure", (RecordRow("yes", "settings-set-back"),), about=about)
        if sure != "yes":
            return
        details = {"who": self._who, "before": str(sets.in_force), "after": str(sets.before)}
        await self._audit.write("set-taken-back", "", details)
        if self._book.set_back(self._who):
            self._did = Did.TAKEN_BACK
            _ = await self._shown("settings-put", ())

    async def _shown(
        self,
        topic: str,
        rows: tuple[RecordRow, ...],
        back: str = "list-back",
        about: tuple[tuple[str, str], ...] = (),
    ) -> str:
        """The row that was opened, or ""."""
        self._turn += 1
        self._page.show(RecordsPage(topic, rows, (back,), about, self._turn))
        got = await self._page.answer("open", back)
        return str(got.payload["id"]) if got.action == "open" else ""


def _row(value: Sourced, label: str = "") -> RecordRow:
    said = (("source", f"source-{value.source.value}"), ("file", value.file))
    return RecordRow("", label or ".".join(value.key), value.text, said)


def configurers(desk: Desk, audit: Audit, book: ConfigurationBook | None) -> dict[StepKind, Any]:
    """Performers of the steps about configuration."""
    return {StepKind.CONFIGURE: ConfigureDesk(desk, audit, book)}
