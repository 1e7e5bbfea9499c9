"""What headquarters answers about a citizen: facts of cases, cards, fees and sites, already decided there."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.people.money import Money


class RefusalCode(enum.Enum):
    """Why self-service ends here. Each code has four sentences; none reveals a record, a list or another person."""

    CARD_UNREADABLE = "E-ID-01"
    CARD_EXPIRED = "E-ID-02"
    CARD_REPORTED_LOST = "E-ID-03"
    CARD_FOREIGN = "E-ID-04"
    ALREADY_REPORTED = "E-ID-05"
    NO_CARD = "E-ID-06"
    """The service needs the card itself, and nobody has one with them."""
    FACE_NOT_MATCHED = "E-FACE-01"
    FACE_DECLINED = "E-FACE-02"
    FINGERPRINT_UNREADABLE = "E-FP-01"
    UNDER_AGE = "E-AGE-01"
    OUT_OF_JURISDICTION = "E-JUR-01"
    UNSETTLED_VIOLATIONS = "E-DEP-01"
    POINTS_LIMIT = "E-PTS-01"
    GENERAL_PROCEDURE = "E-GEN-01"
    OBJECTION_FILED = "E-OBJ-01"
    MANUAL_REVIEW = "E-CRJ-01"
    PASS_NOT_USABLE = "E-CRJ-02"
    LICENCE_NOT_VALID = "E-LIC-01"
    NOTHING_TO_COLLECT = "E-COL-01"
    NOT_YET_FINISHED = "E-COL-02"
    AT_ANOTHER_SITE = "E-COL-03"
    CARD_BLOCKED = "E-COL-04"
    CASE_ALREADY_OPEN = "E-CASE-01"
    TOO_EARLY = "E-CASE-02"
    NO_APPLICATION = "E-CASE-03"
    NOT_ON_REGISTER = "E-REG-01"
    TOO_OFTEN = "E-LIM-01"
    ASKED_ENOUGH = "E-LIM-02"
    NOT_YET_DUE = "E-CASE-04"
    NO_MEDICAL_REPORT = "E-MED-01"
    RESIDENCE_LOCAL = "E-RES-01"
    PERMIT_HELD = "E-RES-02"
    RESIDENCE_TOO_SHORT = "E-RES-03"
    NO_PROOF = "E-RES-04"
    NO_PERMIT = "E-RES-05"
    ENDORSEMENT_TOO_EARLY = "E-RES-06"
    PERMIT_ANOTHER = "E-RES-07"
    PERMIT_MOVED = "E-RES-08"
    EXAM_NOT_HERE = "E-MED-02"
    EXAM_NOT_PASSED_HERE = "E-MED-03"
    """Something measured was below its limit: never that somebody is unfit."""
    DOCTOR_CALLS = "E-MED-04"
    PAYMENT_UNSETTLED = "E-PAY-01"
    PORTRAIT_NOT_ACCEPTED = "E-PHO-01"
    DEVICE = "E-DEV-01"
    OFFLINE = "E-NET-01"
    OTHER = "E-HUM-01"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A no of the rules, with what the sentence needs (place, telephone, date): never a person's data."""

    code: RefusalCode
    details: tuple[tuple[str, str], ...] = ()
    tag: Literal["refusal"] = "refusal"

    @staticmethod
    def other() -> Refusal:
        """办不成事: for whatever has no code of its own."""
        return Refusal(RefusalCode.OTHER)


class Ground(enum.Enum):
    """Why a card is applied for (申领原因), Resident Identity Card Law art. 11."""

    RENEWAL = "renewal"
    DAMAGE = "damage"
    LOSS = "loss"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


class OldCard(enum.Enum):
    """Whether the old card was handed in already, in a visit that came to no end."""

    DUE = "due"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class FinishedCard:
    """A finished card (待领) loaded in this terminal. `item` is headquarters' id of the physical card."""

    item: str
    case_number: str
    board: int
    compartment: int
    ground: Ground
    issue_date: date
    valid_to: date | None
    authority: str
    old_card: OldCard = OldCard.DUE
    beside: tuple[str, ...] = ()
    """Other finished documents of theirs that lie in this terminal too, by the words for them."""

    @property
    def document(self) -> str:
        """The word for it on pages and papers."""
        return "id-card"

    @property
    def old_is_due(self) -> bool:
        """Whether the old card comes first (Resident Identity Card Law art. 11)."""
        return self.ground is not Ground.LOSS and self.old_card is OldCard.DUE


@dataclass(frozen=True, slots=True)
class CustodyPlace:
    """An empty compartment headquarters assigned for an old document."""

    board: int
    compartment: int


@dataclass(frozen=True, slots=True)
class MayApply:
    """Eligibility for a new identity card: yes, with the fee and what is known already.

    `phone_masked` is the telephone on file, masked, or "" where none; `fee_reference` names the dated fee entry.
    """

    ground: Ground
    fee: Money
    fee_reference: str
    phone_masked: str
    collect_sites: tuple[tuple[str, str], ...]
    ready_in_days: int
    historic_portrait: bool
    tag: Literal["may-apply"] = "may-apply"


@dataclass(frozen=True, slots=True)
class PaperOnFile:
    """A paper that is due for something on headquarters' books.

    `paper` and `values` are those of docs/papers.md, without what the machine that prints it adds by itself (when,
    terminal, site, telephone, reprint).
    """

    paper: str
    number: str
    values: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        return f"PaperOnFile({self.paper!r}, ...)"


class Waiting(enum.Enum):
    """What there is to do for a citizen here, as told once they are verified."""

    CARD_FINISHED = "card-finished"
    """Their new identity card lies in this terminal."""
    DOCUMENT_FINISHED = "document-finished"
    """Their new passport or pass lies in this terminal."""
    VIOLATIONS = "violations"
    """Open records of a vehicle of theirs."""
    FINES = "fines"
    """Decided fines that are not paid."""
    LICENCE_EXPIRES = "licence-expires"
    """Their driving licence expires soon, and they may renew it now."""
    CARD_EXPIRES = "card-expires"
    """Their identity card has expired or will soon, and they may renew it now."""

    @property
    def option_id(self) -> str:
        """Stable id in a transcript: the code of the service that deals with it."""
        match self:
            case Waiting.CARD_FINISHED:
                return "HZ02"
            case Waiting.DOCUMENT_FINISHED:
                return "CRJ07"
            case Waiting.VIOLATIONS:
                return "JG01"
            case Waiting.FINES:
                return "JG02"
            case Waiting.LICENCE_EXPIRES:
                return "JG04"
            case Waiting.CARD_EXPIRES:
                return "HZ01"


class CitizenKnown(enum.Enum):
    """Whether the population library (人口库) holds the number, and what can be compared."""

    FACE_AND_FINGERS = "face-and-fingers"
    FACE_ONLY = "face-only"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PersonOnFile:
    """What may be said before verification about a typed number: a masked name, and what can be compared."""

    known: CitizenKnown
    masked_name: str


@dataclass(frozen=True, slots=True)
class LawText:
    """A dated text of law from headquarters' tables; `source` names where it was read."""

    reference: str
    text: str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class RightsNotice:
    """Everything the page of facts, law, fine, points and rights must carry (行政处罚法 art. 44, 45, 62)."""

    points_before: int
    points_after: int
    points_limit: int
    rights: LawText
    declaration: LawText
    payment_terms: LawText
