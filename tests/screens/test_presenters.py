"""Every page put into words: complete, plain, calm, and never saying more of a person than it may."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
import re
from datetime import date
from typing import Any, cast

import pytest

from kiosk.flows.steps import Field, FieldKind
from kiosk.people.money import Money
from kiosk.people.records import LawText, Refusal, RefusalCode
from kiosk.screens.present import present, present_live
from kiosk.screens.samples import NOW, SAMPLE_SETTINGS, samples
from kiosk.screens.screen_settings import Sound
from kiosk.screens.states import (
    AllServices,
    Attract,
    AttractPicture,
    ChoosePage,
    Chrome,
    ClosingPage,
    DateEntry,
    DeclarationPage,
    DoorStage,
    FormPage,
    Layout,
    Live,
    Look,
    PageState,
    PayPage,
    PayStage,
    ReadCard,
    ReaderStage,
    ServiceOpen,
    ServiceTile,
    TakePage,
    TellPage,
    TextSize,
    Theme,
    WelcomeBack,
)
from kiosk.screens.views import (
    AllServicesView,
    AttractView,
    CabinetPageView,
    ChooseView,
    ClosingView,
    DeclarationView,
    FormPageView,
    LiveView,
    PageView,
    PayView,
    ReadCardView,
    Role,
    TellView,
    WelcomeBackView,
)
from kiosk.screens.words import OnMissing, pseudo_words
from tests.screens.words_reading import LANGUAGES, LOCALES, half_width_between_han, strict_words

WORDS = strict_words()
PSEUDO = pseudo_words(LOCALES, OnMissing.RAISE)
SAMPLES = samples()
CHROME = Chrome()


def shown(state: PageState, chrome: Chrome = CHROME, look: Look | None = None) -> PageView:
    look = look or Look()
    return present(state, chrome, look, WORDS[look.language], SAMPLE_SETTINGS)


@functools.cache
def views(language: str = "zh-CN") -> dict[str, PageView]:
    """Every sample as a page, by its name."""
    look = Look(language=language)
    return {s.name: shown(s.state, s.chrome, look) for s in SAMPLES}


def live(state: Live, language: str = "zh-CN") -> LiveView:
    return present_live(state, Look(language=language), WORDS[language], SAMPLE_SETTINGS)


def strings(value: Any) -> list[str]:
    """Every text in a view."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [s for item in cast(tuple[object, ...], value) for s in strings(item)]
    if dataclasses.is_dataclass(value):
        return [s for f in dataclasses.fields(value) for s in strings(getattr(value, f.name))]
    return []


def plain(value: Any) -> bool:
    """Only strings, numbers, bools, and tuples and frozen dataclasses of them."""
    if isinstance(value, str | bool | int | float):
        return True
    if isinstance(value, tuple):
        return all(plain(item) for item in cast(tuple[object, ...], value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return all(plain(getattr(value, f.name)) for f in dataclasses.fields(value))
    return False


def test_every_page_state_has_a_sample() -> None:
    assert {type(s.state) for s in SAMPLES} == set(PageState.__args__)


def test_sample_names_are_unique() -> None:
    names = [s.name for s in SAMPLES]
    assert len(names) == len(set(names))


LOOKS = [
    Look(language, size, theme, Layout.SQUARE, mode, mode)
    for language, (size, theme), mode in itertools.product(
        LANGUAGES, zip(TextSize, (*Theme, Theme.NIGHT), strict=True), (False, True)
    )
]


def test_every_sample_is_presented_in_every_look() -> None:
    for look, sample in itertools.product(LOOKS, SAMPLES):
        view = present(sample.state, sample.chrome, look, WORDS[look.language], SAMPLE_SETTINGS)
        assert view.sentence, sample.name
        assert view.voice, sample.name
        assert (view.look.size, view.look.theme) == (look.size.value, look.theme.value)


def test_the_live_part_of_every_sample_is_plain() -> None:
    for language, sample in itertools.product(LANGUAGES, SAMPLES):
        assert plain(live(sample.live, language)), sample.name


def test_every_sample_is_presented_in_pseudo_text() -> None:
    look = Look(language="mn-Mong")
    for sample in SAMPLES:
        view = present(sample.state, sample.chrome, look, PSEUDO, SAMPLE_SETTINGS)
        assert view.look.vertical
        assert re.search(r"[\u1800-\u18af]", view.sentence)


def test_no_button_leads_to_a_language_without_a_translation() -> None:
    for language in LANGUAGES:
        for view in views(language).values():
            to = [a.payload_value for a in view.chrome.header if a.action == "language"]
            assert to == ["en" if language == "zh-CN" else "zh-CN"]


def test_a_view_is_plain_and_turns_into_json() -> None:
    for name, view in views("en").items():
        assert plain(view), name
        text = json.dumps(dataclasses.asdict(view), ensure_ascii=False)
        assert json.loads(text)["sentence"] == view.sentence


def test_a_page_is_named_after_its_state() -> None:
    assert all(views()[s.name].kind == type(s.state).__name__ for s in SAMPLES)


def test_chinese_pages_use_full_width_punctuation() -> None:
    wrong = {n: s for n, view in views().items() for s in strings(view) if half_width_between_han(s)}
    assert wrong == {}


def test_no_key_reaches_the_page() -> None:
    """A key shown instead of its text would be lower-case pieces joined by hyphens."""
    for name, view in views().items():
        texts = [view.sentence, view.hint, view.status, view.error, view.voice, view.calm]
        buttons = (*view.actions, *view.ways, *view.chrome.header)
        texts += [t for a in buttons for t in (a.label, a.caption, a.voice)]
        texts += [view.chrome.title, view.chrome.subtitle, view.chrome.finishing]
        assert [t for t in texts if re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", t)] == [], name


OWN_ENTRY = ("TypeNumber", "FormPage")
"""Where citizens see what they type themselves."""


def test_numbers_of_people_are_masked() -> None:
    number = re.compile(r"\b\d{17}[\dXx]\b|\b1[3-9]\d{9}\b")
    others = {n: v for n, v in views().items() if v.kind not in OWN_ENTRY}
    assert {n: s for n, view in others.items() for s in strings(view) if number.search(s)} == {}


def test_emergency_and_duty_numbers_are_on_every_page() -> None:
    for language in LANGUAGES:
        for name, view in views(language).items():
            assert "110" in view.chrome.emergency, name
            assert SAMPLE_SETTINGS.duty_telephone in view.chrome.duty, name


def test_the_header_is_the_same_on_every_page() -> None:
    headers = {tuple(a.action for a in view.chrome.header) for view in views().values()}
    assert headers == {("language", "size", "theme", "reach", "elder", "sound", "help")}


def test_the_row_begins_with_leave_and_back() -> None:
    for name, view in views().items():
        names = [a.action for a in view.actions]
        assert "leave" not in names[1:], name
        assert "back" not in names[2:], name


def test_the_main_action_stands_last_and_alone() -> None:
    for name, view in views().items():
        primary = [a for a in (*view.actions, *view.ways) if a.role is Role.PRIMARY]
        assert len(primary) <= 1, name
        leading = view.actions[-1:] + view.ways[:1]
        assert all(a in leading for a in primary), name


def test_a_page_that_waits_for_a_citizen_has_a_way_on() -> None:
    waiting = {n: v for n, v in views().items() if v.kind not in ("WorkingPage", "OutOfService")}
    silent = {n for n, v in waiting.items() if not (v.actions or v.ways)}
    doors = {f"{what}-{state}" for what in ("take", "take-old", "put-in") for state in ("opening", "did-not-open")}
    slot = {"pass-reading", "pass-take", "pass-still-there"}
    plates = {f"temporary-plate-{state}" for state in ("making", "take", "still-there")}
    new = {
        f"slot-{state}-{kind}"
        for state in ("fetching", "take", "still-there")
        for kind in ("id-card", "passport", "hk-macao-pass")
    }
    assert silent == {
        "pay-asking",
        "pay-closing",
        "door-open",
        "door-let-in",
        "door-reading",
        "load-opening",
        *doors,
        *slot,
        *plates,
        *new,
    }


def test_legal_and_paying_buttons_arm_late() -> None:
    arms = {
        a.action: a.arms_after_ms
        for s in SAMPLES
        if type(s.state).__name__ in ("ConsentPage", "RightsPage", "DeclarationPage", "SignPage", "PayPage")
        for view in (shown(s.state, s.chrome),)
        for a in (*view.actions, *view.ways)
        if a.action not in ("leave", "back")
    }
    assert arms == dict.fromkeys(
        ("agree", "decline", "no-objection", "state-and-defend", "not-now", "signed", "cancel", "by-slip"), 500
    )


def test_only_leaving_for_good_is_drawn_as_dangerous() -> None:
    dangerous = {
        (view.kind, a.action)
        for s in SAMPLES
        for view in (shown(s.state, s.chrome),)
        for a in (*view.actions, *view.ways)
        if a.role is Role.DANGER
    }
    assert dangerous == {("LeavePage", "leave")}


# -- attract and services ----------------------------------------------------------------------------------------


def tile(code: str, is_open: ServiceOpen, why: str = "") -> ServiceTile:
    return ServiceTile(code, is_open, why, 3, frequent=True)


def test_a_closed_service_says_why_and_promises_no_minutes() -> None:
    page = shown(Attract((tile("HZ02", ServiceOpen.CLOSED, "closed-locker"),))).page
    assert isinstance(page, AttractView)
    (one,) = page.sheets[0].tiles
    assert (one.enabled, one.note, one.minutes, one.state) == (False, "取证柜暂时用不了", "", "closed")
    assert one.why_not == one.note


def test_what_can_be_done_now_is_counted() -> None:
    tiles = (tile("HZ01", ServiceOpen.OPEN), tile("HZ02", ServiceOpen.CHECKING), tile("JG01", ServiceOpen.OPEN))
    page = shown(Attract(tiles)).page
    assert isinstance(page, AttractView)
    assert page.open_count == "此刻可办 2 项"


def test_a_door_left_open_is_named_to_everybody() -> None:
    page = shown(Attract((), ("alarm-door-open:7",))).page
    assert isinstance(page, AttractView)
    assert page.alarms[0].startswith("7 号柜门没有关好")


def test_services_stand_by_branch() -> None:
    tiles = tuple(tile(code, ServiceOpen.OPEN) for code in ("HZ01", "JG01", "CRJ01", "HZ02"))
    page = shown(AllServices(tiles)).page
    assert isinstance(page, AllServicesView)
    assert [(s.title, [t.code for t in s.tiles]) for s in page.sheets] == [
        ("户政治安", ["HZ01", "HZ02"]),
        ("交通管理", ["JG01"]),
        ("出入境", ["CRJ01"]),
    ]


def test_in_elder_mode_no_page_shows_more_than_four_choices() -> None:
    for sample in SAMPLES:
        page = shown(sample.state, sample.chrome, Look(elder=True)).page
        for sheet in getattr(page, "sheets", ()):
            shown_at_once = next(
                getattr(sheet, n) for n in ("tiles", "options", "rows", "records") if hasattr(sheet, n)
            )
            assert len(shown_at_once) <= 4


def test_sheets_hold_every_choice_once_and_say_where_one_is() -> None:
    options = tuple((f"o{n}", f"选项 {n}", "") for n in range(7))
    page = shown(ChoosePage("choose-collect-site", options), look=Look(elder=True)).page
    assert isinstance(page, ChooseView)
    assert [o.id for sheet in page.sheets for o in sheet.options] == [o[0] for o in options]
    assert [s.position for s in page.sheets] == ["第 1 页，共 2 页", "第 2 页，共 2 页"]


# -- single pages ------------------------------------------------------------------------------------------------


def test_the_verbatim_sentence_leads_at_the_reader_and_nowhere_else() -> None:
    sentence = WORDS["zh-CN"].say("read-card-waiting")
    leading = {s.name for s in SAMPLES if shown(s.state, s.chrome).sentence == sentence}
    assert leading == {"read-card-waiting"}


def test_reading_does_not_make_a_new_page() -> None:
    stages = {shown(ReadCard(stage)).identity for stage in ReaderStage}
    assert stages == {"ReadCard/card"}


@pytest.mark.parametrize("may", [True, False])
def test_whoever_has_no_card_can_say_so_at_the_reader(may: bool) -> None:
    """Where the service needs the card, a page says so (E-ID-06); the new card is only tried, or skipped."""
    first = shown(ReadCard(ReaderStage.WAITING, may_go_without=may))
    assert "without-card" in [a.action for a in first.actions]
    assert isinstance(first.page, ReadCardView)
    new = shown(ReadCard(ReaderStage.WAITING, new_card=True))
    assert "without-card" not in [a.action for a in new.actions]


def test_an_earlier_answer_is_marked_and_not_applied() -> None:
    options = (("a", "甲", ""), ("b", "乙", ""))
    page = shown(ChoosePage("choose-vehicle", options, draft="b")).page
    assert isinstance(page, ChooseView)
    assert [o.chosen for o in page.sheets[0].options] == [False, True]


def test_an_explanation_key_is_the_note_of_its_wording() -> None:
    option = ("loss", "choose-ground-loss", "choose-ground-loss-note")
    page = shown(ChoosePage("choose-ground", (option,))).page
    assert isinstance(page, ChooseView)
    assert page.sheets[0].options[0].note == "不用带证，原来的证会作废"


def test_a_day_can_be_answered_with_one_touch_or_typed() -> None:
    field = Field("loss_date", FieldKind.DATE_PAST)
    page = shown(FormPage("form-apply", field, 0, 1, dates=DateEntry(date(2026, 1, 1), date(2026, 3, 1)))).page
    assert isinstance(page, FormPageView)
    assert [o.id for o in page.sheets[0].options] == ["2026-03-01", "2026-02-28", "2026-02-27"]
    assert (page.keypad.groups, page.keypad.joiner, page.keypad.length) == ((4, 2, 2), "-", 8)


def test_a_number_on_file_can_be_kept_without_typing() -> None:
    field = Field("phone", FieldKind.MOBILE, initial="138****0000")
    view = shown(FormPage("form-apply", field, 0, 1, draft="138****0000"))
    assert isinstance(view.page, FormPageView)
    assert (view.page.check.value, view.page.keypad.draft) == ("138****0000", "")
    keep = [a for a in view.actions if a.payload_value]
    assert [(a.action, a.payload_key, a.payload_value) for a in keep] == [("answer", "text", "138****0000")]


def test_headquarters_text_is_shown_whole_with_source_and_date() -> None:
    law = LawText("《某法》", "第一段。\n\n第二段。", "某处", date(2026, 11, 1))
    page = shown(DeclarationPage("declare-driver", law)).page
    assert isinstance(page, DeclarationView)
    assert page.text.paragraphs == ("第一段。", "第二段。")
    assert page.text.source == "依据：《某法》。来源：某处，2026年11月1日。"


def test_a_declaration_waits_for_its_last_sheet() -> None:
    assert shown(DeclarationPage("declare-loss", None)).actions[-1].after_last_sheet


def test_the_code_is_square_and_only_there_while_it_can_be_paid() -> None:
    code = shown(PayPage(PayStage.CODE, Money(1950), "bill-fee", "D1", "https://example.invalid/pay/1")).page
    assert isinstance(code, PayView)
    assert {len(row) for row in code.qr} == {len(code.qr)}
    assert set("".join(code.qr)) == {"0", "1"}
    assert code.amount.value == "19.50"
    closing = shown(PayPage(PayStage.CLOSING, Money(1950), "bill-fee", "D1", "https://example.invalid/pay/1")).page
    assert isinstance(closing, PayView)
    assert closing.qr == ()


def test_while_a_payment_is_checked_the_page_asks_not_to_pay_again() -> None:
    view = shown(PayPage(PayStage.CLOSING, Money(1950), "bill-fee", "D1"))
    assert "不要再付" in view.sentence
    assert [a.action for a in view.actions if a.action not in ("leave", "back")] == []


def test_giving_an_old_card_back_does_not_promise_a_new_one() -> None:
    view = shown(TakePage(DoorStage.OPEN, 5, 18, 3, "old-card"))
    assert "旧身份证" in view.sentence
    assert isinstance(view.page, CabinetPageView)
    assert "新" not in "".join(view.page.steps)


def test_a_refusal_has_four_parts_and_a_number() -> None:
    for code in RefusalCode:
        view = shown(TellPage(Refusal(code), "A1B2C3D4"))
        assert isinstance(view.page, TellView)
        assert [p.kind.value for p in view.page.parts] == ["safe", "now", "quote"]
        assert view.sentence
        assert all(p.text for p in view.page.parts)
        assert "A1B2C3D4" in view.page.parts[-1].text


def test_what_the_terminal_holds_replaces_the_promise_that_it_holds_nothing() -> None:
    view = shown(TellPage(Refusal(RefusalCode.OFFLINE), "Q", ("holding-old-card",)))
    assert isinstance(view.page, TellView)
    assert view.page.parts[0].text == WORDS["zh-CN"].say("holding-old-card")


def test_details_for_technicians_are_not_shown() -> None:
    details = (("reason", "withheld"), ("status", "suspended"), ("problem", "digest"), ("place", "某窗口"))
    view = shown(TellPage(Refusal(RefusalCode.LICENCE_NOT_VALID, details), "Q"))
    assert isinstance(view.page, TellView)
    assert [f.value for f in view.page.facts] == ["某窗口"]
    assert not [s for s in strings(view) if "withheld" in s or "suspended" in s or "digest" in s]


def test_a_dead_device_is_called_by_the_citizens_word() -> None:
    view = shown(TellPage(Refusal(RefusalCode.DEVICE, (("device", "fingerprint"),)), "Q"))
    assert view.sentence.startswith("指纹仪暂时用不了")


def test_a_paper_that_did_not_come_out_is_admitted() -> None:
    view = shown(ClosingPage("closing-applied", "N1", printed=False))
    assert isinstance(view.page, ClosingView)
    assert "没有打印出来" in view.page.unprinted


def test_the_last_page_names_each_thing_to_take_and_where() -> None:
    view = shown(ClosingPage("closing-paid", "N1", take=("id-card", "page", "receipt")))
    assert isinstance(view.page, ClosingView)
    assert [(t.key, bool(t.label and t.place)) for t in view.page.take] == [
        ("id-card", True),
        ("page", True),
        ("receipt", True),
    ]


def test_what_else_lies_here_for_them_is_shown_and_said() -> None:
    view = shown(ClosingPage("closing-collected", "N1", (("still-here", "passport"),), ("new-card",)), Chrome("HZ02"))
    assert isinstance(view.page, ClosingView)
    assert view.page.still_here == ("您的护照也在这台机器里，还没有领。可以接着领，也可以改天来领。",)
    assert view.voice.endswith(view.page.still_here[0])
    assert view.page.facts == ()
    assert "有临时身份证的，请交回窗口" in view.hint


def test_an_interrupted_visit_is_told_in_sentences_with_its_values() -> None:
    view = shown(WelcomeBack(NOW, (("back-paid", "20 元"),), "N1", reprint=False))
    assert isinstance(view.page, WelcomeBackView)
    assert view.page.facts == ("您付的20 元已经收到。",)
    assert "reprint" not in [a.action for a in view.ways]


# -- chrome and live ---------------------------------------------------------------------------------------------


def test_phases_say_what_is_done_and_how_far_it_is() -> None:
    sample = next(s for s in SAMPLES if s.name == "rights")
    chrome = shown(sample.state, sample.chrome).chrome
    assert [p.mark.value for p in chrome.phases] == ["done", "done", "current", "todo", "todo"]
    assert [p.label for p in chrome.phases] == ["核验身份", "选择违法", "告知与确认", "缴费", "完成"]
    assert chrome.subtitle == "第 3 步，共 5 步 · 还需约 3 分钟"
    assert chrome.title == "交通违法处理"


def test_text_grows_step_by_step_and_returns() -> None:
    size = TextSize.DEFAULT
    seen: list[str] = []
    for _ in TextSize:
        view = shown(Attract(()), look=Look(size=size))
        to = next(a.payload_value for a in view.chrome.header if a.action == "size")
        seen.append(to)
        size = TextSize(to)
    assert seen == ["large", "larger", "largest", "default"]


def test_high_contrast_goes_back_to_the_usual_theme() -> None:
    settings = dataclasses.replace(SAMPLE_SETTINGS, usual_theme=Theme.NIGHT)
    look = Look(theme=Theme.HIGH_CONTRAST)
    view = present(Attract(()), CHROME, look, WORDS["zh-CN"], settings)
    theme = next(a for a in view.chrome.header if a.action == "theme")
    assert (theme.pressed, theme.payload_value) == (True, "night")


def test_sound_has_a_button_only_where_there_is_sound() -> None:
    for sound, there in ((Sound.PRESENT, True), (Sound.NONE, False)):
        settings = dataclasses.replace(SAMPLE_SETTINGS, sound=sound)
        view = present(Attract(()), CHROME, Look(), WORDS["zh-CN"], settings)
        assert ("sound" in [a.action for a in view.chrome.header]) is there


def test_what_is_being_finished_is_said_and_leaving_is_not_offered() -> None:
    sample = next(s for s in SAMPLES if s.name == "working-finishing")
    view = shown(sample.state, sample.chrome)
    assert view.chrome.finishing == "正在打印，请等纸全部出来。"
    assert view.actions == ()


def test_without_a_duty_telephone_only_the_emergency_number_is_shown() -> None:
    settings = dataclasses.replace(SAMPLE_SETTINGS, duty_telephone="")
    for sample in SAMPLES:
        view = present(sample.state, sample.chrome, Look(), WORDS["zh-CN"], settings)
        assert view.chrome.duty == ""


def test_nothing_live_is_shown_where_nothing_lives() -> None:
    view = live(Live())
    assert (view.advice, view.seconds_text, view.progress_text, view.more_time) == ("", "", "", False)
    assert (view.seconds, view.progress, view.has_face) == (-1, -1.0, False)


def test_more_time_counts_in_the_citizens_language() -> None:
    assert live(Live(more_time=1), "en").more_time_hint.startswith("Back to the start in 1 second;")
    assert live(Live(more_time=45)).more_time_hint.startswith("45 秒后")


def test_stillness_is_a_share_of_what_is_needed() -> None:
    assert live(Live("good", (0.3, 0.2, 0.4, 0.5), 0.3)).held == pytest.approx(0.5)
    assert live(Live("good", None, 9.0)).held == 1.0


def test_where_nothing_can_be_done_the_first_page_says_so() -> None:
    view = shown(Attract((tile("HZ01", ServiceOpen.CLOSED, "closed-offline"),)))
    assert view.sentence == "现在暂时不能办"
    assert view.tone.value == "attention"


def test_a_warning_is_not_called_a_fine_of_nothing() -> None:
    view = views()["rights-warning"]
    assert "警告" in view.voice
    assert "罚款 0" not in "".join(strings(view))


def test_in_elder_mode_help_comes_first() -> None:
    view = shown(Attract(()), look=Look(elder=True))
    assert view.chrome.header[0].action == "help"


def test_an_unpaid_fee_and_an_unpaid_fine_end_differently() -> None:
    fee = shown(ClosingPage("closing-left-unpaid", "D1"), Chrome("HZ01"))
    fine = shown(ClosingPage("closing-left-unpaid", "D1"), Chrome("JG01"))
    assert "还没有申请" in fee.sentence
    assert "罚款还没有缴" in fine.sentence


def test_no_leave_where_the_page_ends_the_visit_itself() -> None:
    ending = shown(TellPage(Refusal(RefusalCode.OTHER), "Q", actions=("end",)))
    going_on = shown(TellPage(Refusal(RefusalCode.OTHER), "Q", actions=("continue",)))
    assert [a.action for a in ending.actions] == []
    assert [a.action for a in going_on.actions] == ["leave"]


def test_a_hint_names_only_buttons_that_are_there() -> None:
    for language in LANGUAGES:
        for name, view in views(language).items():
            labels = [a.label for a in (*view.actions, *view.ways, *view.chrome.header)]
            named = re.findall(r"“([^”]+)”", view.hint)
            assert [n for n in named if not any(label.startswith(n) for label in labels)] == [], name


def test_a_reader_that_is_away_names_the_way_without_a_card_only_where_there_is_one() -> None:
    offered = shown(ReadCard(ReaderStage.READER_AWAY, may_go_without=True))
    not_offered = shown(ReadCard(ReaderStage.READER_AWAY, may_go_without=False))
    assert "没带身份证" in offered.hint
    assert "没带身份证" not in not_offered.hint


def test_names_of_the_machine_follow_the_language() -> None:
    assert shown(Attract(()), look=Look(language="en")).chrome.subtitle == "Kundulun terminal 1"
    assert shown(Attract(())).chrome.subtitle == "昆都仑区 1 号机"
    without = dataclasses.replace(SAMPLE_SETTINGS, other_names=())
    view = present(Attract(()), CHROME, Look(language="en"), WORDS["en"], without)
    assert view.chrome.subtitle == "昆都仑区 1 号机"


def test_the_sign_stands_whenever_the_camera_looks() -> None:
    shown_pages = views()
    for name in ("portrait-guide", "portrait-failed", "face-look", "face-again", "face-comparing"):
        assert getattr(shown_pages[name].page, "camera_on", "") == "镜头开着", name
    for name in ("portrait-choose", "portrait-camera-away", "face-camera-away"):
        assert getattr(shown_pages[name].page, "camera_on", "?") == "", name


PICTURED = dataclasses.replace(SAMPLE_SETTINGS, brought="file:///files", recorded=(("zh-CN", "欢迎您来办事。"),))
PICTURE = AttractPicture("abc", (("en", "A lit door."), ("zh-CN", "亮着灯的门。")))


def test_a_picture_lies_among_the_files_of_the_set_and_is_told_to_whoever_listens() -> None:
    view = present(
        Attract((tile("HZ01", ServiceOpen.OPEN),), picture=PICTURE),
        CHROME,
        Look(language="en"),
        WORDS["en"],
        PICTURED,
    )
    assert isinstance(view.page, AttractView)
    assert (view.page.picture, view.page.picture_alt) == ("file:///files/abc", "A lit door.")
    assert view.voice.endswith("A lit door.") and view.page.notices == ()


def test_what_was_recorded_is_what_is_said_and_stands_on_the_page_too() -> None:
    view = present(
        Attract((tile("HZ01", ServiceOpen.OPEN),), picture=PICTURE), CHROME, Look(), WORDS["zh-CN"], PICTURED
    )
    assert isinstance(view.page, AttractView)
    assert view.voice == "欢迎您来办事。" == view.page.notices[0]
    closed = Attract((tile("HZ01", ServiceOpen.CLOSED, "closed-offline"),))
    assert present(closed, CHROME, Look(), WORDS["zh-CN"], PICTURED).voice != "欢迎您来办事。", (
        "nothing can be done now"
    )


def test_nothing_pushed_is_the_page_as_it_was_and_a_picture_without_words_is_not_shown() -> None:
    for state in (Attract(()), Attract((), picture=AttractPicture("abc", (("zh-CN", "门"),)))):
        page = present(state, CHROME, Look(language="en"), WORDS["en"], PICTURED).page
        assert isinstance(page, AttractView) and (page.picture, page.picture_alt) == ("", "")


def test_with_three_languages_the_button_names_the_next_one_in_itself() -> None:
    names = (("zh-CN", "中文"), ("en", "English"), ("mn", "Монгол"))
    three = dataclasses.replace(SAMPLE_SETTINGS, languages=("zh-CN", "en", "mn"), language_names=names)
    view = present(Attract(()), CHROME, Look(language="en"), WORDS["en"], three)
    button = next(action for action in view.chrome.header if action.action == "language")
    assert (button.label, button.caption, button.payload_value) == ("MN", "Монгол", "mn")
