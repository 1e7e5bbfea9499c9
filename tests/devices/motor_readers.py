"""A motor reader with a bin, played from the protocol's tables."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import reduce

from kiosk.devices.transport import Transport
from tests.devices.farends import read_exactly
from tests.devices.test_intake_frames import framed

NONE, FRONT, INSIDE, REAR, GONE_REAR = b"\x4e", b"\x49", b"\x4a", b"\x4c", b"\x4d"

Misbehave = Callable[["Motor", Transport, bytes], Awaitable[None]]


@dataclass
class Motor:
    """`script`: by command, what to do instead of executing, in turn; `unheard`: commands that get no 06."""

    card: bytes = NONE
    entry: bytes = b"\x4a"
    barriers: bool = True
    kept: int = 0
    unheard: int = 0
    script: dict[bytes, list[Misbehave | None]] = field(default_factory=dict[bytes, "list[Misbehave | None]"])
    done: list[bytes] = field(default_factory=list[bytes])
    words: list[bytes] = field(default_factory=list[bytes])

    async def __call__(self, far: Transport) -> None:
        waiting = b""
        while True:
            first = await read_exactly(far, 1)
            if first == b"\x05" and waiting:
                command, waiting = waiting, b""
                turn = self.done.count(command)
                self.done.append(command)
                script = self.script.get(command, [])
                act = script[turn] if turn < len(script) else None
                await (act or Motor.carry_out)(self, far, command)
            elif first == b"\x04":
                waiting = b""
                self.words.append(first)
                await far.write(first)
            elif first == b"\x02":
                head = await read_exactly(far, 2)
                rest = await read_exactly(far, int.from_bytes(head, "big") + 2)
                assert reduce(lambda a, b: a ^ b, first + head + rest) == 0
                if self.unheard:
                    self.unheard -= 1
                    continue
                waiting = rest[:-2]
                await far.write(b"\x06")

    async def carry_out(self, far: Transport, command: bytes) -> None:
        await asyncio.sleep(0.05)
        await far.write(self.does(command))

    def put_in(self, card: bytes = INSIDE) -> None:
        if self.entry != b"\x4e":
            self.card = card

    def does(self, command: bytes) -> bytes:
        match command:
            case b"\x31\x30":
                return framed(command + self.card + self.entry + b"\x4e")
            case b"\x31\x2f":
                if not self.barriers:
                    return framed(b"N\x31\x02")
                return framed(command + (b"00000" if self.card in (NONE, GONE_REAR) else b"00100") + b"00")
            case b"\x2f\x33\x31":
                self.entry = b"\x4a"
                return framed(command + b"N")
            case b"\x2f\x31\x31":
                self.entry = b"\x4e"
                return framed(command + b"N")
            case b"\x32\x31":
                self.card = FRONT
            case b"\x32\x2e":
                self.card = INSIDE
            case b"\x32\x33":
                self.card = GONE_REAR
                self.kept += 1
            case _:
                pass
        return framed(command + b"Y")


async def no_answer(motor: Motor, far: Transport, command: bytes) -> None:
    """Done, and nothing is said."""
    motor.does(command)


async def not_done(motor: Motor, far: Transport, command: bytes) -> None:
    """Said to be done, and not done."""
    await far.write(framed(command + b"Y"))


async def damaged(motor: Motor, far: Transport, command: bytes) -> None:
    """Done, and the answer is damaged."""
    answer = motor.does(command)
    await far.write(answer[:-1] + bytes([answer[-1] ^ 1]))


def refuses(error: int) -> Misbehave:
    async def refuse(motor: Motor, far: Transport, command: bytes) -> None:
        await far.write(framed(b"N" + command[:1] + bytes([error])))

    return refuse
