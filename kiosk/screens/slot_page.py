"""A new document out of the slot of a dispenser: fetched and checked inside, then to be taken."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import SlotPage, SlotStage
from kiosk.screens.views import SlotView, Tone

PASSPORT = "passport"


def slot_page(state: SlotPage, speaker: Speaker) -> Body:
    """Nothing to touch: the sensor sees the hand."""
    document = speaker.say(f"document-{state.document}")
    return Body(
        SlotView(state.stage.value, speaker.say("slot-place"), state.document == PASSPORT),
        speaker.speech(f"slot-{state.stage.value}", document=document),
        identity="fetching" if state.stage is SlotStage.FETCHING else "out",
        tone=_tone(state.stage),
        busy=state.stage is SlotStage.FETCHING,
    )


def _tone(stage: SlotStage) -> Tone:
    match stage:
        case SlotStage.FETCHING:
            return Tone.CALM
        case SlotStage.TAKE:
            return Tone.SUCCESS
        case SlotStage.STILL_THERE:
            return Tone.ATTENTION
