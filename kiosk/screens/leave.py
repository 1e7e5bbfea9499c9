"""Really leave? What is lost, and what stays."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import LeavePage
from kiosk.screens.views import LeaveView, Role, Tone


def leave(state: LeavePage, speaker: Speaker) -> Body:
    """Going on leads; leaving is the destructive one."""
    page = LeaveView(
        loses=tuple(speaker.wording(key) for key in state.loses),
        loses_heading=speaker.say("leave", "loses") if state.loses else "",
        stays=speaker.say("leave", "stays"),
    )
    return Body(
        page,
        speaker.speech("leave"),
        tone=Tone.ATTENTION,
        ways=(
            speaker.action("stay", Role.PRIMARY),
            speaker.action("leave", Role.DANGER, wording="leave-now"),
        ),
    )
