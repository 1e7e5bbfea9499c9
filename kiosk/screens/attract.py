"""待机: what can be done here now, and both doors into a visit."""

from __future__ import annotations

from dataclasses import replace

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
    language = speaker.words.language
    recorded = "" if closed or checking else dict(speaker.settings.recorded).get(language, "")
    picture, alt = _picture(state, speaker)
    announced = tuple(en if language == "en" else zh for zh, en in state.notices)
    page = AttractView(
        heading=speaker.say("attract", "heading"),
        sheets=tuple(
            TileSheet("", tiles, position) for tiles, position in speaker.sheets(frequent, speaker.most_choices)
        ),
        alarms=tuple(text for key in state.alarms if (text := _alarm(speaker, key))),
        # What is recorded stands here too: nothing is only to be heard.
        notices=(recorded, *announced) if recorded else announced,
        touch=speaker.say("attract", "touch"),
        open_count=count,
        card_door=speaker.say("attract", "card-door"),
        picture=picture,
        picture_alt=alt,
    )
    speech = speaker.speech("attract-closed" if closed else "attract")
    # A recording is of its own words alone; whoever made it had the picture to speak of.
    voice = recorded or " ".join(part for part in (speech.voice, alt) if part)
    return Body(
        page,
        replace(speech, voice=voice),
        tone=Tone.ATTENTION if state.alarms or closed else Tone.CALM,
        row=(speaker.action("what-to-bring"),),
        main=speaker.action("all-services", Role.PRIMARY),
    )


def _picture(state: Attract, speaker: Speaker) -> tuple[str, str]:
    """Where the picture lies and what it shows; "" twice where there is none, or nobody could say what it shows."""
    if state.picture is None or not speaker.settings.brought:
        return "", ""
    alt = dict(state.picture.alt).get(speaker.words.language, "")
    return (f"{speaker.settings.brought}/{state.picture.file}", alt) if alt else ("", "")


def _alarm(speaker: Speaker, key: str) -> str:
    """ "alarm-door-open:7" carries its value after a colon."""
    name, _, value = key.partition(":")
    return speaker.say(name, value=value)
