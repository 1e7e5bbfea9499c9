"""拍照: live guidance, then a few shots to choose from."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import PortraitPage, PortraitStage
from kiosk.screens.views import ActionView, Picture, PortraitView, ShotView, Tone

OUTLINE_WIDTH, OUTLINE_HEIGHT = 0.42, 0.62
"""The head in the preview, as fractions of it: what the coach asks for leaves room around the crop."""

_TIPS = ("tip-hat", "tip-clothes", "tip-glasses")


def portrait(state: PortraitPage, speaker: Speaker) -> Body:
    """Shots are taken when the face holds still; a poor light leads to a person, never to a dead end."""
    choosing = state.stage is PortraitStage.CHOOSE
    taken = ""
    if state.stage is PortraitStage.GUIDE and state.taken:
        taken = speaker.say("portrait-taken", n=state.taken, of=speaker.settings.shots)
    page = PortraitView(
        stage=state.stage.value,
        shots=tuple(_shot(speaker, index, source) for index, source in enumerate(state.shots)),
        taken=taken,
        outline_width=OUTLINE_WIDTH,
        outline_height=OUTLINE_HEIGHT,
        tips=tuple(speaker.say("portrait-guide", tip) for tip in _TIPS) if not choosing and not state.failed else (),
        failed=_failed(state, speaker),
        camera_on=speaker.say("camera-on") if state.stage is PortraitStage.GUIDE else "",
    )
    return Body(
        page,
        speaker.speech(f"portrait-{state.stage.value}"),
        identity="choose" if choosing else "guide",
        tone=Tone.ATTENTION if state.stage is PortraitStage.CAMERA_AWAY else Tone.CALM,
        busy=state.stage is PortraitStage.CAMERA_AWAY,
        picture=Picture.DEVICE_AWAY if state.stage is PortraitStage.CAMERA_AWAY else Picture.NONE,
        row=_row(state, speaker),
        calm=speaker.say("calm"),
    )


def _row(state: PortraitPage, speaker: Speaker) -> tuple[ActionView, ...]:
    if state.stage is PortraitStage.CHOOSE:
        return (speaker.action("retake"),)
    if state.stage is PortraitStage.CAMERA_AWAY:
        return (speaker.action("review"),) if state.review_offered else ()
    shoot = speaker.action("shoot")
    return (speaker.action("review"), shoot) if state.review_offered else (shoot,)


def _failed(state: PortraitPage, speaker: Speaker) -> str:
    if state.stage is not PortraitStage.GUIDE or not state.failed:
        return ""
    return speaker.say("portrait-failed", reason=speaker.say(f"advice-{state.failed}"))


def _shot(speaker: Speaker, index: int, source: str) -> ShotView:
    note = speaker.say("portrait-choose", "best") if index == 0 else ""
    return ShotView(index, source, speaker.say("portrait-choose", "shot", n=index + 1), note)
