"""A key switch with one contact a position: exactly one is closed, or the cable is off or the switch broken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kiosk.clock import Clock
from kiosk.devices.inputs.contact import Contact
from kiosk.devices.inputs.steady import Timing, Trouble
from kiosk.devices.inputs.wires import BOARD_LINES, MODEM_LINES, InputWire
from kiosk.devices.key_switch.contract import KeyCapabilities, KeyPosition
from kiosk.devices.words import Health


class _KeySettings(BaseModel):
    """What both ways of reading have in common. `positions`: the line of each position; JSON text too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str = Field(min_length=1)
    steady_seconds: float = Field(default=0.1, gt=0, le=1)
    positions: dict[KeyPosition, str]

    @property
    def timing(self) -> Timing:
        """A key may stay where it is for as long as it likes."""
        return Timing(steady=self.steady_seconds)

    @field_validator("positions", mode="before")
    @classmethod
    def _positions_as_text(cls, positions: object) -> object:
        """Settings files hold text; a board's line may be a number."""
        given = cast("object", json.loads(positions)) if isinstance(positions, str) else positions
        if isinstance(given, Mapping):
            return {key: str(line) for key, line in cast("Mapping[object, object]", given).items()}
        return given


def _checked(positions: dict[KeyPosition, str], lines: tuple[str, ...]) -> dict[KeyPosition, str]:
    differ = len(set(positions.values())) == len(positions) >= 2
    if not differ or KeyPosition.UNKNOWN in positions or set(positions.values()) - set(lines):
        raise ValueError(f"two or more positions, each with a line of its own out of {', '.join(lines)}")
    return positions


class ModemKeySettings(_KeySettings):
    """`port`: the adapter's path."""

    positions: dict[KeyPosition, str] = Field(
        default={KeyPosition.RUN: "cts", KeyPosition.MAINTENANCE: "dsr", KeyPosition.SUPERVISOR: "dcd"}
    )

    @field_validator("positions")
    @classmethod
    def _modem_lines(cls, positions: dict[KeyPosition, str]) -> dict[KeyPosition, str]:
        return _checked(positions, MODEM_LINES)


class BoardKeySettings(_KeySettings):
    """`port`, `baud` of an input board."""

    baud: int = 9600
    positions: dict[KeyPosition, str] = Field(
        default={KeyPosition.RUN: "3", KeyPosition.MAINTENANCE: "4", KeyPosition.SUPERVISOR: "5"}
    )

    @field_validator("positions")
    @classmethod
    def _board_lines(cls, positions: dict[KeyPosition, str]) -> dict[KeyPosition, str]:
        return _checked(positions, BOARD_LINES)


class ContactKey:
    """See KeySwitch."""

    def __init__(self, wire: InputWire, positions: Mapping[KeyPosition, str], timing: Timing, clock: Clock) -> None:
        def means(closed: frozenset[str]) -> KeyPosition:
            there = [position for position, line in positions.items() if line in closed]
            return there[0] if len(there) == 1 else KeyPosition.UNKNOWN

        self._capabilities = KeyCapabilities(frozenset(positions))
        self._contact = Contact(wire, means, KeyPosition.UNKNOWN, None, timing, clock)

    @property
    def capabilities(self) -> KeyCapabilities:
        """Static."""
        return self._capabilities

    async def position(self) -> KeyPosition:
        """See KeySwitch."""
        return await self._contact.state()

    async def turn(self, *, seconds: float) -> KeyPosition | None:
        """See KeySwitch."""
        turned: tuple[KeyPosition, Trouble] | None = await self._contact.turn(seconds=seconds)
        return None if turned is None else turned[0]

    async def health(self) -> Health:
        return await self._contact.health()

    async def close(self) -> None:
        await self._contact.close()
