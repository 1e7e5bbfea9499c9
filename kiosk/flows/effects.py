"""Steps that change the world (rule 7): filed, paid, printed, handed over, taken in.

An effect's identity includes the digest of its payload. Its row is on disk, as started, before hardware or
network is touched; unknown is never repeated.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from kiosk.flows.steps import DeviceClass, Step, StepKind, Stop
from kiosk.people.exit_entry import EndorsementLine
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.new_vehicles import PlateText
from kiosk.people.records import FinishedCard, Refusal
from kiosk.people.travel_applications import FinishedTravelDocument


class EffectState(enum.Enum):
    """Rule 7."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"


class Certainty(enum.Enum):
    """A claim is as good as its evidence."""

    SENSED = "sensed"
    INFERRED = "inferred"


# -- filing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filed:
    """Headquarters has it: the case number (受理号), and texts headquarters adds for the paper (name, value)."""

    number: str
    extras: tuple[tuple[str, str], ...] = ()
    tag: Literal["filed"] = "filed"

    @property
    def status(self) -> str:
        """As slips say it."""
        return "filed"

    def __getitem__(self, name: str) -> str:
        return dict(self.extras)[name]

    def told(self, *names: str) -> tuple[tuple[str, str], ...]:
        """Those of these texts that headquarters sent, in this order."""
        extras = dict(self.extras)
        return tuple((name, extras[name]) for name in names if extras.get(name))


@dataclass(frozen=True, slots=True)
class Pending:
    """On its way: queued durably here, not confirmed before the deadline. `number` is this terminal's own."""

    number: str
    tag: Literal["pending"] = "pending"

    @property
    def status(self) -> str:
        """As slips say it."""
        return "pending"

    def told(self, *names: str) -> tuple[tuple[str, str], ...]:  # noqa: ARG002
        """Headquarters has said nothing yet."""
        return ()


@dataclass(frozen=True, slots=True)
class NotFiled:
    """Headquarters said no, for good."""

    refusal: Refusal
    tag: Literal["not-filed"] = "not-filed"


@dataclass(frozen=True, kw_only=True)
class Submit(Step[Filed | Pending | NotFiled]):
    """File something at headquarters. `filing` names the kind; `payload` is plain data ready for JSON.

    Blobs the payload refers to (portrait, signature) are named in `blobs` and go up before the filing.
    `undo_orders` names the payments of this case that are refunded when this filing is known to have failed.
    """

    kind: ClassVar[StepKind] = StepKind.SUBMIT
    is_effect: ClassVar[bool] = True
    unattended: ClassVar[bool] = True
    filing: str
    payload: tuple[tuple[str, Any], ...]
    blobs: tuple[str, ...] = ()
    undo_orders: tuple[str, ...] = ()

    @property
    def absent(self) -> Filed | Pending | NotFiled | Stop:
        return Stop.STOP

    @property
    def subject(self) -> str:
        return next((value for name, value in self.payload if name == "number" and isinstance(value, str)), "")

    @property
    def answer_type(self) -> Any:
        return Filed | Pending | NotFiled


# -- money -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid: a fee or fines, by reference; the amount is headquarters' (rule 13)."""

    reference: str
    payer: IdNumber
    amount: Money


@dataclass(frozen=True, slots=True)
class Paid:
    """Captured, said by headquarters."""

    order: str
    amount: Money
    receipt: str
    verify_url: str = ""
    tag: Literal["paid"] = "paid"

    @property
    def filed(self) -> tuple[tuple[str, str], ...]:
        """As what was paid for names it."""
        return (("order", self.order), ("unpaid_slip", ""))

    @property
    def undone(self) -> tuple[str, ...]:
        """What is refunded when headquarters refuses what it paid for."""
        return (self.order,)

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """As receipts say it."""
        return (("payment", "paid"),)


@dataclass(frozen=True, slots=True)
class PaymentCancelled:
    """Closed at headquarters before any capture."""

    order: str
    tag: Literal["cancelled"] = "cancelled"


@dataclass(frozen=True, slots=True)
class PaymentExpired:
    """The code ran out and the order is closed."""

    order: str
    tag: Literal["expired"] = "expired"


@dataclass(frozen=True, slots=True)
class PayBySlip:
    """No smartphone: the order is closed, a payment slip for bank or window is to be printed; `due` is ISO 8601."""

    order: str
    slip: str
    amount: Money
    due: str
    tag: Literal["slip"] = "slip"

    @property
    def filed(self) -> tuple[tuple[str, str], ...]:
        """As what is to be paid for names it."""
        return (("order", self.order), ("unpaid_slip", self.slip))

    @property
    def undone(self) -> tuple[str, ...]:
        """No money has moved."""
        return ()

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """As receipts say it."""
        return (("payment", "by-slip"),)


@dataclass(frozen=True, slots=True)
class PaidElsewhere:
    """The bill is paid, but not by this code: by somebody else, at a bank, on a telephone.

    What this code took goes back. `order` is this code's order, or the number to quote where no order was made.
    """

    order: str
    tag: Literal["paid-elsewhere"] = "paid-elsewhere"


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Nobody can say yet. Ends with a slip and the order number, never with a second code."""

    order: str
    tag: Literal["unsettled"] = "unsettled"


@dataclass(frozen=True, kw_only=True)
class Pay(Step[Paid | PaymentCancelled | PaymentExpired | PayBySlip | PaidElsewhere | Unsettled]):
    """缴费 by a code on the screen; the truth is at headquarters."""

    kind: ClassVar[StepKind] = StepKind.PAY
    is_effect: ClassVar[bool] = True
    bill: Bill

    @property
    def absent(self) -> Paid | PaymentCancelled | PaymentExpired | PayBySlip | PaidElsewhere | Unsettled | Stop:
        """Where something of the citizen's is inside, the flow must go on and give it back: nothing was ordered."""
        return PaymentCancelled("") if self.bill.reference.startswith("endorsement:") else Stop.STOP

    @property
    def subject(self) -> str:
        return self.bill.payer.text

    @property
    def answer_type(self) -> Any:
        return Paid | PaymentCancelled | PaymentExpired | PayBySlip | PaidElsewhere | Unsettled


# -- paper -------------------------------------------------------------------------------------------------------


class PaperKind(enum.Enum):
    """Every paper this terminal prints."""

    CUSTODY_SLIP = "custody-slip"
    COLLECTION_SLIP = "collection-slip"
    PENALTY_DECISION = "penalty-decision"
    VIOLATION_SLIP = "violation-slip"
    OBJECTION_SLIP = "objection-slip"
    PAYMENT_RECEIPT = "payment-receipt"
    PAYMENT_SLIP = "payment-slip"
    UNSETTLED_SLIP = "unsettled-slip"
    APPLICATION_RECEIPT = "application-receipt"
    PROGRESS_SLIP = "progress-slip"
    TEMPORARY_SLIP = "temporary-slip"
    RECORD_RECEIPT = "record-receipt"
    LOSS_RECEIPT = "report-receipt"
    PENDING_SLIP = "pending-slip"
    NOT_DONE_SLIP = "not-done-slip"
    PRE_REGISTRATION_SLIP = "pre-registration-slip"
    MAINTENANCE_SLIP = "maintenance-slip"
    TEST_PAGE = "test-page"
    UNLOADING_LIST = "unloading-list"
    QUERY_SLIP = "query-slip"
    TRAVEL_RECEIPT = "travel-receipt"
    PLATE_SLIP = "plate-slip"
    TRAFFIC_RECEIPT = "traffic-receipt"
    REVIEW_SLIP = "review-slip"
    TRAVEL_SLIP = "travel-slip"
    RESIDENCE_SLIP = "residence-slip"
    PERMIT_SLIP = "permit-slip"
    ENDORSEMENT_SLIP = "endorsement-slip"
    INSPECTION_MARK = "inspection-mark"
    EXAM_RECORD = "exam-record"
    HOUSEHOLD_CERTIFICATE = "household-certificate"
    NO_RECORD_CERTIFICATE = "no-record-certificate"
    CROSSING_RECORD = "crossing-record"

    @property
    def device(self) -> DeviceClass:
        """A4 for decisions and certificates, the receipt roll for the rest."""
        if self in _PAGES:
            return DeviceClass.PAGE_PRINTER
        return DeviceClass.RECEIPT_PRINTER


_PAGES = (
    PaperKind.PENALTY_DECISION,
    PaperKind.INSPECTION_MARK,
    PaperKind.HOUSEHOLD_CERTIFICATE,
    PaperKind.NO_RECORD_CERTIFICATE,
    PaperKind.CROSSING_RECORD,
    PaperKind.EXAM_RECORD,
    PaperKind.TEST_PAGE,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """The printer said so."""

    certainty: Certainty
    tag: Literal["printed"] = "printed"


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """Surely not, or not whole. `number` can be quoted; a reprint is another paper."""

    reason: str
    tag: Literal["not-printed"] = "not-printed"


@dataclass(frozen=True, slots=True)
class PrintInDoubt:
    """The printer went silent after the bytes; never repeated by itself."""

    tag: Literal["print-in-doubt"] = "print-in-doubt"


@dataclass(frozen=True, kw_only=True)
class Print(Step[Printed | NotPrinted | PrintInDoubt]):
    """Print one paper. `values` are (name, text) pairs the paper's template asks for."""

    kind: ClassVar[StepKind] = StepKind.PRINT
    is_effect: ClassVar[bool] = True
    paper: PaperKind
    values: tuple[tuple[str, str], ...]

    @property
    def absent(self) -> Printed | NotPrinted | PrintInDoubt | Stop:
        return NotPrinted("nobody-there")

    @property
    def blocked(self) -> Printed | NotPrinted | PrintInDoubt | Stop:
        return NotPrinted("earlier-in-doubt")

    @property
    def answer_type(self) -> Any:
        return Printed | NotPrinted | PrintInDoubt


# -- documents ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Taken:
    """The compartment was opened and closed again, or the dispenser saw it go."""

    certainty: Certainty
    tag: Literal["taken"] = "taken"


@dataclass(frozen=True, slots=True)
class NotOpened:
    """The lock surely never opened; the document is where it was."""

    reason: str
    tag: Literal["not-opened"] = "not-opened"


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """Opened and not closed: headquarters is rung, the service closes (rule 12)."""

    tag: Literal["left-open"] = "left-open"


@dataclass(frozen=True, slots=True)
class HandOverInDoubt:
    """Nobody can say whether it opened; a human settles it with the evidence."""

    tag: Literal["hand-over-in-doubt"] = "hand-over-in-doubt"


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A dispenser surely did not take it out; the document lies at its position."""

    reason: str
    tag: Literal["not-fetched"] = "not-fetched"


@dataclass(frozen=True, slots=True)
class Retained:
    """It lies in the bin of a dispenser: not proved to be the right one (never held out), or not taken in time."""

    reason: str
    tag: Literal["retained"] = "retained"


HandedOver = Taken | NotOpened | LeftOpen | NotFetched | Retained | HandOverInDoubt


@dataclass(frozen=True, kw_only=True)
class HandOver(Step[HandedOver]):
    """发证: one item out of its compartment, or of its position in a dispenser, with a single-use grant (rule 11).

    Only a dispenser senses: it has read the document inside, and has seen it taken.
    """

    kind: ClassVar[StepKind] = StepKind.HAND_OVER
    is_effect: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.LOCKER,)
    number: IdNumber
    card: FinishedCard | FinishedTravelDocument

    @property
    def absent(self) -> HandedOver | Stop:
        return NotOpened("nobody-there")

    @property
    def blocked(self) -> HandedOver | Stop:
        return NotOpened("earlier-in-doubt")

    @property
    def subject(self) -> str:
        return self.number.text

    @property
    def answer_type(self) -> Any:
        return HandedOver


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The old document is in the named compartment, door closed. `custody` is the number on the slip."""

    custody: str
    board: int
    compartment: int
    tag: Literal["taken-in"] = "taken-in"


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The citizen kept, or took back, the document."""

    tag: Literal["given-back"] = "given-back"


@dataclass(frozen=True, slots=True)
class TakeInRefused:
    """No place for it, or the lock does not answer; nothing was taken."""

    reason: str
    tag: Literal["take-in-refused"] = "take-in-refused"


@dataclass(frozen=True, slots=True)
class TakeInInDoubt:
    """Nobody can say where the document is; a human settles it."""

    custody: str
    tag: Literal["take-in-in-doubt"] = "take-in-in-doubt"


@dataclass(frozen=True, kw_only=True)
class TakeIn(Step[TakenIn | GivenBack | TakeInRefused | TakeInInDoubt]):
    """收旧证: the old document goes into a compartment headquarters assigned (rule 10)."""

    kind: ClassVar[StepKind] = StepKind.TAKE_IN
    is_effect: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.LOCKER,)
    number: IdNumber
    document: str

    @property
    def absent(self) -> TakenIn | GivenBack | TakeInRefused | TakeInInDoubt | Stop:
        return GivenBack()

    @property
    def blocked(self) -> TakenIn | GivenBack | TakeInRefused | TakeInInDoubt | Stop:
        return TakeInRefused("earlier-in-doubt")

    @property
    def subject(self) -> str:
        return self.number.text

    def holds(self, answer: Any) -> bool:
        """A document given back, or never taken, holds nothing (rule 10)."""
        return not isinstance(answer, GivenBack | TakeInRefused)

    @property
    def answer_type(self) -> Any:
        return TakenIn | GivenBack | TakeInRefused | TakeInInDoubt


# -- the citizen's own pass in the endorsement writer --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PassInside:
    """The pass that was named lies in the writer: its chip said so. `custody` is its number on the books."""

    custody: str
    tag: Literal["pass-inside"] = "pass-inside"


@dataclass(frozen=True, slots=True)
class PassNotTaken:
    """No pass is inside: `reason` is another-pass, unreadable, nobody-there, gave-up, or the machine's."""

    reason: str
    tag: Literal["pass-not-taken"] = "pass-not-taken"

    @property
    def told(self) -> str:
        """What the closing page says of it."""
        return self.reason if self.reason in ("another-pass", "unreadable", "retained") else "not-taken"


@dataclass(frozen=True, slots=True)
class PassStuck:
    """A pass is, or may be, inside and cannot be moved: a person settles it."""

    custody: str
    tag: Literal["pass-stuck"] = "pass-stuck"


@dataclass(frozen=True, kw_only=True)
class TakePass(Step[PassInside | PassNotTaken | PassStuck]):
    """收通行证: drawn into the writer, its row in the books first, then its chip read (rule 10).

    `document` is the number it must have; `opens` what is printed on it that opens its chip (birth, expiry: YYMMDD).
    Another pass is given back by the step itself.
    """

    kind: ClassVar[StepKind] = StepKind.TAKE_PASS
    is_effect: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.ENDORSEMENT_WRITER,)
    number: IdNumber
    document: str
    opens: tuple[str, str]

    @property
    def absent(self) -> PassInside | PassNotTaken | PassStuck | Stop:
        return PassNotTaken("nobody-there")

    @property
    def blocked(self) -> PassInside | PassNotTaken | PassStuck | Stop:
        return PassNotTaken("earlier-in-doubt")

    @property
    def subject(self) -> str:
        return self.number.text

    def holds(self, answer: Any) -> bool:
        """What was not taken holds nothing."""
        return not isinstance(answer, PassNotTaken)

    @property
    def answer_type(self) -> Any:
        return PassInside | PassNotTaken | PassStuck


@dataclass(frozen=True, slots=True)
class Endorsed:
    """Written and read back."""

    certainty: Certainty
    tag: Literal["endorsed"] = "endorsed"

    @property
    def back(self) -> str:
        """What became of the back of the pass, in headquarters' words."""
        return "written"


@dataclass(frozen=True, slots=True)
class NotEndorsed:
    """Surely nothing was written or wiped; the pass is as it was."""

    reason: str
    tag: Literal["not-endorsed"] = "not-endorsed"

    @property
    def back(self) -> str:
        """What became of the back of the pass, in headquarters' words."""
        return "not-written"


@dataclass(frozen=True, slots=True)
class Spoiled:
    """The back is wiped or does not say what it should: the window writes it anew."""

    tag: Literal["spoiled"] = "spoiled"

    @property
    def back(self) -> str:
        """What became of the back of the pass, in headquarters' words."""
        return "spoiled"


@dataclass(frozen=True, slots=True)
class EndorseInDoubt:
    """Nobody can say what stands on the back; never written again by itself."""

    tag: Literal["endorse-in-doubt"] = "endorse-in-doubt"

    @property
    def back(self) -> str:
        """What became of the back of the pass, in headquarters' words."""
        return "unknown"


@dataclass(frozen=True, kw_only=True)
class Endorse(Step[Endorsed | NotEndorsed | Spoiled | EndorseInDoubt]):
    """写签注: the back of the pass is erased and written anew, against a single-use grant, and read back."""

    kind: ClassVar[StepKind] = StepKind.ENDORSE
    is_effect: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.ENDORSEMENT_WRITER,)
    number: IdNumber
    case: str
    lines: tuple[EndorsementLine, ...]

    @property
    def absent(self) -> Endorsed | NotEndorsed | Spoiled | EndorseInDoubt | Stop:
        return NotEndorsed("nobody-there")

    @property
    def blocked(self) -> Endorsed | NotEndorsed | Spoiled | EndorseInDoubt | Stop:
        return NotEndorsed("earlier-in-doubt")

    @property
    def subject(self) -> str:
        return self.number.text

    @property
    def answer_type(self) -> Any:
        return Endorsed | NotEndorsed | Spoiled | EndorseInDoubt


@dataclass(frozen=True, slots=True)
class PassTaken:
    """The pass left the machine by its owner's hand."""

    certainty: Certainty
    tag: Literal["pass-taken"] = "pass-taken"

    @property
    def place(self) -> str:
        """Where the pass is, in headquarters' words."""
        return "given-back"


@dataclass(frozen=True, slots=True)
class PassRetained:
    """Nobody took it: it lies in the machine's bin, under this number."""

    custody: str
    tag: Literal["pass-retained"] = "pass-retained"

    @property
    def place(self) -> str:
        """Where the pass is, in headquarters' words."""
        return "bin"


@dataclass(frozen=True, slots=True)
class PassReturnInDoubt:
    """Nobody can say where it is; a person settles it."""

    custody: str
    tag: Literal["pass-return-in-doubt"] = "pass-return-in-doubt"

    @property
    def place(self) -> str:
        """Where the pass is, in headquarters' words."""
        return "in-doubt"


@dataclass(frozen=True, kw_only=True)
class ReturnPass(Step[PassTaken | PassRetained | PassReturnInDoubt]):
    """退还通行证: held out and watched until it is taken, else drawn into the bin.

    Carried out when the citizen has left too: the pass must not stay in the path. With nobody there it is not held
    out to whoever comes (rule 15), it goes into the bin.
    """

    kind: ClassVar[StepKind] = StepKind.RETURN_PASS
    is_effect: ClassVar[bool] = True
    unattended: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.ENDORSEMENT_WRITER,)
    number: IdNumber
    custody: str

    @property
    def subject(self) -> str:
        return self.number.text

    @property
    def answer_type(self) -> Any:
        return PassTaken | PassRetained | PassReturnInDoubt


# -- the door ----------------------------------------------------------------------------------------------------


class LetInBy(enum.Enum):
    """Why the door is released: a card on its reader, or a person on duty who said so."""

    CARD = "card"
    GUARD = "guard"


@dataclass(frozen=True, slots=True)
class CameIn:
    """Released, and opened: felt by the contact, or inferred where there is none."""

    certainty: Certainty
    tag: Literal["came-in"] = "came-in"


@dataclass(frozen=True, slots=True)
class NobodyCameIn:
    """Released and locked again; the door stayed shut."""

    tag: Literal["nobody-came-in"] = "nobody-came-in"


@dataclass(frozen=True, slots=True)
class NotReleased:
    """The lock was surely not moved."""

    reason: str
    tag: Literal["not-released"] = "not-released"


@dataclass(frozen=True, slots=True)
class ReleaseInDoubt:
    """Nobody can say whether the lock moved."""

    tag: Literal["release-in-doubt"] = "release-in-doubt"


@dataclass(frozen=True, kw_only=True)
class OpenDoor(Step[CameIn | NobodyCameIn | NotReleased | ReleaseInDoubt]):
    """开门: the lock of the zone's door lets one person in. Getting out never needs it.

    `number` is the number on the card, kept as a keyed pseudonym only; "" where a guard let somebody in.
    """

    kind: ClassVar[StepKind] = StepKind.OPEN_DOOR
    is_effect: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.DOOR,)
    by: LetInBy
    number: str = ""

    @property
    def absent(self) -> CameIn | NobodyCameIn | NotReleased | ReleaseInDoubt | Stop:
        return NotReleased("nobody-there")

    @property
    def blocked(self) -> CameIn | NobodyCameIn | NotReleased | ReleaseInDoubt | Stop:
        return NotReleased("earlier-in-doubt")

    @property
    def subject(self) -> str:
        return self.number

    @property
    def answer_type(self) -> Any:
        return CameIn | NobodyCameIn | NotReleased | ReleaseInDoubt


# -- what a machine makes here -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlateTaken:
    """Printed, read back, held out, and taken by its owner's hand."""

    certainty: Certainty
    tag: Literal["plate-taken"] = "plate-taken"


@dataclass(frozen=True, slots=True)
class PlateNotMade:
    """Surely no plate came out: people make it at the window."""

    reason: str
    tag: Literal["plate-not-made"] = "plate-not-made"


@dataclass(frozen=True, slots=True)
class PlateRetained:
    """Spoiled, or not taken: it lies in the machine's bin, and people make another at the window."""

    reason: str
    tag: Literal["plate-retained"] = "plate-retained"


@dataclass(frozen=True, slots=True)
class PlateInDoubt:
    """Nobody can say where it is; a person settles it. Never made again by itself."""

    tag: Literal["plate-in-doubt"] = "plate-in-doubt"


@dataclass(frozen=True, kw_only=True)
class MakePlate(Step[PlateTaken | PlateNotMade | PlateRetained | PlateInDoubt]):
    """制发临时号牌: printed once against a single-use grant, read back, handed out (rule 11)."""

    kind: ClassVar[StepKind] = StepKind.MAKE_PLATE
    is_effect: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.PLATE_PRINTER,)
    number: IdNumber
    plate: PlateText

    @property
    def absent(self) -> PlateTaken | PlateNotMade | PlateRetained | PlateInDoubt | Stop:
        return PlateNotMade("nobody-there")

    @property
    def blocked(self) -> PlateTaken | PlateNotMade | PlateRetained | PlateInDoubt | Stop:
        return PlateNotMade("earlier-in-doubt")

    @property
    def subject(self) -> str:
        return self.number.text

    @property
    def answer_type(self) -> Any:
        return PlateTaken | PlateNotMade | PlateRetained | PlateInDoubt


AnyEffect = Submit | Pay | Print | HandOver | TakeIn | TakePass | Endorse | ReturnPass | OpenDoor | MakePlate


def facts_of(answer: Any) -> tuple[tuple[str, str], ...]:
    """What of an effect's answer may be told to the returning citizen and kept without their name (rule 17).

    The fact "number" is the one to quote.
    """
    match answer:
        case Filed(number=number) | Pending(number=number):
            return (("number", number),)
        case Paid(order=order, amount=amount, receipt=receipt):
            return (("number", order), ("fen", str(amount.fen)), ("receipt", receipt))
        case PayBySlip(order=order, slip=slip, amount=amount, due=due):
            return (("number", order), ("fen", str(amount.fen)), ("slip", slip), ("due", due))
        case (
            PaymentCancelled(order=order)
            | PaymentExpired(order=order)
            | PaidElsewhere(order=order)
            | Unsettled(order=order)
        ):
            return (("number", order),)
        case TakenIn(custody=custody, board=board, compartment=compartment):
            return (("number", custody), ("board", str(board)), ("compartment", str(compartment)))
        case (
            TakeInInDoubt(custody=custody)
            | PassInside(custody=custody)
            | PassStuck(custody=custody)
            | PassRetained(custody=custody)
            | PassReturnInDoubt(custody=custody)
        ):
            return (("number", custody),)
        case LeftOpen():
            return (("door", "open"),)
        case Retained():
            return (("bin", "yes"),)
        case _:
            return ()
