"""The conversation with a CRT-310 motor reader that has a bin behind it."""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from kiosk.clock import Worker
from kiosk.devices.intake.contract import CardAt, Counts, GivenBack, IntakeCapabilities, IntakeStatus
from kiosk.devices.intake.frames import (
    Answer,
    Command,
    Control,
    Decoder,
    Heard,
    ReaderState,
    Refusal,
    meaning,
    reader_state,
    request,
    sensed_anywhere,
)
from kiosk.devices.intake.tally import Tally, TallyDamaged
from kiosk.devices.link import Link
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

T = TypeVar("T")

ACK_SECONDS = 0.3
SENDS = 3
"""A command is not executed before the host's 05, so it may be sent again until its 06 is heard."""
ANSWER_SECONDS = 2.0
MOVE_SECONDS = 10.0
ENTRY_LOOK_SECONDS = 0.2
"""Between two looks while a card is awaited, or is offered."""
GONE_LOOKS = 2
READ_CHUNK = 512

OCCUPIED, NO_MEDIA, UNVERIFIED, INVALID_MEDIA = "occupied", "noMedia", "mediaUnverified", "invalidMedia"

_MOVEMENTS = frozenset({Command.RESET, Command.DRAW_IN, Command.OFFER, Command.KEEP})
_CAPABILITIES = IntakeCapabilities(gives_back=True, counts=False)
_NOWHERE = ReaderState(CardAt.UNKNOWN, abnormal=False, entry_open=False, raw=0)


class Crt310Settings(BaseModel):
    """`port`: path or tcp://host:port. `tally`: file that keeps the count; empty keeps it until the next start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 9600
    tally: str = ""


class _Silence(Exception):
    """No answer in time."""


class _Keeping(enum.Enum):
    """Whether a card has been told to go into the bin without its having been seen to go."""

    NO = "no"
    BEGUN = "begun"


class Crt310:
    """An Intake. The entry is shut whenever nobody is to put anything in, also after the reader lost its power."""

    def __init__(self, line: Line, settings: Crt310Settings, worker: Worker) -> None:
        self._link = Link(line)
        self._worker = worker
        self._tally = Tally(Path(settings.tally) if settings.tally else None)
        self._greeted = 0
        self._unanswered = False
        self._begun = False
        self._keeping = _Keeping.NO
        self._status = IntakeStatus(Health(DeviceState.STARTING), CardAt.UNKNOWN, entry_open=False)

    @property
    def capabilities(self) -> IntakeCapabilities:
        """Static."""
        return _CAPABILITIES

    # -- what the terminal asks ------------------------------------------------------------------

    async def take_in(self, *, seconds: float) -> None:
        """See Intake.take_in."""
        async with self._link.lock:
            await self._ready()
            before = await self._look()
            if before.card is not CardAt.NONE:
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED if before.card is CardAt.UNKNOWN else OCCUPIED)
            try:
                await self._do(Command.ENTRY_OPEN)
                await self._until_inside(seconds)
            finally:
                await self._shut()
            state = await self._after_acting(self._look())
            if state.abnormal:
                await self._after_acting(self._do(Command.OFFER))
                raise DeviceFault(Completion.COMMAND_ERROR, INVALID_MEDIA, acted=True)
            if state.card is not CardAt.TRANSPORT:
                raise DeviceFault(Completion.TIME_OUT)

    async def keep(self) -> None:
        """See Intake.keep."""
        async with self._link.lock:
            await self._ready()
            await self._needs((CardAt.TRANSPORT, CardAt.BEHIND))
            self._keeping = _Keeping.BEGUN
            try:
                await self._move(Command.KEEP)
            except DeviceFault as fault:
                if not fault.acted:
                    self._keeping = _Keeping.NO
                raise
            await self._after_acting(self._settle_keeping())
            if self._keeping is _Keeping.BEGUN:
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)

    async def give_back(self, *, seconds: float) -> GivenBack:
        """See Intake.give_back. A card that was told to go into the bin is not given back: SEQUENCE_ERROR."""
        async with self._link.lock:
            await self._ready()
            if self._keeping is _Keeping.BEGUN:
                raise DeviceFault(Completion.SEQUENCE_ERROR)
            await self._needs((CardAt.TRANSPORT, CardAt.EXIT))
            await self._move(Command.OFFER)
            if (await self._after_acting(self._look())).card is CardAt.TRANSPORT:
                raise DeviceFault(Completion.COMMAND_ERROR, UNVERIFIED, acted=True)
            if await self._gone_within(seconds):
                return GivenBack.TAKEN
            await self._move(Command.DRAW_IN)
            state = await self._after_acting(self._look())
            return GivenBack.LEFT if state.card is CardAt.TRANSPORT else GivenBack.UNKNOWN

    async def where(self) -> CardAt:
        """See Intake.where."""
        async with self._link.lock:
            await self._ready()
            return (await self._look()).card

    async def counts(self) -> Counts:
        """See Intake.counts. Raises HARDWARE_ERROR when the count's file is damaged."""
        try:
            return await self._worker.run(self._tally.counts)
        except (TallyDamaged, OSError):
            raise DeviceFault(Completion.HARDWARE_ERROR) from None

    async def status(self) -> IntakeStatus:
        """See Intake.status. While a command runs, what was last seen."""
        if self._link.lock.locked():
            return self._status
        async with self._link.lock:
            try:
                await self._ready()
                await self._look()
            except DeviceFault as fault:
                if fault.completion is not Completion.DEVICE_NOT_READY:
                    health = Health(DeviceState.HARDWARE_ERROR, fault.code, fault.completion.value)
                    self._status = IntakeStatus(health, CardAt.UNKNOWN, entry_open=False)
        return self._status

    async def health(self) -> Health:
        return (await self.status()).health

    async def close(self) -> None:
        await self._link.drop()
        await self._worker.close()

    # -- steps -----------------------------------------------------------------------------------------

    async def _ready(self) -> None:
        """Open; after every opening shut the entry, which stands open after power-on. Raises DEVICE_NOT_READY."""
        try:
            await self._link.transport()
        except TransportLost as lost:
            raise self._dead(str(lost)) from None
        if self._greeted != self._link.openings:
            await self._do(Command.ENTRY_SHUT)
            await self._do(Command.STOP_INSIDE)
            self._greeted = self._link.openings
        if (await self._look()).entry_open:
            # It lost its power behind a line that stayed.
            await self._do(Command.ENTRY_SHUT)
            await self._do(Command.STOP_INSIDE)
        if self._keeping is _Keeping.BEGUN:
            await self._settle_keeping()

    async def _needs(self, places: tuple[CardAt, ...]) -> None:
        card = (await self._look()).card
        if card not in places:
            code = NO_MEDIA if card is CardAt.NONE else UNVERIFIED
            raise DeviceFault(Completion.COMMAND_ERROR, code)

    async def _until_inside(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            await asyncio.sleep(ENTRY_LOOK_SECONDS)
            state = await self._after_acting(self._look())
            if state.card is CardAt.TRANSPORT:
                return

    async def _shut(self) -> None:
        """Shut the entry, whatever happened; a reader that is gone is shut when it is back."""
        try:
            await self._do(Command.ENTRY_SHUT)
        except DeviceFault:
            self._greeted = 0
            log.warning("intake: the entry could not be shut; it will be when the reader answers again")

    async def _gone_within(self, seconds: float) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        gone = 0
        while loop.time() < until or gone:
            state = await self._after_acting(self._look())
            gone = gone + 1 if state.card is CardAt.NONE else 0
            if gone == GONE_LOOKS:
                return True
            await asyncio.sleep(ENTRY_LOOK_SECONDS)
        return False

    async def _settle_keeping(self) -> None:
        """Whether the card that was told to go is gone, by the reader's word and its light barriers."""
        state = await self._look()
        if state.card is not CardAt.NONE:
            return
        try:
            seen = sensed_anywhere((await self._do(Command.SENSORS)).data)
        except DeviceFault as fault:
            if fault.completion is Completion.DEVICE_NOT_READY:
                raise
            seen = None
        if seen is True:
            return
        confirmed = seen is False
        await self._count(confirmed)
        self._keeping = _Keeping.NO

    async def _count(self, confirmed: bool) -> None:
        try:
            if confirmed:
                await self._worker.run(lambda: self._tally.add(confirmed=1))
            else:
                await self._worker.run(lambda: self._tally.add(unconfirmed=1))
        except (TallyDamaged, OSError) as error:
            log.error("intake: a kept card could not be counted: %s", type(error).__name__)

    async def _look(self) -> ReaderState:
        state = reader_state((await self._do(Command.STATUS)).data) or _NOWHERE
        code = INVALID_MEDIA if state.abnormal else ""
        detail = f"status byte {state.raw:02X}" if state.card is CardAt.UNKNOWN else ""
        self._status = IntakeStatus(Health(DeviceState.ONLINE, code, detail), state.card, state.entry_open)
        return state

    async def _move(self, command: Command) -> None:
        """Silence is no verdict: whoever moves looks afterwards. Raises DEVICE_NOT_READY (acted), refusals."""
        try:
            await self._do(command)
        except DeviceFault as fault:
            if not fault.acted:
                raise
            log.info("intake: no word after a movement; looking where the card is")

    async def _after_acting(self, coming: Coroutine[Any, Any, T]) -> T:
        """A fault while looking at what was done does not say that nothing was."""
        try:
            return await coming
        except DeviceFault as fault:
            raise DeviceFault(fault.completion, fault.code, acted=True) from None

    async def _do(self, command: Command) -> Answer:
        """One command. Raises DEVICE_NOT_READY (acted when a movement may have begun) or what the reader refuses."""
        try:
            try:
                answer = await self._exchange(command)
            except _Silence:
                if command in _MOVEMENTS:
                    raise
                answer = await self._exchange(command)
        except TransportLost as lost:
            raise self._dead(str(lost), command) from None
        except _Silence:
            raise self._dead("silent", command) from None
        if isinstance(answer, Refusal):
            said = meaning(answer.error)
            log.info("intake: %s", said.detail)
            raise said.fault()
        return answer

    # -- one command ---------------------------------------------------------------------------------

    async def _exchange(self, command: Command) -> Answer | Refusal:
        self._begun = False
        await self._link.transport()
        if self._unanswered:
            await self._call_off()
        self._link.drop_input()
        self._unanswered = True
        ear = _Ear(self._link)
        loop = asyncio.get_running_loop()
        for _ in range(SENDS):
            await self._link.write(request(command))
            if await ear.word(loop.time() + ACK_SECONDS) is Control.ACK:
                break
        else:
            raise _Silence
        self._begun = True
        await self._link.write(Control.ENQ.wire)
        until = loop.time() + (MOVE_SECONDS if command in _MOVEMENTS else ANSWER_SECONDS)
        while (heard := await ear.hear(until)) is not None:
            if isinstance(heard, Answer | Refusal) and _fits(command, heard):
                self._unanswered = False
                return heard
        raise _Silence

    async def _call_off(self) -> None:
        """A command that was given up is ended before the next: 04, echoed."""
        loop = asyncio.get_running_loop()
        for _ in range(2):
            await self._link.write(Control.EOT.wire)
            ear = _Ear(self._link)
            until = loop.time() + ACK_SECONDS
            while (heard := await ear.hear(until)) is not None:
                if heard is Control.EOT:
                    self._unanswered = False
                    return
        self._unanswered = False

    def _dead(self, detail: str, command: Command | None = None) -> DeviceFault:
        health = Health(DeviceState.POWER_OFF, "", detail)
        self._status = IntakeStatus(health, CardAt.UNKNOWN, entry_open=False)
        self._greeted = 0
        return DeviceFault(Completion.DEVICE_NOT_READY, acted=self._begun and command in _MOVEMENTS)


class _Ear:
    """What one exchange hears."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._decoder = Decoder()
        self._heard: list[Heard] = []

    async def hear(self, until: float) -> Heard | None:
        """The next thing said, or None when nothing is in time. Raises TransportLost."""
        while not self._heard:
            try:
                async with asyncio.timeout_at(until):
                    data = await self._link.read(READ_CHUNK)
            except TimeoutError:
                return None
            self._heard.extend(self._decoder.feed(data))
        return self._heard.pop(0)

    async def word(self, until: float) -> Control | None:
        """The next 06 or 15, past anything else."""
        while (heard := await self.hear(until)) is not None:
            if heard is Control.ACK or heard is Control.NAK:
                return heard
        return None


def _fits(command: Command, heard: Answer | Refusal) -> bool:
    match heard:
        case Answer():
            return heard.command == command.value[:2]
        case Refusal():
            return heard.command == command.value[0]
