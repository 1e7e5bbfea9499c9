"""无证: the identity number is typed."""

from __future__ import annotations

from kiosk.screens.keypads import id_number_pad, send
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import TypeNumber
from kiosk.screens.views import Tone, TypeNumberView


def type_number(state: TypeNumber, speaker: Speaker) -> Body:
    """Each way a number can be wrong has its own sentence."""
    error = speaker.say(f"fault-number-{state.fault.value}") if state.fault else ""
    return Body(
        TypeNumberView(id_number_pad(speaker, state.draft)),
        speaker.speech("type-number"),
        tone=Tone.ATTENTION if error else Tone.CALM,
        error=error,
        row=(speaker.action("other-letters"),),
        main=send(speaker, "number"),
        calm=speaker.say("calm"),
    )
