"""The chip of a travel document: files behind basic access control (ICAO 9303 part 11), and a virtual reader's wire.

`TravelChip` answers commands and does no I/O. `VirtualReader` lays chips on the virtual reader of Debian's
vsmartcard-vpcd: a TCP connection is a card that lies there, closing it takes the card away.

    python -m kiosk.simulation.travel_chip --port 35963 [--kind pass|passport] [--person N]
"""

from __future__ import annotations

import argparse
import enum
import hashlib
import secrets
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from kiosk.simulation.travel_files import TravelDocument, document_of

ATR = bytes.fromhex("3B8A80014A434F503331563233327A")
"""Of a contactless chip as readers make them up (PC/SC part 3, 3.1.3.2.3): historical bytes of no meaning here."""

DEFAULT_PORT = 35963
_APPLICATION = bytes.fromhex("A0000002471001")


class Status(enum.IntEnum):
    """What chips say (ISO/IEC 7816-4, 5.6)."""

    OK = 0x9000
    WRONG_KEY = 0x6300
    END_OF_FILE = 0x6282
    WRONG_LENGTH = 0x6700
    NOT_SATISFIED = 0x6982
    OUT_OF_TURN = 0x6985
    NOT_PROTECTED = 0x6987
    WRONG_PROTECTION = 0x6988
    NOT_FOUND = 0x6A82
    WRONG_OFFSET = 0x6B00
    NO_SUCH_COMMAND = 0x6D00
    NO_SUCH_CLASS = 0x6E00


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"{status:04X}")
        self.status = status


# -- what both sides of a session compute ----------------------------------------------------------------------------


def _cbc(key: bytes, data: bytes, *, back: bool) -> bytes:
    cipher = Cipher(TripleDES(key + key[:8] if len(key) == 16 else key * 3), modes.CBC(bytes(8)))
    worker = cipher.decryptor() if back else cipher.encryptor()
    return worker.update(data) + worker.finalize()


def _filled(data: bytes) -> bytes:
    filled = bytearray(data)
    filled.append(0x80)
    while len(filled) % 8:
        filled.append(0)
    return bytes(filled)


def _emptied(data: bytes) -> bytes:
    end = data.rfind(0x80)
    if end < 0 or any(data[end + 1 :]):
        raise _Refused(Status.WRONG_PROTECTION)
    return data[:end]


def _mac(key: bytes, data: bytes) -> bytes:
    """DES in a chain, the last block once more with the other key (ISO/IEC 9797-1, algorithm 3)."""
    state = bytes(8)
    filled = _filled(data)
    for at in range(0, len(filled), 8):
        block = bytes(a ^ b for a, b in zip(state, filled[at : at + 8], strict=True))
        state = _cbc(key[:8], block, back=False)
    return _cbc(key[:8], _cbc(key[8:], state, back=True), back=False)


def _keys(seed: bytes) -> tuple[bytes, bytes]:
    """For encryption and for MACs, with odd parity."""
    made: list[bytes] = []
    for counter in (1, 2):
        half = hashlib.sha1(seed + struct.pack(">I", counter)).digest()[:16]
        made.append(bytes(b ^ (bin(b).count("1") % 2 == 0) for b in half))
    return made[0], made[1]


@dataclass
class _Session:
    encryption: bytes
    mac: bytes
    count: int

    def counted(self, data: bytes) -> bytes:
        self.count += 1
        return _mac(self.mac, struct.pack(">Q", self.count) + data)


@dataclass
class Quirks:
    """How a chip misbehaves. `files` are read as given instead of the document's own."""

    spoil_mac: bool = False
    refuse_with: int | None = None
    """At the authentication, whatever the key."""
    at_most: int = 256
    """Bytes one READ BINARY gives."""
    files: dict[int, bytes] = field(default_factory=dict[int, bytes])


class TravelChip:
    """One chip. `random` gives so many bytes for its challenge and its key."""

    def __init__(
        self,
        information: str,
        files: Mapping[int, bytes],
        random: Callable[[int], bytes] = secrets.token_bytes,
        quirks: Quirks | None = None,
    ) -> None:
        self._document_keys = _keys(hashlib.sha1(information.encode("ascii")).digest()[:16])
        self._random = random
        self._quirks = quirks or Quirks()
        self._files = {**files, **self._quirks.files}
        self.reset()

    def reset(self) -> None:
        """Power lost and back: nothing selected, nobody known."""
        self._session: _Session | None = None
        self._challenge = b""
        self._selected = False
        self._file: bytes | None = None

    def answer(self, apdu: bytes) -> bytes:
        """Data and status word of one command."""
        try:
            if len(apdu) < 4:
                raise _Refused(Status.WRONG_LENGTH)
            match apdu[0]:
                case 0x00:
                    data, status = self._plain(apdu)
                case 0x0C:
                    return self._protected(apdu)
                case _:
                    raise _Refused(Status.NO_SUCH_CLASS)
        except _Refused as refused:
            if apdu[:1] == b"\x0c":
                self._session = None
            data, status = b"", refused.status
        return data + struct.pack(">H", status)

    # -- in the clear --------------------------------------------------------------------------------------------

    def _plain(self, apdu: bytes) -> tuple[bytes, Status]:
        data = apdu[5 : 5 + apdu[4]] if len(apdu) > 5 else b""
        match apdu[1], apdu[2]:
            case 0xA4, 0x04:
                if data != _APPLICATION:
                    raise _Refused(Status.NOT_FOUND)
                self.reset()
                self._selected = True
                return b"", Status.OK
            case 0x84, _ if self._selected:
                self._challenge = self._random(8)
                return self._challenge, Status.OK
            case 0x82, _ if self._selected:
                return self._authenticate(data), Status.OK
            case ((0xA4 | 0xB0 | 0xB1), _):
                raise _Refused(Status.NOT_SATISFIED)
            case _:
                raise _Refused(Status.NO_SUCH_COMMAND)

    def _authenticate(self, data: bytes) -> bytes:
        encryption, mac = self._document_keys
        challenge, self._challenge = self._challenge, b""
        if not challenge:
            raise _Refused(Status.OUT_OF_TURN)
        if self._quirks.refuse_with is not None:
            raise _Refused(self._quirks.refuse_with)
        if len(data) != 40 or _mac(mac, data[:32]) != data[32:]:
            raise _Refused(Status.WRONG_KEY)
        opened = _cbc(encryption, data[:32], back=True)
        theirs, ours, their_key = opened[:8], opened[8:16], opened[16:]
        if ours != challenge:
            raise _Refused(Status.WRONG_KEY)
        own_key = self._random(16)
        sealed = _cbc(encryption, challenge + theirs + own_key, back=False)
        seed = bytes(a ^ b for a, b in zip(their_key, own_key, strict=True))
        self._session = _Session(*_keys(seed), struct.unpack(">Q", challenge[4:] + theirs[4:])[0])
        return sealed + self._spoilt(_mac(mac, sealed))

    # -- protected -----------------------------------------------------------------------------------------------

    def _protected(self, apdu: bytes) -> bytes:
        session = self._session
        if session is None:
            raise _Refused(Status.NOT_PROTECTED)
        found = _three_objects(apdu[5:-1])
        if len(apdu) < 6 or apdu[4] != len(apdu) - 6 or 0x8E not in found:
            raise _Refused(Status.NOT_PROTECTED)
        covered = apdu[5:-11]
        signed = _filled(apdu[:4]) + covered if covered else apdu[:4]
        if session.counted(signed) != found[0x8E]:
            raise _Refused(Status.WRONG_PROTECTION)
        data = b""
        if 0x87 in found:
            data = _emptied(_cbc(session.encryption, found[0x87][1:], back=True))
        if 0x85 in found:
            data = _emptied(_cbc(session.encryption, found[0x85], back=True))
        wanted = found.get(0x97, b"")
        try:
            answer, status = self.read(apdu[1], apdu[2], apdu[3], data, (wanted[0] or 256) if wanted else 0)
        except _Refused as refused:
            answer, status = b"", refused.status
        return self._sealed(session, answer, status, 0x85 if apdu[1] & 1 else 0x87)

    def _sealed(self, session: _Session, data: bytes, status: int, tag: int) -> bytes:
        body = b""
        if data:
            sealed = _cbc(session.encryption, _filled(data), back=False)
            body = _object(tag, sealed if tag == 0x85 else b"\x01" + sealed)
        body += b"\x99\x02" + struct.pack(">H", status)
        body += b"\x8e\x08" + self._spoilt(session.counted(body))
        return body + struct.pack(">H", status)

    def _spoilt(self, mac: bytes) -> bytes:
        return bytes([mac[0] ^ 1]) + mac[1:] if self._quirks.spoil_mac else mac

    def read(self, ins: int, p1: int, p2: int, data: bytes, wanted: int) -> tuple[bytes, Status]:
        """What a command asks for once its protection is taken off: selecting and reading (ISO/IEC 7816-4)."""
        match ins:
            case 0xA4:
                self._file = self._files.get(int.from_bytes(data, "big"))
                if self._file is None:
                    raise _Refused(Status.NOT_FOUND)
                return b"", Status.OK
            case 0xB0:
                return self.piece(p1 << 8 | p2, wanted)
            case 0xB1:
                if data[:1] != b"\x54" or len(data) != 2 + data[1]:
                    raise _Refused(Status.WRONG_LENGTH)
                # The answer's own tag and length are counted too.
                piece, status = self.piece(int.from_bytes(data[2:], "big"), wanted - (4 if wanted > 0x83 else 2))
                return _object(0x53, piece), status
            case _:
                raise _Refused(Status.NO_SUCH_COMMAND)

    def piece(self, offset: int, wanted: int) -> tuple[bytes, Status]:
        """At most `wanted` bytes of the selected file."""
        if self._file is None:
            raise _Refused(Status.OUT_OF_TURN)
        if offset >= len(self._file):
            raise _Refused(Status.WRONG_OFFSET)
        piece = self._file[offset : offset + min(wanted, self._quirks.at_most)]
        return piece, Status.OK


def _three_objects(data: bytes) -> dict[int, bytes]:
    """What a protected command holds: one-byte tags, one or two bytes of length."""
    found: dict[int, bytes] = {}
    at = 0
    while at + 2 <= len(data):
        tag, length, start = data[at], data[at + 1], at + 2
        if length == 0x81 and start < len(data):
            length, start = data[start], start + 1
        found[tag] = data[start : start + length]
        at = start + length
    return found


def _object(tag: int, value: bytes) -> bytes:
    length = bytes([len(value)]) if len(value) < 0x80 else bytes([0x81, len(value)])
    return bytes([tag]) + length + value


# -- the virtual reader ----------------------------------------------------------------------------------------------


class Meddling(enum.Enum):
    """What somebody does at one command."""

    NOTHING = "nothing"
    TEAR_BEFORE = "tear-before"
    """Taken away as the command arrives: no answer."""
    TEAR_INSIDE = "tear-inside"
    """Taken away in the middle of the answer."""
    TEAR_AFTER = "tear-after"
    """Taken away once the answer is out."""
    HANG = "hang"
    """Never answered; the card stays."""


def _undisturbed(_number: int) -> Meddling:
    return Meddling.NOTHING


class VirtualReader:
    """Lays one card on a virtual reader. `meddle` says for each command, counted from 1, what happens at it.

    `commands` and `answers` are what passed. It ends by itself when the reader goes away.
    """

    def __init__(self, port: int, chip: TravelChip, meddle: Callable[[int], Meddling] | None = None) -> None:
        self._chip = chip
        self._meddle = meddle or _undisturbed
        self.commands: list[bytes] = []
        self.answers: list[bytes] = []
        self._wire = socket.create_connection(("127.0.0.1", port))
        self._wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread = threading.Thread(target=self._serve, name="virtual-card", daemon=True)
        self._thread.start()

    def take_away(self) -> None:
        """And wait until it is."""
        # The reader may have been faster.
        with suppress(OSError):
            self._wire.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def wait(self) -> None:
        """Until the reader or the card is gone."""
        self._thread.join()

    def _serve(self) -> None:
        try:
            with self._wire:
                while self._one():
                    continue
        except OSError:
            return

    def _one(self) -> bool:
        """One message: two bytes of length; a single byte is control, more are a command."""
        message = self._exactly(struct.unpack(">H", self._exactly(2))[0])
        match message:
            case b"\x00" | b"\x01" | b"\x02":
                self._chip.reset()
                return True
            case b"\x04":
                self._send(ATR)
                return True
            case _:
                return self._command(message)

    def _command(self, apdu: bytes) -> bool:
        self.commands.append(apdu)
        meddling = self._meddle(len(self.commands))
        match meddling:
            case Meddling.TEAR_BEFORE:
                return False
            case Meddling.HANG:
                return True
            case Meddling.NOTHING | Meddling.TEAR_INSIDE | Meddling.TEAR_AFTER:
                answer = self._chip.answer(apdu)
        self.answers.append(answer)
        if meddling is Meddling.TEAR_INSIDE:
            self._wire.sendall(struct.pack(">H", len(answer)) + answer[: len(answer) // 2])
            return False
        self._send(answer)
        return meddling is not Meddling.TEAR_AFTER

    def _send(self, data: bytes) -> None:
        self._wire.sendall(struct.pack(">H", len(data)) + data)

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            # The reader writes length and message apart: the second waits for the first's acknowledgement.
            self._wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            more = self._wire.recv(count - len(data))
            if not more:
                raise ConnectionResetError
            data += more
        return data


def chip_of(document: TravelDocument, random: Callable[[int], bytes] = secrets.token_bytes) -> TravelChip:
    """Its chip, in order."""
    return TravelChip(document.information, document.files, random)


def main() -> None:
    """Lay one synthetic document on the virtual reader until it goes away; its zone is printed for who reads it."""
    parser = argparse.ArgumentParser(description="a travel document on the virtual reader (vsmartcard-vpcd)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--kind", choices=("pass", "passport"), default="pass")
    parser.add_argument("--person", type=int, default=0, help="which of the synthetic people")
    given = parser.parse_args()
    document = document_of(given.kind, given.person)
    print(document.zone, flush=True)
    VirtualReader(given.port, chip_of(document)).wait()


if __name__ == "__main__":
    main()
