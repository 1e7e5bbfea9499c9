"""The conversation with a bus of "8A" lock boards."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kiosk.devices.link import Link
from kiosk.devices.locker.contract import Compartment, DoorState, ItemState, OpenPermit
from kiosk.devices.locker.frames import (
    ADDRESS_REQUEST,
    CHANGED,
    OPEN_ONE,
    QUERY,
    AllStates,
    AwaitAll,
    Awaited,
    AwaitOne,
    BoardAddress,
    BoardFrame,
    Decoder,
    FeedbackPolarity,
    OneState,
    door_request,
    door_state,
    door_states,
    doors_request,
    open_request,
)
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

ANSWER_SECONDS = 1.5
"""A board answers a pulse up to a second later; a frame it did not understand gets no answer at all."""

SPRING_SECONDS = 0.5
"""A door may spring open after the board looked at its contact; "still shut" is asked once more after this."""

READ_CHUNK = 256

B = TypeVar("B", OneState, AllStates, BoardAddress)
R = TypeVar("R")

_Fits = Callable[[BoardFrame], bool]


class BoardSettings(BaseModel):
    """One board: its address by DIP switch, its locks, and its wiring."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: int = Field(ge=1, le=255)
    ways: int = Field(ge=1, le=64)
    feedback_polarity: FeedbackPolarity


class Lock8ASettings(BaseModel):
    """`port`: path or tcp://host:port of the RS-485 bus; `boards`: at least one, addresses differ."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 9600
    boards: tuple[BoardSettings, ...] = Field(min_length=1)

    @field_validator("boards", mode="before")
    @classmethod
    def _boards_as_text(cls, boards: object) -> object:
        """Settings files hold text: JSON is taken too."""
        return json.loads(boards) if isinstance(boards, str) else boards

    @model_validator(mode="after")
    def _addresses_differ(self) -> Lock8ASettings:
        if len({board.address for board in self.boards}) != len(self.boards):
            raise ValueError("two boards have the same address")
        return self


class _Silence(Exception):
    """No fitting answer in time."""


class Lock8A:
    """A Locker. One conversation at a time on the bus; a pulse is sent once and never repeated."""

    def __init__(self, line: Line, settings: Lock8ASettings) -> None:
        self._link = Link(line)
        self._boards = {board.address: board for board in settings.boards}
        self._used: set[str] = set()
        self._opening = asyncio.Lock()
        self._health = Health(DeviceState.STARTING)

    async def open(self, permit: OpenPermit) -> DoorState:
        """See Locker.open. Unknown boards and locks raise INVALID_DATA before anything is sent."""
        board = self._board(permit.compartment)
        async with self._opening, self._link.lock:
            if permit.grant in self._used:
                raise DeviceFault(Completion.AUTHORISATION_REQUIRED)
            try:
                await self._link.transport()
            except TransportLost as lost:
                raise self._dead(str(lost)) from None
            # From here on the pulse may have been given, whatever happens next.
            self._used.add(permit.grant)
            return await self._pulse(board, permit.compartment.lock)

    async def door(self, compartment: Compartment) -> DoorState:
        """Ask for one door. Raises DEVICE_NOT_READY after silence, INVALID_DATA for a lock that is not there."""
        board = self._board(compartment)
        async with self._link.lock:
            return await self._asked(self._ask_door(board, compartment.lock))

    async def doors(self, board: int) -> dict[int, DoorState]:
        """All doors of one board. Raises as `door`."""
        known = self._boards.get(board)
        if known is None:
            raise DeviceFault(Completion.INVALID_DATA)
        async with self._link.lock:
            return await self._asked(self._ask_doors(known))

    async def item(self, compartment: Compartment) -> ItemState:
        """These boards do not feel what lies in a compartment; INVALID_DATA for a lock that is not there."""
        self._board(compartment)
        return ItemState.NOT_SUPPORTED

    async def address(self) -> int:
        """The address of the only board on the bus, for setting up. Raises DEVICE_NOT_READY."""
        async with self._link.lock:
            return (await self._asked(self._twice(ADDRESS_REQUEST, AwaitOne.ADDRESS, BoardAddress, _any))).board

    async def health(self) -> Health:
        """Asks every board for its doors; while a lock is being opened, says what was last heard.

        A question under way is waited for: whoever asks then learns of a silent bus as soon as of any other.
        """
        if self._opening.locked():
            return self._health
        silent: list[str] = []
        async with self._link.lock:
            for address, board in self._boards.items():
                try:
                    await self._ask_doors(board)
                except TransportLost as lost:
                    self._dead(str(lost))
                    return self._health
                except _Silence:
                    silent.append(str(address))
        if not silent:
            self._health = Health(DeviceState.ONLINE)
        elif len(silent) == len(self._boards):
            self._health = Health(DeviceState.POWER_OFF, "", "silent")
        else:
            self._health = Health(DeviceState.HARDWARE_ERROR, "", f"silent boards: {', '.join(silent)}")
        return self._health

    async def close(self) -> None:
        await self._link.drop()

    # -- the bus -------------------------------------------------------------------------------------

    async def _pulse(self, board: BoardSettings, lock: int) -> DoorState:
        try:
            answer = await self._once(
                open_request(board.address, lock), AwaitOne.DOOR, OneState, _About(OPEN_ONE, board.address, lock)
            )
        except _Silence:
            log.warning("locker: no answer to a pulse; asking where the door is")
        except TransportLost:
            # The pulse may still be under way: ask only when it must be over.
            log.warning("locker: line lost at a pulse; asking where the door is")
            await asyncio.sleep(ANSWER_SECONDS)
        else:
            state = door_state(answer.state, board.feedback_polarity)
            if state is DoorState.OPEN:
                return state
            await asyncio.sleep(SPRING_SECONDS)
        try:
            return await self._ask_door(board, lock)
        except (_Silence, TransportLost):
            self._health = Health(DeviceState.POWER_OFF, "", "silent")
            return DoorState.UNKNOWN

    async def _ask_door(self, board: BoardSettings, lock: int) -> DoorState:
        request = door_request(board.address, lock)
        about = _About(QUERY, board.address, lock)
        answer = await self._twice(request, AwaitOne.DOOR, OneState, about)
        return door_state(answer.state, board.feedback_polarity)

    async def _ask_doors(self, board: BoardSettings) -> dict[int, DoorState]:
        request = doors_request(board.address)
        answer = await self._twice(request, AwaitAll(board.ways), AllStates, _AboutAll(board.address))
        return door_states(answer.bits, board.ways, board.feedback_polarity)

    async def _twice(self, request: bytes, awaited: Awaited, kind: type[B], fits: _Fits) -> B:
        """A question may be repeated: asking moves nothing."""
        try:
            return await self._once(request, awaited, kind, fits)
        except _Silence:
            return await self._once(request, awaited, kind, fits)

    async def _once(self, request: bytes, awaited: Awaited, kind: type[B], fits: _Fits) -> B:
        await self._link.transport()
        self._link.drop_input()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._link.write(request)
                return await self._fitting(Decoder(awaited), kind, fits)
        except TimeoutError:
            raise _Silence from None

    async def _fitting(self, decoder: Decoder, kind: type[B], fits: _Fits) -> B:
        while True:
            for frame in decoder.feed(await self._link.read(READ_CHUNK)):
                if isinstance(frame, kind) and fits(frame):
                    return frame
                unasked = isinstance(frame, OneState) and frame.head == CHANGED
                log.info("locker: %s", "a door moved by hand" if unasked else "passed over a frame nobody asked for")

    async def _asked(self, question: Coroutine[Any, Any, R]) -> R:
        try:
            answer = await question
        except TransportLost as lost:
            raise self._dead(str(lost)) from None
        except _Silence:
            raise self._dead("silent") from None
        self._health = Health(DeviceState.ONLINE)
        return answer

    def _board(self, compartment: Compartment) -> BoardSettings:
        board = self._boards.get(compartment.board)
        if board is None or not 1 <= compartment.lock <= board.ways:
            raise DeviceFault(Completion.INVALID_DATA)
        return board

    def _dead(self, detail: str) -> DeviceFault:
        self._health = Health(DeviceState.POWER_OFF, "", detail)
        return DeviceFault(Completion.DEVICE_NOT_READY)


@dataclass(frozen=True, slots=True)
class _About:
    """An answer about one lock, to one kind of request."""

    head: int
    board: int
    lock: int

    def __call__(self, frame: BoardFrame) -> bool:
        return isinstance(frame, OneState) and (frame.head, frame.board, frame.lock) == (
            self.head,
            self.board,
            self.lock,
        )


@dataclass(frozen=True, slots=True)
class _AboutAll:
    """An answer about all locks of one board."""

    board: int

    def __call__(self, frame: BoardFrame) -> bool:
        return isinstance(frame, AllStates) and frame.board == self.board


def _any(_frame: BoardFrame) -> bool:
    return True
