"""Commands and answers as chips have them (ISO/IEC 7816-4): short lengths only."""

from __future__ import annotations

from dataclasses import dataclass

APPLICATION = bytes.fromhex("A0000002471001")
"""The eMRTD application (ICAO 9303 part 10, 3.6.1)."""

LONGEST_DATA = 255
LARGEST_ANSWER = 256
LAST_SHORT_OFFSET = 0x7FFF
"""READ BINARY names an offset of 15 bits; beyond it stands in a data object."""


class InvalidAnswer(ValueError):
    """Not even a status."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `expected` None: no data expected; 256 stands for all there is."""

    ins: int
    p1: int
    p2: int
    data: bytes = b""
    expected: int | None = None

    @property
    def header(self) -> bytes:
        """Of a command in the clear."""
        return bytes([0x00, self.ins, self.p1, self.p2])

    def encode(self) -> bytes:
        """In the clear."""
        body = bytes([len(self.data)]) + self.data if self.data else b""
        return self.header + body + (b"" if self.expected is None else bytes([self.expected & 0xFF]))

    def __repr__(self) -> str:
        return f"Command({self.ins:02X} {self.p1:02X}{self.p2:02X})"


@dataclass(frozen=True, slots=True)
class Answer:
    """Data and status word."""

    data: bytes
    status: int

    @staticmethod
    def decode(raw: bytes) -> Answer:
        """Raises InvalidAnswer."""
        if len(raw) < 2:
            raise InvalidAnswer
        return Answer(raw[:-2], int.from_bytes(raw[-2:], "big"))

    def __repr__(self) -> str:
        return f"Answer({len(self.data)} bytes, {self.status:04X})"


def select_application() -> Command:
    """By name, no answer wanted."""
    return Command(0xA4, 0x04, 0x0C, APPLICATION)


def get_challenge() -> Command:
    """Eight random bytes of the chip's."""
    return Command(0x84, 0x00, 0x00, expected=8)


def mutual_authenticate(token: bytes) -> Command:
    """EXTERNAL AUTHENTICATE with an answer of 40 bytes (part 11, 4.3.4.1)."""
    return Command(0x82, 0x00, 0x00, token, expected=40)


def select_file(file_id: int) -> Command:
    """An elementary file of the application, no answer wanted."""
    return Command(0xA4, 0x02, 0x0C, file_id.to_bytes(2, "big"))


def read_binary(offset: int, length: int) -> Command:
    """`length` bytes (1 to 256) at `offset`. Beyond 15 bits by the odd instruction, whose answer is an object 53."""
    if offset <= LAST_SHORT_OFFSET:
        return Command(0xB0, offset >> 8, offset & 0xFF, expected=length)
    named = offset.to_bytes(max(2, (offset.bit_length() + 7) // 8), "big")
    # The answer's own object 53 with its length takes four bytes at most.
    return Command(0xB1, 0x00, 0x00, bytes([0x54, len(named)]) + named, expected=min(LARGEST_ANSWER, length + 4))
