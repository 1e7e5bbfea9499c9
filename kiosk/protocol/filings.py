"""Payloads of filings by kind."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from kiosk.people.examination import (
    Declaration,
    EyeMeasured,
    HeightMeasured,
    Measured,
    MovementsRecorded,
    PlatesRead,
    TonesHeard,
)
from kiosk.people.satisfaction import Satisfaction
from kiosk.protocol.commands import CommandEnded
from kiosk.protocol.loading import DocumentLoaded, DocumentUnloaded, LoadingEnded, UnloadingEnded
from kiosk.protocol.messages import FilingKind, Message


class CardCollected(Message):
    """HZ02: the new card left the cabinet. Certainty by door and by the card on the reader.

    `grant` may stay empty: headquarters then takes the latest one it gave for the item.
    """

    number: str
    item: str
    case_number: str
    grant: str = ""
    certainty: Literal["sensed", "inferred"]
    signature: str


class OldCardTakenIn(Message):
    """HZ02, on renewal: the old card is in custody of this terminal."""

    number: str
    custody: str
    board: int
    compartment: int


class ViolationDecided(Message):
    """JG01: no objection; decide by simple procedure.

    What was told goes along, the text of the rights whole or as its SHA-256. Reply extras: decision_number,
    decided_at, authority, seal, verify_url, pay_by, bill.
    """

    number: str
    record: str
    points_told: int
    fine_told_fen: int
    rights_text_sha256: str = ""
    rights_text: str = ""
    signature: str


class ObjectionFiled(Message):
    """JG01: the citizen states and defends; leaves self-service. Reply extras: answer_due."""

    number: str
    record: str


class CardApplication(Message):
    """HZ01. Reply extras: ready_by, collect_site, verify_url."""

    number: str
    ground: Literal["renewal", "damage", "loss"]
    portrait: str
    portrait_review: bool
    fingers: tuple[tuple[int, str], ...]
    missing_fingers: tuple[int, ...]
    phone: str
    collect_site: str
    loss_place: str = ""
    loss_manner: str = ""
    loss_date: str = ""
    signature: str
    order: str
    unpaid_slip: str = ""


class TemporaryCardApplication(Message):
    """HZ05. Reply extras: ready_by, place, verify_url."""

    number: str
    portrait: str
    portrait_review: bool
    signature: str
    order: str
    unpaid_slip: str = ""


class HouseholdCertificateAsked(Message):
    """HZ06. `subject` is an id of CertificateSubject. The reply has the certificate's number and nothing personal."""

    number: str
    kind: Literal["kinship", "change", "cancellation"]
    subject: str
    purpose: Literal["notary", "school", "work", "property", "bank", "other"]
    signature: str


class RecordAsked(Message):
    """HZ07. The reply has a certificate's number; or a case's with extras due, place and verify_url, where a person

    looks at it first. Which of the two says nothing about a record.
    """

    number: str
    purpose: Literal["work", "abroad", "school", "adoption", "other"]
    recipient: Literal["employer", "school", "embassy", "authority", "other"]
    signature: str


class EndorsementRequested(Message):
    """CRJ01, CRJ02. `offers` are ids of EndorsementOffer. Reply extras: due, place, verify_url."""

    number: str
    kind: Literal["hk-macao-pass", "taiwan-pass"]
    document: str
    offers: tuple[str, ...]
    order: str
    unpaid_slip: str = ""
    signature: str


class EndorsementEnded(Message):
    """What came of the writing, and where the pass is; `custody` where the machine has it."""

    number: str
    request: str
    outcome: Literal["written", "not-written", "spoiled", "unknown", "at-window"]
    place: Literal["given-back", "bin", "in-doubt"]
    custody: str = ""


class CrossingsAsked(Message):
    """CRJ03. Days are ISO 8601, both included. The reply has the record's number and nothing personal."""

    number: str
    first: str
    last: str
    purpose: Literal["work", "tax", "school", "residence", "insurance", "other"]
    signature: str


class ResidenceFiled(Message):
    """HZ08. `community` and `house` (001-02-0301) empty: as registered. `proof` is an id of Proof, for a permit.

    Reply extras: community, verify_url; permit_from for a registration, ready_by and collect_site for a permit.
    """

    number: str
    matter: Literal["registration", "permit"]
    community: str = ""
    house: str = ""
    proof: str = ""
    portrait: str = ""
    portrait_review: bool = False
    signature: str


class PermitEndorsed(Message):
    """HZ09. `issued` is the day of issue the citizen read from the permit, ISO 8601.

    Reply extras: endorsement_time, full_year, endorsed_until, verify_url.
    """

    number: str
    issued: str
    signature: str


class LossReported(Message):
    """HZ03: the holder reports their card lost. Days are ISO 8601. Reply extras: reported_at, verify_url."""

    number: str
    loss_date: str
    loss_place: Literal["street", "vehicle", "home", "shop", "station", "other"]
    loss_manner: Literal["lost", "stolen", "unknown"]
    signature: str


class TrafficApplication(Message):
    """JG04, JG05, JG07. `mail_to` empty: at the window. Reply extras: ready_by, collect_site, verify_url."""

    number: str
    matter: Literal["licence-renewal", "licence-damage", "licence-loss", "vehicle-damage", "vehicle-loss"]
    plate_kind: str = ""
    plate: str = ""
    portrait: str = ""
    portrait_review: bool = False
    report: str = ""
    phone: str = ""
    mail_to: str = ""
    signature: str
    order: str
    unpaid_slip: str = ""


class LicenceReviewed(Message):
    """JG10. Reply extras: verify_url."""

    number: str
    review: Literal["points-review", "medical-review"]
    report: str = ""
    signature: str


class MarkAsked(Message):
    """JG08. Reply extras: valid_to, issued_at, authority, seal, verify_url."""

    number: str
    plate_kind: str
    plate: str
    signature: str


class TravelApplication(Message):
    """CRJ04, CRJ05, CRJ06. Reply extras: ready_by, collect_site, verify_url."""

    number: str
    kind: Literal["passport", "hk-macao-pass", "taiwan-pass"]
    ground: Literal["first", "renewal", "damage", "loss"]
    portrait: str
    portrait_review: bool
    fingers: tuple[tuple[int, str], ...]
    missing_fingers: tuple[int, ...]
    phone: str = ""
    collect_site: str
    signature: str
    order: str
    unpaid_slip: str = ""


class TravelCollected(Message):
    """CRJ07: the new passport or pass left the cabinet. Certainty by the door."""

    number: str
    item: str
    case_number: str
    certainty: Literal["sensed", "inferred"]
    signature: str


class ExamTaken(Message):
    """JG03: what a booth measured and recorded. Reply extras: state (sent or held), answer_by, verify_url."""

    number: str
    declaration: Declaration
    height: HeightMeasured
    right: EyeMeasured
    left: EyeMeasured
    plates: PlatesRead
    tones: TonesHeard
    movements: MovementsRecorded
    portrait: str
    portrait_review: bool = False
    signature: str

    @property
    def measured(self) -> Measured:
        """All of it but the person."""
        return Measured(self.declaration, self.height, self.right, self.left, self.plates, self.tones, self.movements)


class PlateAsked(Message):
    """JG09. Reply extras: plate, valid_to, nth, place, verify_url."""

    number: str
    invoice: str
    certificate: str
    policy: str
    area: Literal["within", "across"]
    signature: str
    order: str
    unpaid_slip: str = ""


class HelpCall(Message):
    """Somebody pressed help: on which page, of which service, in which language. Nothing about them.

    `voice`: there is a loudspeaker that somebody of the staff may be heard by.
    """

    page: str
    service: str = ""
    language: str = ""
    voice: bool = False


class EntryReported(Message):
    """The door's lock let somebody in, or should have. `order` is the guard's, "" where a card opened. Never who."""

    by: Literal["card", "guard"]
    came: Literal["sensed", "inferred", "nobody", "not-released", "in-doubt"]
    order: str = ""


class ServiceRated(Message):
    """好差评: how a visit to a service was. Neither whose nor which visit."""

    service: str
    rating: Satisfaction


class MaintenanceEnded(Message):
    """A technician handed the machine back: who was there since when, each task and how it ended, what stays out.

    `staff` are staff numbers; `done` are lines of task, what it was about and how it ended.
    """

    staff: tuple[str, ...]
    since: datetime
    done: tuple[str, ...]
    stays_out: tuple[str, ...]
    self_test_seconds: float


RECORDS_BYTES = 256 * 1024
"""So large are sealed records in one message at most: a line of 256 kbit/s carries it within a filing's deadline.

Some thousands of lines; more goes onto a stick.
"""


class BinEmptied(Message):
    """Two people emptied the bin of a device into a bag; `custody` are the numbers that the books had there."""

    device: str = Field(max_length=40)
    bag: str = Field(max_length=40)
    custody: tuple[str, ...]
    counted: int
    staff: tuple[str, str]


class DoubtSettled(Message):
    """Two people at a machine said what they found of something in doubt.

    `doubt` is its name there (effect/KEY, document/NUMBER, database/FILE), `kind` its first part, `effect` the key of
    an effect or "". `verdict`: done or not-done of an effect; bagged, owner-known; kept-for-headquarters.
    """

    doubt: str = Field(max_length=300)
    kind: Literal["effect", "document", "database"]
    effect: str = Field(default="", max_length=200)
    verdict: str = Field(max_length=40)
    staff: tuple[str, str]


class RecordsSent(Message):
    """Records of a terminal, sealed for people at headquarters (age); its server keeps them and cannot read them.

    `content` is base64 of the file; `lines` how many are in it; `staff` who sent it.
    """

    name: str = Field(max_length=120)
    staff: tuple[str, ...]
    lines: int
    content: str = Field(max_length=4 * (RECORDS_BYTES // 3 + 1))


class ReadinessReported(Message):
    """What a technician found a machine to be, signed by the machine: see kiosk.protocol.readiness."""

    text: str
    algorithm: str
    certificate: str
    signature: str


class EffectReport(Message):
    """How an effect ended that headquarters did not make itself: printed, opened, in doubt; with evidence."""

    effect_key: str
    effect_kind: str
    state: str
    evidence: dict[str, str]


class RefundAsked(Message):
    """A captured order whose filing, with effect key `because`, surely failed: give the money back, once."""

    order: str
    because: str


class SlipReported(Message):
    """What became of the paper with the number of a matter that was handed to the desk: a word of PrintResult."""

    number: str = Field(max_length=20)
    result: str = Field(max_length=20)


class PreRegistered(Message):
    """What remains of a service without a line. `sealed`: an age file in Base64 with a PreRegistration."""

    service: str = Field(max_length=20)
    sealed: str = Field(max_length=4000)


class PreRegistration(Message):
    """Who was at the machine, by their card's chip and their finger, and where they can be called."""

    service: str = Field(max_length=20)
    number: str
    name: str = Field(max_length=60)
    phone: str = Field(max_length=20)


PAYLOADS: dict[FilingKind, type[Message]] = {
    FilingKind.PRE_REGISTRATION: PreRegistered,
    FilingKind.CARD_COLLECTED: CardCollected,
    FilingKind.OLD_CARD_TAKEN_IN: OldCardTakenIn,
    FilingKind.VIOLATION_DECIDED: ViolationDecided,
    FilingKind.OBJECTION: ObjectionFiled,
    FilingKind.CARD_APPLICATION: CardApplication,
    FilingKind.TEMPORARY_CARD: TemporaryCardApplication,
    FilingKind.HOUSEHOLD_CERTIFICATE: HouseholdCertificateAsked,
    FilingKind.RECORD_QUERY: RecordAsked,
    FilingKind.LOSS_REPORT: LossReported,
    FilingKind.CROSSING_QUERY: CrossingsAsked,
    FilingKind.ENDORSEMENT_REQUEST: EndorsementRequested,
    FilingKind.ENDORSEMENT_ENDED: EndorsementEnded,
    FilingKind.TRAFFIC_APPLICATION: TrafficApplication,
    FilingKind.RESIDENCE: ResidenceFiled,
    FilingKind.PERMIT_ENDORSEMENT: PermitEndorsed,
    FilingKind.LICENCE_REVIEW: LicenceReviewed,
    FilingKind.TRAVEL_APPLICATION: TravelApplication,
    FilingKind.TRAVEL_COLLECTED: TravelCollected,
    FilingKind.DRIVER_EXAM: ExamTaken,
    FilingKind.TEMPORARY_PLATE: PlateAsked,
    FilingKind.INSPECTION_MARK: MarkAsked,
    FilingKind.HELP_CALL: HelpCall,
    FilingKind.SERVICE_RATING: ServiceRated,
    FilingKind.MAINTENANCE: MaintenanceEnded,
    FilingKind.READINESS: ReadinessReported,
    FilingKind.DOCUMENT_LOADED: DocumentLoaded,
    FilingKind.DOCUMENT_UNLOADED: DocumentUnloaded,
    FilingKind.LOADING_ENDED: LoadingEnded,
    FilingKind.UNLOADING_ENDED: UnloadingEnded,
    FilingKind.RECORDS: RecordsSent,
    FilingKind.DOUBT_SETTLED: DoubtSettled,
    FilingKind.COMMAND_ENDED: CommandEnded,
    FilingKind.SLIP: SlipReported,
    FilingKind.BIN_EMPTIED: BinEmptied,
    FilingKind.ENTRY: EntryReported,
    FilingKind.EFFECT_REPORT: EffectReport,
    FilingKind.REFUND: RefundAsked,
}
