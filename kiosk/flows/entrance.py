"""门: who is let into the zone at night. No service: a door has its own procedure, and every entry is an effect."""

from __future__ import annotations

from kiosk.flows.effects import CameIn, LetInBy, NobodyCameIn, NotReleased, OpenDoor, ReleaseInDoubt
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import CardPresented, Phase, PresentCard, WithoutCard


async def let_in_by_card(opening: Opening) -> Outcome:
    """A card that the reader found authentic, whoever holds it: the door asks no headquarters and compares no face.

    Who came is kept as the station's keyed pseudonym; an expired card lets in too, for it is renewed inside.
    """
    del opening
    card = await PresentCard(key="card", phase=Phase.IDENTITY, without=WithoutCard.NOT_OFFERED)
    if not isinstance(card, CardPresented):
        return Outcome(Ending.NOT_NOW, "door-stayed-shut")
    return _outcome(await OpenDoor(key="entry", phase=Phase.FINISH, by=LetInBy.CARD, number=card.card.number))


async def let_in_by_guard(opening: Opening) -> Outcome:
    """A person on duty ordered it, with a reason that headquarters keeps."""
    del opening
    return _outcome(await OpenDoor(key="entry", phase=Phase.FINISH, by=LetInBy.GUARD))


def _outcome(opened: CameIn | NobodyCameIn | NotReleased | ReleaseInDoubt) -> Outcome:
    match opened:
        case CameIn():
            return Outcome(Ending.DONE, "door-came-in")
        case NobodyCameIn():
            return Outcome(Ending.NOT_NOW, "door-nobody-came-in")
        case NotReleased():
            return Outcome(Ending.NEEDS_A_PERSON, "door-stayed-shut")
        case ReleaseInDoubt():
            return Outcome(Ending.NEEDS_A_PERSON, "door-in-doubt")
