"""The slot of the endorsement writer: a pass goes in, and comes out again."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import PassPage, PassStage
from kiosk.screens.views import PassView, Tone

_AT_THE_SLOT = (PassStage.INSERT, PassStage.PUSHED_BACK)


def pass_slot(state: PassPage, speaker: Speaker) -> Body:
    """While nothing is inside yet, one may keep it."""
    row = (speaker.action("keep", wording="keep-pass"),) if state.stage in _AT_THE_SLOT else ()
    return Body(
        PassView(state.stage.value, speaker.say("pass-place")),
        speaker.speech(f"pass-{state.stage.value}"),
        identity="out" if state.stage in (PassStage.TAKE, PassStage.STILL_THERE) else "in",
        tone=_tone(state.stage),
        busy=state.stage is PassStage.READING,
        row=row,
    )


def _tone(stage: PassStage) -> Tone:
    match stage:
        case PassStage.INSERT | PassStage.READING:
            return Tone.CALM
        case PassStage.TAKE:
            return Tone.SUCCESS
        case PassStage.PUSHED_BACK | PassStage.STILL_THERE:
            return Tone.ATTENTION
