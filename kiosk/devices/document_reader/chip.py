"""One travel document's chip from the first command to the last: select, authenticate, read files."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.clock import Clock
from kiosk.devices.document_reader.access import NONCE_BYTES, Authentication, document_keys
from kiosk.devices.document_reader.apdus import (
    LAST_SHORT_OFFSET,
    Answer,
    Command,
    InvalidAnswer,
    get_challenge,
    mutual_authenticate,
    read_binary,
    select_application,
    select_file,
)
from kiosk.devices.document_reader.cards import CardLost, Channel
from kiosk.devices.document_reader.ciphers import KEY_BYTES
from kiosk.devices.document_reader.contract import ACCESS_DENIED, INVALID_MEDIA, OTHER_PROTOCOL
from kiosk.devices.document_reader.groups import File, InvalidGroup, signed
from kiosk.devices.document_reader.messaging import Messaging
from kiosk.devices.document_reader.tlv import InvalidTlv, header, only
from kiosk.devices.words import Completion, DeviceFault
from kiosk.people.travel_document import ChipKey

ANSWER_SECONDS = 5.0
"""For one command."""
AUTHENTICATE_SECONDS = 20.0
"""Chips answer later and later after wrong keys."""

HEADER_BYTES = 4
"""Read first of each file: its tag and length."""

OK = 0x9000
_NOT_FOUND = frozenset({0x6A82, 0x6A83, 0x6A88})
_DENIED = frozenset({0x6300, 0x6982, 0x6983, 0x6984, 0x6985, 0x6988, 0x6A80})
_NO_SUCH_COMMAND = frozenset({0x6A81, 0x6A86, 0x6D00, 0x6E00})
_TRIES_LEFT = 0x63C0

_READ_OBJECT = 0x53


class Chip:
    """A conversation. Its methods raise DeviceFault, Lost, TimeoutError, NotGenuine, NotTheChip and InvalidGroup."""

    def __init__(self, channel: Channel, clock: Clock, chunk: int) -> None:
        self._channel = channel
        self._clock = clock
        self._chunk = chunk
        self._messaging: Messaging | None = None
        self.exchanges = 0
        """Commands answered so far."""
        self.waited = 0.0
        """Seconds spent waiting for answers so far."""

    async def open(self, key: ChipKey, random: Callable[[int], bytes]) -> None:
        """Select the application and authenticate with what is printed on the document."""
        if (await self._ask(select_application())).status != OK:
            raise DeviceFault(Completion.COMMAND_ERROR, INVALID_MEDIA)
        challenge = await self._ask(get_challenge())
        if challenge.status != OK or len(challenge.data) != NONCE_BYTES:
            raise DeviceFault(Completion.UNSUPPORTED, OTHER_PROTOCOL)
        keys = document_keys(key.information)
        proof = Authentication(keys, challenge.data, random(NONCE_BYTES), random(KEY_BYTES))
        answer = await self._ask(mutual_authenticate(proof.token()), AUTHENTICATE_SECONDS)
        if answer.status in _DENIED or answer.status & 0xFFF0 == _TRIES_LEFT:
            raise DeviceFault(Completion.COMMAND_ERROR, ACCESS_DENIED)
        if answer.status in _NO_SUCH_COMMAND:
            raise DeviceFault(Completion.UNSUPPORTED, OTHER_PROTOCOL)
        if answer.status != OK:
            raise DeviceFault(Completion.COMMAND_ERROR, INVALID_MEDIA)
        self._messaging = Messaging(proof.session(answer.data))

    async def still_there(self) -> None:
        """One more command in the clear, whatever it answers. Raises Lost and TimeoutError where nothing does.

        Some readers hand out half an answer as a whole one when a card is torn out in the middle of it.
        """
        await self._channel.transmit(get_challenge().encode(), ANSWER_SECONDS)

    async def file(self, file: File) -> bytes | None:
        """A whole file, from its tag to the end its length names. None where the chip has none."""
        if not await self._select(file):
            return None
        head = await self._head(file)
        try:
            found = header(head)
        except InvalidTlv:
            raise InvalidGroup(file) from None
        if found.tag != file.value.tag or found.end > file.value.most:
            raise InvalidGroup(file)
        data = bytearray(head[: found.end])
        while len(data) < found.end:
            data += await self._read(file, len(data), min(self._chunk, found.end - len(data)))
        return bytes(data)

    async def signed(self) -> bool:
        """Whether there is a security object."""
        return await self._select(File.SOD) and signed(await self._head(File.SOD))

    async def _select(self, file: File) -> bool:
        answer = await self._ask(select_file(file.value.file_id))
        if answer.status in _NOT_FOUND:
            return False
        if answer.status != OK:
            raise InvalidGroup(file)
        return True

    async def _head(self, file: File) -> bytes:
        return await self._read(file, 0, HEADER_BYTES)

    async def _read(self, file: File, offset: int, length: int) -> bytes:
        """At least one byte, at most `length`: chips may serve less than is asked for."""
        answer = await self._ask(read_binary(offset, length))
        data = answer.data
        if offset > LAST_SHORT_OFFSET:
            try:
                data = only(data, _READ_OBJECT)
            except InvalidTlv:
                raise InvalidGroup(file) from None
        if answer.status != OK or not 0 < len(data) <= length:
            raise InvalidGroup(file)
        return data

    async def _ask(self, command: Command, seconds: float = ANSWER_SECONDS) -> Answer:
        """In the clear until authenticated, protected ever after."""
        messaging = self._messaging
        sent = command.encode() if messaging is None else messaging.protect(command)
        began = self._clock.monotonic()
        raw = await self._channel.transmit(sent, seconds)
        self.waited += self._clock.monotonic() - began
        self.exchanges += 1
        if messaging is not None:
            return messaging.open(raw)
        try:
            return Answer.decode(raw)
        except InvalidAnswer:
            raise CardLost("an answer without a status") from None
