"""请扫码: the code on one paper."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ScanPage, ScanStage
from kiosk.screens.views import ScanView, Tone


def scan(state: ScanPage, speaker: Speaker) -> Body:
    """The paper that is wanted leads; what was shown instead is said, and the paper is asked for again."""
    waiting = state.stage is ScanStage.WAITING
    return Body(
        ScanView(state.stage.value, speaker.say("scan-place")),
        speaker.speech(state.topic if waiting else f"scan-{state.stage.value}"),
        identity=state.topic,
        tone=Tone.CALM if waiting else Tone.ATTENTION,
        busy=True,
        row=(speaker.action("cannot", wording="scan-cannot"),),
    )
