"""人脸核验: the outline, small moves where they are asked for, the comparison, and always another way."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import FaceMove, FacePage, FaceStage
from kiosk.screens.views import FaceView, Picture, Tone


def face(state: FacePage, speaker: Speaker) -> Body:
    """Tries are told only once one has failed: nobody is warned before. What the camera missed is nobody's fault."""
    challenge = state.stage is FaceStage.CHALLENGE
    away = state.stage is FaceStage.CAMERA_AWAY
    waits = state.stage in (FaceStage.COMPARING, FaceStage.CAMERA_AWAY)
    return Body(
        FaceView(
            stage=state.stage.value,
            person=speaker.say("face-person", name=state.masked_name) if state.masked_name else "",
            tries=_below(state, speaker),
            camera_on=_sign(state, speaker),
            move=state.move.value if challenge and state.move is not FaceMove.LOOK_STRAIGHT else "",
            done=state.done if challenge else 0,
            of=state.of if challenge else 0,
        ),
        speaker.speech(f"face-move-{state.move.value}" if challenge else f"face-{state.stage.value}"),
        tone=Tone.ATTENTION if state.stage is FaceStage.AGAIN or away else Tone.CALM,
        busy=waits,
        picture=Picture.DEVICE_AWAY if away else Picture.NONE,
        row=() if state.stage is FaceStage.COMPARING else (speaker.action("other-way"),),
    )


def _below(state: FacePage, speaker: Speaker) -> str:
    match state.stage:
        case FaceStage.AGAIN:
            return speaker.say("face-tries", n=state.tries_left)
        case FaceStage.CHALLENGE if state.of:
            return speaker.say("face-moves", n=min(state.done + 1, state.of), of=state.of)
        case _:
            return ""


def _sign(state: FacePage, speaker: Speaker) -> str:
    match state.stage:
        case FaceStage.LOOK | FaceStage.AGAIN | FaceStage.CHALLENGE | FaceStage.COMPARING:
            return speaker.say("camera-on")
        case FaceStage.CHALLENGE_OVER | FaceStage.CAMERA_AWAY:
            return ""
