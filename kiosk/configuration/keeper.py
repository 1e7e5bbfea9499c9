"""Takes a set from being assigned to being in force, or back to the last good one.

assigned -> fetched and verified -> judged as a whole -> between visits: written down, put in force, watched ->
told to headquarters -> kept. Whatever goes wrong on the way, the last good set is in force again before the next
citizen is let in, and headquarters is told which and why.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.clock import Clock
from kiosk.configuration.beginning import Beginning, begin
from kiosk.configuration.judging import Judge
from kiosk.configuration.shelf import Shelf
from kiosk.configuration.standing import Standing
from kiosk.configuration.trust import Distrusted, Trust
from kiosk.protocol.configuration import SetReport, SetStage
from kiosk.settings.loading import SettingsError
from kiosk.settings.model import Settings

_log = logging.getLogger(__name__)

ASK_SECONDS = 60.0
"""Headquarters is asked so often when nothing was told: the fallback."""

FRESH_SECONDS = 3600.0
"""So often it is made sure that nothing is withheld: the timestamp is signed anew every day."""

WATCHED_SECONDS = 30.0
"""So long a set is watched before it is told to be healthy. Nobody is let in meanwhile."""

LOOK_SECONDS = 1.0
"""Health is looked at so often, so that a set is taken back well within ten seconds of its falling."""

SETTLING_SECONDS = 8.0
"""Devices may be opened anew by a set; until then what is not ready yet is no illness."""

TELL_SECONDS = 60.0
"""Headquarters has so long to hear of a healthy set: one that cuts the line is taken back."""

_LONGEST_WHY = 400


class House(Protocol):
    """The terminal as this room sees it."""

    def between_visits(self) -> AbstractAsyncContextManager[None]:
        """Entered once nobody is served and no effect is unsettled; until it is left nobody is let in."""
        ...

    async def put_in_force(self, settings: Settings) -> None:
        """These settings from now on. Raises nothing it could not be taken back from."""
        ...

    def troubles(self) -> frozenset[str]:
        """Why the terminal is not as well as it should be, as codes; none when it is."""
        ...

    async def rehearse(self) -> tuple[str, ...]:
        """Make a visit without effects to every service that is on; which of them cannot be begun, with why."""
        ...


class Headquarters(Protocol):
    """What is asked of headquarters. Both raise Unreachable, Rejected."""

    async def assigned(self) -> int: ...

    async def report(self, report: SetReport) -> None: ...


class Inspector(Protocol):
    """Judges the files that settings use, somewhere else and without holding anything up."""

    async def complaints(self, settings: Settings, parts: Mapping[str, bytes]) -> tuple[str, ...]:
        """All that is wrong with these files (path -> bytes); none where they can be used."""
        ...


class NoInspector:
    """A machine that could not tell good files from bad ones uses none."""

    async def complaints(self, settings: Settings, parts: Mapping[str, bytes]) -> tuple[str, ...]:  # noqa: ARG002
        """Only a set that brings nothing is good."""
        return tuple(f"{path}: nobody judges files here" for path in settings.brought.files)


class Keeper:
    """Keeps this terminal at the set headquarters assigned, as long as that set is good."""

    def __init__(
        self,
        shelf: Shelf,
        trust: Trust,
        judge: Judge,
        house: House,
        headquarters: Headquarters,
        clock: Clock,
        inspector: Inspector | None = None,
    ) -> None:
        self._inspector = inspector or NoInspector()
        self._shelf = shelf
        self._trust = trust
        self._judge = judge
        self._house = house
        self._headquarters = headquarters
        self._clock = clock
        self._standing = Standing()
        self._settings: Settings | None = None
        self._untold: list[SetReport] = []
        self._told = asyncio.Event()
        self._fresh_at: float | None = None
        self._damaged = False
        self._own_changed = False
        self._back = ""
        self.stale = ""
        """Why what headquarters publishes cannot be believed now, as a code for an alarm; "" when it can."""

    @property
    def standing(self) -> Standing:
        """As written down."""
        return self._standing

    def alarms(self) -> tuple[str, ...]:
        """What a technician has to know of, as codes."""
        stale = (f"configuration-untrusted:{self.stale}",) if self.stale else ()
        return (*stale, *(("configuration-standing-damaged",) if self._damaged else ()))

    def look_now(self) -> None:
        """Headquarters told that something was assigned."""
        self._told.set()

    def own_values_changed(self) -> None:
        """Somebody set a value at the machine: it comes into force when nobody is served."""
        self._own_changed = True
        self._told.set()

    def go_back(self, who: str) -> None:
        """Somebody at the machine takes the set in force back; the one before comes into force the same way."""
        self._back = who
        self._told.set()

    def start(self) -> Settings:
        """Before anything else, once; see `beginning.begin`. Raises SettingsError, OSError."""
        return self.go_on_from(begin(self._shelf, self._judge))

    def go_on_from(self, beginning: Beginning) -> Settings:
        """The same where the beginning was made before there was a loop; its settings."""
        self._standing = beginning.standing
        self._settings = beginning.settings
        self._untold.extend(beginning.untold)
        self._damaged = beginning.damaged
        return beginning.settings

    async def run(self) -> None:
        """For ever: whenever told, and every minute."""
        while True:
            self._told.clear()
            await self.by_hand()
            await self.once()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ASK_SECONDS):
                    await self._told.wait()

    async def by_hand(self) -> None:
        """What was asked for at the machine; needs no line."""
        who, self._back = self._back, ""
        changed, self._own_changed = self._own_changed, False
        try:
            if who and self._standing.in_force:
                await self._take_back(who)
            elif changed:
                await self._renew(self._judged(self._standing.in_force))
        except SettingsError as wrong:
            _log.error("what was asked for at the machine cannot come into force: %s", wrong)
        except OSError as failure:
            _log.error("configuration cannot be written down: %s", failure.strerror)

    async def _take_back(self, who: str) -> None:
        number, why = self._standing.in_force, f"taken back at the machine by {who}"
        settings = self._judged(self._standing.before)
        async with self._house.between_visits():
            # Written first: whatever happens to the power, the set that was taken back does not come again.
            self._write(self._standing.go_back(why))
            await self._put(settings)
        self._note(number, SetStage.REVERTED, why)

    async def _renew(self, settings: Settings) -> None:
        good = self._settings
        if good is not None and settings.settings_version == good.settings_version:
            return
        async with self._house.between_visits():
            await self._put(settings)

    async def _put(self, settings: Settings) -> None:
        """What was good stays in force where these cannot even be wired."""
        good = self._settings
        try:
            await self._house.put_in_force(settings)
        except Exception as failure:  # whatever settings do to the wiring, the way back is the same
            _log.error("what was set at the machine cannot be wired: %s", type(failure).__name__)
            if good is not None:
                await self._house.put_in_force(good)
        else:
            self._settings = settings

    def _judged(self, number: int) -> Settings:
        """With this set, or with none where it is 0 or gone. Raises SettingsError."""
        document = self._shelf.take(number) if number else None
        return self._judge.own() if document is None else self._judge.with_set(document)

    async def once(self) -> None:
        """Ask, and do what is to be done. A line that is down is no trouble: the set in force goes on."""
        try:
            await self._tell_what_waits()
            number = await self._headquarters.assigned()
            if self._standing.wants(number):
                await self._take(number)
            elif number or self._standing.in_force:
                await self._make_sure()
            await self._tell_what_waits()
        except (Unreachable, Rejected, TimeoutError) as failure:
            _log.info("configuration: %s", failure)
        except OSError as failure:
            _log.error("configuration cannot be written down: %s", failure.strerror)

    async def _make_sure(self) -> None:
        """Whoever withholds newer sets could do so for ever if nobody looked. What is in force stays in force."""
        now = self._clock.monotonic()
        if self._fresh_at is not None and now - self._fresh_at < FRESH_SECONDS:
            return
        at = self._standing.known_at(self._clock.now())
        try:
            await self._trust.refresh(at)
        except Distrusted as wrong:
            self.stale = wrong.code
            _log.warning("what headquarters publishes cannot be believed: %s", wrong.code)
        else:
            self.stale, self._fresh_at = "", now
            self._write(self._standing.seen(at))

    async def _take(self, number: int) -> None:
        at = self._standing.known_at(self._clock.now())
        try:
            fetched = await self._trust.set(number, at)
            self._write(self._standing.seen(at))
            settings = self._judge.with_set(fetched.document)
        except Distrusted as wrong:
            # Not written down as refused: what is wrong may be the line, and the set that was signed may still come.
            # It is asked for again, and told once as long as nothing else is wrong with it.
            if wrong.code != self.stale:
                self._note(number, SetStage.UNTRUSTED, wrong.code)
            self.stale = wrong.code
            return
        except SettingsError as wrong:
            self._refuse(number, f"settings: {wrong}")
            return
        if ill := await self._inspector.complaints(settings, fetched.parts):
            self._refuse(number, "files: " + "\n".join(ill))
            return
        self.stale = ""
        self._shelf.lay(fetched)
        async with self._house.between_visits():
            await self._try_out(number, settings)
        self._shelf.tidy(self._standing)

    def _refuse(self, number: int, what: str) -> None:
        why = _short(what)
        self._write(self._standing.refuse(number, why))
        self._note(number, SetStage.REFUSED, why)
        self._shelf.tidy(self._standing)

    async def _try_out(self, number: int, settings: Settings) -> None:
        self._write(self._standing.try_out(number))
        good = self._settings
        assert good is not None, "start comes first"
        why = await self._watched(number, settings)
        if not why:
            try:
                self._write(self._standing.keep())
            except OSError:
                why = "disk"
        if why:
            await self._house.put_in_force(good)
            self._write(self._standing.refuse(number, why))
            self._note(number, SetStage.REVERTED, why)
            return
        self._settings = settings
        self._note(number, SetStage.IN_FORCE, "")

    async def _watched(self, number: int, settings: Settings) -> str:
        """Why this set is not good, or ""."""
        ill_before = self._house.troubles()
        try:
            await self._house.put_in_force(settings)
        except Exception as failure:  # whatever a set does to the wiring, the way back is the same
            return f"wiring: {type(failure).__name__}"
        began = self._clock.monotonic()
        while (passed := self._clock.monotonic() - began) < WATCHED_SECONDS:
            await asyncio.sleep(LOOK_SECONDS)
            new = self._house.troubles() - ill_before
            if new and passed >= SETTLING_SECONDS:
                return f"health: {', '.join(sorted(new))}"
        if broken := await self._house.rehearse():
            return f"visit: {', '.join(broken)}"
        return await self._told_healthy(number)

    async def _told_healthy(self, number: int) -> str:
        healthy = SetReport(number=number, stage=SetStage.HEALTHY)
        try:
            async with asyncio.timeout(TELL_SECONDS):
                while True:
                    try:
                        await self._headquarters.report(healthy)
                    except Unreachable:
                        await asyncio.sleep(LOOK_SECONDS)
                    else:
                        return ""
        except TimeoutError:
            return "headquarters-unreachable"
        except Rejected as no:
            return f"not-wanted: {no.problem.code}"

    def _write(self, standing: Standing) -> None:
        self._shelf.write(standing)
        self._standing = standing

    def _note(self, number: int, stage: SetStage, why: str) -> None:
        if stage is not SetStage.IN_FORCE:
            _log.warning("configuration set %s %s: %s", number, stage.value, why)
        report = SetReport(number=number, stage=stage, why=_short(why))
        if report not in self._untold:
            self._untold.append(report)

    async def _tell_what_waits(self) -> None:
        while self._untold:
            with contextlib.suppress(Rejected):
                await self._headquarters.report(self._untold[0])
            del self._untold[0]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_WHY else text[: _LONGEST_WHY - 1] + "…"
