"""What one visitor turned up or down is set back before the next one is spoken to."""

from __future__ import annotations

from kiosk.devices.audio.contract import Silent
from kiosk.nights.night import Night
from tests.visits.nights import a_night, script_of, visitor


class Listening(Silent):
    """Writes down when it is set back."""

    def __init__(self) -> None:
        self.resets = 0

    def visit_begins(self) -> None:
        """One more."""
        self.resets += 1


def test_the_level_is_set_back_at_the_start_of_every_visit() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        listening = Listening()
        night.running.built.desk.audio = listening
        situation, script = script_of("JG01")
        for nth in range(2):
            _ = await visitor(night, situation, nth).go(*script)
            assert listening.resets == nth + 1

    a_night(scene)
