"""待机: what can be done here now, and both doors into a visit."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import Attract, ServiceOpen
from kiosk.screens.tiles import tile
from kiosk.screens.views import AttractView, Role, TileSheet, Tone


def attract(state: Attract, speaker: Speaker) -> Body:
    """The page before a visit; frequent services first hand, the rest behind a button."""
    frequent = tuple(tile(speaker, s) for s in state.services if s.frequent)
    open_now = sum(s.open is ServiceOpen.OPEN for s in state.services)
    count = speaker.say("attract", "open-count", n=open_now) if open_now else speaker.say("attract", "none-open")
    page = AttractView(
        heading=speaker.say("attract", "heading"),
        sheets=tuple(
            TileSheet("", tiles, position) for tiles, position in speaker.sheets(frequent, speaker.most_choices)
        ),
        alarms=tuple(_alarm(speaker, key) for key in state.alarms),
        touch=speaker.say("attract", "touch"),
        open_count=count,
        card_door=speaker.say("attract", "card-door"),
    )
    return Body(
        page,
        speaker.speech("attract"),
        tone=Tone.ATTENTION if state.alarms or not open_now else Tone.CALM,
        row=(speaker.action("what-to-bring"),),
        main=speaker.action("all-services", Role.PRIMARY),
    )


def _alarm(speaker: Speaker, key: str) -> str:
    """ "alarm-door-open:7" carries its value after a colon."""
    name, _, value = key.partition(":")
    return speaker.say(name, value=value)
