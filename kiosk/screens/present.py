"""From what a page has to say to what it shows: one presenter a page state, every state has one."""

from __future__ import annotations

from kiosk.screens.all_services import all_services
from kiosk.screens.attract import attract
from kiosk.screens.cabinet import put_in, take
from kiosk.screens.choose import choose
from kiosk.screens.choose_fines import choose_fines
from kiosk.screens.choose_violations import choose_violations
from kiosk.screens.chrome import chrome_view
from kiosk.screens.closing import closing
from kiosk.screens.consent import consent
from kiosk.screens.declaration import declaration
from kiosk.screens.door import door
from kiosk.screens.enter_name import enter_name
from kiosk.screens.examination import chart, height, movement, plate, question, tone
from kiosk.screens.face import face
from kiosk.screens.fingerprint import fingerprint
from kiosk.screens.form import form
from kiosk.screens.help_page import help_page
from kiosk.screens.leave import leave
from kiosk.screens.loading import load, unload
from kiosk.screens.measuring import display, measure, touch
from kiosk.screens.notice import notice
from kiosk.screens.out_of_service import out_of_service
from kiosk.screens.pass_slot import pass_slot
from kiosk.screens.pay import pay
from kiosk.screens.portrait import portrait
from kiosk.screens.rating import rating
from kiosk.screens.read_card import read_card
from kiosk.screens.records import records
from kiosk.screens.result import result
from kiosk.screens.rights import rights
from kiosk.screens.scan import scan
from kiosk.screens.screen_settings import ScreenSettings
from kiosk.screens.sign import sign
from kiosk.screens.slot_page import slot_page
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.staff import hand_back, mend, overview, staff_card, staff_key, try_out
from kiosk.screens.states import (
    AllServices,
    Attract,
    ChartPage,
    ChooseFines,
    ChoosePage,
    ChooseViolations,
    Chrome,
    ClosingPage,
    ConsentPage,
    DeclarationPage,
    DisplayPage,
    DoorPage,
    EnterNamePage,
    FacePage,
    FingerPage,
    FormPage,
    HandBackPage,
    HeightPage,
    HelpPage,
    LeavePage,
    Live,
    LoadPage,
    Look,
    MeasurePage,
    MendPage,
    MovementPage,
    NoticePage,
    OutOfService,
    OverviewPage,
    PageState,
    PassPage,
    PayPage,
    PayStage,
    PlatePage,
    PortraitPage,
    PutInPage,
    QuestionPage,
    RatingPage,
    ReadCard,
    RecordsPage,
    ResultPage,
    RightsPage,
    ScanPage,
    SignPage,
    SlotPage,
    StaffCardPage,
    StaffKeyPage,
    TakePage,
    TellPage,
    TemporaryPlatePage,
    TextSize,
    TonePage,
    TouchPage,
    TryOutPage,
    TypeNumber,
    UnloadPage,
    WelcomeBack,
    WhatToBring,
    WorkingPage,
)
from kiosk.screens.tell import tell
from kiosk.screens.temporary_plate import temporary_plate
from kiosk.screens.type_number import type_number
from kiosk.screens.views import ActionView, LiveView, LookView, PageView, Role
from kiosk.screens.welcome_back import welcome_back
from kiosk.screens.what_to_bring import what_to_bring
from kiosk.screens.words import Words
from kiosk.screens.working import working

CAP_HEIGHTS_MM = {
    TextSize.DEFAULT: 4.8,
    TextSize.LARGE: 6.0,
    TextSize.LARGER: 7.5,
    TextSize.LARGEST: 9.0,
}
"""Height of a capital letter of running text, in millimetres."""

_NOT_LEFT = (
    Attract,
    AllServices,
    WhatToBring,
    OutOfService,
    LeavePage,
    LoadPage,
    ClosingPage,
    RatingPage,
    DoorPage,
    HelpPage,
    WorkingPage,
    StaffCardPage,
    StaffKeyPage,
    OverviewPage,
    MendPage,
    MeasurePage,
    DisplayPage,
    TouchPage,
    HandBackPage,
    RecordsPage,
)
"""Pages without Leave in their row: before or after a visit, or with an answer of their own."""

_NOT_BACK = (WelcomeBack, TellPage, RatingPage)
"""Pages about what is over already."""


def present(
    state: PageState, chrome: Chrome, look: Look, words: Words, settings: ScreenSettings, revision: int = 0
) -> PageView:
    """Put a page into words. `words` are those of the look's language.

    Raises MissingText where the words are strict and a text or one of its arguments is missing.
    """
    speaker = Speaker(words, settings, chrome, look)
    body = _body(state, speaker)
    kind = type(state).__name__
    return PageView(
        kind=kind,
        revision=revision,
        identity="/".join(part for part in (kind, body.identity) if part),
        sentence=body.speech.sentence,
        hint=body.speech.hint,
        tone=body.tone,
        status=body.speech.status,
        busy=body.busy,
        error=body.error,
        picture=body.picture,
        voice=body.error or body.speech.voice,
        chrome=chrome_view(speaker),
        page=body.page,
        ways=body.ways,
        actions=_row(state, body, speaker),
        calm=body.calm,
        look=look_view(look, words),
    )


def _row(state: PageState, body: Body, speaker: Speaker) -> tuple[ActionView, ...]:
    row: list[ActionView] = []
    if speaker.chrome.can_leave and not _ends_by_itself(state):
        row.append(speaker.action("leave", Role.QUIET))
    if speaker.chrome.can_go_back and not _ends_by_itself(state) and not isinstance(state, _NOT_BACK):
        row.append(speaker.action("back"))
    row.extend(body.row)
    if body.main is not None:
        row.append(body.main)
    return tuple(row)


def _ends_by_itself(state: PageState) -> bool:
    """Whether neither Leave nor Back would do anything here, so that neither is shown."""
    match state:
        case PayPage(stage=stage):
            return stage is not PayStage.CODE
        case TellPage(actions=actions):
            return "end" in actions
        case _:
            return isinstance(state, _NOT_LEFT)


def look_view(look: Look, words: Words) -> LookView:
    """The look, with lengths in millimetres."""
    return LookView(
        language=look.language,
        size=look.size.value,
        cap_height_mm=CAP_HEIGHTS_MM[look.size],
        theme=look.theme.value,
        layout=look.layout.value,
        reach=look.reach,
        elder=look.elder,
        vertical=words.vertical,
    )


def _body(state: PageState, speaker: Speaker) -> Body:
    match state:
        case Attract():
            return attract(state, speaker)
        case AllServices():
            return all_services(state, speaker)
        case WhatToBring():
            return what_to_bring(state, speaker)
        case NoticePage():
            return notice(state, speaker)
        case ConsentPage():
            return consent(state, speaker)
        case ReadCard():
            return read_card(state, speaker)
        case TypeNumber():
            return type_number(state, speaker)
        case EnterNamePage():
            return enter_name(state, speaker)
        case FacePage():
            return face(state, speaker)
        case FingerPage():
            return fingerprint(state, speaker)
        case ChoosePage():
            return choose(state, speaker)
        case ChooseViolations():
            return choose_violations(state, speaker)
        case ChooseFines():
            return choose_fines(state, speaker)
        case FormPage():
            return form(state, speaker)
        case RightsPage():
            return rights(state, speaker)
        case DeclarationPage():
            return declaration(state, speaker)
        case SignPage():
            return sign(state, speaker)
        case PortraitPage():
            return portrait(state, speaker)
        case PayPage():
            return pay(state, speaker)
        case WorkingPage():
            return working(state, speaker)
        case TakePage():
            return take(state, speaker)
        case ScanPage():
            return scan(state, speaker)
        case SlotPage():
            return slot_page(state, speaker)
        case TemporaryPlatePage():
            return temporary_plate(state, speaker)
        case PutInPage():
            return put_in(state, speaker)
        case PassPage():
            return pass_slot(state, speaker)
        case TellPage():
            return tell(state, speaker)
        case ResultPage():
            return result(state, speaker)
        case QuestionPage():
            return question(state, speaker)
        case HeightPage():
            return height(state, speaker)
        case ChartPage():
            return chart(state, speaker)
        case PlatePage():
            return plate(state, speaker)
        case TonePage():
            return tone(state, speaker)
        case MovementPage():
            return movement(state, speaker)
        case DoorPage():
            return door(state, speaker)
        case RatingPage():
            return rating(state, speaker)
        case ClosingPage():
            return closing(state, speaker)
        case WelcomeBack():
            return welcome_back(state, speaker)
        case HelpPage():
            return help_page(state, speaker)
        case LeavePage():
            return leave(state, speaker)
        case OutOfService():
            return out_of_service(state, speaker)
        case StaffCardPage():
            return staff_card(state, speaker)
        case StaffKeyPage():
            return staff_key(state, speaker)
        case OverviewPage():
            return overview(state, speaker)
        case MendPage():
            return mend(state, speaker)
        case MeasurePage():
            return measure(state, speaker)
        case DisplayPage():
            return display(state, speaker)
        case TouchPage():
            return touch(state, speaker)
        case TryOutPage():
            return try_out(state, speaker)
        case LoadPage():
            return load(state, speaker)
        case UnloadPage():
            return unload(state, speaker)
        case HandBackPage():
            return hand_back(state, speaker)
        case RecordsPage():
            return records(state, speaker)


def present_live(live: Live, look: Look, words: Words, settings: ScreenSettings) -> LiveView:
    """Put the live part into words. Raises MissingText like `present`."""
    speaker = Speaker(words, settings, Chrome(), look)
    advice = f"advice-{live.advice}" if live.advice else ""
    x, y, width, height = live.face or (0.0, 0.0, 0.0, 0.0)
    asks = live.more_time is not None
    return LiveView(
        advice=words.say(advice) if advice else "",
        advice_kind=live.advice,
        advice_good=live.advice in ("good", "hold-still"),
        advice_voice=words.voice(advice) if advice else "",
        has_face=live.face is not None,
        face_x=x,
        face_y=y,
        face_width=width,
        face_height=height,
        held=min(1.0, max(0.0, live.held / settings.hold_seconds)),
        seconds=-1 if live.seconds_left is None else live.seconds_left,
        seconds_text="" if live.seconds_left is None else words.say("seconds-left", n=live.seconds_left),
        more_time=asks,
        more_time_sentence=words.say("more-time") if asks else "",
        more_time_hint=words.say("more-time", "hint", n=live.more_time or 0) if asks else "",
        more_time_action=speaker.action("more-time", Role.PRIMARY),
        leave_action=speaker.action("leave", Role.QUIET),
        more_time_voice=words.voice("more-time") if asks else "",
        progress=-1.0 if live.progress is None else min(1.0, max(0.0, live.progress)),
        progress_text="" if live.progress is None else words.say("progress", n=round(100 * live.progress)),
        clock=live.clock,
        officer=words.say("officer-speaks") if live.officer else "",
    )
