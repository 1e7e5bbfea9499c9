"""Passports, passes, endorsements and crossings: what the exit-entry authority keeps of a citizen."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from kiosk.people.money import Money


class TravelDocumentKind(enum.Enum):
    """What a mainland citizen travels with."""

    PASSPORT = "passport"
    """普通护照."""
    HK_MACAO_PASS = "hk-macao-pass"
    """往来港澳通行证."""
    TAIWAN_PASS = "taiwan-pass"
    """往来台湾通行证."""

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


class DocumentStanding(enum.Enum):
    """Whether a document can be used; its dates are looked at besides."""

    IN_FORCE = "in-force"
    MADE = "made"
    """Not yet in its holder's hands."""
    LOST = "lost"
    """Reported lost by its holder."""
    VOID = "void"


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """One document on file. `electronic`: a card or booklet with a chip (电子), which machines can work on."""

    kind: TravelDocumentKind
    number: str
    electronic: bool
    issued_on: date
    valid_to: date
    authority: str
    standing: DocumentStanding

    def usable_on(self, day: date) -> bool:
        """In force, and its dates too."""
        return self.standing is DocumentStanding.IN_FORCE and self.valid_to >= day

    @property
    def masked(self) -> str:
        """The number as pages and slips carry it: C*****678."""
        return masked_document(self.number)

    def __repr__(self) -> str:
        return f"TravelDocument({self.kind.value})"


def masked_document(number: str) -> str:
    """The letter and the last three characters stay."""
    return f"{number[:1]}{'*' * max(0, len(number) - 4)}{number[-3:]}"


class Destination(enum.Enum):
    """Where an endorsement leads."""

    HONG_KONG = "hong-kong"
    MACAO = "macao"
    TAIWAN = "taiwan"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value

    @property
    def pass_kind(self) -> TravelDocumentKind:
        """The pass it stands on."""
        match self:
            case Destination.HONG_KONG | Destination.MACAO:
                return TravelDocumentKind.HK_MACAO_PASS
            case Destination.TAIWAN:
                return TravelDocumentKind.TAIWAN_PASS


class EndorsementKind(enum.Enum):
    """签注种类 by their letter (往来港澳: G L T S D Q R; 往来台湾: D T L G X F S Y J Q)."""

    INDIVIDUAL = "G"
    GROUP = "L"
    FAMILY = "T"
    BUSINESS = "S"
    STAY = "D"
    OTHER = "Q"
    TALENT = "R"
    STUDY = "X"
    FRIENDS = "F"
    INVITED = "Y"
    WORK = "J"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


MULTIPLE = 0
"""多次: `entries` of an endorsement without a limit."""


@dataclass(frozen=True, slots=True)
class Endorsement:
    """签注 on a pass. `entries` 0: as often as one likes (多次). `stay_days` for each stay. `valid_to` included."""

    destination: Destination
    kind: EndorsementKind
    entries: int
    used: int
    stay_days: int
    issued_on: date
    valid_to: date
    issued_at: str = field(repr=False)

    def left_on(self, day: date) -> int | None:
        """How often it can still be used: None where there is no limit, 0 where it is over."""
        if self.valid_to < day:
            return 0
        return None if self.entries == MULTIPLE else max(0, self.entries - self.used)

    def on_paper(self, day: date) -> str:
        """One line of a slip; what is left in figures: 1, 0, or ∞ where there is no limit."""
        left = self.left_on(day)
        count = "∞" if left is None else str(left)
        return f"{LETTERS[self.destination]} {self.kind.value} {count} {self.valid_to.isoformat()}"

    def usable_on(self, day: date) -> bool:
        """Whether one could still travel with it."""
        return self.left_on(day) != 0

    def facts_on(self, day: date) -> tuple[tuple[str, str], ...]:
        """As pages say it: what is left is a number, or a word where there is none."""
        left = self.left_on(day)
        trips = "no-limit" if left is None else str(left or "used-up")
        return (
            ("endorsement_kind", self.kind.value),
            ("trips_left", trips),
            ("valid_to", self.valid_to.isoformat()),
        )


class Direction(enum.Enum):
    """出境 or 入境."""

    EXIT = "exit"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Crossing:
    """One crossing of the border: when, at which port, with which document."""

    at: datetime = field(repr=False)
    direction: Direction = field(repr=False)
    port: str = field(repr=False)
    kind: TravelDocumentKind = field(repr=False)
    document: str = field(repr=False)


class DocumentGround(enum.Enum):
    """Why a document is applied for: 首次申领, 换发, 补发."""

    FIRST = "first"
    RENEWAL = "renewal"
    DAMAGE = "damage"
    LOSS = "loss"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


CROSSING_PERIODS = ("this-year", "two-years", "longest", "dates")
"""How far back from today, or days of one's own."""
CROSSING_PURPOSES = ("work", "tax", "school", "residence", "insurance", "other")
"""What a record of crossings is for."""


@dataclass(frozen=True, slots=True)
class MayQueryCrossings:
    """Yes: any days from `first` to `last`."""

    first: date
    last: date
    tag: Literal["may-query-crossings"] = "may-query-crossings"


def years_before(day: date, years: int) -> date:
    """The same day so many years ago; the last of February where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True, slots=True)
class DocumentOnFile:
    """A document and what stands on it; the number masked."""

    kind: TravelDocumentKind
    number_masked: str
    valid_to: date
    standing: DocumentStanding
    endorsements: tuple[Endorsement, ...]

    def facts_on(self, day: date) -> tuple[tuple[str, str], ...]:
        """As pages say it; its standing in one word: lost, expired or in force."""
        expired = self.standing is DocumentStanding.IN_FORCE and self.valid_to < day
        return (
            ("document_number", self.number_masked),
            ("document_standing", "expired" if expired else self.standing.value),
            ("valid_to", self.valid_to.isoformat()),
        )


@dataclass(frozen=True, slots=True)
class TravelProgress:
    """How far an application for a document has come; `stage` is headquarters' word. See CardProgress."""

    case_number: str
    kind: TravelDocumentKind
    stage: str
    applied_on: date
    since: date
    ready_by: date
    site: str
    address: str
    here: bool

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """As pages say it; a date only while it lies ahead."""
        return (
            ("case_number", self.case_number),
            ("stage", f"stage-{self.stage}"),
            *((("ready_by", self.ready_by.isoformat()),) if self.stage != "to-collect" else ()),
            ("collect_site", self.site),
            ("address", self.address),
        )

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """As slips say it."""
        return (
            ("stage", self.stage),
            ("since", self.since.isoformat()),
            ("ready_by", self.ready_by.isoformat()),
            ("collect_site", self.site),
        )


LETTERS = MappingProxyType({Destination.HONG_KONG: "香港", Destination.MACAO: "澳门", Destination.TAIWAN: "台湾"})
"""Places as passes name them, whatever the language."""


@dataclass(frozen=True, slots=True)
class ExitEntryStanding:
    """What the exit-entry desk has of a citizen today: documents that count, applications that are not over."""

    today: date
    documents: tuple[DocumentOnFile, ...]
    cases: tuple[TravelProgress, ...]
    tag: Literal["exit-entry-standing"] = "exit-entry-standing"

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """As slips say it: a line a document, a line an endorsement, the newest application."""
        documents = "\n".join(f"{d.number_masked} {d.valid_to.isoformat()}" for d in self.documents)
        lines = "\n".join(line.on_paper(self.today) for d in self.documents for line in d.endorsements)
        return (
            *((("documents", documents),) if documents else ()),
            *((("endorsements", lines),) if lines else ()),
            *(self.cases[0].on_paper if self.cases else ()),
        )


class ApprovalState(enum.Enum):
    """What became of a request for endorsements."""

    NOT_YET = "not-yet"
    APPROVED = "approved"
    TO_THE_WINDOW = "to-the-window"


@dataclass(frozen=True, slots=True)
class EndorsementLine:
    """One line as it stands on the back of a pass."""

    kind: str = field(repr=False)
    entries: str = field(repr=False)
    valid_to: str = field(repr=False)
    stay: str = field(repr=False)
    issued_at: str = field(repr=False)
    issued_on: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApprovalAnswer:
    """With `lines`, once approved: all that is to stand on the back, what can still be used and what is new."""

    state: ApprovalState
    lines: tuple[EndorsementLine, ...] = ()
    tag: Literal["approval"] = "approval"


@dataclass(frozen=True, slots=True)
class EndorsementOffer:
    """An endorsement that can be had here and now. `entries` 0: as often as one likes."""

    id: str
    destination: Destination
    kind: EndorsementKind
    months: int
    entries: int
    stay_days: int
    fee: Money

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.id

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """As pages say it."""
        return (
            ("endorsement_kind", self.kind.value),
            ("endorsement_months", str(self.months)),
            ("endorsement_entries", str(self.entries) if self.entries else "no-limit"),
            ("amount", self.fee.yuan),
        )


@dataclass(frozen=True, slots=True)
class MayEndorsePass:
    """Yes: on this pass, from these offers. `left` can still be used and stays on the pass.

    `approval_seconds` is how long an approval is waited for; `window_days` what the window needs otherwise.
    """

    document: str
    valid_to: date
    left: tuple[Endorsement, ...]
    offers: tuple[EndorsementOffer, ...]
    approval_seconds: int
    window_days: int
    tag: Literal["may-endorse"] = "may-endorse"

    def __repr__(self) -> str:
        return "MayEndorsePass(...)"

    @property
    def masked(self) -> str:
        """The pass's number as pages and slips carry it."""
        return masked_document(self.document)

    @property
    def places(self) -> tuple[Destination, ...]:
        """Where these offers lead."""
        return tuple(place for place in Destination if self.offers_for(place))

    def offers_for(self, place: Destination) -> tuple[EndorsementOffer, ...]:
        """What can be had for one place."""
        return tuple(offer for offer in self.offers if offer.destination is place)


def endorsement_bill(offers: tuple[EndorsementOffer, ...]) -> str:
    """The name of the bill for these together."""
    return "endorsement:" + "+".join(offer.id for offer in offers)
