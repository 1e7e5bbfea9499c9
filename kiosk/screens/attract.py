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
    checking = any(s.open is ServiceOpen.CHECKING for s in state.services)
    closed = not open_now and not checking
    count = speaker.say("attract", "none-open") if closed else ""
    if open_now:
        count = speaker.say("attract", "open-count", n=open_now)
    elif checking:
        count = speaker.say("service-checking")
    page = AttractView(
        heading=speaker.say("attract", "heading"),
        sheets=tuple(
            TileSheet("", tiles, position) for tiles, position in speaker.sheets(frequent, speaker.most_choices)
        ),
        alarms=tuple(text for key in state.alarms if (text := _alarm(speaker, key))),
        notices=tuple(zh if speaker.words.language.startswith("zh") else en for zh, en in state.notices),
        touch=speaker.say("attract", "touch"),
        open_count=count,
        card_door=speaker.say("attract", "card-door"),
    )
    return Body(
        page,
        speaker.speech("attract-closed" if closed else "attract"),
        tone=Tone.ATTENTION if state.alarms or closed else Tone.CALM,
        row=(speaker.action("what-to-bring"),),
        main=speaker.action("all-services", Role.PRIMARY),
    )


def _alarm(speaker: Speaker, key: str) -> str:
    """ "alarm-door-open:7" carries its value after a colon."""
    name, _, value = key.partition(":")
    return speaker.say(name, value=value)
