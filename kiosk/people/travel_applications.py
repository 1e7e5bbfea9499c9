"""What headquarters answers about an application for a passport or pass, and about a finished one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kiosk.people.exit_entry import DocumentGround, TravelDocumentKind
from kiosk.people.money import Money
from kiosk.people.records import OldCard


@dataclass(frozen=True, slots=True)
class MayApplyTravel:
    """Yes, on one of these grounds, with the fee and what is known already.

    `phone_masked` is the telephone on file, "" where none; `ready_by` the last day of the term.
    """

    kind: TravelDocumentKind
    grounds: tuple[DocumentGround, ...]
    fee: Money
    fee_reference: str
    phone_masked: str
    collect_sites: tuple[tuple[str, str], ...]
    ready_by: date
    tag: Literal["may-apply-travel"] = "may-apply-travel"


@dataclass(frozen=True, slots=True)
class FinishedTravelDocument:
    """A finished passport or pass loaded in this terminal. `item` is headquarters' id of the physical document.

    `old_card`: whether the document it replaces must still be handed in; HELD where there is none, or it was.
    """

    item: str
    case_number: str
    board: int
    compartment: int
    kind: TravelDocumentKind
    issue_date: date
    valid_to: date | None
    old_card: OldCard = field(default=OldCard.HELD)
    printed_number: str = field(default="", repr=False)
    """The number on the document itself; with birth and expiry it opens its chip. "" where nobody told."""
    beside: tuple[str, ...] = ()
    """Other finished documents of theirs that lie in this terminal too, by the words for them."""

    @property
    def document(self) -> str:
        """The word for it on pages and papers."""
        return self.kind.value

    @property
    def old_is_due(self) -> bool:
        """Whether the old document comes first."""
        return self.old_card is OldCard.DUE
