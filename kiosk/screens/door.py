"""门: the page outside the zone. A card opens; whoever has none is told whom to call, in very large letters."""

from __future__ import annotations

from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import DoorPage, EntryStage
from kiosk.screens.views import ActionView, DoorView, FactView, Picture, Role, Tone

_PICTURES = {
    EntryStage.WAITING: Picture.CARD_TO_READER,
    EntryStage.READING: Picture.CARD_STAYS,
    EntryStage.NOT_READ: Picture.CARD_AGAIN,
    EntryStage.EXPIRED: Picture.CARD_NOT_TAKEN,
    EntryStage.OPEN: Picture.CARD_READ,
    EntryStage.LET_IN: Picture.NONE,
    EntryStage.CALLED: Picture.NONE,
    EntryStage.REFUSED: Picture.NONE,
    EntryStage.AWAY: Picture.NONE,
}
_OPEN = (EntryStage.OPEN, EntryStage.LET_IN)
_CALLING = (EntryStage.EXPIRED, EntryStage.CALLED, EntryStage.REFUSED, EntryStage.AWAY)
"""Where the telephone is what helps."""


def door(state: DoorPage, speaker: Speaker) -> Body:
    """One sentence, one picture, one button; the guard's number on every stage."""
    calling = state.stage in _CALLING
    telephone = speaker.settings.duty_telephone or speaker.settings.emergency_number
    page = DoorView(
        telephone=FactView(speaker.say("door-guard"), telephone, strong=True),
        calling=calling,
        alarms=tuple(speaker.say(key) for key in state.alarms),
        notes=(speaker.say("door-way-out"),),
    )
    return Body(
        page,
        speaker.speech(f"door-{state.stage.value}"),
        tone=Tone.SUCCESS if state.stage in _OPEN else Tone.ATTENTION if calling else Tone.CALM,
        picture=_PICTURES[state.stage],
        main=_button(state.stage, speaker),
    )


def _button(stage: EntryStage, speaker: Speaker) -> ActionView | None:
    match stage:
        case EntryStage.WAITING | EntryStage.NOT_READ | EntryStage.EXPIRED | EntryStage.REFUSED | EntryStage.AWAY:
            return speaker.action("no-card", Role.PRIMARY, wording="call-guard" if stage in _CALLING else "no-card")
        case EntryStage.CALLED:
            return speaker.action("continue", Role.SECONDARY, wording="door-card-after-all")
        case EntryStage.READING | EntryStage.OPEN | EntryStage.LET_IN:
            return None
