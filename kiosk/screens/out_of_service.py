"""The whole terminal is closed: why, since when, where else."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker, Speech
from kiosk.screens.states import OutOfService
from kiosk.screens.views import OutOfServiceView, Picture, Tone


def out_of_service(state: OutOfService, speaker: Speaker) -> Body:
    """`why` is the name of an out- message, with or without that beginning."""
    key = state.why if state.why.startswith("out-") else f"out-{state.why}"
    instead = ["out-instead-window"]
    if speaker.settings.duty_telephone:
        instead.append("out-instead-telephone")
    instead.append("out-instead-emergency")
    page = OutOfServiceView(
        since=speaker.say("out-since", when=speaker.words.moment(state.since)) if state.since else "",
        instead=tuple(speaker.say(k) for k in instead),
    )
    speech = speaker.speech(key)
    said = state.said[speaker.look.language == "en"]
    if said:
        speech = Speech(speech.sentence, said, speech.status, f"{speech.voice} {said}")
    return Body(page, speech, identity=key, tone=Tone.ATTENTION, picture=Picture.CLOSED)
