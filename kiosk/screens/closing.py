"""结束: what was done, the number, what to take. It cannot be overlooked."""

from __future__ import annotations

from dataclasses import replace

from kiosk.screens.codes import qr_matrix
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ClosingPage
from kiosk.screens.views import ActionView, ClosingView, FactView, Picture, Role, TakeItemView, Tone

QR = "qr"
"""Name of the detail that is drawn as a code."""
STILL_HERE = "still-here"
"""Name of the detail that says which other finished document lies here: shown, and said aloud."""

_GOOD = frozenset(
    {
        "closing-collected",
        "closing-collected-unread",
        "closing-decided",
        "closing-paid",
        "closing-applied",
        "closing-shown",
        "closing-namesakes",
        "closing-reported-lost",
        "closing-temporary",
        "closing-certificate",
        "closing-record-accepted",
        "closing-crossings",
        "closing-pass-endorsed",
        "closing-endorsed",
        "closing-travel-shown",
        "closing-no-travel-file",
        "closing-applied-by-slip",
        "closing-objection",
        "closing-looked-up",
        "closing-no-traffic-file",
        "closing-reviewed",
        "closing-plate",
        "closing-plate-at-window",
        "closing-plate-by-slip",
        "closing-travel-applied",
        "closing-travel-by-slip",
        "closing-residence-registration",
        "closing-residence-permit",
        "closing-mark-issued",
        "closing-mark-printed",
        "closing-licence-applied",
        "closing-licence-by-slip",
        "closing-fine-paid",
        "closing-fine-by-slip",
        "closing-paid-elsewhere",
        "closing-no-fines",
        "closing-nothing-due",
        "closing-nothing-waiting",
    }
)
_PLAIN = frozenset({"closing-not-now", "closing-not-applied", "closing-given-back", "closing-left"})


def closing(state: ClosingPage, speaker: Speaker) -> Body:
    """Success is a tick and words, never a colour alone."""
    key = _key(state.topic, speaker)
    number = FactView("", "")
    if state.number:
        number = FactView(speaker.say(key, "number"), state.number, strong=True)
    codes = [value for key, value in state.details if key == QR]
    speech = speaker.speech(key)
    still_here = tuple(
        speaker.say("closing-still-here", document=speaker.say(f"document-{value}"))
        for key, value in state.details
        if key == STILL_HERE
    )
    speech = replace(speech, voice=" ".join((speech.voice, *still_here)))
    page = ClosingView(
        number=number,
        facts=tuple(speaker.fact(key, value) for key, value in state.details if key not in (QR, STILL_HERE)),
        take_heading=speaker.say("closing-take") if state.take else "",
        take=tuple(_item(speaker, name) for name in state.take),
        still_here=still_here,
        unprinted="" if state.printed else speaker.say("closing-unprinted"),
        qr=qr_matrix(codes[0]) if codes else (),
    )
    end = speaker.action("end", Role.PRIMARY, wording="all-taken" if state.take else "end")
    return Body(
        page,
        speech,
        identity=state.topic,
        tone=_tone(state),
        picture=Picture.TICK if state.topic in _GOOD else Picture.NONE,
        row=_reprint(state, speaker),
        main=end,
    )


def _key(topic: str, speaker: Speaker) -> str:
    """An ending that means something else after another service has a text of its own for it."""
    own = f"{topic}-{speaker.chrome.service}"
    return own if speaker.words.has(own) else topic


def _reprint(state: ClosingPage, speaker: Speaker) -> tuple[ActionView, ...]:
    papers = {"receipt", "page"} & set(state.take)
    return (speaker.action("reprint"),) if papers or not state.printed else ()


def _tone(state: ClosingPage) -> Tone:
    if not state.printed:
        return Tone.ATTENTION
    if state.topic in _GOOD:
        return Tone.SUCCESS
    return Tone.CALM if state.topic in _PLAIN else Tone.ATTENTION


def _item(speaker: Speaker, name: str) -> TakeItemView:
    key = name if name.startswith("take-") else f"take-{name}"
    return TakeItemView(key.removeprefix("take-"), speaker.say(key), speaker.say(key, "place"))
