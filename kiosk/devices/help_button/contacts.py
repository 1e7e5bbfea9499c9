"""A help button on a change-over contact: one line is closed at rest, one while pressed; else the cable is off."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kiosk.clock import Clock
from kiosk.devices.help_button.contract import Button, ButtonCapabilities, ButtonEvent
from kiosk.devices.inputs.contact import Contact
from kiosk.devices.inputs.steady import Timing, Trouble
from kiosk.devices.inputs.wires import BOARD_LINES, MODEM_LINES, InputWire
from kiosk.devices.words import Health


class _ButtonSettings(BaseModel):
    """What both ways of reading have in common. Seconds: see Timing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str = Field(min_length=1)
    steady_seconds: float = Field(default=0.05, gt=0, le=1)
    stuck_seconds: float = Field(default=30.0, gt=1)

    @property
    def timing(self) -> Timing:
        """For the debouncing."""
        return Timing(steady=self.steady_seconds, stuck=self.stuck_seconds)


class ModemButtonSettings(_ButtonSettings):
    """`port`: the adapter's path. `rest`, `pressed`: which modem line each side of the contact closes."""

    rest: str = "cts"
    pressed: str = "dsr"

    @model_validator(mode="after")
    def _lines_are_two(self) -> ModemButtonSettings:
        if {self.rest, self.pressed} - set(MODEM_LINES) or self.rest == self.pressed:
            raise ValueError(f"rest and pressed are two of {', '.join(MODEM_LINES)}")
        return self


class BoardButtonSettings(_ButtonSettings):
    """`port`, `baud` of an input board. `rest`, `pressed`: which of its lines each side of the contact closes."""

    baud: int = 9600
    rest: str = "1"
    pressed: str = "2"

    @field_validator("rest", "pressed", mode="before")
    @classmethod
    def _numbers_as_text(cls, line: object) -> str:
        """A number from a file or a shell is a line's name too."""
        return str(line)

    @model_validator(mode="after")
    def _lines_are_two(self) -> BoardButtonSettings:
        if {self.rest, self.pressed} - set(BOARD_LINES) or self.rest == self.pressed:
            raise ValueError("rest and pressed are two of the lines 1 to 8")
        return self


class ContactButton:
    """See HelpButton."""

    def __init__(self, wire: InputWire, rest: str, pressed: str, timing: Timing, clock: Clock) -> None:
        def means(closed: frozenset[str]) -> Button:
            match rest in closed, pressed in closed:
                case True, False:
                    return Button.RELEASED
                case False, True:
                    return Button.PRESSED
                case _:
                    return Button.UNKNOWN

        self._contact = Contact(wire, means, Button.UNKNOWN, Button.PRESSED, timing, clock)

    @property
    def capabilities(self) -> ButtonCapabilities:
        """Static."""
        return ButtonCapabilities(supervised=True)

    async def state(self) -> Button:
        """See HelpButton."""
        return await self._contact.state()

    async def event(self, *, seconds: float) -> ButtonEvent | None:
        """See HelpButton."""
        turned = await self._contact.turn(seconds=seconds)
        if turned is None:
            return None
        match turned:
            case Button.PRESSED, Trouble.STUCK:
                return ButtonEvent.STUCK
            case Button.PRESSED, _:
                return ButtonEvent.PRESSED
            case Button.RELEASED, _:
                return ButtonEvent.RELEASED
            case Button.UNKNOWN, _:
                return ButtonEvent.LOST

    async def health(self) -> Health:
        return await self._contact.health()

    async def close(self) -> None:
        await self._contact.close()
