"""人脸核验: the outline, the comparison, and always another way."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import FacePage, FaceStage
from kiosk.screens.views import FaceView, Picture, Tone


def face(state: FacePage, speaker: Speaker) -> Body:
    """Tries are told only once one has failed: nobody is warned before."""
    tries = speaker.say("face-tries", n=state.tries_left) if state.stage is FaceStage.AGAIN else ""
    person = speaker.say("face-person", name=state.masked_name) if state.masked_name else ""
    comparing = state.stage is FaceStage.COMPARING
    return Body(
        FaceView(state.stage.value, person, tries, _sign(state, speaker)),
        speaker.speech(f"face-{state.stage.value}"),
        tone=Tone.ATTENTION if state.stage in (FaceStage.AGAIN, FaceStage.CAMERA_AWAY) else Tone.CALM,
        busy=comparing or state.stage is FaceStage.CAMERA_AWAY,
        picture=Picture.DEVICE_AWAY if state.stage is FaceStage.CAMERA_AWAY else Picture.NONE,
        row=() if comparing else (speaker.action("other-way"),),
    )


def _sign(state: FacePage, speaker: Speaker) -> str:
    match state.stage:
        case FaceStage.LOOK | FaceStage.AGAIN | FaceStage.COMPARING:
            return speaker.say("camera-on")
        case FaceStage.CAMERA_AWAY:
            return ""
