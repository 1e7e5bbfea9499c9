"""The conversation with a SAM-V module over a serial line: find, select, read."""

from __future__ import annotations

import asyncio
import enum
import logging
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field

from kiosk.clock import Clock
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.id_reader.frames import Answer, BaseRead, Command, Damage, Decoder, blobs, request, sam_number
from kiosk.devices.id_reader.record import InvalidRecord, newest_address, parse_record
from kiosk.devices.id_reader.statuses import (
    CARD_FOUND,
    INVALID_MEDIA,
    MEDIA_LOST,
    NO_CARD,
    NO_DATA,
    NOT_AUTHORISED,
    OK,
    SELF_TEST_FAILED,
    meaning,
)
from kiosk.devices.link import Link
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

log = logging.getLogger(__name__)

POLL_SECONDS = 0.3
"""No two searches for a card begin closer together than this."""

SILENT_SEARCHES = 6
"""So many searches in a row may go unanswered (a torn frame each) before the reader counts as dead."""

SEARCH_SECONDS = 0.35
"""A search that is not answered for so long (they take under a tenth) is told to whoever asks for the state; the
search itself is given longer."""

TIMEOUTS: dict[Command, float] = {
    Command.RESET: 4.0,
    Command.STATUS: 1.0,
    Command.SAM_ID: 1.0,
    Command.FIND: 1.0,
    Command.SELECT: 1.0,
    Command.READ_BASE: 3.0,
    Command.READ_NEW_ADDRESS: 3.0,
    Command.READ_BASE_AND_FINGERS: 4.0,
}
"""Seconds from the last byte sent to the end of the answer, or longer while bytes keep coming."""

FLOW_SECONDS = 0.5
"""An answer that has begun may go on as long as no pause is longer than this..."""
OVERTIME_SECONDS = 6.0
"""...but never this much beyond its timeout: noise without an end is no answer."""

READ_CHUNK = 4096

_SEARCHING = frozenset({NO_CARD, CARD_FOUND})
_REFUSES_FINGERS = frozenset({0x11, 0x21, 0x23, 0x24})
"""Answers of modules that do not know the read with fingerprints; nothing has been read then."""


class Fingers(enum.Enum):
    """Whether to ask for fingerprints (30 10, falling back to 30 01) or never."""

    IF_POSSIBLE = "if-possible"
    NEVER = "never"


class SamVSettings(BaseModel):
    """`port`: path or tcp://host:port. Link: 8-N-1 without flow control, GA 450."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    baud: int = Field(default=115200, ge=9600, le=115200)
    fingers: Fingers = Fingers.IF_POSSIBLE
    number_digits: int = Field(default=10, ge=9, le=10)


class _Silence(Exception):
    """No fitting answer in time."""


class _Torn(Exception):
    """An answer arrived damaged."""


class _Spent:
    """Waiting time of one reading, added up."""

    def __init__(self) -> None:
        self.seconds = 0.0


class SamV:
    """An IdReader. One command at a time on the line; searching leaves the line free between polls."""

    def __init__(self, line: Line, settings: SamVSettings, clock: Clock) -> None:
        self._link = Link(line)
        self._settings = settings
        self._clock = clock
        self._owed_until: float | None = None
        self._last_search = float("-inf")
        self._health = Health(DeviceState.STARTING)
        self._base_only_since = 0
        self._searching_since = float("inf")

    # -- what the terminal asks ------------------------------------------------------------------

    async def read(self, *, seconds: float, card_seen: Callable[[], None] | None = None) -> CardRead:
        """See IdReader.read. Silence and a lost line raise DEVICE_NOT_READY."""
        try:
            async with asyncio.timeout(seconds) as patience:
                while True:
                    found = await self._search_and_read(card_seen, patience)
                    if found is not None:
                        return found
        except TimeoutError:
            raise DeviceFault(Completion.TIME_OUT) from None

    async def health(self) -> Health:
        """Asks the module for its state, resetting it once if its self-test failed.

        While a card is being read, says what was last heard; while a search goes unanswered, that.
        """
        if self._link.lock.locked():
            if self._searching_since + SEARCH_SECONDS < asyncio.get_running_loop().time():
                return self._note(DeviceState.POWER_OFF, "silent")
            return self._health
        async with self._link.lock:
            try:
                answer = await self._ask_again(Command.STATUS, _Spent())
                if answer.sw3 == SELF_TEST_FAILED:
                    await self._ask_again(Command.RESET, _Spent())
                    answer = await self._ask_again(Command.STATUS, _Spent())
            except TransportLost as lost:
                return self._note(DeviceState.POWER_OFF, str(lost))
            except (_Silence, _Torn):
                return self._note(DeviceState.POWER_OFF, "silent")
        if answer.sw3 != OK:
            return self._note(DeviceState.HARDWARE_ERROR, meaning(answer.sw3).detail)
        return self._note(DeviceState.ONLINE)

    async def additional_address(self) -> str:
        """See IdReader.additional_address."""
        try:
            answer = await self._command(Command.READ_NEW_ADDRESS)
        except DeviceFault as fault:
            if fault.code == NO_DATA:
                return ""
            raise
        try:
            return newest_address(answer.data)
        except ValueError:
            raise DeviceFault(Completion.COMMAND_ERROR, INVALID_MEDIA) from None

    async def sam_id(self) -> str:
        """`05.01-20120101-0000123456-0987654321`, followed by the raw bytes in parentheses."""
        answer = await self._command(Command.SAM_ID)
        try:
            text = sam_number(answer.data, self._settings.number_digits)
        except ValueError:
            raise DeviceFault(Completion.HARDWARE_ERROR) from None
        return f"{text} ({answer.data.hex()})"

    async def reset(self) -> None:
        """Reset the module; a card that was read must be laid down again."""
        await self._command(Command.RESET)

    async def close(self) -> None:
        await self._link.drop()

    # -- one attempt at a card ---------------------------------------------------------------------

    async def _search_and_read(
        self, card_seen: Callable[[], None] | None, patience: asyncio.Timeout
    ) -> CardRead | None:
        """Search until a card is found and read it. None never: the loop is the caller's patience."""
        loop = asyncio.get_running_loop()
        for silent in range(1, SILENT_SEARCHES + 1):
            await asyncio.sleep(max(0.0, self._last_search + POLL_SECONDS - loop.time()))
            async with self._link.lock:
                self._last_search = began = loop.time()
                spent = _Spent()
                try:
                    # An answer that an abandoned request is owed is no silence of this search.
                    await self._let_owed_answer_pass()
                    self._searching_since = loop.time()
                    answer = await self._ask(Command.FIND, spent)
                    # Whoever asks for its health while it searches hears what was last known: this is newer.
                    if answer.sw3 in _SEARCHING and self._health.state is not DeviceState.ONLINE:
                        self._note(DeviceState.ONLINE)
                except TransportLost as lost:
                    raise self._dead(str(lost)) from None
                except (_Silence, _Torn) as nothing:
                    if silent == SILENT_SEARCHES:
                        raise self._dead("silent") from None
                    if isinstance(nothing, _Silence):
                        self._note(DeviceState.POWER_OFF, "silent")
                    continue
                finally:
                    self._searching_since = float("inf")
                if answer.sw3 == NO_CARD:
                    return None
                if answer.sw3 != CARD_FOUND:
                    raise self._refused(answer)
                # A card is here: the wait for a person is over, the module's own deadlines count now.
                patience.reschedule(None)
                if card_seen is not None:
                    card_seen()
                found = await self._read_found(spent)
                return self._card(found, spent.seconds, loop.time() - began)
        return None

    async def _read_found(self, spent: _Spent) -> BaseRead:
        try:
            selected = await self._ask_again(Command.SELECT, spent)
            if selected.sw3 != OK:
                raise self._refused(selected)
            return await self._read_base(spent)
        except TransportLost as lost:
            raise self._dead(str(lost)) from None
        except _Silence:
            raise await self._silent_while_reading() from None
        except _Torn:
            # The module believes the card was read: it must be lifted and laid down again.
            raise DeviceFault(Completion.COMMAND_ERROR, MEDIA_LOST) from None

    async def _silent_while_reading(self) -> DeviceFault:
        """A module that fell silent over a card and answers otherwise has lost the card."""
        try:
            await self._ask_again(Command.STATUS, _Spent())
        except (_Silence, _Torn):
            return self._dead("silent while reading")
        except TransportLost as lost:
            return self._dead(str(lost))
        return DeviceFault(Completion.COMMAND_ERROR, MEDIA_LOST)

    async def _read_base(self, spent: _Spent) -> BaseRead:
        command = self._read_command()
        answer, repeated = await self._read_blob(command, spent)
        if command is Command.READ_BASE_AND_FINGERS and answer.sw3 in _REFUSES_FINGERS:
            self._base_only_since = self._link.openings
            command = Command.READ_BASE
            answer, repeated = await self._read_blob(command, spent)
        if answer.sw3 != OK:
            # After a repeat the module may speak of its own sequence; to the person it is one thing.
            raise DeviceFault(Completion.COMMAND_ERROR, MEDIA_LOST) if repeated else self._refused(answer)
        read = blobs(command, answer.data)
        if read is None:
            raise DeviceFault(Completion.COMMAND_ERROR, INVALID_MEDIA)
        return read

    async def _read_blob(self, command: Command, spent: _Spent) -> tuple[Answer, bool]:
        """The answer, and whether it took a second request because the first answer was torn."""
        try:
            return await self._ask(command, spent), False
        except _Torn:
            return await self._ask(command, spent), True

    def _read_command(self) -> Command:
        match self._settings.fingers:
            case Fingers.NEVER:
                return Command.READ_BASE
            case Fingers.IF_POSSIBLE:
                known_refusal = self._base_only_since == self._link.openings
                return Command.READ_BASE if known_refusal else Command.READ_BASE_AND_FINGERS

    def _card(self, found: BaseRead, wire: float, whole: float) -> CardRead:
        self._note(DeviceState.ONLINE)
        try:
            card = parse_record(found.text, self._clock.now().date())
        except InvalidRecord as invalid:
            log.info("a card's record makes no sense: %s", invalid.fault.value)
            raise DeviceFault(Completion.COMMAND_ERROR, INVALID_MEDIA) from None
        return CardRead(card, found.photo, found.fingers, wire, max(0.0, whole - wire))

    # -- one request and its answer ----------------------------------------------------------------

    async def _command(self, command: Command) -> Answer:
        async with self._link.lock:
            try:
                answer = await self._ask_again(command, _Spent())
            except TransportLost as lost:
                raise self._dead(str(lost)) from None
            except (_Silence, _Torn):
                raise self._dead("silent") from None
        if answer.sw3 != OK:
            raise self._refused(answer)
        return answer

    async def _ask_again(self, command: Command, spent: _Spent) -> Answer:
        """Ask, and once more after a damaged answer: these commands change nothing."""
        try:
            return await self._ask(command, spent)
        except _Torn:
            return await self._ask(command, spent)

    async def _ask(self, command: Command, spent: _Spent) -> Answer:
        """One request and the first answer that fits it. Raises TransportLost, _Silence, _Torn."""
        await self._let_owed_answer_pass()
        await self._link.transport()
        self._link.drop_input()
        decoder = Decoder()
        # Until the answer is here it is owed: if this task is cancelled, the next one lets it pass by first.
        self._owed_until = asyncio.get_running_loop().time() + TIMEOUTS[command]
        try:
            async with asyncio.timeout_at(self._owed_until) as patience:
                await self._link.write(request(command))
                answer = await self._answer_to(command, decoder, spent, patience)
        except TransportLost:
            self._owed_until = None
            raise
        except TimeoutError:
            self._owed_until = None
            raise (_Torn if decoder.unfinished else _Silence) from None
        self._owed_until = None
        if isinstance(answer, Damage):
            log.info("id reader: %s in the answer to %s", answer.value, command.name)
            raise _Torn
        return answer

    async def _answer_to(
        self, command: Command, decoder: Decoder, spent: _Spent, patience: asyncio.Timeout
    ) -> Answer | Damage:
        loop = asyncio.get_running_loop()
        due = patience.when() or 0.0
        while True:
            waiting_since = loop.time()
            data = await self._link.read(READ_CHUNK)
            heard = loop.time()
            spent.seconds += heard - waiting_since
            patience.reschedule(min(max(due, heard + FLOW_SECONDS), due + OVERTIME_SECONDS))
            for one in decoder.feed(data):
                if isinstance(one, Damage) or _fits(command, one):
                    return one
                log.info("id reader: passed over an answer nobody asked for")

    async def _let_owed_answer_pass(self) -> None:
        """Answers carry no name: one that belongs to an abandoned request must not be taken for the next one's."""
        if self._owed_until is None:
            return
        decoder = Decoder()
        try:
            async with asyncio.timeout_at(self._owed_until):
                while not decoder.feed(await self._link.read(READ_CHUNK)):
                    continue
        except TransportLost:
            self._owed_until = None
            raise
        except TimeoutError:
            log.debug("an abandoned request was never answered")
        self._owed_until = None

    # -- what is remembered ------------------------------------------------------------------------

    def _note(self, state: DeviceState, detail: str = "") -> Health:
        self._health = Health(state, "", detail)
        return self._health

    def _dead(self, detail: str) -> DeviceFault:
        self._note(DeviceState.POWER_OFF, detail)
        return DeviceFault(Completion.DEVICE_NOT_READY)

    def _refused(self, answer: Answer) -> DeviceFault:
        said = meaning(answer.sw3)
        if answer.sw3 in (SELF_TEST_FAILED, NOT_AUTHORISED):
            self._note(DeviceState.HARDWARE_ERROR, said.detail)
        log.info("id reader: %s", said.detail)
        return said.fault()


def _fits(command: Command, answer: Answer) -> bool:
    """Whether an answer can belong to this command, by its status and the size of its data."""
    size = len(answer.data)
    match command:
        case Command.FIND:
            return answer.sw3 != OK
        case Command.SELECT:
            return answer.sw3 not in _SEARCHING and (answer.sw3 != OK or size in (0, 8))
        case Command.READ_BASE | Command.READ_BASE_AND_FINGERS:
            return answer.sw3 not in _SEARCHING and (answer.sw3 != OK or size >= 256)
        case Command.READ_NEW_ADDRESS:
            return answer.sw3 not in _SEARCHING and (answer.sw3 != OK or size >= 70)
        case Command.SAM_ID:
            return answer.sw3 not in _SEARCHING and (answer.sw3 != OK or size == 16)
        case Command.RESET | Command.STATUS:
            # What is said of a card answers a reading that a killed terminal began.
            of_a_card = meaning(answer.sw3).completion in (Completion.COMMAND_ERROR, Completion.SEQUENCE_ERROR)
            return not of_a_card and size == 0
