"""选事项: every service, branch by branch."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import AllServices
from kiosk.screens.tiles import BRANCHES, branch, tile
from kiosk.screens.views import AllServicesView, TileSheet

WHOLE_BRANCH = 10
"""Tiles on a sheet where no mode asks for fewer: the largest branch has ten services."""


def all_services(state: AllServices, speaker: Speaker) -> Body:
    """One sheet a branch; four tiles a sheet in elder mode."""
    most = speaker.settings.elder_choices if speaker.look.elder else WHOLE_BRANCH
    sheets: list[TileSheet] = []
    for name in BRANCHES.values():
        tiles = tuple(tile(speaker, s) for s in state.services if branch(s.code) == name)
        if not tiles:
            continue
        heading = speaker.say(f"branch-{name}")
        for shown, _ in speaker.sheets(tiles, most):
            sheets.append(TileSheet(heading, shown, ""))
    numbered = tuple(
        TileSheet(s.title, s.tiles, speaker.say("sheet-of", n=n, of=len(sheets)) if len(sheets) > 1 else "")
        for n, s in enumerate(sheets, start=1)
    )
    return Body(AllServicesView(numbered), speaker.speech("all-services"), row=(speaker.action("back"),))
