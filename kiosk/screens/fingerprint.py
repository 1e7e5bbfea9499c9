"""指纹: verification, and enrolment of thumbs."""

from __future__ import annotations

from kiosk.flows.steps import Finger
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import FingerPage, FingerStage
from kiosk.screens.views import FingerView, Picture, Tone


def fingerprint(state: FingerPage, speaker: Speaker) -> Body:
    """With a finger named it is enrolment: the finger is said in every sentence, touches are counted."""
    return _verify(state, speaker) if state.finger is None else _enrol(state, state.finger, speaker)


def _verify(state: FingerPage, speaker: Speaker) -> Body:
    missed = state.stage in (FingerStage.AGAIN, FingerStage.NOT_READ)
    tries = speaker.say("finger-tries", n=state.tries_left) if missed else ""
    view = FingerView(state.stage.value, "any", "", 1, 1, "", tries)
    return Body(
        view,
        speaker.speech(f"finger-{state.stage.value}"),
        identity="verify",
        tone=_tone(state.stage),
        busy=state.stage is not FingerStage.LIFT,
        picture=_picture(state.stage),
        row=(speaker.action("other-way"),),
    )


def _enrol(state: FingerPage, finger: Finger, speaker: Speaker) -> Body:
    name = finger.name.lower().replace("_", "-")
    label = speaker.say(f"finger-{name}")
    touch = speaker.say("touch-of", n=state.touch, of=state.touches) if state.touches > 1 else ""
    view = FingerView(state.stage.value, name, label, state.touch, state.touches, touch, "")
    return Body(
        view,
        speaker.speech(f"enrol-{state.stage.value}", finger=label),
        identity=f"enrol-{name}",
        tone=_tone(state.stage),
        busy=state.stage is not FingerStage.LIFT,
        picture=_picture(state.stage),
        row=(speaker.action("other-finger"),),
    )


def _tone(stage: FingerStage) -> Tone:
    match stage:
        case FingerStage.PLACE:
            return Tone.CALM
        case FingerStage.LIFT:
            return Tone.SUCCESS
        case FingerStage.AGAIN | FingerStage.NOT_READ | FingerStage.SENSOR_AWAY:
            return Tone.ATTENTION


def _picture(stage: FingerStage) -> Picture:
    match stage:
        case FingerStage.PLACE:
            return Picture.FINGER_PLACE
        case FingerStage.LIFT:
            return Picture.FINGER_LIFT
        case FingerStage.AGAIN | FingerStage.NOT_READ:
            return Picture.FINGER_AGAIN
        case FingerStage.SENSOR_AWAY:
            return Picture.DEVICE_AWAY
