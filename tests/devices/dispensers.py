"""A dispenser played from the protocol's tables: cards, a bin, and a script of misbehaviour."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import reduce

from kiosk.devices.transport import Transport
from tests.devices.farends import read_exactly

ACK, NAK, EOT = b"\x06", b"\x15", b"\x04"

Misbehave = Callable[["Unit", Transport, bytes], Awaitable[None]]


def framed(body: bytes, address: int = 0) -> bytes:
    frame = bytes([0xF2, address]) + len(body).to_bytes(2, "big") + body + b"\x03"
    return frame + bytes([reduce(lambda a, b: a ^ b, frame)])


@dataclass
class Unit:
    """`script`: by CM PM, what to do instead, in turn; None behaves."""

    place: bytes = b"0"
    cards: int = 5
    bin_full: bytes = b"0"
    sensors: bytes = b"0" * 10
    binned: int = 7
    on: bool = True
    needs_init: bool = False
    script: dict[bytes, list[Misbehave | None]] = field(default_factory=dict[bytes, "list[Misbehave | None]"])
    asked: list[bytes] = field(default_factory=list[bytes])
    words: list[bytes] = field(default_factory=list[bytes])
    last: bytes = b""
    fed: int = 0
    count: bool = True

    async def __call__(self, far: Transport) -> None:
        while True:
            first = await read_exactly(far, 1)
            if first != b"\xf2":
                self.words.append(first)
                if first == NAK:
                    await far.write(self.last)
                if first == EOT:
                    await far.write(EOT)
                continue
            head = await read_exactly(far, 3)
            rest = await read_exactly(far, int.from_bytes(head[1:], "big") + 2)
            assert reduce(lambda a, b: a ^ b, first + head + rest) == 0
            command = rest[1:3]
            turn = self.asked.count(command)
            self.asked.append(command)
            script = self.script.get(command, [])
            act = script[turn] if turn < len(script) else None
            if act is not None:
                await act(self, far, command)
            elif self.on:
                await far.write(ACK)
                await asyncio.sleep(0.05)
                await self.carry_out(far, command)

    async def carry_out(self, far: Transport, command: bytes) -> None:
        self.last = self.does(command)
        await far.write(self.last)

    def states(self) -> bytes:
        return self.place + (b"0" if self.cards == 0 else b"1" if self.cards < 3 else b"2") + self.bin_full

    def no(self, command: bytes, error: bytes) -> bytes:
        return framed(b"N" + command + error)

    def yes(self, command: bytes, data: bytes = b"") -> bytes:
        return framed(b"P" + command + self.states() + data)

    def does(self, command: bytes) -> bytes:
        if command[:1] == b"0":
            self.needs_init = False
            if self.place != b"0" and command != b"03":
                self.place = b"1" if command == b"00" else b"0"
            return self.yes(command, b"CRT-591-M001")
        if self.needs_init:
            return self.no(command, b"B0")
        match command:
            case b"10":
                return self.yes(command)
            case b"11":
                return self.yes(command, self.sensors)
            case b"22":
                if self.place == b"0":
                    if not self.cards:
                        return self.no(command, b"A0")
                    self.cards -= 1
                    self.fed += 1
                self.place = b"2"
                return self.yes(command)
            case b"20":
                self.place = b"1"
                return self.yes(command)
            case b"23":
                self.place = b"0"
                self.binned += 1
                return self.yes(command)
            case b"\xa20":
                return self.yes(command, b"\x08SN-00042")
            case b"\xa40":
                return self.yes(command, b"V1.02")
            case b"\xa50":
                return self.yes(command, b"%03d" % self.binned) if self.count else self.no(command, b"00")
            case _:
                return self.no(command, b"00")


async def silent(unit: Unit, far: Transport, command: bytes) -> None:
    """Nothing was heard."""


async def garbled(unit: Unit, far: Transport, command: bytes) -> None:
    """Say it again."""
    await far.write(NAK)


async def without_ack(unit: Unit, far: Transport, command: bytes) -> None:
    """Done, but the 06 was lost."""
    await unit.carry_out(far, command)


async def late_ack(unit: Unit, far: Transport, command: bytes) -> None:
    """Done, the 06 after the deadline."""
    await asyncio.sleep(0.5)
    await far.write(ACK)
    await unit.carry_out(far, command)


async def damaged(unit: Unit, far: Transport, command: bytes) -> None:
    """Done; the reply's check is wrong until it is asked for again."""
    await far.write(ACK)
    unit.last = unit.does(command)
    await far.write(unit.last[:-1] + bytes([unit.last[-1] ^ 1]))


async def torn(unit: Unit, far: Transport, command: bytes) -> None:
    """Done; half the reply arrives until it is asked for again."""
    await far.write(ACK)
    unit.last = unit.does(command)
    await far.write(unit.last[:7])


async def doubled(unit: Unit, far: Transport, command: bytes) -> None:
    """Missed the host's 06: says its reply twice."""
    await far.write(ACK)
    await unit.carry_out(far, command)
    await asyncio.sleep(0.02)
    await far.write(unit.last)


async def acked_only(unit: Unit, far: Transport, command: bytes) -> None:
    """Heard, and then nothing ever."""
    await far.write(ACK)


def refuses(error: bytes) -> Misbehave:
    async def refuse(unit: Unit, far: Transport, command: bytes) -> None:
        await far.write(ACK)
        unit.last = unit.no(command, error)
        await far.write(unit.last)

    return refuse


def slow(seconds: float) -> Misbehave:
    async def wait(unit: Unit, far: Transport, command: bytes) -> None:
        await far.write(ACK)
        await asyncio.sleep(seconds)
        await unit.carry_out(far, command)

    return wait


def very_late(seconds: float) -> Misbehave:
    """Says 06 and acts only after so long; what comes meanwhile is read afterwards."""

    async def wait(unit: Unit, far: Transport, command: bytes) -> None:
        await asyncio.sleep(seconds)
        await far.write(ACK)
        await unit.carry_out(far, command)

    return wait


def without_moving(states: bytes) -> Misbehave:
    """Says it was done; its sensors show something else."""

    async def lie(unit: Unit, far: Transport, command: bytes) -> None:
        await far.write(ACK)
        unit.last = framed(b"P" + command + states)
        await far.write(unit.last)

    return lie
