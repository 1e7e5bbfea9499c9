"""Which values each paper needs, in which form; docs/papers.md says the same in words and a test compares the two."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kiosk.people.exit_entry import DocumentGround, TravelDocumentKind
from kiosk.people.household import LOSS_MANNERS, LOSS_PLACES, RECORD_PURPOSES
from kiosk.people.residence import EndorsementTime, ResidenceMatter
from kiosk.people.traffic import ReviewKind, TrafficMatter


class NoPaper(OSError):
    """No paper came of it, and nothing was printed. An OSError, so that whoever prints treats a composer that cannot
    and a disk that cannot alike; the message never quotes a value.
    """


class PaperRefused(NoPaper):
    """A value is missing, unknown or of the wrong form. Names the paper and the value, never its content."""

    def __init__(self, paper: str, value: str, why: str) -> None:
        super().__init__(f"{paper}: {value}: {why}" if value else f"{paper}: {why}")
        self.paper = paper
        self.value = value
        self.why = why


class Standing(enum.Enum):
    """Whether the paper counts. Simulated ones are marked 模拟 不作凭证 (rule 29)."""

    IN_EARNEST = "in-earnest"
    SIMULATED = "simulated"


class Medium(enum.Enum):
    """What it is printed on."""

    ROLL = "roll"
    A4 = "a4"


class Form(enum.Enum):
    """The forms of docs/papers.md."""

    TEXT = "text"
    MASKED = "masked"
    MOMENT = "moment"
    DAY = "day"
    YUAN = "yuan"
    DIGITS = "digits"
    URL = "url"
    WORD = "word"
    PLACE = "place"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Field:
    """One value: its form, the words it may be, and whether it may be left out."""

    form: Form
    words: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One kind of paper: its media, the first one being where it goes by itself, and its values by name."""

    media: tuple[Medium, ...]
    fields: Mapping[str, Field] = field(default_factory=dict[str, Field])


_T = Field(Form.TEXT)
_T_OPTIONAL = Field(Form.TEXT, optional=True)
_URL_OPTIONAL = Field(Form.URL, optional=True)
_MOMENT = Field(Form.MOMENT)
_DAY = Field(Form.DAY)
_YUAN = Field(Form.YUAN)
_YES = Field(Form.WORD, ("yes",), optional=True)
_MASKED_OPTIONAL = Field(Form.MASKED, optional=True)
_TRAVEL_DOCUMENTS = tuple(kind.value for kind in TravelDocumentKind)
_DOCUMENT = Field(Form.WORD, ("id-card", *_TRAVEL_DOCUMENTS))
_SUBJECT = Field(
    Form.WORD,
    (
        "bill-fee",
        "bill-fine",
        "bill-temporary-id-card",
        "bill-driving-licence",
        "bill-vehicle-licence",
        "bill-temporary-plate",
        *(f"bill-{kind}" for kind in _TRAVEL_DOCUMENTS),
        "bill-endorsement",
    ),
)
_GROUND = Field(Form.WORD, ("renewal", "damage", "loss"))
_STAGE = Field(
    Form.WORD,
    (
        "awaiting-payment",
        "accepted",
        "review",
        "signing",
        "production",
        "inspection",
        "stocked",
        "to-collect",
        "collected",
        "void",
    ),
)
_FILING = Field(
    Form.WORD,
    (
        "report-of-loss",
        "household-certificate",
        "record-query",
        "licence-review",
        "residence",
        "permit-endorsement",
        "inspection-mark",
        "crossing-query",
        "driver-exam",
    ),
)
_PRE_REGISTERED = Field(Form.WORD, ("pre-HZ01", "pre-HZ08", "pre-CRJ04", "pre-CRJ05", "pre-CRJ06"))
_PLATE_KIND = Field(Form.WORD, ("01", "02", "51", "52"))

_ALL = {
    "number": _T,
    "when": _MOMENT,
    "terminal": _T,
    "site": _T,
    "telephone": _T,
    "reprint": _YES,
    "status": Field(Form.WORD, ("filed", "pending"), optional=True),
}
_PERSON = {"name_masked": Field(Form.MASKED), "id_masked": Field(Form.MASKED)}
_PERHAPS_PERSON = {"name_masked": _MASKED_OPTIONAL, "id_masked": _MASKED_OPTIONAL}
_RECORD = {"plate": _T, "at": _MOMENT, "place": _T, "behaviour": _T, "code": _T}
_BILL = {"subject": _SUBJECT, "amount": _YUAN, "case_number": _T_OPTIONAL}
_CERTIFICATE = {
    "name": _T,
    "id_number": _T,
    "purpose": _T_OPTIONAL,
    "statement": _T,
    "authority": _T,
    "issued_at": _MOMENT,
    "valid_to": Field(Form.DAY, optional=True),
    "seal": _T,
    "verify_url": Field(Form.URL),
}
_ROLL = (Medium.ROLL,)
CERTIFICATES = ("household-certificate", "no-record-certificate")
"""Papers of one A4 form: who, what is certified, what for."""

PAPERS: Mapping[str, Paper] = {
    "custody-slip": Paper(
        _ROLL, _ALL | _PERSON | {"document": _DOCUMENT, "place": Field(Form.PLACE), "case_number": _T_OPTIONAL}
    ),
    "collection-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "document": _DOCUMENT,
            "valid_to": _DAY,
            "certainty": Field(Form.WORD, ("sensed", "inferred")),
            "case_number": _T_OPTIONAL,
        },
    ),
    "violation-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | _RECORD
        | {
            "fine": _YUAN,
            "points": Field(Form.DIGITS),
            "pay_by": Field(Form.DAY, optional=True),
            "verify_url": _URL_OPTIONAL,
        },
    ),
    "objection-slip": Paper(
        _ROLL,
        _ALL | _PERSON | _RECORD | {"answer_within": _T_OPTIONAL, "answer_due": Field(Form.DAY, optional=True)},
    ),
    "payment-receipt": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | _BILL
        | {"order": _T, "paid_at": Field(Form.MOMENT, optional=True), "verify_url": _URL_OPTIONAL},
    ),
    "payment-slip": Paper(
        _ROLL, _ALL | _PERHAPS_PERSON | _BILL | {"order": _T, "due": _DAY, "pay_url": _URL_OPTIONAL}
    ),
    "unsettled-slip": Paper(_ROLL, _ALL | _PERHAPS_PERSON | _BILL),
    "application-receipt": Paper(
        (Medium.ROLL, Medium.A4),
        _ALL
        | _PERSON
        | {
            "ground": _GROUND,
            "fee": _YUAN,
            "payment": Field(Form.WORD, ("paid", "by-slip", "none")),
            "ready_by": _DAY,
            "collect_site": _T,
            "verify_url": _URL_OPTIONAL,
            "portrait_review": _YES,
        },
    ),
    "progress-slip": Paper(
        _ROLL,
        _ALL | _PERSON | {"ground": _GROUND, "stage": _STAGE, "since": _DAY, "ready_by": _DAY, "collect_site": _T},
    ),
    "report-receipt": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "reported_at": _MOMENT,
            "loss_date": _DAY,
            "loss_place": Field(Form.WORD, tuple(f"loss-place-{p}" for p in LOSS_PLACES)),
            "loss_manner": Field(Form.WORD, tuple(f"loss-manner-{m}" for m in LOSS_MANNERS)),
            "verify_url": Field(Form.URL),
        },
    ),
    "temporary-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "case_number": _T,
            "fee": _YUAN,
            "payment": Field(Form.WORD, ("paid", "by-slip")),
            "ready_by": _DAY,
            "place": _T,
            "verify_url": Field(Form.URL),
        },
    ),
    "record-receipt": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "record_purpose": Field(Form.WORD, tuple(f"record-purpose-{p}" for p in RECORD_PURPOSES)),
            "due": _DAY,
            "place": _T,
            "verify_url": Field(Form.URL),
        },
    ),
    "pending-slip": Paper(_ROLL, _ALL | _PERHAPS_PERSON | {"filing": _FILING}),
    "pre-registration-slip": Paper(_ROLL, _ALL | _PERSON | {"matter": _PRE_REGISTERED}),
    "not-done-slip": Paper(_ROLL, _ALL | _PERHAPS_PERSON | {"service": _T_OPTIONAL, "desk_telephone": _T}),
    "maintenance-slip": Paper(_ROLL, _ALL | {"staff": _T_OPTIONAL, "done": _T_OPTIONAL, "findings": _T}),
    "unloading-list": Paper(
        _ROLL,
        _ALL
        | {"loading_list": _T, "signature_first": _T, "signature_second": _T}
        | dict.fromkeys(
            ("expired", "recalled", "retracted", "recovered", "unread", "still_inside"),
            _T_OPTIONAL,
        ),
    ),
    "query-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "licence_status": Field(
                Form.WORD, ("normal", "withheld", "suspended", "cancelled", "expired"), optional=True
            ),
            "licence_classes": _T_OPTIONAL,
            "valid_to": Field(Form.DAY, optional=True),
            "points_now": _T_OPTIONAL,
            "cycle_ends": Field(Form.DAY, optional=True),
            "inspections": _T_OPTIONAL,
            "open_records": _T,
            "fines_due": _YUAN,
        },
    ),
    "endorsement-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "document_number": Field(Form.MASKED),
            "outcome": Field(
                Form.WORD,
                tuple(f"endorse-{how}" for how in ("written", "at-window", "not-written", "spoiled", "unknown")),
            ),
            "pass_place": Field(Form.WORD, ("pass-given-back", "pass-bin", "pass-in-doubt")),
            "custody": _T_OPTIONAL,
            "fee": _YUAN,
            "due": _DAY,
            "place": _T,
            "verify_url": Field(Form.URL),
        },
    ),
    "travel-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "documents": _T_OPTIONAL,
            "endorsements": _T_OPTIONAL,
            "stage": Field(Form.WORD, _STAGE.words, optional=True),
            "since": Field(Form.DAY, optional=True),
            "ready_by": Field(Form.DAY, optional=True),
            "collect_site": _T_OPTIONAL,
        },
    ),
    "residence-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "residence_matter": Field(Form.WORD, tuple(matter.value for matter in ResidenceMatter)),
            "community": _T,
            "permit_from": Field(Form.DAY, optional=True),
            "ready_by": Field(Form.DAY, optional=True),
            "collect_site": _T_OPTIONAL,
            "verify_url": Field(Form.URL),
        },
    ),
    "permit-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "endorsement_time": Field(Form.WORD, tuple(time.value for time in EndorsementTime)),
            "full_year": _DAY,
            "endorsed_until": _DAY,
            "verify_url": Field(Form.URL),
        },
    ),
    "review-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "review": Field(Form.WORD, tuple(kind.value for kind in ReviewKind)),
            "cycle_ended": _DAY,
            "report": _T_OPTIONAL,
            "verify_url": Field(Form.URL),
        },
    ),
    "travel-receipt": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "document": Field(Form.WORD, _TRAVEL_DOCUMENTS),
            "ground": Field(Form.WORD, tuple(f"travel-{ground.value}" for ground in DocumentGround)),
            "fee": _YUAN,
            "payment": Field(Form.WORD, ("paid", "by-slip")),
            "ready_by": _DAY,
            "collect_site": _T,
            "verify_url": Field(Form.URL),
            "portrait_review": _YES,
        },
    ),
    "plate-slip": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "plate": _T,
            "valid_to": _DAY,
            "nth": _T,
            "fee": _YUAN,
            "payment": Field(Form.WORD, ("paid", "by-slip")),
            "handed": Field(Form.WORD, ("handed-out", "at-window")),
            "place": _T,
            "verify_url": Field(Form.URL),
        },
    ),
    "traffic-receipt": Paper(
        _ROLL,
        _ALL
        | _PERSON
        | {
            "matter": Field(Form.WORD, tuple(matter.value for matter in TrafficMatter)),
            "plate": _T_OPTIONAL,
            "fee": _YUAN,
            "payment": Field(Form.WORD, ("paid", "by-slip")),
            "ready_by": _DAY,
            "collect_site": _T,
            "verify_url": Field(Form.URL),
        },
    ),
    "inspection-mark": Paper(
        (Medium.A4,),
        _ALL
        | {
            "plate": _T,
            "plate_kind": _PLATE_KIND,
            "vehicle": _T,
            "valid_to": _DAY,
            "authority": _T,
            "issued_at": _MOMENT,
            "seal": _T,
            "verify_url": Field(Form.URL),
        },
    ),
    "test-page": Paper((Medium.A4,), _ALL),
    "exam-record": Paper(
        (Medium.A4,),
        _ALL
        | _PERSON
        | {
            "institution": _T,
            "answer_by": _MOMENT,
            "height": _T,
            "vision_right": _T,
            "vision_left": _T,
            "corrected": Field(Form.WORD, ("worn", "not-worn")),
            "plates": _T,
            "hearing_right": _T,
            "hearing_left": _T,
            "noise": _T,
            "distance": _T,
            "movements": _T,
            "conditions": _T,
            "calibration": _T,
            "verify_url": Field(Form.URL),
        },
    ),
    "household-certificate": Paper(
        (Medium.A4,), _ALL | _CERTIFICATE | {"kind": Field(Form.WORD, ("change", "cancellation", "kinship"))}
    ),
    "no-record-certificate": Paper((Medium.A4,), _ALL | _CERTIFICATE | {"recipient": _T_OPTIONAL}),
    "crossing-record": Paper(
        (Medium.A4,),
        _ALL
        | {
            "name": _T,
            "id_number": _T,
            "sex": _T,
            "birth": _DAY,
            "first": _DAY,
            "last": _DAY,
            "purpose": _T,
            "crossings": Field(Form.TABLE, optional=True),
            "authority": _T,
            "issued_at": _MOMENT,
            "seal": _T,
            "verify_url": Field(Form.URL),
        },
    ),
    "penalty-decision": Paper(
        (Medium.A4,),
        _ALL
        | _RECORD
        | {
            "name": _T,
            "id_masked": Field(Form.MASKED),
            "licence_file": _T,
            "licence_classes": _T,
            "licence_office": _T,
            "plate_kind": _PLATE_KIND,
            "vehicle": _T_OPTIONAL,
            "articles_broken": _T,
            "articles_basis": _T,
            "fine": _YUAN,
            "points": Field(Form.DIGITS),
            "authority": _T,
            "decided_at": _MOMENT,
            "rights_text": _T,
            "payment_text": _T,
            "declaration_text": _T_OPTIONAL,
            "verify_url": Field(Form.URL),
            "signed": _YES,
        },
    ),
}

_YUAN_FORM = re.compile(r"^\d{1,9}(\.\d{2})?$")
_PLACE_FORM = re.compile(r"^(\d{1,3})-(\d{1,3})$")
_LONGEST = {Form.URL: 300, Form.TEXT: 3000, Form.TABLE: 60_000}
LONG_TERM = "long"
"""A day that never comes: the card is valid without end (长期)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper with all its values, each checked. `values` are the texts as given, in the order of the table."""

    paper: str
    values: Mapping[str, str]
    standing: Standing

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str, default: str) -> str:
        """A value that may have been left out."""
        return self.values.get(name, default)

    @property
    def pending(self) -> bool:
        """Whether headquarters has not confirmed it yet."""
        return self.values.get("status") == "pending"

    @property
    def reprint(self) -> bool:
        """Whether it is marked 补打 (rule 14)."""
        return "reprint" in self.values


def sheet(paper: str, values: Mapping[str, str], standing: Standing) -> Sheet:
    """Check everything a paper is made of. Raises PaperRefused."""
    kind = PAPERS.get(paper)
    if kind is None:
        raise PaperRefused(paper, "", "is no paper of this terminal")
    for name in values:
        if name not in kind.fields:
            raise PaperRefused(paper, name, "is not a value of this paper")
    held: dict[str, str] = {}
    for name, wanted in kind.fields.items():
        text = values.get(name)
        if text is None:
            if not wanted.optional:
                raise PaperRefused(paper, name, "is missing")
            continue
        why = _fault(wanted, text)
        if why:
            raise PaperRefused(paper, name, why)
        held[name] = text
    return Sheet(paper, held, standing)


def _fault(wanted: Field, text: str) -> str:
    """Why a text is not of the form wanted, or nothing."""
    if not text.strip():
        return "is empty"
    if len(text) > _LONGEST.get(wanted.form, 200):
        return "is too long"
    if any(ord(character) < 32 and character != "\n" for character in text):
        return "has control characters"
    match wanted.form:
        case Form.TEXT:
            fits, what = True, ""
        case Form.TABLE:
            fits, what = len({line.count("|") for line in text.splitlines()}) == 1, "lines of equally many parts"
        case Form.MASKED:
            fits, what = "*" in text, "a masked text"
        case Form.MOMENT:
            fits, what = _is_moment(text), "a moment with its offset (ISO 8601)"
        case Form.DAY:
            fits, what = text == LONG_TERM or _day(text) is not None, "a day (ISO 8601) or long"
        case Form.YUAN:
            fits, what = bool(_YUAN_FORM.match(text)), "an amount in yuan"
        case Form.DIGITS:
            fits, what = text.isascii() and text.isdigit(), "a number"
        case Form.URL:
            fits, what = text.startswith("https://") and text.isascii() and " " not in text, "an https address"
        case Form.WORD:
            fits, what = text in wanted.words, f"one of {', '.join(wanted.words)}"
        case Form.PLACE:
            fits, what = bool(_PLACE_FORM.match(text)), "a place BOARD-COMPARTMENT"
    return "" if fits else f"is not {what}"


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _day(text: str) -> date | None:
    """A date, or the date of a moment: headquarters gives either."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def day_of(text: str) -> date:
    """The date of a checked DAY other than `long`."""
    day = _day(text)
    if day is None:
        raise ValueError("not a day")
    return day


def place_of(text: str) -> tuple[str, str]:
    """Board and compartment of a checked PLACE."""
    board, _, compartment = text.partition("-")
    return board, compartment
