"""What there is to do for a citizen: asked when somebody lays a card down without saying what for."""

from __future__ import annotations

from dataclasses import replace

from central.desks.cards import card_to_collect, may_apply
from central.desks.desk import Desk
from central.desks.driving import may_apply_traffic
from central.desks.fines import unpaid_fines
from central.desks.traffic import has_open_records
from central.desks.travel_collecting import travel_documents_here, travel_to_collect
from kiosk.people.id_number import IdNumber
from kiosk.people.records import FinishedCard, Ground, MayApply, Refusal, Waiting
from kiosk.people.traffic import MayApplyTraffic, TrafficMatter
from kiosk.people.travel_applications import FinishedTravelDocument


def waiting_for(desk: Desk, number: IdNumber) -> tuple[Waiting, ...]:
    """What lies here finished first, then what has a fine, then what has time; nothing for a number not on file.

    Only that there is something: which, and whether it can be settled here, its own service asks and tells.
    """
    found: list[Waiting] = []
    if isinstance(card_to_collect(desk, number), FinishedCard):
        found.append(Waiting.CARD_FINISHED)
    if isinstance(travel_to_collect(desk, number), FinishedTravelDocument):
        found.append(Waiting.DOCUMENT_FINISHED)
    if has_open_records(desk, number):
        found.append(Waiting.VIOLATIONS)
    if unpaid_fines(desk, number):
        found.append(Waiting.FINES)
    if isinstance(may_apply_traffic(desk, number, TrafficMatter.LICENCE_RENEWAL), MayApplyTraffic):
        found.append(Waiting.LICENCE_EXPIRES)
    if isinstance(may_apply(desk, number, Ground.RENEWAL), MayApply):
        found.append(Waiting.CARD_EXPIRES)
    return tuple(found)


def card_and_what_lies_beside(desk: Desk, number: IdNumber) -> FinishedCard | Refusal:
    """HZ02's answer, with the names of what CRJ07 has for the same citizen here."""
    found = card_to_collect(desk, number)
    if isinstance(found, Refusal):
        return found
    return replace(found, beside=tuple(one.document for one in travel_documents_here(desk, number)))


def document_and_what_lies_beside(desk: Desk, number: IdNumber) -> FinishedTravelDocument | Refusal:
    """CRJ07's answer, with the names of what else lies here finished for the same citizen."""
    found = travel_to_collect(desk, number)
    if isinstance(found, Refusal):
        return found
    card = card_to_collect(desk, number)
    cards = (card.document,) if isinstance(card, FinishedCard) else ()
    others = tuple(one.document for one in travel_documents_here(desk, number) if one.item != found.item)
    return replace(found, beside=(*cards, *others))
