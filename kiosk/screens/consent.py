"""个人信息告知与单独同意: PIPL art. 17, 29, 30; refusing is a way on, not an end."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ConsentPage
from kiosk.screens.views import ConsentView, FactView, Role


def consent(state: ConsentPage, speaker: Speaker) -> Body:
    """Who, what, why, where, how long, rights, and what refusing leads to."""
    topic = state.topic
    parts = (
        ("what", speaker.say(topic, "what")),
        ("why", speaker.say(topic, "why")),
        *_challenge(state, speaker),
        ("where", speaker.say(topic, state.compared_at)),
        ("keep", speaker.say(topic, "keep")),
        ("rights", speaker.say(topic, "rights")),
        ("refuse", speaker.say(topic, "refuse")),
        ("who", speaker.say(topic, "who", controller=_controller(speaker), telephone=_telephone(speaker))),
    )
    facts = tuple(
        FactView(speaker.say(f"consent-label-{name}"), text, strong=name in ("where", "refuse"))
        for name, text in parts
    )
    return Body(
        ConsentView(facts, state.compared_at),
        speaker.speech(topic),
        identity=topic,
        ways=(speaker.legal("agree", Role.PRIMARY), speaker.legal("decline")),
        calm=speaker.say("calm"),
    )


def _challenge(state: ConsentPage, speaker: Speaker) -> tuple[tuple[str, str], ...]:
    """What else is asked of the face, and how little it proves."""
    return (("moves", speaker.say(state.topic, f"moves-{state.challenge}")),) if state.challenge else ()


def _controller(speaker: Speaker) -> str:
    return speaker.settings.naming(speaker.look.language).controller


def _telephone(speaker: Speaker) -> str:
    return speaker.settings.duty_telephone or speaker.say("consent-no-telephone")
