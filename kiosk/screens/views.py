"""What a page shows, already worded: the plain values a QML page is bound to.

Only strings (StrEnum members among them: they are written as their text), whole numbers, floats, bools and tuples
of these classes occur, so that one strict function can turn a view into JSON or QML maps (rule 20). Field names are
kept as they are (snake_case). A view decides nothing: which words, which buttons, in which order and which of them
leads is all decided here.

The parts of a page from top to bottom: `chrome` (header, phases) - `sentence` and `hint` - `error`, `status` and the
page's own `page` - `ways` (large buttons in the body) - `actions` (the row at the bottom) - `chrome` again (footer).

An empty string or tuple always means: show nothing, take no room.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Role(enum.StrEnum):
    """How much a button weighs. At most one PRIMARY is on a page; DANGER is for destructive acts only."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"
    HELP = "help"


class Tone(enum.StrEnum):
    """The mood of a page or a line: colour role, with a shape of its own beside it."""

    CALM = "calm"
    ATTENTION = "attention"
    SUCCESS = "success"
    DANGER = "danger"


class PhaseMark(enum.StrEnum):
    """A phase of the visit."""

    DONE = "done"
    CURRENT = "current"
    TODO = "todo"


class Picture(enum.StrEnum):
    """What the drawing on a page shows; each is a drawing of ours, made of plain shapes."""

    NONE = ""
    CARD_TO_READER = "card-to-reader"
    """A card sinks onto the lit area below the screen."""
    CARD_STAYS = "card-stays"
    """The card lies on the reader and is being read."""
    CARD_READ = "card-read"
    """The card was read and may be lifted; a tick."""
    CARD_AGAIN = "card-again"
    """Lift the card and lay it down again."""
    CARD_NOT_TAKEN = "card-not-taken"
    """A card that cannot be used here."""
    NEW_CARD_TO_READER = "new-card-to-reader"
    """The new card sinks onto the reader."""
    DEVICE_AWAY = "device-away"
    """A device that does not answer."""
    FINGER_PLACE = "finger-place"
    FINGER_LIFT = "finger-lift"
    FINGER_AGAIN = "finger-again"
    WAIT = "wait"
    """Something is happening: calm, endless."""
    PAPER_RECEIPT = "paper-receipt"
    """A slip comes out of the receipt slot."""
    PAPER_PAGE = "paper-page"
    """A sheet comes out of the page slot."""
    OFFICER = "officer"
    TELEPHONE = "telephone"
    TICK = "tick"
    SHIELD = "shield"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button. A touch sends `action` with the payload `{payload_key: payload_value}`, or {} without a key."""

    action: str
    """Name of the intent (docs/pages.md)."""
    label: str
    """The verb on the button."""
    role: Role = Role.SECONDARY
    enabled: bool = True
    """False: drawn as not available; a touch is answered by `why_not` and sends nothing."""
    why_not: str = ""
    payload_key: str = ""
    payload_value: str = ""
    arms_after_ms: int = 0
    """Milliseconds from first paint during which a touch is not taken (rule 21): 500 for legal and paying acts."""
    caption: str = ""
    """A second, smaller line under the label; used by header actions."""
    pressed: bool = False
    """A mode that is on (large text, reach, elder...)."""
    voice: str = ""
    """What is spoken when the button is named; "" means the label."""
    from_view: str = ""
    """Name of what the view itself adds to the payload: "text" (keypad), "ids" (chosen records), "strokes" (pad).

    Such a button is enabled by the view as soon as there is something to send.
    """
    after_last_sheet: bool = False
    """The button is enabled only after the last sheet of a paged text was shown."""


@dataclass(frozen=True, slots=True)
class PhaseView:
    """One phase of the visit in the bar under the header."""

    label: str
    number: int
    """1 for the first."""
    mark: PhaseMark


@dataclass(frozen=True, slots=True)
class ChromeView:
    """What surrounds the page."""

    title: str
    """Name of the service; of the station where there is no visit."""
    subtitle: str
    """One line under the title: "第 2 步，共 5 步 · 还需约 3 分钟", or the name of the terminal."""
    steps: str
    """Only the first half of the subtitle: "第 2 步，共 5 步"; "" without phases."""
    minutes: str
    """Only the second half of the subtitle: "还需约 3 分钟"; "" where not known."""
    phases: tuple[PhaseView, ...]
    header: tuple[ActionView, ...]
    """The same on every page, left to right: language, large text, contrast, reach, elder, (sound,) help.

    `label` is a short glyph or word, `caption` a word below it.
    """
    emergency: str
    """Footer: "紧急情况请拨打 110"."""
    duty: str
    """Footer: "值班电话 0472-1234567"."""
    simulation: str
    """A label shown throughout where devices are simulated (rule 29), else ""."""
    finishing: str
    """What is being finished while an effect runs (rule 6), else ""."""
    previous_label: str
    """Words of the buttons that turn sheets of a paged list or text."""
    next_label: str
    close_label: str
    """Closes an overlay of the view's own (the full text of articles, a large picture)."""
    too_early: str
    """Answer to a touch on a button that is not armed yet."""
    read_to_end: str
    """Answer to a touch on a button that waits for the last sheet."""


@dataclass(frozen=True, slots=True)
class FactView:
    """A row of label and value. `strong` rows are what the citizen should compare."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class TileView:
    """One service as a tile. A touch sends `service {code}`."""

    code: str
    title: str
    note: str
    """A few words, one line: for whom, or why closed."""
    minutes: str
    """"约 3 分钟", or "" where closed."""
    state: str
    """"open", "checking" or "closed"; never by colour alone: see `state_text`."""
    state_text: str
    """"可以办理", "正在检查设备…", "暂时不能办"."""
    enabled: bool
    why_not: str
    """Answer to a touch on a closed tile."""
    branch: str
    """"household", "traffic" or "exit-entry": chooses the drawing."""


@dataclass(frozen=True, slots=True)
class TileSheet:
    """Tiles shown at once. Several sheets are turned with the chrome's previous and next."""

    title: str
    tiles: tuple[TileView, ...]
    position: str
    """"第 1 页，共 3 页"; "" where there is one sheet only."""


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer. A touch sends `action {payload_key: id}` of the page at once, without a further button."""

    id: str
    label: str
    note: str = ""
    chosen: bool = False
    """The citizen's earlier answer after Back: marked, never applied by itself."""


@dataclass(frozen=True, slots=True)
class OptionSheet:
    """Options shown at once: at most eight, at most four in elder mode."""

    options: tuple[OptionView, ...]
    position: str


class KeypadKind(enum.StrEnum):
    """Which keys are there."""

    ID_NUMBER = "id-number"
    """0-9 and X."""
    DIGITS = "digits"
    """0-9."""
    REFERENCE = "reference"
    """0-9 and the letters that numbers on papers are made of."""


@dataclass(frozen=True, slots=True)
class KeypadView:
    """A number pad with the field above it.

    The view sends the typed characters, cut into `groups` and joined by `joiner`, as `text`.
    """

    kind: KeypadKind
    rows: tuple[tuple[str, ...], ...]
    """Keys row by row; "erase" and "clear" are the two that are no characters, "" is a hole."""
    erase_label: str
    clear_label: str
    length: int
    """Characters to type; the main action is enabled at exactly this many."""
    groups: tuple[int, ...]
    """How the field is cut for the eye, such as (6, 8, 4)."""
    joiner: str
    placeholder: str
    """Shown in the empty field; one group after another separated by blanks."""
    draft: str
    """Typed already (raw characters, without joiner)."""
    hidden: bool = False
    """A secret: a dot stands for each character."""


@dataclass(frozen=True, slots=True)
class CabinetView:
    """The cabinet as it stands beside the screen, doors numbered from 1, row by row from the top left."""

    compartments: int
    columns: int
    compartment: int
    """The door this page is about."""
    state: str
    """"opening", "open", "still-open" or "did-not-open"."""
    door_label: str
    """"7 号门"."""
    content: str
    """What lies in it: "new-card", "old-card" or "empty"."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A number as large as what it means: fine, points, amount."""

    label: str
    value: str
    unit: str
    tone: Tone = Tone.CALM


@dataclass(frozen=True, slots=True)
class TextView:
    """A titled text of several paragraphs; long ones are cut into sheets by the view, which knows the room."""

    heading: str
    paragraphs: tuple[str, ...]
    source: str = ""
    """Reference, source and date of a text of law, in one line."""


# -- the pages ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AttractView:
    """待机. Touch anywhere sends `begin`; `actions` holds all-services and what-to-bring."""

    heading: str
    """"大家常办"."""
    sheets: tuple[TileSheet, ...]
    alarms: tuple[str, ...]
    """Sentences for everybody, shown with attention (a door left open)."""
    notices: tuple[str, ...]
    """Announcements of the station, shown one at a time."""
    touch: str
    """"轻触屏幕任意位置开始"."""
    open_count: str
    """"此刻可办 3 项"."""
    card_door: str
    """The other way to begin: lay the card on the reader."""
    picture: str = ""
    """Where a picture lies, as a URL; "" for none."""
    picture_alt: str = ""
    """What it shows."""


@dataclass(frozen=True, slots=True)
class AllServicesView:
    """选事项: one sheet a branch (in elder mode four tiles a sheet)."""

    sheets: tuple[TileSheet, ...]


@dataclass(frozen=True, slots=True)
class BringView:
    """One service and what to bring for it."""

    code: str
    title: str
    bring: str
    minutes: str


@dataclass(frozen=True, slots=True)
class BringSheet:
    """Rows shown at once."""

    rows: tuple[BringView, ...]
    position: str


@dataclass(frozen=True, slots=True)
class WhatToBringView:
    """What each open service asks for."""

    sheets: tuple[BringSheet, ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """办事须知: who, what to bring, fee, time, law."""

    facts: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class ConsentView:
    """个人信息告知: what, why, where compared, how long, rights, refusing. The two answers are `ways`."""

    facts: tuple[FactView, ...]
    compared_at: str
    """"here", "here-or-headquarters", "headquarters" or "sandbox": for a mark beside the row."""


@dataclass(frozen=True, slots=True)
class ReadCardView:
    """读证 and 试读. Everything it says is in the common fields; `stage` is for the drawing and the light."""

    stage: str
    place: str
    """Caption of the drawing: "亮黄灯的地方就是感应区"."""


@dataclass(frozen=True, slots=True)
class PassView:
    """The slot of the endorsement writer; `stage` is for the drawing, `place` its caption."""

    stage: str
    place: str


@dataclass(frozen=True, slots=True)
class TypeNumberView:
    """无证: the number pad. The main action sends `number {text}`; `other-letters` leads to the window."""

    keypad: KeypadView


@dataclass(frozen=True, slots=True)
class SyllableView:
    """A syllable of pinyin without tone, and the characters that are read so, the most frequent first."""

    syllable: str
    characters: str


@dataclass(frozen=True, slots=True)
class EnterNameView:
    """A name. The view finds the characters by itself, so that no touch is ever lost. Sends `name {text}`."""

    rows: tuple[tuple[str, ...], ...]
    """Letter keys row by row; "dot", "erase" and "clear" are those that are no letters."""
    syllables: tuple[SyllableView, ...]
    surnames: str
    """Offered first while the name is empty."""
    dot: str
    placeholder: str
    longest: int
    shortest: int
    draft: str


@dataclass(frozen=True, slots=True)
class FaceView:
    """人脸核验: live preview with an outline; advice comes in the live view."""

    stage: str
    """The preview is shown at look, again and challenge; not at challenge-over, comparing and camera-away."""
    person: str
    """"正在核验：王*芳", where a number was typed."""
    tries: str
    """"还可以再试 2 次", or "第 1 个动作，共 3 个"."""
    camera_on: str
    """The sign that is shown whenever the camera is looking; "" hides it."""
    move: str
    """The move's drawing lies over the preview: turn-left, turn-right, open-mouth, blink, come-nearer; "" none."""
    done: int
    of: int
    """Moves made of moves asked for; 0 of 0 outside a challenge."""


@dataclass(frozen=True, slots=True)
class FingerView:
    """指纹: verification or enrolment."""

    stage: str
    finger: str
    """"right-thumb", "left-thumb", "right-index", "left-index" or "any": for the drawing of the hands."""
    finger_label: str
    """"右手拇指"; "" where any finger will do."""
    touch: int
    """1 for the first of `touches`; drawn as dots, spoken by `touch_text`."""
    touches: int
    touch_text: str
    """"第 2 次，共 3 次"; "" at verification."""
    tries: str


@dataclass(frozen=True, slots=True)
class ChooseView:
    """One question; a touch on an option sends `choose {id}`."""

    sheets: tuple[OptionSheet, ...]


@dataclass(frozen=True, slots=True)
class RecordView:
    """One traffic record to be chosen."""

    id: str
    plate: str
    when: str
    place: str
    behaviour: str
    fine: str
    """"100 元", or "警告"."""
    points: str
    """"记 1 分", or "不记分"."""
    picture: str
    """Source of a JPEG for an image (file path or data URL), "" where there is none."""
    picture_label: str
    """Name of the picture for reading aloud, or "没有照片"."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """Records shown at once."""

    records: tuple[RecordView, ...]
    position: str


@dataclass(frozen=True, slots=True)
class ChooseViolationsView:
    """Pick records; the main action sends `choose {ids}`."""

    sheets: tuple[RecordSheet, ...]
    chosen_texts: tuple[str, ...]
    """What to say when none, one, two ... are chosen: indexed by the number chosen."""
    look_label: str
    """"看大图": shows the picture large in an overlay of the view."""


@dataclass(frozen=True, slots=True)
class FormPageView:
    """One field. Exactly one of `keypad` and `sheets` leads; a date has both: quick answers, then the pad.

    A touch on an option sends `answer {text: id}`; the main action sends `answer {text}` from the pad.
    """

    input: str
    """"keypad", "options" or "date"."""
    position: str
    """"第 1 项，共 3 项"; "" for a form of one field."""
    keypad: KeypadView
    """`length` 0 where the field has no pad."""
    sheets: tuple[OptionSheet, ...]
    check: FactView
    """What is on file already and can simply be confirmed; empty label where nothing is."""


@dataclass(frozen=True, slots=True)
class RightsView:
    """请看清楚：拟对您作出以下处罚. Three ways on are in `ways`, armed after 500 ms."""

    facts: tuple[FactView, ...]
    figures: tuple[FigureView, ...]
    """Fine, points, points of the running cycle against the limit."""
    rights: TextView
    terms: TextView
    """How and until when to pay."""
    articles_label: str
    """"看条文全文": opens `articles` in an overlay; "" where there is no text."""
    articles: TextView
    picture: str
    """Source of a JPEG for an image, or ""."""
    picture_label: str


@dataclass(frozen=True, slots=True)
class DeclarationView:
    """声明. The main action waits for the last sheet."""

    text: TextView


@dataclass(frozen=True, slots=True)
class SignView:
    """签名. The main action sends `signed {strokes}`."""

    paper: str
    """What is being signed, by its name."""
    pad: str
    """Words in the empty pad."""
    clear_label: str
    width: int
    """The pad's shape as width to height, such as 10 to 4."""
    height: int
    ink_needed: int
    """Length of ink, in ten-thousandths of the pad's width, before the main action is enabled."""


@dataclass(frozen=True, slots=True)
class ShotView:
    """One of the shots; a touch sends `choose {index}` (a whole number)."""

    index: int
    """0 for the first, which is the best."""
    picture: str
    """Source of a JPEG for an image."""
    label: str
    """"第 1 张"."""
    note: str
    """"最清楚", or ""."""


@dataclass(frozen=True, slots=True)
class PortraitView:
    """拍照. Guide: live preview and outline. Choose: shots, best first; a touch sends `choose {index}`."""

    stage: str
    shots: tuple[ShotView, ...]
    taken: str
    """"已拍 1 张，共 3 张"."""
    outline_width: float
    """Width of the head in the outline as a fraction of the preview's width."""
    outline_height: float
    """Height of the head in the outline as a fraction of the preview's height."""
    tips: tuple[str, ...]
    failed: str
    """Why the last picture will not do, in one sentence; "" hides it."""
    camera_on: str
    """The sign that is shown whenever the camera is looking; "" hides it."""


@dataclass(frozen=True, slots=True)
class PayView:
    """缴费. At stage code the matrix is drawn with a quiet zone of four modules, black on white in every theme."""

    stage: str
    """"asking", "code" or "closing"."""
    amount: FigureView
    bill: str
    """What is being paid."""
    order: str
    """"订单号 ..."; "" before there is one."""
    qr: tuple[str, ...]
    """Rows of "0" and "1", 1 is dark; without quiet zone."""
    how: tuple[str, ...]
    """What to do, one step a line."""


@dataclass(frozen=True, slots=True)
class ScanView:
    """The scanner's window; `place` is the drawing's caption."""

    stage: str
    place: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """The slot a new document comes out of; `place` is the drawing's caption, `booklet` whether it is a passport."""

    stage: str
    place: str
    booklet: bool


@dataclass(frozen=True, slots=True)
class TemporaryPlateView:
    """The slot the plate comes out of; `place` is the drawing's caption."""

    stage: str
    place: str


@dataclass(frozen=True, slots=True)
class WorkingView:
    """Something takes a moment; how far it is comes in the live view."""

    topic: str


@dataclass(frozen=True, slots=True)
class CabinetPageView:
    """请取走 and 请放入旧证."""

    cabinet: CabinetView
    steps: tuple[str, ...]
    """What to do, one step a line."""


class PartKind(enum.StrEnum):
    """The four parts of every fault and refusal."""

    HAPPENED = "happened"
    SAFE = "safe"
    NOW = "now"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class PartView:
    """One of the four parts."""

    kind: PartKind
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class TellView:
    """A fault or refusal: what happened (the sentence), safe, now, a number to quote. Its buttons are `ways`."""

    parts: tuple[PartView, ...]
    """SAFE, NOW and QUOTE; HAPPENED is the page's sentence."""
    code: str
    """Small, beside the number: "E-COL-01"."""
    facts: tuple[FactView, ...] = ()
    """Where to go instead, whom to telephone, from when on."""


@dataclass(frozen=True, slots=True)
class StageView:
    """One stage of something under way, with the day it was reached where known."""

    label: str
    number: int
    """1 for the first."""
    mark: PhaseMark
    note: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A heading, or a fact below it; the other one is empty."""

    heading: str
    fact: FactView


@dataclass(frozen=True, slots=True)
class ResultView:
    """查询结果. The rows are turned like pages where they are many."""

    course: tuple[StageView, ...]
    rows: tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question about health, large; yes and no are the page's ways."""

    position: str
    """"第 3 题，共 12 题"."""
    question: str
    basis: str
    """The rule the question comes from."""


@dataclass(frozen=True, slots=True)
class HeightView:
    """身高."""

    stage: str
    """"stand", "measuring" or "again"."""
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChartView:
    """视力. An E of five by five strokes; four arrows answer, each sends `point {to}`."""

    stage: str
    """"cover", "letter", "nearer" or "farther"."""
    eye: str
    """"right" or "left": the one that looks."""
    rows: tuple[str, ...]
    """1 is black; to be drawn black on white in every theme, and in whole pixels."""
    stroke_px: int
    arrows: tuple[OptionView, ...]
    """up, left, right, down; ids are directions."""


@dataclass(frozen=True, slots=True)
class PlateView:
    """辨色力. A picture that no theme may change; a touch on a figure sends `figure {text}`."""

    stage: str
    """"show-how", "solved" or "plate"."""
    picture: str
    position: str
    figures: tuple[OptionView, ...]
    solution: str


@dataclass(frozen=True, slots=True)
class ToneView:
    """听力. A touch on a side sends `heard {side}`."""

    stage: str
    """"headset", "headset-off", "quiet", "loud", "listen" or "answer"."""
    position: str
    sides: tuple[OptionView, ...]
    tips: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovementView:
    """四肢、躯干、颈部: what to do, and oneself in the camera; the seconds left are live."""

    stage: str
    """"show-how" or "hold"."""
    movement: str
    """Id of the drawing."""
    position: str
    camera_on: str


@dataclass(frozen=True, slots=True)
class TakeItemView:
    """One thing that must not be left behind."""

    key: str
    """"id-card", "new-card", "old-card", "receipt" or "page"."""
    label: str
    """"凭条"."""
    place: str
    """"在凭条口"."""


@dataclass(frozen=True, slots=True)
class ClosingView:
    """结束."""

    number: FactView
    """The number to quote; empty label where there is none."""
    facts: tuple[FactView, ...]
    take_heading: str
    take: tuple[TakeItemView, ...]
    still_here: tuple[str, ...]
    """What else of theirs lies here and was not taken, in the words that are spoken too."""
    unprinted: str
    """What to do where the paper did not come out."""
    qr: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingView:
    """评价; a touch on an option sends `rate {id}`."""

    sheets: tuple[OptionSheet, ...]


@dataclass(frozen=True, slots=True)
class DoorView:
    """门; the row holds `no-card`, or `continue` once the guard is called."""

    telephone: FactView
    """Of the guard; very large where `calling`."""
    calling: bool
    alarms: tuple[str, ...]
    notes: tuple[str, ...]
    """What else one should know: that the way out is always free."""


@dataclass(frozen=True, slots=True)
class WelcomeBackView:
    """The citizen of an interrupted visit: sentences about money and document, and the number."""

    facts: tuple[str, ...]
    number: FactView
    when: str


@dataclass(frozen=True, slots=True)
class HelpView:
    """求助."""

    called: str
    """"18:04 已呼叫"."""
    numbers: tuple[FactView, ...]
    """Telephone numbers to call, largest first."""
    unanswered: bool
    said: tuple[str, ...] = ()
    """What an officer wrote, newest last."""
    seen: str = ""
    """What whoever helps sees of this machine."""


@dataclass(frozen=True, slots=True)
class LeaveView:
    """Really leave? The two answers are `ways`."""

    loses: tuple[str, ...]
    loses_heading: str
    stays: str


@dataclass(frozen=True, slots=True)
class OutOfServiceView:
    """The whole terminal is closed."""

    since: str
    instead: tuple[str, ...]
    """What can be done elsewhere, one a line."""


@dataclass(frozen=True, slots=True)
class StaffCardView:
    """See StaffCardPage; the picture says what to do."""

    service: str
    """That the machine is not for citizens now."""


@dataclass(frozen=True, slots=True)
class StaffKeyView:
    """See StaffKeyPage."""

    keypad: KeypadView
    challenge: str
    """In groups of four, as it is read out; "" where none is."""


@dataclass(frozen=True, slots=True)
class DeviceRowView:
    """A device of the overview: a touch begins what there is to do."""

    id: str
    label: str
    state: str
    note: str
    tone: Tone
    leads: bool
    """What to do first."""


@dataclass(frozen=True, slots=True)
class OverviewView:
    """See OverviewPage."""

    rows: tuple[DeviceRowView, ...]


@dataclass(frozen=True, slots=True)
class RecordRowView:
    """A row of a list for technicians; `opens` with a touch where it has an id."""

    id: str
    label: str
    state: str
    note: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class RecordsView:
    """See RecordsPage."""

    rows: tuple[RecordRowView, ...]


@dataclass(frozen=True, slots=True)
class MoveView:
    """One move of a short way: its number, its drawing, and what to do."""

    number: int
    picture: str
    text: str


@dataclass(frozen=True, slots=True)
class MendView:
    """See MendPage; `device` names the drawing of the machine's part, in which it stands where to begin."""

    device: str
    moves: tuple[MoveView, ...]
    cabinet: CabinetView
    """Shown instead of the machine's part, where one of its doors is at hand; else without compartments."""


@dataclass(frozen=True, slots=True)
class MeasureView:
    """See MeasurePage; `camera` shows what the camera sees, else `device` names the drawing."""

    device: str
    camera: bool
    camera_on: str
    facts: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class DisplayView:
    """See DisplayPage."""

    stage: str
    pixels: int
    card_mm: float
    wider: str
    narrower: str


@dataclass(frozen=True, slots=True)
class TouchView:
    """See TouchPage; `done` ends it where a target does not answer."""

    columns: int
    rows: int
    done: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TryOutView:
    """See TryOutPage."""

    device: str
    facts: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class LoadView:
    """See LoadPage and UnloadPage; `door` tells whether a compartment is what is looked at, or the reader."""

    cabinet: CabinetView
    door: bool
    steps: tuple[str, ...]


AnyPage = (
    AttractView
    | AllServicesView
    | WhatToBringView
    | NoticeView
    | ConsentView
    | ReadCardView
    | PassView
    | TypeNumberView
    | EnterNameView
    | FaceView
    | FingerView
    | ChooseView
    | ChooseViolationsView
    | FormPageView
    | RightsView
    | DeclarationView
    | SignView
    | PortraitView
    | PayView
    | ScanView
    | TemporaryPlateView
    | SlotView
    | WorkingView
    | CabinetPageView
    | TellView
    | ResultView
    | QuestionView
    | HeightView
    | ChartView
    | PlateView
    | ToneView
    | MovementView
    | ClosingView
    | RatingView
    | DoorView
    | WelcomeBackView
    | HelpView
    | LeaveView
    | OutOfServiceView
    | StaffCardView
    | StaffKeyView
    | OverviewView
    | MendView
    | RecordsView
    | TryOutView
    | MeasureView
    | DisplayView
    | TouchView
    | LoadView
)


@dataclass(frozen=True, slots=True)
class LookView:
    """How the citizen wants to see it."""

    language: str
    size: str
    """"default", "large", "larger" or "largest"."""
    cap_height_mm: float
    """Height of a capital letter of running text."""
    theme: str
    """"day", "night" or "high-contrast"."""
    layout: str
    """"1080x1920", "1920x1080" or "1280x1024"."""
    reach: bool
    elder: bool
    vertical: bool
    """Text runs in columns from left to right (traditional Mongolian)."""


@dataclass(frozen=True, slots=True)
class PageView:
    """The page part of a snapshot."""

    kind: str
    """Name of the page state's class and of its QML file without ending: "ReadCard", "NoticePage"..."""
    revision: int
    """Names this page in intents (rule 21). The stage gives it."""
    identity: str
    """Two states with equal identity are the same page: only its content changed."""
    sentence: str
    """The one sentence that says what to do now."""
    hint: str
    """Why, or what to mind; smaller, below the sentence."""
    tone: Tone
    status: str
    """What the terminal is doing or waiting for, with a moving mark where `busy`."""
    busy: bool
    error: str
    """What is wrong with the last entry, beside the thing to correct; never by colour alone."""
    picture: Picture
    voice: str
    """What is spoken when the page appears, and again when its identity or this text changes."""
    chrome: ChromeView
    page: AnyPage
    ways: tuple[ActionView, ...]
    """Large buttons in the body, the leading one first. Used where the page asks to choose between ways on."""
    actions: tuple[ActionView, ...]
    """The row at the bottom, left to right: leave, back, extras, the main action last."""
    calm: str
    """A quiet line in the row of actions: "不着急，没有时间限制"."""
    look: LookView


@dataclass(frozen=True, slots=True)
class LiveView:
    """The live part of a snapshot: replaced up to ten times a second, never with a new page."""

    advice: str
    """One piece of advice of the camera coach, worded; "" hides it."""
    advice_kind: str
    """Which one; "" for none."""
    advice_good: bool
    """The face is where it should be: the outline closes."""
    advice_voice: str
    has_face: bool
    face_x: float
    """Box of the face as fractions of the frame: left, top, width, height."""
    face_y: float
    face_width: float
    face_height: float
    held: float
    """How much of the needed stillness is reached, 0.0 to 1.0."""
    seconds: int
    """Seconds left of a code or a page; -1 hides it."""
    seconds_text: str
    """"还有 48 秒"."""
    more_time: bool
    """The overlay "Do you need more time?" is up."""
    more_time_sentence: str
    more_time_hint: str
    """With the seconds that count down."""
    more_time_action: ActionView
    leave_action: ActionView
    more_time_voice: str
    progress: float
    """0.0 to 1.0; -1.0 hides it."""
    progress_text: str
    clock: str
    """Time of day for the header, or ""."""
    officer: str
    """That an officer is heard now; "" hides it."""
