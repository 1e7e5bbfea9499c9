"""The conversation with a bus of Kerong KR-CU12 and KR-CU16 boards, which can feel what lies in a compartment."""

from __future__ import annotations

import asyncio
import enum
import json
import logging

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kiosk.devices.link import Link
from kiosk.devices.locker.contract import Compartment, DoorState, ItemState, OpenPermit
from kiosk.devices.locker.kerong_frames import (
    MOST_BOARDS,
    MOST_WAYS,
    BoardStates,
    KerongDecoder,
    states_request,
    unlock_request,
)
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

ANSWER_SECONDS = 0.5
"""A board's word about its doors."""
OPENING_SECONDS = 1.5
"""How long after a pulse a door may take to spring open."""
LOOK_SECONDS = 0.1
"""Between two looks at a door that was just unlocked."""
READ_CHUNK = 256


class Infrared(enum.Enum):
    """Whether the compartments have their light barriers: without them the bits say nothing and read as empty."""

    FITTED = "fitted"
    NOT_FITTED = "not-fitted"


class KerongBoard(BaseModel):
    """One board: its address, from 1 (DIP switches all off), and how many locks are wired."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: int = Field(ge=1, le=MOST_BOARDS)
    ways: int = Field(default=16, ge=1, le=MOST_WAYS)
    infrared: Infrared


class KerongSettings(BaseModel):
    """`port`: path or tcp://host:port of the bus; `boards`: at least one, addresses differ."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = 19200
    boards: tuple[KerongBoard, ...] = Field(min_length=1)

    @field_validator("boards", mode="before")
    @classmethod
    def _boards_as_text(cls, boards: object) -> object:
        """Settings files hold text: JSON is taken too."""
        return json.loads(boards) if isinstance(boards, str) else boards

    @model_validator(mode="after")
    def _addresses_differ(self) -> KerongSettings:
        if len({board.address for board in self.boards}) != len(self.boards):
            raise ValueError("two boards have the same address")
        return self


class _Silence(Exception):
    """No fitting answer in time."""


class KerongCu16:
    """A Locker. A pulse is sent once and never repeated; the hook says whether it opened the door."""

    def __init__(self, line: Line, settings: KerongSettings) -> None:
        self._link = Link(line)
        self._boards = {board.address: board for board in settings.boards}
        self._used: set[str] = set()
        self._opening = asyncio.Lock()
        self._health = Health(DeviceState.STARTING)

    async def open(self, permit: OpenPermit) -> DoorState:
        """See Locker.open. Unknown boards and locks raise INVALID_DATA before anything is sent."""
        board = self._board(permit.compartment)
        lock = permit.compartment.lock
        async with self._opening, self._link.lock:
            if permit.grant in self._used:
                raise DeviceFault(Completion.AUTHORISATION_REQUIRED)
            try:
                await self._link.transport()
            except TransportLost as lost:
                raise self._dead(str(lost)) from None
            # From here on the pulse may have been given, whatever happens next.
            self._used.add(permit.grant)
            try:
                await self._write(unlock_request(board.address - 1, lock - 1))
            except (TransportLost, _Silence):
                log.warning("locker: line lost at a pulse; asking where the door is")
            return await self._until_open(board, lock)

    async def door(self, compartment: Compartment) -> DoorState:
        """Ask for one door. Raises DEVICE_NOT_READY after silence, INVALID_DATA for a lock that is not there."""
        board = self._board(compartment)
        async with self._link.lock:
            return _door(await self._asked(board), compartment.lock)

    async def doors(self, board: int) -> dict[int, DoorState]:
        """All doors of one board. Raises as `door`."""
        known = self._boards.get(board)
        if known is None:
            raise DeviceFault(Completion.INVALID_DATA)
        async with self._link.lock:
            states = await self._asked(known)
        return {lock: _door(states, lock) for lock in range(1, known.ways + 1)}

    async def item(self, compartment: Compartment) -> ItemState:
        """See Locker.item."""
        board = self._board(compartment)
        match board.infrared:
            case Infrared.NOT_FITTED:
                return ItemState.NOT_SUPPORTED
            case Infrared.FITTED:
                async with self._link.lock:
                    states = await self._asked(board)
                return ItemState.PRESENT if states.infrared >> (compartment.lock - 1) & 1 else ItemState.NOT_PRESENT

    async def health(self) -> Health:
        """Asks every board; while a lock is being opened, says what was last heard.

        A question under way is waited for: whoever asks then learns of a silent bus as soon as of any other.
        """
        if self._opening.locked():
            return self._health
        silent: list[str] = []
        async with self._link.lock:
            for address, board in self._boards.items():
                try:
                    await self._states(board)
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

    async def _until_open(self, board: KerongBoard, lock: int) -> DoorState:
        """Look until the door is seen open or its time is over. UNKNOWN when nothing is heard at the end."""
        loop = asyncio.get_running_loop()
        until = loop.time() + OPENING_SECONDS
        while True:
            try:
                state = _door(await self._states(board), lock)
            except (TransportLost, _Silence):
                state = DoorState.UNKNOWN
            if state is DoorState.OPEN:
                return state
            if loop.time() >= until:
                break
            await asyncio.sleep(LOOK_SECONDS)
        if state is DoorState.UNKNOWN:
            self._health = Health(DeviceState.POWER_OFF, "", "silent")
        return state

    async def _states(self, board: KerongBoard) -> BoardStates:
        """A question may be repeated: asking moves nothing. Raises _Silence, TransportLost."""
        try:
            return await self._ask(board)
        except _Silence:
            return await self._ask(board)

    async def _ask(self, board: KerongBoard) -> BoardStates:
        await self._link.transport()
        self._link.drop_input()
        decoder = KerongDecoder()
        await self._write(states_request(board.address - 1))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                while True:
                    for states in decoder.feed(await self._link.read(READ_CHUNK)):
                        if states.board == board.address - 1:
                            return states
                        log.info("locker: passed over an answer of another board")
        except TimeoutError:
            raise _Silence from None

    async def _write(self, request: bytes) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._link.write(request)
        except TimeoutError:
            raise _Silence from None

    async def _asked(self, board: KerongBoard) -> BoardStates:
        try:
            states = await self._states(board)
        except TransportLost as lost:
            raise self._dead(str(lost)) from None
        except _Silence:
            raise self._dead("silent") from None
        self._health = Health(DeviceState.ONLINE)
        return states

    def _board(self, compartment: Compartment) -> KerongBoard:
        board = self._boards.get(compartment.board)
        if board is None or not 1 <= compartment.lock <= board.ways:
            raise DeviceFault(Completion.INVALID_DATA)
        return board

    def _dead(self, detail: str) -> DeviceFault:
        self._health = Health(DeviceState.POWER_OFF, "", detail)
        return DeviceFault(Completion.DEVICE_NOT_READY)


def _door(states: BoardStates, lock: int) -> DoorState:
    return DoorState.CLOSED if states.hooks >> (lock - 1) & 1 else DoorState.OPEN
