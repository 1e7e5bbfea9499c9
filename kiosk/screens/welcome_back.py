"""The citizen of an interrupted visit hears first where money and document are (rule 17)."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import WelcomeBack
from kiosk.screens.views import ActionView, FactView, Role, Tone, WelcomeBackView


def welcome_back(state: WelcomeBack, speaker: Speaker) -> Body:
    """Facts are sentences; a value stands inside its sentence."""
    when = speaker.words.moment(state.when)
    number = FactView("", "")
    if state.quote:
        number = FactView(speaker.say("welcome-back", "number"), state.quote, strong=True)
    page = WelcomeBackView(
        facts=tuple(speaker.say(key, value=speaker.value(key, value)) for key, value in state.facts),
        number=number,
        when=when,
    )
    ways: tuple[ActionView, ...] = (speaker.action("continue", Role.PRIMARY),)
    if state.reprint:
        ways = (*ways, speaker.action("reprint"))
    return Body(page, speaker.speech("welcome-back", when=when), identity=state.quote, tone=Tone.ATTENTION, ways=ways)
