"""签名 with a finger."""

from __future__ import annotations

from dataclasses import replace

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import SignPage
from kiosk.screens.views import Role, SignView, Tone

PAD = (3, 1)
"""Width to height of the pad and of the picture made from it."""

INK_NEEDED = 2_500
"""A name written anywhere on the pad is longer than a quarter of its width."""


def sign(state: SignPage, speaker: Speaker) -> Body:
    """The pad keeps the strokes until they are sent."""
    error = speaker.wording(state.fault) if state.fault else ""
    page = SignView(
        paper=speaker.say(state.topic, "paper"),
        pad=speaker.say("sign-pad"),
        clear_label=speaker.say("sign-clear"),
        width=PAD[0],
        height=PAD[1],
        ink_needed=INK_NEEDED,
    )
    send = replace(speaker.legal("signed", Role.PRIMARY), payload_key="strokes", from_view="strokes")
    return Body(
        page,
        speaker.speech(state.topic),
        identity=state.topic,
        tone=Tone.ATTENTION if error else Tone.CALM,
        error=error,
        main=send,
        calm=speaker.say("calm"),
    )
