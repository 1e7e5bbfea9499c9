"""声明: read to its end, then agreed."""

from __future__ import annotations

from dataclasses import replace

from kiosk.screens.speaking import Body, Speaker, paragraphs
from kiosk.screens.states import DeclarationPage
from kiosk.screens.views import DeclarationView, Role, TextView


def declaration(state: DeclarationPage, speaker: Speaker) -> Body:
    """Headquarters' dated text where it gave one, else the topic's own."""
    heading = speaker.say(state.topic, "heading")
    if state.text is None:
        text = TextView(heading, paragraphs(speaker.say(state.topic, "text")))
    else:
        text = speaker.law(heading, state.text)
    agree = replace(speaker.legal("agree", Role.PRIMARY, wording="declare"), after_last_sheet=True)
    return Body(
        DeclarationView(text),
        speaker.speech(state.topic),
        identity=state.topic,
        main=agree,
        calm=speaker.say("calm"),
    )
