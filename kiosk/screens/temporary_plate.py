"""临时号牌: printed, then to be taken."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import TemporaryPlatePage, TemporaryPlateStage
from kiosk.screens.views import TemporaryPlateView, Tone


def temporary_plate(state: TemporaryPlatePage, speaker: Speaker) -> Body:
    """Nothing to touch: the sensor sees the hand."""
    return Body(
        TemporaryPlateView(state.stage.value, speaker.say("temporary-plate-place")),
        speaker.speech(f"temporary-plate-{state.stage.value}"),
        identity="making" if state.stage is TemporaryPlateStage.MAKING else "out",
        tone=_tone(state.stage),
        busy=state.stage is TemporaryPlateStage.MAKING,
    )


def _tone(stage: TemporaryPlateStage) -> Tone:
    match stage:
        case TemporaryPlateStage.MAKING:
            return Tone.CALM
        case TemporaryPlateStage.TAKE:
            return Tone.SUCCESS
        case TemporaryPlateStage.STILL_THERE:
            return Tone.ATTENTION
