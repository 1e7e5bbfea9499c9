"""Asking NUT's upsd about the supply it watches."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kiosk.devices.link import Link
from kiosk.devices.transport import Line, TransportLost
from kiosk.devices.ups.contract import Battery, PowerIn, UpsCapabilities, UpsStatus
from kiosk.devices.ups.lines_protocol import Error, LineDecoder, Value, Variable, get_request, is_name, number
from kiosk.devices.words import DeviceState, Health

ANSWER_SECONDS = 2.0
READ_CHUNK = 2048

_CAPABILITIES = UpsCapabilities(measures_runtime=True)


class NutSettings(BaseModel):
    """`port`: tcp://host:port of upsd. `ups`: the supply's name there. `critical_seconds`: when it is almost over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str = "tcp://127.0.0.1:3493"
    ups: str
    critical_seconds: int = Field(default=60, ge=0)

    @field_validator("ups")
    @classmethod
    def _is_a_name(cls, ups: str) -> str:
        if not is_name(ups):
            raise ValueError("not a supply's name")
        return ups


class _Silence(Exception):
    """No answer in time."""


class _Refused(Exception):
    """upsd answered with an error."""


class Nut:
    """An Ups."""

    def __init__(self, line: Line, settings: NutSettings) -> None:
        self._link = Link(line)
        self._settings = settings
        self._status = _unknown(DeviceState.STARTING, "")

    @property
    def capabilities(self) -> UpsCapabilities:
        """Static."""
        return _CAPABILITIES

    async def status(self) -> UpsStatus:
        """See Ups.status. While it is being asked, what was last heard.

        A supply whose driver does not answer upsd (DATA-STALE, DRIVER-NOT-CONNECTED) is powerOff, one upsd does not
        know is noDevice.
        """
        if self._link.lock.locked():
            return self._status
        async with self._link.lock:
            try:
                self._status = await self._ask_all()
            except TransportLost as lost:
                self._status = _unknown(DeviceState.POWER_OFF, str(lost))
            except _Silence:
                # Answers carry their question's name, but a connection that stalled is not worth keeping.
                await self._link.drop()
                self._status = _unknown(DeviceState.POWER_OFF, "upsd is silent")
            except _Refused as refused:
                gone = str(refused) == "UNKNOWN-UPS"
                self._status = _unknown(DeviceState.NO_DEVICE if gone else DeviceState.POWER_OFF, str(refused))
        return self._status

    async def health(self) -> Health:
        return (await self.status()).health

    async def close(self) -> None:
        await self._link.drop()

    async def _ask_all(self) -> UpsStatus:
        flags = frozenset((await self._ask(Variable.STATUS)).split())
        charge = await self._ask_number(Variable.CHARGE)
        runtime = await self._ask_number(Variable.RUNTIME)
        power, battery = _power_in(flags), self._battery(flags, runtime)
        known = " ".join(sorted(flags & _FLAGS))
        failing = battery is Battery.FAILURE or "OVER" in flags
        health = Health(DeviceState.HARDWARE_ERROR if failing else DeviceState.ONLINE, "", known)
        return UpsStatus(health, power, battery, charge, runtime)

    def _battery(self, flags: frozenset[str], runtime: int | None) -> Battery:
        if "FSD" in flags:
            return Battery.CRITICAL
        if "OB" in flags and runtime is not None and runtime <= self._settings.critical_seconds:
            return Battery.CRITICAL
        if "LB" in flags:
            return Battery.LOW
        if "RB" in flags:
            return Battery.FAILURE
        return Battery.OPERATIONAL if flags & {"OL", "OB"} else Battery.UNKNOWN

    async def _ask_number(self, variable: Variable) -> int | None:
        """None where the supply does not measure it."""
        try:
            return number(await self._ask(variable))
        except _Refused:
            return None

    async def _ask(self, variable: Variable) -> str:
        """Raises TransportLost, _Silence, _Refused."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._link.transport()
                self._link.drop_input()
                await self._link.write(get_request(self._settings.ups, variable))
                decoder = LineDecoder()
                while True:
                    for said in decoder.feed(await self._link.read(READ_CHUNK)):
                        match said:
                            case Error(reason):
                                raise _Refused(reason)
                            case Value(ups, about, value) if (ups, about) == (self._settings.ups, variable.value):
                                return value
                            case _:
                                continue
        except TimeoutError:
            raise _Silence from None


_FLAGS = frozenset(
    {"OL", "OB", "LB", "HB", "RB", "CHRG", "DISCHRG", "BYPASS", "CAL", "OFF", "OVER", "TRIM", "BOOST", "FSD"}
)


def _power_in(flags: frozenset[str]) -> PowerIn:
    """A forced shutdown means that the mains are gone, whatever else is said."""
    if "OB" in flags or "FSD" in flags:
        return PowerIn.NO_POWER
    return PowerIn.POWERING if "OL" in flags else PowerIn.UNKNOWN


def _unknown(state: DeviceState, detail: str) -> UpsStatus:
    return UpsStatus(Health(state, "", detail), PowerIn.UNKNOWN, Battery.UNKNOWN)
