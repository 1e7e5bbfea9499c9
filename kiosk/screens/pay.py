"""缴费: the code is on the screen, the truth is at headquarters."""

from __future__ import annotations

from kiosk.screens.codes import qr_matrix
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import PayPage, PayStage
from kiosk.screens.views import ActionView, FigureView, PayView, Picture, Tone

_HOW = ("how-open", "how-scan", "how-check")


def pay(state: PayPage, speaker: Speaker) -> Body:
    """No second code is ever offered here; without a telephone there is a slip."""
    coded = state.stage is PayStage.CODE
    page = PayView(
        stage=state.stage.value,
        amount=FigureView(speaker.say("pay-amount"), state.amount.yuan, speaker.say("yuan")),
        bill=speaker.say(state.bill_topic),
        order=speaker.say("pay-order", order=state.order) if state.order else "",
        qr=qr_matrix(state.code_url) if coded else (),
        how=tuple(speaker.say("pay-code", how) for how in _HOW) if coded else (),
    )
    return Body(
        page,
        speaker.speech(f"pay-{state.stage.value}", amount=state.amount.yuan),
        identity=state.order,
        tone=Tone.ATTENTION if state.stage is PayStage.CLOSING else Tone.CALM,
        busy=True,
        picture=Picture.NONE if coded else Picture.WAIT,
        row=_row(speaker) if coded else (),
    )


def _row(speaker: Speaker) -> tuple[ActionView, ...]:
    return (speaker.legal("cancel", wording="cancel-payment"), speaker.legal("by-slip"))
