"""要带什么: what each open service asks for."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ServiceOpen, ServiceTile, WhatToBring
from kiosk.screens.views import BringSheet, BringView, WhatToBringView


def what_to_bring(state: WhatToBring, speaker: Speaker) -> Body:
    """What can be done now; everything where nothing can. A touch on a row goes to the service."""
    now = tuple(s for s in state.services if s.open is ServiceOpen.OPEN) or state.services
    rows = tuple(_row(speaker, service) for service in now)
    sheets = tuple(BringSheet(shown, position) for shown, position in speaker.sheets(rows, speaker.most_choices))
    return Body(WhatToBringView(sheets), speaker.speech("what-to-bring"), row=(speaker.action("back"),))


def _row(speaker: Speaker, service: ServiceTile) -> BringView:
    key = f"service-{service.code}"
    minutes = speaker.say("minutes-about", n=service.minutes) if service.minutes else ""
    return BringView(service.code, speaker.say(key), speaker.say(key, "bring"), minutes)
