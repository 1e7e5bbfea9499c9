"""What technicians measure: the screen by a card, the glass by targets, camera and booth by what stands there."""

from __future__ import annotations

from dataclasses import replace

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import DisplayPage, DisplayStage, MeasurePage, MeasureStage, TouchPage
from kiosk.screens.views import DisplayView, FactView, MeasureView, Role, Tone, TouchView

_DEVICES = {"distance": "exam-booth", "height": "exam-booth", "camera-aim": "camera", "camera-exposure": "camera"}


def measure(state: MeasurePage, speaker: Speaker) -> Body:
    """Set up, look, or what was found."""
    result = state.stage is MeasureStage.RESULT
    key = f"measure-{state.what}" if not result else "measured-within" if state.within else "measured-off"
    facts = tuple(FactView(speaker.say(label), _fact(text, speaker)) for label, text in state.facts)
    cannot = speaker.action("cannot")
    again = speaker.action("again", Role.SECONDARY if state.within else Role.PRIMARY, wording="measure-again")
    keep = speaker.action("keep", Role.PRIMARY, wording="keep-measured")
    ready = speaker.action("ready", Role.PRIMARY, wording="measure-now")
    body = Body(
        MeasureView(
            _DEVICES.get(state.what, "display"),
            state.stage is MeasureStage.LOOK,
            speaker.say("camera-on"),
            facts,
        ),
        speaker.speech(key),
        identity=f"{state.what}/{state.stage.value}",
        row=(cannot,),
        main=ready,
    )
    if not result:
        return body
    tone = Tone.SUCCESS if state.within else Tone.ATTENTION
    row = (cannot, again) if state.within else (cannot,)
    return replace(body, tone=tone, row=row, main=keep if state.within else again)


def _fact(text: str, speaker: Speaker) -> str:
    return speaker.say(text) if speaker.words.has(text) else text


def display(state: DisplayPage, speaker: Speaker) -> Body:
    """A card held against its outline, then what a certified screen shows."""
    size = state.stage is DisplayStage.SIZE
    cannot, wrong = speaker.action("cannot"), speaker.action("no", wording="colours-wrong")
    send = replace(speaker.action("measured", Role.PRIMARY, wording="card-fits"), from_view="pixels")
    return Body(
        DisplayView(
            state.stage.value,
            state.pixels,
            state.card_mm,
            speaker.say("display-wider"),
            speaker.say("display-narrower"),
        ),
        speaker.speech(f"display-{state.stage.value}"),
        identity=state.stage.value,
        ways=() if size else (wrong,),
        row=(cannot,),
        main=send if size else speaker.action("yes", Role.PRIMARY, wording="colours-right"),
    )


def touch(state: TouchPage, speaker: Speaker) -> Body:
    """Every target in turn; whoever finds one dead says so."""
    speech = speaker.speech("touch-targets")
    send = replace(speaker.action("measured", Role.PRIMARY, wording="touch-done"), from_view="points")
    return Body(
        TouchView(state.columns, state.rows, speaker.say("action-touch-done"), speech.sentence),
        speech,
        row=(speaker.action("cannot"),),
        main=send,
    )
