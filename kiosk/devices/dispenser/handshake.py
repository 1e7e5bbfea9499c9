"""How a command gets to a unit and its reply back: 06 heard, 15 say it again, 04 called off (clause 1.4).

A question may be sent again when nobody says 06. A movement may not, without asking first: a unit that is slow to say
06 may be moving already, and a second "into the bin" would be a second card.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from kiosk.devices.dispenser.frames import Command, Control, Damage, Decoder, Heard, Refusal, Reply, request
from kiosk.devices.link import Link
from kiosk.devices.transport import Line, TransportLost

log = logging.getLogger(__name__)

ACK_SECONDS = 0.3
LATE_ACK_SECONDS = 1.0
"""How much longer a movement's 06 is waited for before the unit is asked whether it heard."""
SENDS = 3
"""How often a question is sent, and how often a damaged reply is asked for again."""
PROBES = 2
"""How often a rate is tried while looking for the unit's own."""
QUIET_SECONDS = 0.05
"""A line is quiet after this: at 9600 baud, forty-eight bytes' time."""
SURPLUS_SECONDS = 0.5
"""How long replies to repeated questions are let pass before the next one is asked."""

BUDGETS: dict[Command, float] = {
    Command.INIT_PRESENT: 30.0,
    Command.INIT_RETAIN: 30.0,
    Command.INIT_LEAVE: 30.0,
    Command.STATUS: 2.0,
    Command.SENSORS: 2.0,
    Command.TO_GATE: 15.0,
    Command.TO_READER: 15.0,
    Command.TO_BIN: 15.0,
    Command.SERIAL: 2.0,
    Command.VERSION: 2.0,
    Command.BIN_COUNT: 2.0,
}
"""Seconds from a command's 06 to the end of its reply."""

_MOVEMENTS = frozenset(
    {Command.INIT_PRESENT, Command.INIT_RETAIN, Command.TO_GATE, Command.TO_READER, Command.TO_BIN}
)

READ_CHUNK = 2048


class Silence(Exception):
    """No reply in time."""


class Refused(Exception):
    """The unit said no."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.error)
        self.error = refusal.error


class Handshake:
    """One unit on a line that may run at one of several rates. One command at a time: the caller sees to that."""

    def __init__(self, lines: Sequence[Line], address: int) -> None:
        self._links = [Link(line) for line in lines]
        self._at = 0
        self._address = address
        self._decoder = Decoder()
        self._heard: list[Heard] = []
        self._owed: Command | None = None
        self._owed_until = 0.0
        self._surplus = 0
        self._last: Reply | Refusal | None = None

    @property
    def openings(self) -> int:
        """How often any line has been opened."""
        return sum(link.openings for link in self._links)

    async def open(self) -> None:
        """Open the line at the rate that was right last. Raises TransportLost."""
        await self._links[self._at].transport()

    async def close(self) -> None:
        for link in self._links:
            await link.drop()
        self._settled()

    async def find(self) -> Command:
        """Try every rate, beginning with the one that was right last, until the unit answers.

        After power-on a unit takes its rate from the first INIT it hears, so a rate at which a question stays
        unanswered is tried with INIT too, leaving a card where it is: the command that was answered. Raises
        TransportLost, Silence.
        """
        first = self._at
        for step in range(len(self._links)):
            answered = await self._answers_at((first + step) % len(self._links))
            if answered is not None:
                return answered
        raise Silence

    async def _answers_at(self, at: int) -> Command | None:
        if at != self._at:
            await self._links[self._at].drop()
            self._settled()
            self._at = at
        for command in (Command.STATUS, Command.INIT_LEAVE):
            try:
                await self.ask(command, sends=PROBES)
            except Silence:
                # Nobody is there who could be told to call it off.
                self._settled()
            except Refused:
                return Command.STATUS
            else:
                return command
        return None

    async def ask(self, command: Command, *, sends: int = SENDS) -> Reply:
        """A command that moves nothing. Raises TransportLost, Silence, Refused."""
        await self._begin(command)
        for _ in range(sends):
            heard = await self._send(command, ACK_SECONDS)
            if heard is not None and heard is not Control.NAK:
                return await self._finish(command, heard)
            self._surplus += 1
        raise Silence

    async def order(self, command: Command) -> Reply:
        """A command that moves a card; sent again only when the unit surely did not hear it. Raises as `ask`."""
        await self._begin(command)
        for _ in range(SENDS):
            heard = await self._send(command, ACK_SECONDS + LATE_ACK_SECONDS)
            if heard is None:
                heard = await self._whether_heard(command)
            if heard is not None and heard is not Control.NAK:
                return await self._finish(command, heard)
        raise Silence

    async def _whether_heard(self, command: Command) -> Heard | None:
        """None when the unit answers a question about its state and says nothing of the order: it is idle."""
        log.info("dispenser: no word about an order; asking before it is repeated")
        question = request(Command.STATUS, address=self._address)
        loop = asyncio.get_running_loop()
        for _ in range(SENDS):
            await self._write(question)
            self._surplus += 1
            acknowledged = False
            until = loop.time() + BUDGETS[Command.STATUS]
            while (heard := await self._hear(until)) is not None:
                acknowledged = acknowledged or heard is Control.ACK
                if self._fits(command, heard):
                    return heard
                if self._fits(Command.STATUS, heard):
                    await self._write(Control.ACK.wire)
                    self._surplus -= 1
                    return None
            if acknowledged:
                # It said 06 and is too busy to say where it is: the 06 was the order's.
                return Control.ACK
        raise Silence

    # -- one command ---------------------------------------------------------------------------------

    @property
    def _link(self) -> Link:
        return self._links[self._at]

    async def _begin(self, command: Command) -> None:
        await self._link.transport()
        await self._let_the_last_one_end()
        self._link.drop_input()
        self._forget_what_came()
        self._owed = command
        self._owed_until = asyncio.get_running_loop().time() + BUDGETS[command]

    async def _send(self, command: Command, seconds: float) -> Heard | None:
        """Send, and the first thing said about it: 06, 15, the reply itself, or nothing in time."""
        loop = asyncio.get_running_loop()
        await self._write(request(command, address=self._address))
        until = loop.time() + seconds
        while (heard := await self._hear(until)) is not None:
            if heard in (Control.ACK, Control.NAK):
                return heard
            # A copy of the last reply means that the unit missed our 06, not that it has done this too.
            if self._fits(command, heard) and heard != self._last:
                return heard
        return None

    async def _finish(self, command: Command, heard: Heard) -> Reply:
        if isinstance(heard, Reply | Refusal):
            reply = heard
        else:
            self._owed_until = asyncio.get_running_loop().time() + BUDGETS[command]
            reply = await self._reply(command)
        await self._write(Control.ACK.wire)
        self._last = reply
        self._owed = None
        if isinstance(reply, Refusal):
            raise Refused(reply)
        return reply

    async def _reply(self, command: Command) -> Reply | Refusal:
        complaints = 0
        while True:
            heard = await self._hear(self._owed_until)
            if isinstance(heard, Reply | Refusal) and self._fits(command, heard):
                return heard
            torn = heard is None and self._decoder.unfinished
            if isinstance(heard, Damage) or torn:
                if complaints == SENDS:
                    raise Silence
                complaints += 1
                await self._complain()
            elif heard is None:
                raise Silence

    async def _complain(self) -> None:
        """Let a damaged reply end, then ask for it again."""
        until = asyncio.get_running_loop().time() + SURPLUS_SECONDS
        while await self._read(asyncio.get_running_loop().time() + QUIET_SECONDS):
            if asyncio.get_running_loop().time() >= until:
                break
        self._forget_what_came()
        self._owed_until = max(self._owed_until, asyncio.get_running_loop().time() + BUDGETS[Command.STATUS])
        await self._write(Control.NAK.wire)

    async def _let_the_last_one_end(self) -> None:
        """A movement given up by its caller goes on to its end; what else is unanswered is called off."""
        owed = self._owed
        if owed is not None:
            ended = owed in _MOVEMENTS and await self._until_about(owed, self._owed_until)
            if not ended:
                await self._call_off(owed)
        if self._surplus:
            await self._until_about(None, asyncio.get_running_loop().time() + SURPLUS_SECONDS)
        self._settled()

    async def _call_off(self, owed: Command) -> None:
        for _ in range(PROBES):
            await self._write(Control.EOT.wire)
            if await self._until_about(owed, asyncio.get_running_loop().time() + ACK_SECONDS):
                return

    async def _until_about(self, owed: Command | None, until: float) -> bool:
        """Whether the unit said 04, or finished what it owed, before then."""
        while (heard := await self._hear(until)) is not None:
            if owed is not None and self._fits(owed, heard):
                await self._write(Control.ACK.wire)
                return True
            if heard is Control.EOT:
                return True
        return False

    def _fits(self, command: Command, heard: Heard) -> bool:
        if not isinstance(heard, Reply | Refusal):
            return False
        if heard.address != self._address:
            log.info("dispenser: unit %d answers on this line", heard.address)
            return False
        return heard.command == command.value

    # -- bytes ---------------------------------------------------------------------------------------

    async def _hear(self, until: float) -> Heard | None:
        """The next thing said, or None when nothing is in time."""
        while not self._heard:
            data = await self._read(until)
            if not data:
                return None
            self._heard.extend(self._decoder.feed(data))
        return self._heard.pop(0)

    async def _read(self, until: float) -> bytes:
        try:
            async with asyncio.timeout_at(until):
                return await self._link.read(READ_CHUNK)
        except TimeoutError:
            return b""
        except TransportLost:
            self._settled()
            raise

    async def _write(self, data: bytes) -> None:
        try:
            await self._link.write(data)
        except TransportLost:
            self._settled()
            raise

    def _forget_what_came(self) -> None:
        self._decoder = Decoder()
        self._heard.clear()

    def _settled(self) -> None:
        self._owed = None
        self._surplus = 0
