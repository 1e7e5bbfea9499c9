"""The vocabulary a flow may speak: what citizens, devices and headquarters can be asked to do.

A step is a frozen value; `await` yields it to the engine, which has it performed and sends the answer back.
Its identity is kind, key, occurrence and, for effects, the digest of the payload (rules 3 and 8): texts,
timeouts and the wording of options are no part of it.
"""

from __future__ import annotations

import enum
from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from kiosk.flows.queries import Query
from kiosk.people.exit_entry import ApprovalAnswer, ApprovalState
from kiosk.people.id_card import IdCard
from kiosk.people.id_number import IdNumber
from kiosk.people.names import PersonName
from kiosk.people.new_vehicles import CodeShape
from kiosk.people.portrait import Blob, PortraitStandard
from kiosk.people.records import FinishedCard, LawText, PersonOnFile, Refusal, RefusalCode, RightsNotice
from kiosk.people.travel_applications import FinishedTravelDocument
from kiosk.people.vehicle import Violation


class HasOptionId(Protocol):
    """Anything a citizen can choose: stored by this id, rebuilt from the step's own options."""

    @property
    def option_id(self) -> str: ...


T_co = TypeVar("T_co", covariant=True)
OptionT = TypeVar("OptionT", bound=HasOptionId)
AnswerT = TypeVar("AnswerT")


class Phase(enum.Enum):
    """Where the citizen is in the visit: the bar at the top of the page."""

    IDENTITY = "identity"
    DETAILS = "details"
    CONFIRM = "confirm"
    PAY = "pay"
    FINISH = "finish"


class StepKind(enum.Enum):
    """One performer and one page each. Effects are those from SUBMIT on (rule 7)."""

    NOTICE = "notice"
    CONSENT = "consent"
    PRESENT_CARD = "present-card"
    ENTER_NUMBER = "enter-number"
    ENTER_NAME = "enter-name"
    MATCH_FACE = "match-face"
    MATCH_FINGERPRINT = "match-fingerprint"
    LOOK_UP = "look-up"
    CHOOSE = "choose"
    CHOOSE_MANY = "choose-many"
    FILL_FORM = "fill-form"
    RIGHTS = "rights"
    DECLARE = "declare"
    SIGN = "sign"
    TAKE_PORTRAIT = "take-portrait"
    ENROL_FINGERS = "enrol-fingers"
    CHECK_NEW_CARD = "check-new-card"
    TELL = "tell"
    SHOW_RESULT = "show-result"
    CHECK_BOOTH = "check-booth"
    ASK_CONDITIONS = "ask-conditions"
    MEASURE_HEIGHT = "measure-height"
    READ_CHART = "read-chart"
    READ_PLATES = "read-plates"
    HEAR_TONES = "hear-tones"
    RECORD_MOVEMENTS = "record-movements"
    AWAIT_APPROVAL = "await-approval"
    SCAN = "scan"
    MEND = "mend"
    TRY_OUT = "try-out"
    SELF_TEST = "self-test"
    HAND_BACK = "hand-back"
    LOOK_INTO = "look-into"
    EXPORT_RECORDS = "export-records"
    SIGN_REPORT = "sign-report"
    CONFIGURE = "configure"
    WALK_LINE = "walk-line"
    ENROL_ANEW = "enrol-anew"
    PICK_DOUBT = "pick-doubt"
    PICK_BIN = "pick-bin"
    CHOOSE_ADJUSTED = "choose-adjusted"
    FETCH_LIST = "fetch-list"
    NEXT_DOCUMENT = "next-document"
    COUNT_LEFT = "count-left"
    SUBMIT = "submit"
    PAY = "pay"
    PRINT = "print"
    HAND_OVER = "hand-over"
    TAKE_IN = "take-in"
    TAKE_PASS = "take-pass"
    ENDORSE = "endorse"
    RETURN_PASS = "return-pass"
    OPEN_DOOR = "open-door"
    MAKE_PLATE = "make-plate"
    EXCHANGE = "exchange"
    SETTLE_DOUBT = "settle-doubt"
    EMPTY_BIN = "empty-bin"
    FREE_DOOR = "free-door"
    CALIBRATE = "calibrate"
    LOAD_DOCUMENT = "load-document"
    UNLOAD_DOCUMENT = "unload-document"


class DeviceClass(enum.Enum):
    """One name everywhere for each class of device."""

    ID_READER = "id-reader"
    CAMERA = "camera"
    FINGERPRINT = "fingerprint"
    RECEIPT_PRINTER = "receipt-printer"
    PAGE_PRINTER = "page-printer"
    LOCKER = "locker"
    EXAM_BOOTH = "exam-booth"
    ENDORSEMENT_WRITER = "endorsement-writer"
    DOOR = "door"
    SCANNER = "scanner"
    PLATE_PRINTER = "plate-printer"


class Stop(enum.Enum):
    """Nobody is there and no value of the step's type is right: the case stops here and is settled."""

    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class Step(Generic[T_co]):
    """One thing to be done. Awaiting it gives its answer."""

    kind: ClassVar[StepKind]
    is_effect: ClassVar[bool] = False
    revisitable: ClassVar[bool] = False
    """Whether Back may stop here: an answer of the citizen's that can be given again."""
    needs: ClassVar[tuple[DeviceClass, ...]] = ()
    unattended: ClassVar[bool] = False
    """Whether it is still carried out when the citizen is gone: only what moves nothing, and was agreed to before."""
    key: str
    phase: Phase

    def __await__(self) -> Generator[Step[Any], T_co, T_co]:
        return (yield self)

    @property
    def absent(self) -> T_co | Stop:
        """What is recorded when nobody is there after the first effect (rule 5)."""
        return Stop.STOP

    @property
    def blocked(self) -> T_co | Stop:
        """What is answered instead of doing it while another effect of this kind is in doubt (rule 8)."""
        return Stop.STOP

    @property
    def subject(self) -> str:
        """The identity number of the citizen an effect concerns, or "": kept only as a keyed pseudonym."""
        return ""

    def holds(self, answer: Any) -> bool:  # noqa: ARG002
        """Whether, with this answer, nothing may go back past this step: every effect that was begun (rule 4)."""
        return self.is_effect

    @property
    def answer_type(self) -> Any:
        """The type its answers are checked against when stored and read back."""
        raise NotImplementedError

    def occurrence_name(self) -> tuple[str, str]:
        """Kind and key: what the nth occurrence is counted by."""
        return (self.kind.value, self.key)


# -- telling and asking ------------------------------------------------------------------------------------------


class Acknowledged(enum.Enum):
    """The citizen has read it."""

    READ = "read"


@dataclass(frozen=True, kw_only=True)
class Notice(Step[Acknowledged]):
    """办事须知: who, what to bring, fee, time. `topic` names the text, `service` is the code of what begins here."""

    kind: ClassVar[StepKind] = StepKind.NOTICE
    topic: str
    service: str

    @property
    def answer_type(self) -> Any:
        return Acknowledged


class ConsentAnswer(enum.Enum):
    """Answer to a separate consent (PIPL art. 29); refusing leads to another way, never to a dead end."""

    AGREE = "agree"
    DECLINE = "decline"


@dataclass(frozen=True, kw_only=True)
class Consent(Step[ConsentAnswer]):
    """个人信息告知与单独同意. `topic` names the text, which says where the comparison is made."""

    kind: ClassVar[StepKind] = StepKind.CONSENT
    revisitable: ClassVar[bool] = True
    topic: str

    @property
    def answer_type(self) -> Any:
        return ConsentAnswer


@dataclass(frozen=True, kw_only=True)
class Choose(Step[OptionT]):
    """One of at most eight options; enum members, or values with an option id. `topic` names the question."""

    kind: ClassVar[StepKind] = StepKind.CHOOSE
    revisitable: ClassVar[bool] = True
    topic: str
    options: tuple[OptionT, ...]

    @property
    def answer_type(self) -> Any:
        return str


@dataclass(frozen=True, kw_only=True)
class ChooseMany(Step[tuple[OptionT, ...]], Generic[OptionT]):
    """At least one of the options."""

    kind: ClassVar[StepKind] = StepKind.CHOOSE_MANY
    revisitable: ClassVar[bool] = True
    topic: str
    options: tuple[OptionT, ...]

    @property
    def answer_type(self) -> Any:
        return tuple[str, ...]


class FieldKind(enum.Enum):
    """How a field is answered; none needs free Chinese text."""

    MOBILE = "mobile"
    OPTION = "option"
    DATE_PAST = "date-past"
    HOUSE = "house"
    """Building, unit and room: 001-02-0301."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form, one page each. `options` are (id, wording key or own text) for FieldKind.OPTION."""

    name: str
    kind: FieldKind
    options: tuple[tuple[str, str], ...] = ()
    initial: str = ""


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """Field name and answer, in the form's order. Dates are ISO 8601."""

    values: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        return dict(self.values)[name]


@dataclass(frozen=True, kw_only=True)
class FillForm(Step[FormAnswers]):
    """Only what is not known already."""

    kind: ClassVar[StepKind] = StepKind.FILL_FORM
    revisitable: ClassVar[bool] = True
    topic: str
    fields: tuple[Field, ...]

    @property
    def answer_type(self) -> Any:
        return FormAnswers


class RightsAnswer(enum.Enum):
    """Three ways on from the page of facts, law and rights."""

    NO_OBJECTION = "no-objection"
    STATE_AND_DEFEND = "state-and-defend"
    NOT_NOW = "not-now"


@dataclass(frozen=True, kw_only=True)
class Rights(Step[RightsAnswer]):
    """处罚前告知: Administrative Penalty Law art. 44, 45, 62; points with the penalty (order 163 art. 13)."""

    kind: ClassVar[StepKind] = StepKind.RIGHTS
    revisitable: ClassVar[bool] = True
    violation: Violation
    notice: RightsNotice

    @property
    def answer_type(self) -> Any:
        return RightsAnswer


class Declared(enum.Enum):
    """The declaration was read to its end and agreed."""

    AGREED = "agreed"


@dataclass(frozen=True, kw_only=True)
class Declare(Step[Declared]):
    """声明. `topic` names the text; `text` is given when headquarters' dated table holds it."""

    kind: ClassVar[StepKind] = StepKind.DECLARE
    revisitable: ClassVar[bool] = True
    topic: str
    text: LawText | None = None

    @property
    def answer_type(self) -> Any:
        return Declared


@dataclass(frozen=True, slots=True)
class Signature:
    """A handwritten signature: strokes (points in 0..10000 of pad width with ms since first touch) as a blob."""

    strokes: Blob
    picture: Blob
    tag: Literal["signature"] = "signature"

    @property
    def blobs(self) -> tuple[str, ...]:
        """What goes up before a filing that it stands under."""
        return (self.picture.sha256, self.strokes.sha256)


@dataclass(frozen=True, slots=True)
class NotSigned:
    """The citizen did not sign: before an effect the visit just ends, after one the flow gives back what it holds."""

    tag: Literal["not-signed"] = "not-signed"


@dataclass(frozen=True, kw_only=True)
class Sign(Step[Signature | NotSigned]):
    """签名 under the named paper."""

    kind: ClassVar[StepKind] = StepKind.SIGN
    revisitable: ClassVar[bool] = True
    topic: str

    @property
    def answer_type(self) -> Any:
        return Signature | NotSigned

    @property
    def absent(self) -> Signature | NotSigned | Stop:
        return NotSigned()


@dataclass(frozen=True, kw_only=True)
class Tell(Step[Acknowledged]):
    """A refusal or notice in four parts; the visit goes on as the flow decides after it."""

    kind: ClassVar[StepKind] = StepKind.TELL
    refusal: Refusal

    @property
    def answer_type(self) -> Any:
        return Acknowledged


class AfterReading(enum.Enum):
    """What the citizen wants after they have read it."""

    ENOUGH = "enough"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together: (name, value) pairs under a heading, a message key, own text, or ""."""

    heading: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Course:
    """How far something has come: (message key, day or moment in ISO 8601 or "") in order, and the one reached."""

    stages: tuple[tuple[str, str], ...]
    reached: int

    @staticmethod
    def of(names: tuple[str, ...], reached: str, began: date, since: date | None) -> Course:
        """Of the days, the first is known, and that of the stage reached where `since` gives it."""
        days = [""] * len(names)
        days[0] = began.isoformat()
        if since is not None:
            days[names.index(reached)] = since.isoformat()
        stages = tuple((f"progress-{name}", day) for name, day in zip(names, days, strict=True))
        return Course(stages, names.index(reached))


class OnPaper(enum.Enum):
    """Whether the page offers what it shows on paper too."""

    OFFERED = "offered"
    NOT_OFFERED = "not-offered"


@dataclass(frozen=True, kw_only=True)
class ShowResult(Step[AfterReading]):
    """查询结果: what headquarters answered, to be read; `course` first where something is under way.

    `topic` names the sentence. Nothing of it is stored but the answer.
    """

    kind: ClassVar[StepKind] = StepKind.SHOW_RESULT
    revisitable: ClassVar[bool] = True
    topic: str
    sections: tuple[Section, ...]
    course: Course | None = None
    on_paper: OnPaper = OnPaper.NOT_OFFERED

    @property
    def absent(self) -> AfterReading | Stop:
        return AfterReading.ENOUGH

    @property
    def answer_type(self) -> Any:
        return AfterReading


# -- who is here -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoCardHere:
    """The citizen has no card with them."""

    tag: Literal["no-card"] = "no-card"


@dataclass(frozen=True, slots=True)
class CardNotRead:
    """No card could be read, and the citizen was told why in four parts: the card's fault, or the reader's."""

    code: RefusalCode
    tag: Literal["not-read"] = "not-read"


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was read. `photo` is the chip's 1,024 bytes; `fingers` the chip's templates, empty where none."""

    card: IdCard
    photo: Blob
    fingers: tuple[Blob, ...]
    tag: Literal["card"] = "card"


@dataclass(frozen=True, kw_only=True)
class PresentCard(Step[CardPresented | NoCardHere | CardNotRead]):
    """读证. `without` says whether a way on without a card is offered."""

    kind: ClassVar[StepKind] = StepKind.PRESENT_CARD
    revisitable: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.ID_READER,)
    without: WithoutCard

    @property
    def answer_type(self) -> Any:
        return CardPresented | NoCardHere | CardNotRead


class WithoutCard(enum.Enum):
    """Whether the page at the reader offers to go on without a card."""

    OFFERED = "offered"
    NOT_OFFERED = "not-offered"


@dataclass(frozen=True, kw_only=True)
class EnterNumber(Step[IdNumber]):
    """无证: eighteen characters on the number pad, checked before they are accepted."""

    kind: ClassVar[StepKind] = StepKind.ENTER_NUMBER
    revisitable: ClassVar[bool] = True

    @property
    def answer_type(self) -> Any:
        return IdNumber


@dataclass(frozen=True, kw_only=True)
class EnterName(Step[PersonName]):
    """A name, composed of characters that are found by their sound; checked before it is accepted.

    The only Chinese text that is typed here. `topic` names the page's sentence.
    """

    kind: ClassVar[StepKind] = StepKind.ENTER_NAME
    revisitable: ClassVar[bool] = True
    topic: str

    @property
    def answer_type(self) -> Any:
        return PersonName


class FactorResult(enum.Enum):
    """Outcome of one comparison one to one. MISSED is three misses; UNAVAILABLE is the machine's or the library's."""

    MATCHED = "matched"
    MISSED = "missed"
    DECLINED = "declined"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is claimed to be here: the number, and what to compare with (chip, else the population library)."""

    number: IdNumber
    photo: Blob | None
    fingers: tuple[Blob, ...]


@dataclass(frozen=True, kw_only=True)
class MatchFace(Step[FactorResult]):
    """人脸 1:1 against the claim; `person` is shown masked where a number was typed."""

    kind: ClassVar[StepKind] = StepKind.MATCH_FACE
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.CAMERA,)
    claim: Claim
    person: PersonOnFile | None = None

    @property
    def answer_type(self) -> Any:
        return FactorResult


@dataclass(frozen=True, kw_only=True)
class MatchFingerprint(Step[FactorResult]):
    """指纹 against the claim."""

    kind: ClassVar[StepKind] = StepKind.MATCH_FINGERPRINT
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.FINGERPRINT,)
    claim: Claim

    @property
    def answer_type(self) -> Any:
        return FactorResult


# -- what is recorded of the person ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Portrait:
    """An accepted portrait: the product's JPEG and its measures (name, native value, 0-100)."""

    picture: Blob
    measures: tuple[tuple[str, float, int], ...]
    tag: Literal["portrait"] = "portrait"

    @property
    def filed(self) -> tuple[tuple[str, str | bool], ...]:
        """As an application names it."""
        return (("portrait", self.picture.sha256), ("portrait_review", False))

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """Nothing is said of an accepted one."""
        return ()


@dataclass(frozen=True, slots=True)
class PortraitForReview:
    """After three failures: the best picture, to be judged by a person at headquarters."""

    picture: Blob
    measures: tuple[tuple[str, float, int], ...]
    tag: Literal["review"] = "review"

    @property
    def filed(self) -> tuple[tuple[str, str | bool], ...]:
        """As an application names it."""
        return (("portrait", self.picture.sha256), ("portrait_review", True))

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """The receipt says that a person still looks at it."""
        return (("portrait_review", "yes"),)


NO_PORTRAIT: tuple[tuple[str, str | bool], ...] = (("portrait", ""), ("portrait_review", False))
"""As an application says it that needs none."""


@dataclass(frozen=True, kw_only=True)
class TakePortrait(Step[Portrait | PortraitForReview]):
    """拍照: live guidance, three shots, the citizen chooses."""

    kind: ClassVar[StepKind] = StepKind.TAKE_PORTRAIT
    revisitable: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.CAMERA,)
    standard: PortraitStandard

    @property
    def answer_type(self) -> Any:
        return Portrait | PortraitForReview


class Finger(enum.Enum):
    """Which finger (ISO/IEC 19794-2 position codes)."""

    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    LEFT_THUMB = 6
    LEFT_INDEX = 7


@dataclass(frozen=True, slots=True)
class EnrolledFinger:
    """One finger enrolled from three touches, or `template` None where it could not be read."""

    finger: Finger
    template: Blob | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What was enrolled (Resident Identity Card Law art. 3)."""

    fingers: tuple[EnrolledFinger, ...]

    @property
    def templates(self) -> tuple[tuple[int, str], ...]:
        """Finger and digest of its template, of those that could be read."""
        return tuple((f.finger.value, f.template.sha256) for f in self.fingers if f.template)

    @property
    def filed(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """As an application names it: what was read, and what could not be."""
        missing = tuple(f.finger.value for f in self.fingers if f.template is None)
        return (("fingers", self.templates), ("missing_fingers", missing))

    @property
    def blobs(self) -> tuple[str, ...]:
        """What goes up before the application."""
        return tuple(digest for _, digest in self.templates)


@dataclass(frozen=True, kw_only=True)
class EnrolFingers(Step[Enrolment]):
    """指纹登记: thumbs first, each three times; another finger where a thumb is worn."""

    kind: ClassVar[StepKind] = StepKind.ENROL_FINGERS
    revisitable: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.FINGERPRINT,)

    @property
    def answer_type(self) -> Any:
        return Enrolment


class NewCardCheck(enum.Enum):
    """What the reader saw after the compartment (rule 12)."""

    IT_IS_THE_NEW_CARD = "new-card"
    NOT_SHOWN = "not-shown"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class CheckNewCard(Step[NewCardCheck]):
    """试读 in the citizen's hand: an identity card by number, issue date, expiry and authority on its reader.

    A passport or pass by its chip, where this machine has a reader for it; without one it is UNREADABLE at once.
    """

    kind: ClassVar[StepKind] = StepKind.CHECK_NEW_CARD
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.ID_READER,)
    number: IdNumber
    expected: FinishedCard | FinishedTravelDocument

    @property
    def absent(self) -> NewCardCheck | Stop:
        return NewCardCheck.NOT_SHOWN

    @property
    def answer_type(self) -> Any:
        return NewCardCheck


@dataclass(frozen=True, kw_only=True)
class LookUp(Step[AnswerT], Generic[AnswerT]):
    """A question to headquarters. Offline or a failure there ends the visit in one place, never in the flow."""

    kind: ClassVar[StepKind] = StepKind.LOOK_UP
    query: Query[AnswerT]

    @property
    def answer_type(self) -> Any:
        return self.query.answer


@dataclass(frozen=True, kw_only=True)
class AwaitApproval(Step[ApprovalAnswer]):
    """等审批: headquarters is asked again and again, for so many seconds; then it is NOT_YET.

    Silence and a broken line are waited out: what was asked for is on its way, with or without this terminal.
    """

    kind: ClassVar[StepKind] = StepKind.AWAIT_APPROVAL
    number: IdNumber
    case: str
    seconds: int

    @property
    def absent(self) -> ApprovalAnswer | Stop:
        return ApprovalAnswer(ApprovalState.NOT_YET)

    @property
    def answer_type(self) -> Any:
        return ApprovalAnswer


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """A code of the form that was asked for; it may name a person."""

    text: str
    tag: Literal["scanned"] = "scanned"

    def __repr__(self) -> str:
        return "ScannedCode(...)"


@dataclass(frozen=True, slots=True)
class NotScanned:
    """The paper has no code, or it cannot be read."""

    tag: Literal["not-scanned"] = "not-scanned"


@dataclass(frozen=True, kw_only=True)
class Scan(Step[ScannedCode | NotScanned]):
    """扫码: the code on one paper. `topic` names the paper; another paper's code is said and not taken."""

    kind: ClassVar[StepKind] = StepKind.SCAN
    revisitable: ClassVar[bool] = True
    needs: ClassVar[tuple[DeviceClass, ...]] = (DeviceClass.SCANNER,)
    topic: str
    shape: CodeShape

    @property
    def answer_type(self) -> Any:
        return ScannedCode | NotScanned
