"""What a page has to say, in meaning: the counter fills these, presenters put them into words.

One state class per page. Pages belong to step kinds, never to services (names of services and texts of law come in
as keys and values).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.flows.opening import Line
from kiosk.flows.steps import Course, Field, Finger, OnPaper, Phase, Section
from kiosk.people.eyesight import Eye
from kiosk.people.id_number import NumberFault
from kiosk.people.money import Money
from kiosk.people.names import NameFault
from kiosk.people.records import LawText, Refusal, RightsNotice
from kiosk.people.vehicle import Fine, Violation


@dataclass(frozen=True, slots=True)
class Chrome:
    """What surrounds every page of a visit. Empty `service` on the attract page and on pages without a visit."""

    service: str = ""
    phase: Phase | None = None
    phases: tuple[Phase, ...] = ()
    minutes_left: int = 0
    can_go_back: bool = False
    can_leave: bool = True
    simulated: bool = False
    finishing: str = ""
    """Key of the sentence saying what is being finished while an effect runs (rule 6); "" when none is."""


class ServiceOpen(enum.Enum):
    """Availability of one service now."""

    OPEN = "open"
    CHECKING = "checking"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ServiceTile:
    """One service: code, availability, why closed (message key, "" when open), minutes, named prominently or not.

    `elsewhere` is the machine a few steps away that offers it instead, as (Chinese, English). Open
    without a `line`, it takes a pre-registration only.
    """

    code: str
    open: ServiceOpen
    why: str = ""
    minutes: int = 0
    frequent: bool = False
    elsewhere: tuple[str, str] | None = None
    line: Line = Line.UP


@dataclass(frozen=True, slots=True)
class AttractPicture:
    """A picture for everybody: a file of the signed set in force, and what it shows, in words of each language."""

    file: str
    alt: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Attract:
    """待机: what can be done here now, what to bring, how long, whom to call."""

    services: tuple[ServiceTile, ...]
    alarms: tuple[str, ...] = ()
    """Message keys shown to everybody, such as a compartment left open, a wrong clock."""
    notices: tuple[tuple[str, str], ...] = ()
    """What the station wants everybody to know today: (Chinese, English), shown one after another."""
    picture: AttractPicture | None = None
    """Shown in turn with the notices; it never moves."""


@dataclass(frozen=True, slots=True)
class AllServices:
    """选事项: every service by branch."""

    services: tuple[ServiceTile, ...]


@dataclass(frozen=True, slots=True)
class WhatToBring:
    """What each open service asks you to bring."""

    services: tuple[ServiceTile, ...]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """办事须知. `facts` are (message key, Chinese, English) from the catalogue: who, bring, fee, time, law."""

    topic: str
    facts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """个人信息告知与单独同意. `compared_at` is here, here-or-headquarters, headquarters or sandbox.

    `challenge` is "basic" where a challenge that is not certified comes before the comparison, else "".
    """

    topic: str
    compared_at: str
    challenge: str = ""


class ReaderStage(enum.Enum):
    """What the reader is doing."""

    WAITING = "waiting"
    READING = "reading"
    READ = "read"
    TAKEN_TOO_SOON = "taken-too-soon"
    UNREADABLE = "unreadable"
    NOT_AUTHENTIC = "not-authentic"
    FOREIGN = "foreign"
    NONSENSE = "nonsense"
    READER_AWAY = "reader-away"
    OLD_CARD = "old-card"
    OTHER_CARD = "other-card"


@dataclass(frozen=True, slots=True)
class ReadCard:
    """读证 and 试读 (`new_card`): the verbatim sentence leads the first. `stage` may change within the page."""

    stage: ReaderStage
    new_card: bool = False
    may_go_without: bool = False
    document: str = "id-card"
    """Which new document: id-card, or the kind of a passport or pass, which has a reader of its own."""


@dataclass(frozen=True, slots=True)
class TypeNumber:
    """无证: number pad with 0-9 and X. `fault` is about the last number that was offered."""

    fault: NumberFault | None = None
    draft: str = ""


@dataclass(frozen=True, slots=True)
class EnterNamePage:
    """A name: letters, then characters read so. `fault` is about the last name that was offered."""

    topic: str
    fault: NameFault | None = None
    draft: str = ""


class FaceStage(enum.Enum):
    """Progress of a comparison."""

    LOOK = "look"
    COMPARING = "comparing"
    AGAIN = "again"
    CHALLENGE = "challenge"
    CHALLENGE_OVER = "challenge-over"
    CAMERA_AWAY = "camera-away"


class FaceMove(enum.Enum):
    """What the challenge asks for: one thing at a time. Left and right are the citizen's own."""

    LOOK_STRAIGHT = "look-straight"
    TURN_LEFT = "turn-left"
    TURN_RIGHT = "turn-right"
    OPEN_MOUTH = "open-mouth"
    BLINK = "blink"
    COME_NEARER = "come-nearer"


@dataclass(frozen=True, slots=True)
class FacePage:
    """人脸核验. The advice itself is live. `masked_name` is shown where a number was typed.

    In a challenge `move` is asked for, and `done` of `of` moves are made.
    """

    stage: FaceStage
    tries_left: int
    masked_name: str = ""
    move: FaceMove = FaceMove.LOOK_STRAIGHT
    done: int = 0
    of: int = 0


class FingerStage(enum.Enum):
    """Progress at the sensor."""

    PLACE = "place"
    AGAIN = "again"
    NOT_READ = "not-read"
    LIFT = "lift"
    SENSOR_AWAY = "sensor-away"


@dataclass(frozen=True, slots=True)
class FingerPage:
    """指纹: verification (`finger` None) or enrolment (`touch` of `touches`)."""

    stage: FingerStage
    finger: Finger | None = None
    touch: int = 1
    touches: int = 1
    tries_left: int = 3


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """One question. Options are (id, wording key or own text, explanation key or own text)."""

    topic: str
    options: tuple[tuple[str, str, str], ...]
    draft: str = ""


@dataclass(frozen=True, slots=True)
class ChooseViolations:
    """Pick records to handle; `pictures` maps record to a file path of its JPEG, shown beside it."""

    violations: tuple[Violation, ...]
    pictures: tuple[tuple[str, str], ...]
    draft: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseFines:
    """Pick decided fines to pay, each as it stands today."""

    fines: tuple[Fine, ...]
    draft: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormPage:
    """One field of a form, `index` of `count`; number pad, options or a date."""

    topic: str
    field: Field
    index: int
    count: int
    draft: str = ""
    fault: str = ""
    """Message key of what is wrong with the last entry."""
    dates: DateEntry | None = None
    """Bounds of a calendar answer; its latest day is today for a day that is past."""


@dataclass(frozen=True, slots=True)
class RightsPage:
    """请看清楚：拟对您作出以下处罚. Facts, law, fine, points, rights, three ways on; arms after 500 ms."""

    violation: Violation
    notice: RightsNotice
    picture: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationPage:
    """声明. `text` is headquarters' dated text or None for the topic's own. Long texts are paged by the view."""

    topic: str
    text: LawText | None


@dataclass(frozen=True, slots=True)
class SignPage:
    """签名. Strokes belong to the view until it sends them."""

    topic: str
    fault: str = ""


class PortraitStage(enum.Enum):
    """Progress of the portrait."""

    GUIDE = "guide"
    CHOOSE = "choose"
    CAMERA_AWAY = "camera-away"


@dataclass(frozen=True, slots=True)
class PortraitPage:
    """拍照: live outline and advice; then three shots (file paths, best first) to choose from."""

    stage: PortraitStage
    shots: tuple[str, ...] = ()
    taken: int = 0
    review_offered: bool = False
    failed: str = ""
    """What was wrong with the last picture, as the coach names it; "" where there was none, or it will do."""


class PayStage(enum.Enum):
    """Progress of a payment."""

    ASKING = "asking"
    CODE = "code"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class PayPage:
    """缴费. `code_url` is drawn as a QR code by the presenter; seconds left are live."""

    stage: PayStage
    amount: Money
    bill_topic: str
    order: str = ""
    code_url: str = ""


class WorkTopic(enum.Enum):
    """What is happening while the citizen waits."""

    ASKING_HEADQUARTERS = "asking-headquarters"
    FILING = "filing"
    PRINTING_RECEIPT = "printing-receipt"
    PRINTING_PAGE = "printing-page"
    OPENING = "opening"
    LOOKING_AT_BOOTH = "looking-at-booth"
    ONE_MOMENT = "one-moment"
    APPROVAL = "approval"
    WRITING = "writing"
    WRITING_LONG = "writing-long"
    """The machine has not answered in its usual time."""
    RETURNING_PASS = "returning-pass"


@dataclass(frozen=True, slots=True)
class WorkingPage:
    """Something takes more than a moment."""

    topic: WorkTopic


class PassStage(enum.Enum):
    """Where one's pass is, at the slot of the endorsement writer."""

    INSERT = "insert"
    PUSHED_BACK = "pushed-back"
    READING = "reading"
    TAKE = "take"
    STILL_THERE = "still-there"


@dataclass(frozen=True, slots=True)
class PassPage:
    """请插入、请取走通行证."""

    stage: PassStage


class ScanStage(enum.Enum):
    """How it goes at the scanner."""

    WAITING = "waiting"
    ANOTHER = "another"
    UNREADABLE = "unreadable"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class ScanPage:
    """请扫码: the code on the paper the topic names."""

    topic: str
    stage: ScanStage


class TemporaryPlateStage(enum.Enum):
    """Where the temporary plate is."""

    MAKING = "making"
    TAKE = "take"
    STILL_THERE = "still-there"


@dataclass(frozen=True, slots=True)
class TemporaryPlatePage:
    """临时号牌: being printed, or to be taken."""

    stage: TemporaryPlateStage


class SlotStage(enum.Enum):
    """Where the document is that a dispenser hands out."""

    FETCHING = "fetching"
    """Out of its position, and read inside."""
    TAKE = "take"
    STILL_THERE = "still-there"


@dataclass(frozen=True, slots=True)
class SlotPage:
    """发证 by a dispenser: the new document is fetched and checked, then to be taken from the slot.

    `document` is id-card, or the kind of a passport or pass.
    """

    stage: SlotStage
    document: str = "id-card"


class DoorStage(enum.Enum):
    """Where the compartment is."""

    OPENING = "opening"
    OPEN = "open"
    STILL_OPEN = "still-open"
    DID_NOT_OPEN = "did-not-open"


@dataclass(frozen=True, slots=True)
class TakePage:
    """请取走: one compartment of the cabinet is open. `compartments` is how many the cabinet has, `columns` wide.

    `content` is new-card, or old-card where the citizen gets back what was put in.
    """

    stage: DoorStage
    compartment: int
    compartments: int
    columns: int
    content: str = "new-card"
    document: str = "id-card"
    """Which document: id-card, or the kind of a passport or pass."""


@dataclass(frozen=True, slots=True)
class PutInPage:
    """请放入旧证: the compartment for the old document is open."""

    stage: DoorStage
    compartment: int
    compartments: int
    columns: int
    document: str = "id-card"


@dataclass(frozen=True, slots=True)
class TellPage:
    """A fault or refusal in four parts: what happened, is my document or money safe, what can I do, a number."""

    refusal: Refusal
    quote: str
    holding: tuple[str, ...] = ()
    """Keys of what the terminal holds of the citizen's: none means nothing."""
    actions: tuple[str, ...] = ("end",)
    """Action names that are buttons here: retry, other-way, end, help, continue."""
    desk: str = ""
    """The telephone of the desk for what could not be done; "" where there is none."""


@dataclass(frozen=True, slots=True)
class ResultPage:
    """查询结果: how far something has come, and facts under headings; to be read, and printed where offered."""

    topic: str
    sections: tuple[Section, ...]
    course: Course | None = None
    on_paper: OnPaper = OnPaper.NOT_OFFERED


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One condition, asked plainly, `index` of `count`: in Chinese and English, and the rule it comes from."""

    zh: str
    en: str
    basis: str
    index: int
    count: int


class HeightStage(enum.Enum):
    """Progress under the height sensor."""

    STAND = "stand"
    MEASURING = "measuring"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class HeightPage:
    """身高. What was measured is never shown here: the paper says it."""

    stage: HeightStage


class ChartStage(enum.Enum):
    """Progress of one eye."""

    COVER = "cover"
    LETTER = "letter"
    NEARER = "nearer"
    FARTHER = "farther"


@dataclass(frozen=True, slots=True)
class ChartPage:
    """视力: cover the other eye, then E after E. `rows` of 1 and 0, each a stroke of `stroke_px` pixels."""

    stage: ChartStage
    eye: Eye
    letter: int = 0
    rows: tuple[str, ...] = ()
    stroke_px: int = 0


class PlateStage(enum.Enum):
    """The demonstration, its solution, then the plates."""

    SHOW_HOW = "show-how"
    SOLVED = "solved"
    PLATE = "plate"


@dataclass(frozen=True, slots=True)
class PlatePage:
    """辨色力: a picture (data URL) and the figures to choose from. `figure` is told with the solution only."""

    stage: PlateStage
    picture: str
    figures: str
    index: int = 0
    count: int = 0
    figure: str = ""


class ToneStage(enum.Enum):
    """Progress of the tones."""

    HEADSET = "headset"
    HEADSET_OFF = "headset-off"
    QUIET = "quiet"
    LOUD = "loud"
    LISTEN = "listen"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class TonePage:
    """听力: put the headset on, silence, then tone after tone."""

    stage: ToneStage
    index: int = 0
    count: int = 0


class MovementStage(enum.Enum):
    """Progress of one movement."""

    SHOW_HOW = "show-how"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class MovementPage:
    """四肢、躯干、颈部: one movement, `index` of `count`; the seconds until the picture are live."""

    stage: MovementStage
    movement: str
    index: int
    count: int


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """结束: what was done, the number, what to take; ends by sensors or time."""

    topic: str
    number: str = ""
    details: tuple[tuple[str, str], ...] = ()
    take: tuple[str, ...] = ()
    printed: bool = True


@dataclass(frozen=True, slots=True)
class RatingPage:
    """评价 at the end of every visit: take your documents with you; how was it? `slip`: one came out, take it too."""

    slip: bool = False


class EntryStage(enum.Enum):
    """What the page beside the zone's door says."""

    WAITING = "waiting"
    READING = "reading"
    NOT_READ = "not-read"
    EXPIRED = "expired"
    """The card is past its date, and here that is the guard's to decide."""
    OPEN = "open"
    LET_IN = "let-in"
    """The guard has opened: nobody has a card to take along."""
    CALLED = "called"
    """Somebody without a card has asked for the guard."""
    REFUSED = "refused"
    """The lock did not move."""
    AWAY = "away"
    """Card reader or lock does not work now."""


@dataclass(frozen=True, slots=True)
class DoorPage:
    """门: lay your card down, or call the guard. The telephone is there on every stage."""

    stage: EntryStage
    alarms: tuple[str, ...] = ()
    """Message keys for whoever stands there, such as a door held open."""


@dataclass(frozen=True, slots=True)
class WelcomeBack:
    """The citizen of an interrupted visit: what happened to the money and the document, and a reprint (rule 17)."""

    when: datetime
    facts: tuple[tuple[str, str], ...]
    """(message key, value) such as ("back-paid", "20 元"), ("back-old-card-held", "7")."""
    quote: str
    reprint: bool


@dataclass(frozen=True, slots=True)
class HelpPage:
    """求助: called, waiting, nobody answered after 60 s (`unanswered`), with the telephone.

    `said` is what an officer wrote last, newest last; in their words.
    """

    called_at: datetime
    unanswered: bool
    said: tuple[str, ...] = ()
    handed: str = ""
    """The number with which the matter was handed to the people's desk."""
    spoken: bool = False
    """An officer spoke aloud."""


@dataclass(frozen=True, slots=True)
class LeavePage:
    """Really leave? Says what is lost and what stays."""

    loses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutOfService:
    """The whole terminal is closed: database set aside, disk full, wrong clock, maintenance, by order.

    `said` is what an officer wants read, in Chinese and English.
    """

    why: str
    since: datetime | None = None
    said: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class DateEntry:
    """A calendar answer, for forms."""

    earliest: date
    latest: date


class StaffStage(enum.Enum):
    """What the reader for technicians is doing."""

    CARD = "card"
    NOT_READ = "not-read"
    READER_AWAY = "reader-away"
    SECOND = "second"
    """A second person, for a task that needs two."""
    LOCKED = "locked"
    """Whoever works here signs in again."""


@dataclass(frozen=True, slots=True)
class StaffCardPage:
    """工作人员登录: their own identity card. `by_code` offers the telephone: only behind the key switch."""

    stage: StaffStage
    by_code: bool = False


class StaffAsks(enum.Enum):
    """What is typed."""

    PIN = "pin"
    NUMBER = "number"
    CODE = "code"
    BIN_COUNT = "bin-count"
    """How many came out of a bin; `challenge` is the staff number of whoever counts."""
    REFERENCE = "reference"
    """The eight characters of a number that are quoted on papers, to look it up by."""
    ENROLMENT = "enrolment"
    """The one-time code by which headquarters lets this terminal in."""
    COUNT = "count"
    """How many documents are left in their hands."""


class StaffTry(enum.Enum):
    """How the last try ended; which of card and PIN was wrong is not said."""

    NONE = ""
    WRONG = "wrong"
    WAIT = "wait"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class StaffKeyPage:
    """A PIN, a staff number, or the code that headquarters reads out for `challenge`. A pause counts down live."""

    asks: StaffAsks
    last: StaffTry = StaffTry.NONE
    challenge: str = ""
    turn: int = 0
    """Counts pages, so that each begins empty."""


class Standing(enum.Enum):
    """How a device stands, in order of what to look at first."""

    OUT = "out"
    LOW = "low"
    """It works, and a supply is low."""
    CHECKING = "checking"
    WORKS = "works"


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """One device of the overview: its defect (key, "" for none), since when, what that closes, what is left in it."""

    device: str
    standing: Standing
    defect: str = ""
    since: datetime | None = None
    closes: tuple[str, ...] = ()
    left: tuple[tuple[str, str, int | None], ...] = ()
    """Supply, the device's word for it, and days left where the use is known."""
    place: str = ""
    """Which of the device's doors, by number; "" where it is the whole device."""


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """总览: every device, what to do first, and the tasks. `said` is how the last task ended (key, or "")."""

    rows: tuple[DeviceRow, ...]
    first: str
    """The device to begin with, or ""."""
    tasks: tuple[str, ...]
    staff: tuple[str, ...]
    since: datetime
    said: str = ""


@dataclass(frozen=True, slots=True)
class MendPage:
    """检修: every move at once, numbered, each with its drawing; it ends by itself when the device says it works.

    `defect` is the fault's key, `moves` are open, pull, put, clean, turn, close, cable, wait, call.
    """

    device: str
    defect: str
    moves: tuple[str, ...]
    asked: int = 0
    """How often the device was asked in vain."""
    ends: str = "works"
    """What ends it: works, trial, measure, door (kiosk.maintenance.faults.Ends)."""
    place: str = ""
    """Which of the device's doors, by number; "" where it is the whole device."""
    cabinet: tuple[int, int] = (0, 0)
    """Compartments and columns, where the door is shown among the others."""


class LoadStage(enum.Enum):
    """Where a document is that goes into the cabinet."""

    LAY = "lay"
    """The next one is waited for."""
    READING = "reading"
    AGAIN = "again"
    """It could not be read once."""
    OPENING = "opening"
    PUT = "put"
    STILL_OPEN = "still-open"


@dataclass(frozen=True, slots=True)
class LoadPage:
    """装柜: read, put in, shut, next. `last` is what became of the one before (loaded, or why not; "" at first)."""

    stage: LoadStage
    loaded: int
    aside: int
    to_load: int
    last: str
    kept: bool
    """Whether the list is one that was kept, because headquarters cannot be reached."""
    compartments: int
    columns: int
    compartment: int = 0
    document: str = "id-card"
    turn: int = 0
    """Counts documents, so that each begins a page of its own."""


class UnloadStage(enum.Enum):
    """Where a document is that leaves the cabinet."""

    OPENING = "opening"
    TAKE = "take"
    STILL_OPEN = "still-open"
    FROM_BIN = "from-bin"
    """It lies in the machine's bin, which a key opens."""
    READ = "read"
    """It is to be laid on the reader, outside."""
    ANOTHER = "another"
    """What was read is another one."""


@dataclass(frozen=True, slots=True)
class UnloadPage:
    """清柜: the `nth` of `of` documents; `why` is expired, recalled, retracted or recovered."""

    stage: UnloadStage
    nth: int
    of: int
    why: str
    document: str
    compartment: int
    compartments: int
    columns: int


@dataclass(frozen=True, slots=True)
class TryOutPage:
    """试一试: a device does what it is there for, with its drawing; `asks`: it has, and what did they see?

    `facts` are what the device itself says, (label key, key or text) each.
    """

    device: str
    asks: bool
    facts: tuple[tuple[str, str], ...] = ()


class MeasureStage(enum.Enum):
    """How far a measurement is."""

    DO = "do"
    """The person sets something up."""
    LOOK = "look"
    """They stand before the camera."""
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """校准: one measurement (a value of kiosk.people.calibration.Adjusted), and what was found."""

    what: str
    stage: MeasureStage
    facts: tuple[tuple[str, str], ...] = ()
    within: bool = False


class DisplayStage(enum.Enum):
    """What the screen is asked for."""

    SIZE = "size"
    COLOURS = "colours"


@dataclass(frozen=True, slots=True)
class DisplayPage:
    """A card's outline as wide as `pixels` should make it, moved until a real card fits; then colours and greys."""

    stage: DisplayStage
    pixels: int
    card_mm: float


@dataclass(frozen=True, slots=True)
class TouchPage:
    """Targets over the whole glass; each that is touched shows how far beside its middle."""

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class HandBackPage:
    """交接: what the self-test found, (what, verdict, word) each, and what stays out of service."""

    findings: tuple[tuple[str, str, str], ...]
    closes: tuple[str, ...]
    seconds: float


class RowMark(enum.Enum):
    """How a row of records is marked, by shape and colour."""

    PLAIN = "plain"
    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A row of a list for technicians; with an `id` a touch opens it.

    `label` and `state` are keys or words of their own. `said` are details by name, in words where there are.
    """

    id: str
    label: str
    state: str = ""
    said: tuple[tuple[str, str], ...] = ()
    at: datetime | None = None
    mark: RowMark = RowMark.PLAIN


@dataclass(frozen=True, slots=True)
class RecordsPage:
    """A list for technicians: what there is to look at, what happened, one visit step by step, what is in force.

    `topic` is the key of what leads, `about` its arguments by name; of `actions` the last is the main one.
    """

    topic: str
    rows: tuple[RecordRow, ...]
    actions: tuple[str, ...]
    about: tuple[tuple[str, str], ...] = ()
    turn: int = 0
    """Counts pages, so that each begins at its first sheet."""


PageState = (
    Attract
    | AllServices
    | WhatToBring
    | NoticePage
    | ConsentPage
    | ReadCard
    | TypeNumber
    | EnterNamePage
    | FacePage
    | FingerPage
    | ChoosePage
    | ChooseViolations
    | ChooseFines
    | FormPage
    | RightsPage
    | DeclarationPage
    | SignPage
    | PortraitPage
    | PayPage
    | WorkingPage
    | TakePage
    | PutInPage
    | PassPage
    | ScanPage
    | TemporaryPlatePage
    | SlotPage
    | TellPage
    | ResultPage
    | QuestionPage
    | HeightPage
    | ChartPage
    | PlatePage
    | TonePage
    | MovementPage
    | ClosingPage
    | RatingPage
    | DoorPage
    | WelcomeBack
    | HelpPage
    | LeavePage
    | OutOfService
    | StaffCardPage
    | StaffKeyPage
    | OverviewPage
    | MendPage
    | TryOutPage
    | MeasurePage
    | DisplayPage
    | TouchPage
    | LoadPage
    | UnloadPage
    | HandBackPage
    | RecordsPage
)


@dataclass(frozen=True, slots=True)
class Live:
    """What may change ten times a second without a new page (rule 20)."""

    advice: str = ""
    """An Advice value of the camera contract, or ""."""
    face: tuple[float, float, float, float] | None = None
    held: float = 0.0
    seconds_left: int | None = None
    """Of a code, a question or a page; None hides it."""
    more_time: int | None = None
    """Countdown of "Do you need more time?"; None hides the question."""
    progress: float | None = None
    clock: str = ""
    officer: bool = False
    """An officer who helps from far away is heard now."""


class TextSize(enum.Enum):
    """Cap heights of screens.md."""

    DEFAULT = "default"
    LARGE = "large"
    LARGER = "larger"
    LARGEST = "largest"


class Theme(enum.Enum):
    """Three themes."""

    DAY = "day"
    NIGHT = "night"
    HIGH_CONTRAST = "high-contrast"


class Layout(enum.Enum):
    """Three layouts, in pixels."""

    PORTRAIT = "1080x1920"
    LANDSCAPE = "1920x1080"
    SQUARE = "1280x1024"


@dataclass(frozen=True, slots=True)
class Look:
    """How this citizen wants to see it; reset after every visit."""

    language: str = "zh-CN"
    size: TextSize = TextSize.DEFAULT
    theme: Theme = Theme.DAY
    layout: Layout = Layout.PORTRAIT
    reach: bool = False
    elder: bool = False
    sound: bool = False
    """Pages are read aloud."""
