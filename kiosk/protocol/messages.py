"""The messages between a terminal and headquarters, version 1.

Terminal listener (client certificate):

    POST /v1/lookups                 LookupRequest    -> LookupReply
    PUT  /v1/blobs/{sha256}          raw bytes        -> 204 (200 if known; 422 if the digest differs)
    POST /v1/uploads                 UploadAsk        -> UploadState (how far it came; whole once all is there)
    PATCH /v1/uploads/{sha256}/{offset}  raw bytes    -> UploadState | 409 (a gap before it)
    GET  /v1/blobs/{sha256}                           -> raw bytes (pictures of violations)
    POST /v1/filings                 Filing           -> FilingReply
    POST /v1/batches                 FilingBatch      -> BatchReply  (an answer for each, whatever the others are)
    POST /v1/orders                  OrderRequest     -> Order
    GET  /v1/orders/{number}                          -> Order
    POST /v1/orders/{number}/close   CloseOrder       -> Order   (may say captured)
    POST /v1/grants                  GrantRequest     -> Grant | 409 with Problem
    POST /v1/grants/{grant}/use      GrantUse         -> 204 | 409 (used before with another nonce)
    POST /v1/custody-places          CustodyRequest   -> CustodyReply
    POST /v1/loading-lists           LoadingListRequest -> LoadingList (kiosk.protocol.loading)
    POST /v1/faces                   FaceRequest      -> FaceReply
    POST /v1/fingers                 FingerRequest    -> FingerReply
    POST /v1/heartbeats              Heartbeat        -> HeartbeatReply
    POST /v1/help                    HelpAsk          -> HelpAnswer | 404 (the call itself is not here yet)
    POST /v1/audit                   AuditBatch       -> AuditReply
    POST /v1/ledger-checks           LedgerCheck      -> LedgerReply
    GET  /v1/configuration                            -> Assignment (kiosk.protocol.configuration)
    POST /v1/configuration/files     FileRequest      -> raw bytes
    POST /v1/configuration/reports   SetReport        -> Assignment | 409 (not wanted any more)

The same key with the same digest is answered as before with `duplicate` true, and nothing happens twice; the same
key with another digest is 409 with Problem code "digest". People's listener: /healthz, /pay/{token}, /v/{number}.
"""

from __future__ import annotations

import enum
import hashlib
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from kiosk.people.records import Refusal


class Message(BaseModel):
    """Base: frozen, nothing unknown accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Message):
    """An error's body, application/problem+json (RFC 9457). `detail` is for a technician, never personal.

    Programs go by `code`, an extension member (section 3.2), which is also the end of `type`. Members that are not
    known are passed over, as section 3.2 demands of clients.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    detail: str
    type: str = "about:blank"
    title: str = ""
    status: int = 0


class LookupRequest(Message):
    """`name` is a query's name in kiosk.flows.queries; `arguments` its fields as JSON (IdNumber as {"text": ...})."""

    name: str
    arguments: dict[str, Any]
    case: str


class LookupReply(Message):
    """`answer` is JSON of the query's answer type (dataclasses of kiosk.people)."""

    answer: Any


class FilingKind(enum.StrEnum):
    """What can be filed."""

    CARD_COLLECTED = "card-collected"
    OLD_CARD_TAKEN_IN = "old-card-taken-in"
    VIOLATION_DECIDED = "violation-decided"
    OBJECTION = "objection"
    CARD_APPLICATION = "card-application"
    TEMPORARY_CARD = "temporary-card"
    HOUSEHOLD_CERTIFICATE = "household-certificate"
    RECORD_QUERY = "record-query"
    LOSS_REPORT = "report-of-loss"
    CROSSING_QUERY = "crossing-query"
    RESIDENCE = "residence"
    PERMIT_ENDORSEMENT = "permit-endorsement"
    ENDORSEMENT_REQUEST = "endorsement-request"
    ENDORSEMENT_ENDED = "endorsement-ended"
    LICENCE_REVIEW = "licence-review"
    DRIVER_EXAM = "driver-exam"
    TEMPORARY_PLATE = "temporary-plate"
    INSPECTION_MARK = "inspection-mark"
    TRAVEL_APPLICATION = "travel-application"
    TRAVEL_COLLECTED = "travel-collected"
    TRAFFIC_APPLICATION = "traffic-application"
    HELP_CALL = "help-call"
    ENTRY = "entry"
    SERVICE_RATING = "service-rating"
    MAINTENANCE = "maintenance"
    READINESS = "readiness"
    DOCUMENT_LOADED = "document-loaded"
    DOCUMENT_UNLOADED = "document-unloaded"
    LOADING_ENDED = "loading-ended"
    UNLOADING_ENDED = "unloading-ended"
    RECORDS = "records"
    DOUBT_SETTLED = "doubt-settled"
    COMMAND_ENDED = "command-ended"
    SLIP = "slip"
    BIN_EMPTIED = "bin-emptied"
    EFFECT_REPORT = "effect-report"
    REFUND = "refund"
    PRE_REGISTRATION = "pre-registration"


def own_number(case: str, key: str) -> str:
    """What a citizen can quote before headquarters gave a number: the case and this filing's place in it."""
    return f"{case[-8:]}-{hashlib.sha256(key.encode()).hexdigest()[:4].upper()}"


class Filing(Message):
    """One act, exactly once by `key`. Payload by kind, see kiosk.protocol.filings."""

    key: str
    digest: str
    case: str
    kind: FilingKind
    payload: dict[str, Any]
    blobs: tuple[str, ...] = ()
    at: AwareDatetime


class FilingReply(Message):
    """Accepted with a number, or refused for good. 5xx and silence mean: ask again with the same key."""

    status: Literal["accepted", "refused"]
    number: str = ""
    duplicate: bool = False
    extras: dict[str, str] = Field(default_factory=dict)
    refusal: Refusal | None = None


BATCH_LIMIT = 64
"""How many filings one batch holds at most."""


class FilingBatch(Message):
    """Filings of a backlog, each done by itself, and read by itself: one that is no filing spoils no other."""

    items: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=BATCH_LIMIT)


class BatchItem(Message):
    """What became of one: `done` with a reply, `declined` with a problem as a filing alone is, or `later` with one.

    `later`: nothing was decided, an agency behind headquarters does not answer; ask again with the same key.
    """

    key: str
    state: Literal["done", "declined", "later"]
    reply: FilingReply | None = None
    problem: Problem | None = None


class BatchReply(Message):
    """One for each item, in their order."""

    items: tuple[BatchItem, ...]


class UploadAsk(Message):
    """How much has come of a blob that goes up in parts. When all has, it is put together and checked."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    length: int = Field(ge=1, le=2**31)


class UploadState(Message):
    """`offset` bytes have come; `whole` once it is a blob. A digest that differs is 422, and it begins anew."""

    offset: int
    whole: bool = False


class OrderState(enum.StrEnum):
    """A payment order at headquarters."""

    OPEN = "open"
    CAPTURED = "captured"
    CLOSED = "closed"
    EXPIRED = "expired"
    REFUNDED = "refunded"


class OrderRequest(Message):
    """Ask for a code. The amount is headquarters'; `expected_fen` is what the page showed and must agree."""

    key: str
    digest: str
    case: str
    bill: str
    payer: str
    expected_fen: int


class Order(Message):
    """A payment order. `url` goes into the code on the screen, `verify_url` onto the receipt of one that is captured.

    `paid_elsewhere`: it came to nothing because its bill is paid by other means; what it took goes back.
    """

    number: str
    bill: str
    state: OrderState
    fen: int
    url: str
    expires: datetime
    receipt: str = ""
    slip: str = ""
    due: str = ""
    paid_elsewhere: bool = False
    verify_url: str = ""


class CloseReason(enum.StrEnum):
    """Why a terminal closes an order; BY_SLIP asks for a payment slip instead."""

    LEFT = "left"
    EXPIRED = "expired"
    BY_SLIP = "by-slip"
    RECOVERY = "recovery"


class CloseOrder(Message):
    """Close unless captured already."""

    reason: CloseReason


class GrantRequest(Message):
    """Ask to open one compartment for one item (rule 11)."""

    key: str
    digest: str
    case: str
    item: str
    board: int
    compartment: int
    nonce: str


class Grant(Message):
    """A single-use grant. `signature` is Ed25519 over `signed_text()` by headquarters' grant key, in hexadecimal."""

    grant: str
    case: str
    item: str
    terminal: str
    board: int
    compartment: int
    nonce: str
    expires: datetime
    signature: str

    def signed_text(self) -> bytes:
        """The bytes that are signed."""
        parts = (
            "grant-1",
            self.grant,
            self.case,
            self.item,
            self.terminal,
            str(self.board),
            str(self.compartment),
            self.nonce,
            self.expires.isoformat(),
        )
        return "\n".join(parts).encode()


class GrantUse(Message):
    """What the terminal saw: evidence by name."""

    nonce: str
    outcome: str
    evidence: dict[str, str]


class CustodyRequest(Message):
    """Ask for an empty compartment for an old document. Comes back as a grant for item `custody`."""

    key: str
    digest: str
    case: str
    document: str
    number: str
    nonce: str


class CustodyReply(Message):
    """`custody` is the number on the slip."""

    custody: str
    grant: Grant


class FaceRequest(Message):
    """Compare one to one at headquarters: a live JPEG (base64) with the library's photo or the chip's (base64)."""

    case: str
    number: str
    live: str
    chip_photo: str = ""


class FaceReply(Message):
    """`sandbox` is true where no real library answered; pages then say so (rule 29)."""

    verdict: Literal["same", "different", "not-decided", "no-face", "not-available"]
    engine: str
    distance: float
    threshold: float
    sandbox: bool


class FingerRequest(Message):
    """Compare one to one at headquarters: live features (hexadecimal) with the library's templates."""

    case: str
    number: str
    live: str


class FingerReply(Message):
    """`not-enrolled` where the library holds no fingerprint; `sandbox` as in FaceReply."""

    verdict: Literal["same", "different", "not-enrolled", "not-available"]
    sandbox: bool


class DeviceReport(Message):
    """One device as the terminal sees it."""

    device: str
    state: str
    code: str = ""
    supplies: dict[str, str] = Field(default_factory=dict)


class Heartbeat(Message):
    """Every 30 s and on change. `audit_head` is the head of the audit chain.

    `closed` says for each service that this terminal has and cannot complete now why, as a message key; `visiting`
    whether somebody is being served.
    """

    at: AwareDatetime
    version: str
    settings_version: str
    devices: tuple[DeviceReport, ...]
    services_open: tuple[str, ...]
    outbox_waiting: int
    audit_rows: int
    audit_head: str
    custody: tuple[str, ...] = ()
    alarms: tuple[str, ...] = ()
    maintenance_since: AwareDatetime | None = None
    """Since when a technician has the machine; None while citizens have it."""
    closed: dict[str, str] = Field(default_factory=dict)
    visiting: bool = False
    readings: dict[str, str] = Field(default_factory=dict)
    """The machine's own, by name: temperature of its processor, what is free on its disk."""
    out_of_service: str = ""
    """Why the whole machine is closed; "" while it is not."""
    locked: tuple[str, ...] = ()
    """Compartments that headquarters keeps shut, as BOARD:COMPARTMENT."""


class DoorOrder(Message):
    """A person on duty lets somebody in: once, by this door, until `expires`. Why is headquarters' to keep."""

    order: str
    expires: datetime


class HeartbeatReply(Message):
    """Headquarters' clock stands beside the terminal's (rule 26). Orders are repeated until they are reported on.

    `waiting` names the kinds of things that wait to be fetched.
    """

    at: datetime
    terminal: str
    site: str
    duty_telephone: str
    orders: tuple[DoorOrder, ...] = ()
    waiting: tuple[str, ...] = ()
    seal_for: str = ""
    """age1..., the key for what is sealed for headquarters while there is no line."""


class HelpAsk(Message):
    """What was answered to a call for help, by the key of its filing."""

    key: str


class Spoken(Message):
    """What somebody of the staff said aloud: kiosk.protocol.clips has it by its digest."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    milliseconds: int


class HelpAnswer(Message):
    """`said` by somebody of the staff, oldest first; `more` counts how often they gave more time."""

    number: str
    state: Literal["waiting", "answered", "closed"]
    said: tuple[str, ...] = ()
    more: int = 0
    spoken: tuple[Spoken, ...] = ()
    """Oldest first; nothing of a call that is closed."""
    handed: str = ""
    """The number with which the matter was handed to the desk for what could not be done; "" where it was not."""


class AuditRow(Message):
    """One row of the chain; the text is JSON without personal data."""

    row: int
    text: str
    hash: str


class AuditBatch(Message):
    """Rows in order."""

    rows: tuple[AuditRow, ...]


class AuditReply(Message):
    """The last row headquarters holds."""

    row: int


class LedgerCheck(Message):
    """Which effects of a case headquarters knows (recovery); an empty case asks for this terminal's open grants

    (rule 18: after a damaged database nothing with effects opens until none is open).
    """

    case: str


class LedgerEntry(Message):
    """One effect at headquarters: kind is filing, order, grant or custody."""

    key: str
    kind: str
    state: str
    number: str


class LedgerReply(Message):
    """All of the case."""

    entries: tuple[LedgerEntry, ...]
