"""Secure messaging with 3DES (ICAO 9303 part 11, 9.8): every command and answer encrypted, numbered and MACed."""

from __future__ import annotations

from kiosk.devices.document_reader.access import Session
from kiosk.devices.document_reader.apdus import Answer, Command, InvalidAnswer
from kiosk.devices.document_reader.ciphers import (
    BLOCK,
    InvalidPadding,
    decrypt,
    encrypt,
    pad,
    retail_mac,
    same,
    unpad,
)
from kiosk.devices.document_reader.tlv import InvalidTlv, encode, objects

_CLASS = 0x0C
_ENCRYPTED, _ENCRYPTED_TLV, _EXPECTED, _STATUS, _MAC = 0x87, 0x85, 0x97, 0x99, 0x8E
_PADDED = b"\x01"
_COUNTER_MODULUS = 1 << (8 * BLOCK)

LARGEST_CHUNK = 0xDF
"""Plain bytes of one READ BINARY whose protected answer surely fits 256 (223: what chips are known to serve)."""


class NotGenuine(ValueError):
    """The answer is not the chip's to this command: unprotected, altered, out of turn or malformed."""


class Messaging:
    """One session. After NotGenuine it is over: the counters of the two sides differ."""

    def __init__(self, session: Session) -> None:
        self._keys = session.keys
        self._counter = session.counter

    def protect(self, command: Command) -> bytes:
        """The bytes to send. Each command must be followed by `open` of its answer."""
        head = bytes([_CLASS, command.ins, command.p1, command.p2])
        body = self._data(command)
        if command.expected is not None:
            body += encode(_EXPECTED, bytes([command.expected & 0xFF]))
        # Header and objects are padded apart; with no object the header's padding is the only one.
        signed = pad(head) + body if body else head
        body += encode(_MAC, self._mac(signed))
        return head + bytes([len(body)]) + body + b"\x00"

    def open(self, raw: bytes) -> Answer:
        """The answer's data and status as the chip signed them. Raises NotGenuine."""
        try:
            data, status, mac, signed = _parts(Answer.decode(raw))
            if not same(mac, self._mac(signed)):
                raise NotGenuine
            return Answer(self._plain(*data), int.from_bytes(status, "big"))
        except (InvalidTlv, InvalidAnswer, InvalidPadding):
            raise NotGenuine from None

    def _data(self, command: Command) -> bytes:
        if not command.data:
            return b""
        encrypted = encrypt(self._keys.encryption, pad(command.data))
        # Odd instructions carry objects, which say themselves where they end (ISO/IEC 7816-4, table 25).
        return encode(_ENCRYPTED_TLV, encrypted) if command.ins & 1 else encode(_ENCRYPTED, _PADDED + encrypted)

    def _plain(self, tag: int, value: bytes) -> bytes:
        if not tag:
            return b""
        if tag == _ENCRYPTED:
            if value[:1] != _PADDED:
                raise NotGenuine
            value = value[1:]
        if not value or len(value) % BLOCK:
            raise NotGenuine
        return unpad(decrypt(self._keys.encryption, value))

    def _mac(self, signed: bytes) -> bytes:
        """Numbered by the next count."""
        self._counter = (self._counter + 1) % _COUNTER_MODULUS
        return retail_mac(self._keys.mac, self._counter.to_bytes(BLOCK, "big") + signed)


def _parts(answer: Answer) -> tuple[tuple[int, bytes], bytes, bytes, bytes]:
    """Encrypted object (tag 0 where there is none), status, MAC, and the bytes the MAC covers.

    In this order, each at most once, nothing else; the unprotected status must say the same as the protected one.
    """
    found = list(objects(answer.data))
    tags = [tag for tag, _ in found]
    if tags[-2:] != [_STATUS, _MAC] or tags[:-2] not in ([], [_ENCRYPTED], [_ENCRYPTED_TLV]):
        raise NotGenuine
    status, mac = found[-2][1], found[-1][1]
    if len(status) != 2 or len(mac) != BLOCK or int.from_bytes(status, "big") != answer.status:
        raise NotGenuine
    encrypted = found[0] if len(found) == 3 else (0, b"")
    # The MAC object has a tag, a length and eight bytes.
    return encrypted, status, mac, answer.data[: -(2 + BLOCK)]
