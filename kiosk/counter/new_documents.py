"""Which document it is: a finished one as headquarters' loading record has it, against what its own chip says."""

from __future__ import annotations

from kiosk.people.id_card import IdCard
from kiosk.people.id_number import IdNumber
from kiosk.people.records import FinishedCard
from kiosk.people.travel_applications import FinishedTravelDocument
from kiosk.people.travel_document import ChipKey


def differs(card: IdCard, number: IdNumber, expected: FinishedCard) -> str:
    """ "" where it is the card; else "other-card" for another person's, "old-card" for another of the same person.

    By number, issue date, expiry and authority: the old card has the same number (rule 12).
    """
    if card.number.upper() != number.text:
        return "other-card"
    says = (card.valid_from, card.valid_to, card.authority)
    return "" if says == (expected.issue_date, expected.valid_to, expected.authority) else "old-card"


def chip_key(number: IdNumber, expected: FinishedTravelDocument) -> ChipKey:
    """What opens the chip of that very document and of no other: number, birth, expiry. Raises InvalidMrz."""
    expiry = "" if expected.valid_to is None else f"{expected.valid_to:%y%m%d}"
    return ChipKey.of(expected.printed_number, f"{number.birth:%y%m%d}", expiry)
