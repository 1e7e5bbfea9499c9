"""Headquarters' commands: believed by their signature and date, obeyed once, answered with what came of them.

Between visits only, but for a stop for safety, which ends the visit under way in order. Nothing moves a document:
whoever is far away sees no hand in a door.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.backend.bells import Bells
from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.backend.headquarters import Headquarters
from kiosk.clock import Clock
from kiosk.counter.ports import Audit
from kiosk.counter.technician.mode import Mode
from kiosk.devices.words import DeviceFault
from kiosk.protocol.commands import Command, CommandEnded, CommandKind, Urgency
from kiosk.protocol.events import EventKind
from kiosk.store.commands import CommandBook, closing, locking, no_change, opening, unlocking
from kiosk.store.letters import FilingLetters
from kiosk.store.outbox import Outbox

_log = logging.getLogger(__name__)

WHY = "ordered"
"""Why the terminal is closed, as the page for citizens says it."""
STARTING = "starting"
ACT_SECONDS = 90.0
"""What takes longer has failed."""
VISIT_SECONDS = 600.0
"""A visit that safety ends comes to its end by then: a door may have to be shut, money to be heard of."""
LOOK_SECONDS = 1.0
BELL_SECONDS = 3600.0
SEND_TRIES = 3
SEND_AGAIN_SECONDS = 2.0


class House(Protocol):
    """What can be closed: kiosk.counter.readiness.Board."""

    def close_all(self, why: str, said: tuple[str, str] = ...) -> None: ...

    def open_again(self, why: str) -> None: ...


class Serving(Protocol):
    """Who serves visits: kiosk.counter.duty.Duty."""

    @property
    def busy(self) -> bool: ...

    def wait_for_nobody(self) -> None: ...


class Hands(Protocol):
    """In whose hands the machine is: kiosk.counter.technician.mode.VendorMode."""

    @property
    def mode(self) -> Mode: ...


@dataclass(frozen=True, slots=True)
class Acts:
    """What others do for a command. `test` is given a device class and gives what was found, by name."""

    restart: Callable[[], None]
    collect: Callable[[], Awaitable[bytes]]
    test: Callable[[str], Awaitable[Mapping[str, str]]]
    devices: Callable[[], Sequence[str]]
    compartments: Mapping[int, int]
    """How many each board of the cabinet has."""


@dataclass(frozen=True, slots=True)
class Books:
    """Where a command is kept, and its answer goes."""

    commands: CommandBook
    outbox: Outbox
    letters: FilingLetters
    audit: Audit


class _Refused(Exception):
    """This terminal does not do it; the message is the code."""


class _Failed(Exception):
    """It was tried; the message is the code."""


@dataclass(frozen=True, slots=True)
class _Done:
    """What a command brought, and what of it stays in the books."""

    found: Mapping[str, str] = field(default_factory=dict[str, str])
    blob: str = ""
    change: Callable[..., None] = no_change


class Obedience:
    """Fetches what headquarters wants when told that something waits, and does it. `kept_shut` is the desk's."""

    def __init__(
        self,
        headquarters: Headquarters,
        books: Books,
        house: House,
        serving: Serving,
        hands: Hands,
        kept_shut: set[tuple[int, int]],
        acts: Acts,
        clock: Clock,
        tell: Callable[[], None],
    ) -> None:
        self._headquarters = headquarters
        self._books = books
        self._house = house
        self._serving = serving
        self._hands = hands
        self._kept_shut = kept_shut
        self._acts = acts
        self._clock = clock
        self._tell = tell
        self._waits = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._under_way: set[str] = set()

    def look(self) -> None:
        """Something waits at headquarters."""
        self._waits.set()

    async def listen(self, bells: Bells) -> None:
        """For ever: headquarters' bell is as good as the answer to a heartbeat."""
        while True:
            if await bells.heard(EventKind.COMMAND, BELL_SECONDS):
                self.look()

    async def resume(self) -> None:
        """At start: what was closed stays closed, and what the last run did not come back from is answered."""
        closed = await self._books.commands.closed()
        if closed:
            self._house.close_all(WHY, (closed["zh"], closed["en"]))
        self._kept_shut.update(await self._books.commands.locked())
        for left in await self._books.commands.begun():
            stands = left.kind == CommandKind.RESTART.value or closed.get("number") == left.number
            ended = CommandEnded(number=left.number, outcome="done" if stands else "failed")
            await self._answer(left.nonce, ended if stands else ended.model_copy(update={"code": "interrupted"}))

    async def run(self) -> None:
        """For ever: what comes is done in order; a stop for safety waits for nothing."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._waits.wait()
                self._waits.clear()
                try:
                    waiting = await self._headquarters.commands()
                except (Unreachable, Rejected):
                    # The next heartbeat says again that something waits.
                    continue
                for command in waiting:
                    if command.nonce not in self._under_way:
                        self._under_way.add(command.nonce)
                        group.create_task(self._take(command), name=f"command-{command.kind.value}")

    async def _take(self, command: Command) -> None:
        try:
            if command.urgency is Urgency.SAFETY:
                await self._once(command)
            else:
                async with self._one_at_a_time:
                    await self._once(command)
        finally:
            self._under_way.discard(command.nonce)

    async def _once(self, command: Command) -> None:
        why = self._headquarters.why_not_obeyed(command)
        if why:
            await self._disbelieve(command, why)
            return
        if not await self._books.commands.begin(command.nonce, command.number, command.kind.value, self._clock.now()):
            return
        _log.warning("command %s: %s", command.number, command.kind.value)
        try:
            async with asyncio.timeout(ACT_SECONDS + (VISIT_SECONDS if command.urgency is Urgency.SAFETY else 0.0)):
                done = await self._act(command)
        except _Refused as refused:
            await self._answer(command.nonce, _ended(command, "refused", str(refused)))
        except _Failed as failed:
            await self._answer(command.nonce, _ended(command, "failed", str(failed)))
        except DeviceFault as fault:
            await self._answer(command.nonce, _ended(command, "failed", fault.code or fault.completion.value))
        except TimeoutError:
            await self._answer(command.nonce, _ended(command, "failed", "too-long"))
        else:
            if done is not None:
                ended = CommandEnded(number=command.number, outcome="done", found=dict(done.found), blob=done.blob)
                await self._answer(command.nonce, ended, done.change)
        self._tell()

    async def _disbelieve(self, command: Command, why: str) -> None:
        """Answered, once, without spending the nonce: it may be that of a command that is meant."""
        number = command.number[:20]
        _log.warning("a command is not believed: %s", why)
        await self._books.audit.write("command-disbelieved", "", {"number": number, "why": why})
        ended = CommandEnded(number=number, outcome="refused", code=why)
        letter = self._books.letters.command_ended(key=f"command/{number}/{why}", ended=ended)
        await self._books.outbox.queue(letter)

    async def _answer(self, nonce: str, ended: CommandEnded, change: Callable[..., None] = no_change) -> None:
        letter = self._books.letters.command_ended(key=f"command/{ended.number}", ended=ended)
        await self._books.commands.end(nonce, ended.outcome, ended.code, letter, change)

    # -- each command ------------------------------------------------------------------------------------------------

    async def _act(self, command: Command) -> _Done | None:
        """What came of it; None where the next start answers. Raises _Refused, _Failed, DeviceFault."""
        if command.urgency is not Urgency.SAFETY:
            self._disturb_nobody()
        match command.kind:
            case CommandKind.OUT_OF_SERVICE:
                return await self._close(command)
            case CommandKind.BACK_IN_SERVICE:
                return await self._open()
            case CommandKind.RESTART:
                self._house.close_all(STARTING)
                self._acts.restart()
                return None
            case CommandKind.DIAGNOSTICS:
                return await self._send(await self._acts.collect())
            case CommandKind.TEST_DEVICE:
                if command.device not in self._acts.devices():
                    raise _Refused("no-such-device")
                return _Done(await self._acts.test(command.device))
            case CommandKind.LOCK_COMPARTMENT | CommandKind.UNLOCK_COMPARTMENT:
                return self._lock(command)

    def _disturb_nobody(self) -> None:
        if self._hands.mode is not Mode.INACTIVE:
            raise _Refused("maintenance")
        if self._serving.busy:
            raise _Refused("visit")

    async def _close(self, command: Command) -> _Done:
        # In this very moment, so that no visit begins while it is written down.
        self._house.close_all(WHY, (command.text_zh, command.text_en))
        change = closing(command.number, command.text_zh, command.text_en)
        if not self._a_visit_is_under_way():
            return _Done(change=change)
        await self._books.commands.change(change)
        try:
            async with asyncio.timeout(VISIT_SECONDS):
                while self._a_visit_is_under_way():
                    self._serving.wait_for_nobody()
                    await asyncio.sleep(LOOK_SECONDS)
        except TimeoutError:
            raise _Failed("visit-does-not-end") from None
        return _Done({"visit": "ended"})

    def _a_visit_is_under_way(self) -> bool:
        return self._serving.busy and self._hands.mode in (Mode.INACTIVE, Mode.ENTER_PENDING)

    async def _open(self) -> _Done:
        if not await self._books.commands.closed():
            raise _Refused("not-out-of-service")
        self._house.open_again(WHY)
        return _Done(change=opening())

    def _lock(self, command: Command) -> _Done:
        place = (command.board, command.compartment)
        if not 1 <= command.compartment <= self._acts.compartments.get(command.board, 0):
            raise _Refused("no-such-compartment")
        if command.kind is CommandKind.LOCK_COMPARTMENT:
            self._kept_shut.add(place)
            return _Done(change=locking(*place, command.number))
        self._kept_shut.discard(place)
        return _Done(change=unlocking(*place))

    async def _send(self, bundle: bytes) -> _Done:
        name = hashlib.sha256(bundle).hexdigest()
        for tried in range(1, SEND_TRIES + 1):
            try:
                await self._headquarters.put_blob(name, bundle)
            except (Unreachable, Rejected):
                if tried == SEND_TRIES:
                    raise _Failed("not-sent") from None
                await asyncio.sleep(SEND_AGAIN_SECONDS)
            else:
                break
        return _Done({"bytes": str(len(bundle))}, blob=name)


def _ended(command: Command, outcome: str, code: str) -> CommandEnded:
    match outcome:
        case "refused":
            return CommandEnded(number=command.number, outcome="refused", code=code)
        case _:
            return CommandEnded(number=command.number, outcome="failed", code=code)
