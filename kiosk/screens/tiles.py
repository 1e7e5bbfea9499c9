"""Services as tiles, for the pages that show what can be done here."""

from __future__ import annotations

from kiosk.flows.opening import Line
from kiosk.screens.speaking import Speaker
from kiosk.screens.states import ServiceOpen, ServiceTile
from kiosk.screens.views import TileView

BRANCHES = {"HZ": "household", "JG": "traffic", "CRJ": "exit-entry"}
"""What a service's code begins with, and the branch's name."""


def branch(code: str) -> str:
    """Branch of a service by its code. Raises KeyError for a code of no branch."""
    return BRANCHES[code.rstrip("0123456789")]


def _why(speaker: Speaker, service: ServiceTile) -> str:
    """Why it is closed; where another machine of the station offers it, which one that is."""
    if service.elsewhere is not None:
        chinese, english = service.elsewhere
        return speaker.say("closed-elsewhere", machine=english if speaker.words.language == "en" else chinese)
    return speaker.wording(service.why) if service.why else ""


def tile(speaker: Speaker, service: ServiceTile) -> TileView:
    """One service: what it is where open, why not where closed."""
    is_open = service.open is ServiceOpen.OPEN
    key = f"service-{service.code}"
    left = is_open and service.line is Line.DOWN
    state = speaker.say("service-elsewhere" if service.elsewhere else f"service-{service.open.value}")
    if left:
        state = speaker.say("service-pre-registration")
    why = _why(speaker, service)
    minutes = speaker.say("minutes-about", n=service.minutes) if is_open and service.minutes and not left else ""
    note = speaker.say("service-pre-registration", "note") if left else speaker.say(key, "note")
    return TileView(
        code=service.code,
        title=speaker.say(key),
        note=note if is_open else why or note,
        minutes=minutes,
        state=service.open.value,
        state_text=state,
        enabled=is_open,
        why_not="" if is_open else why or state,
        branch=branch(service.code),
    )
