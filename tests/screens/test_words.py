"""The texts: complete in both languages, readable, and free of what must come from headquarters."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast

from kiosk.devices.camera.contract import Advice
from kiosk.flows.catalogue import ENTRY, ENTRY_BY_GUARD, FLOWS, WAITING
from kiosk.flows.effects import PaperKind
from kiosk.flows.steps import DeviceClass, Finger, Phase, StepKind
from kiosk.flows.waiting import Procedure, Way
from kiosk.people.id_number import NumberFault
from kiosk.people.records import Ground, RefusalCode, Waiting
from kiosk.protocol.messages import FilingKind
from kiosk.screens.samples import BACK_FACTS, CLOSING_TOPICS, SERVICES
from kiosk.screens.tell import message_key
from kiosk.screens.words import MissingText, OnMissing, Texts, load_words, pseudo_words, read_locale
from tests.screens.words_reading import (
    LANGUAGES,
    LOCALES,
    entries,
    half_width_between_han,
    strict_words,
    texts,
)

VERBATIM = "请将您的二代身份证放在屏幕下方的感应区内,请端正姿势、目视前方镜头"
DEVICE_CLASSES = (
    "id-reader",
    "document-reader",
    "camera",
    "fingerprint",
    "receipt-printer",
    "page-printer",
    "dispenser",
    "locker",
    "intake",
    "scanner",
    "exam-booth",
    "endorsement-writer",
    "licence-printer",
    "plate-printer",
    "temporary-id-maker",
    "door",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_is_read_without_junk(language: str) -> None:
    junk = [(file, entry.content) for file, entry in entries(language) if isinstance(entry, ast.Junk)]
    assert junk == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_written_twice(language: str) -> None:
    counts = Counter(entry.id.name for _, entry in entries(language) if isinstance(entry, ast.Message))
    assert [key for key, count in counts.items() if count > 1] == []


def test_both_languages_say_the_same_things_with_the_same_arguments() -> None:
    chinese, english = ({t.name: t.arguments for t in texts(language)} for language in LANGUAGES)
    assert chinese == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_its_parts(language: str) -> None:
    words = strict_words()[language]
    parts = ("", "safe", "now", "voice", "technician")
    missing = [(c.name, p) for c in RefusalCode for p in parts if not words.has(message_key(c), p)]
    assert missing == []


OTHER_SERVICES = ("choose-nothing-waiting", "choose-other-service")

KEYS = {
    "services": [f"service-{code}" for code in SERVICES],
    "devices": [f"device-{d}" for d in DEVICE_CLASSES],
    "closed devices": [f"closed-{d}" for d in DEVICE_CLASSES],
    "other reasons to be closed": ["closed-not-here", "closed-offline", "closed-checking"],
    "papers": [f"paper-{p.value}" for p in PaperKind],
    "filings": [f"filing-{f.value}" for f in FilingKind],
    "advice": [f"advice-{a.value}" for a in Advice],
    "fingers": [f"finger-{f.name.lower().replace('_', '-')}" for f in Finger],
    "phases": [f"phase-{p.value}" for p in Phase],
    "faults of a number": [f"fault-number-{f.value}" for f in NumberFault],
    "grounds": [f"choose-ground-{g.value}" for g in Ground],
    "notices": [f"notice-{code}" for code in FLOWS if code not in (WAITING, ENTRY, ENTRY_BY_GUARD)],
    "the second door": [f"service-{WAITING}", *(f"choose-waiting-{o.option_id}" for o in (*Waiting, *Way))],
    "other services": [f"{t}-{o.option_id}" for t in OTHER_SERVICES for o in (*Procedure, Way.ENOUGH)],
    "endings": list(CLOSING_TOPICS),
    "facts of an interrupted visit": [key for key, _ in BACK_FACTS],
    "finishing": [f"finishing-{what}" for what in ("filing", "printing", "opening", "paying", "taking-in")],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_has_a_name_has_words(language: str) -> None:
    words = strict_words()[language]
    missing = {kind: [key for key in keys if not words.has(key)] for kind, keys in KEYS.items()}
    assert missing == {kind: [] for kind in KEYS}


def test_the_device_classes_of_steps_are_among_those_with_words() -> None:
    assert {d.value for d in DeviceClass} <= set(DEVICE_CLASSES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_twenty_eight_services_have_a_note_and_what_to_bring(language: str) -> None:
    words = strict_words()[language]
    assert len(SERVICES) == len(set(SERVICES)) == 28
    assert [
        c for c in SERVICES if not (words.has(f"service-{c}", "note") and words.has(f"service-{c}", "bring"))
    ] == []


def test_the_sentence_at_the_reader_is_verbatim() -> None:
    shown = strict_words()["zh-CN"].say("read-card-waiting")
    assert unicodedata.normalize("NFKC", shown) == unicodedata.normalize("NFKC", VERBATIM)
    assert half_width_between_han(shown) == []


def test_chinese_uses_full_width_punctuation() -> None:
    wrong = {t.name: found for t in texts("zh-CN") if (found := half_width_between_han(t.literal))}
    assert wrong == {}


def test_english_has_no_chinese_but_the_button_that_leads_to_it() -> None:
    found = {t.name for t in texts("en") if re.search(r"[\u3000-\u9fff\uff00-\uffef]", t.literal)}
    assert found == {"header-language", "header-language.caption"}


ALLOWED_DIGITS = {"station"}
"""The station's name: it is open for twenty-four hours."""


YEARLY = {"service-HZ09.note"}
"""Once a year is what the service is, not a term."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_of_law_or_money_is_typed_into_a_text(language: str) -> None:
    digits = {t.name for t in texts(language) if re.search(r"\d", t.literal)} - ALLOWED_DIGITS
    assert digits == set()
    numerals = re.compile(r"第[一二三四五六七八九十百零]+条|[一二三四五六七八九十百]+(元|周岁|日内|个工作日|个月|年)")
    assert {
        t.name: t.literal for t in texts(language) if numerals.search(t.literal) and "一年一次" not in t.literal
    } == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_shows_a_code_of_ours_or_blames(language: str) -> None:
    bad = re.compile(r"(?i)\berror\b|invalid|illegal|错误|非法|失败|异常|NULL|timeout|超时")
    spoken = [t for t in texts(language) if t.part != "technician"]
    assert {t.name: t.literal for t in spoken if bad.search(t.literal)} == {}


def test_dates_and_times_follow_the_language() -> None:
    words = strict_words()
    at = datetime(2026, 11, 3, 8, 12, tzinfo=timezone(timedelta(hours=8)))
    assert words["zh-CN"].date(at.date()) == "2026年11月3日"
    assert words["zh-CN"].moment(at) == "2026年11月3日 08:12"
    assert words["en"].date(at.date()) == "November 3, 2026"
    assert words["en"].moment(at) == "November 3, 2026, 8:12 AM"


def test_plurals_follow_the_language() -> None:
    english = strict_words()["en"]
    assert english.say("seconds-left", n=1) == "1 second left"
    assert english.say("seconds-left", n=2) == "2 seconds left"


def test_arguments_are_not_wrapped_in_isolation_marks() -> None:
    text = strict_words()["zh-CN"].say("face-person", name="王*芳")
    assert text == "正在核验：王*芳"


def test_a_missing_message_raises_where_gaps_raise() -> None:
    with pytest.raises(MissingText, match="zh-CN: no-such-key"):
        strict_words()["zh-CN"].say("no-such-key")


def test_a_missing_argument_raises_and_names_no_value() -> None:
    with pytest.raises(MissingText, match="emergency"):
        strict_words()["en"].say("emergency")


def _locales(folder: Path, **languages: str) -> Path:
    for language, text in languages.items():
        place = folder / language.replace("_", "-")
        place.mkdir()
        (place / "some.ftl").write_text(text, encoding="utf-8")
    return folder


def test_a_gap_at_the_counter_is_chinese_and_logged_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    locales = _locales(tmp_path, zh_CN="only-here = 只有中文\n", en="other = Other\n")
    words = load_words(locales, ("en",), OnMissing.REPLACE)["en"]
    with caplog.at_level(logging.ERROR):
        assert [words.say("only-here") for _ in range(3)] == ["只有中文"] * 3
        assert words.say("nowhere") == ""
    assert [r.getMessage() for r in caplog.records] == [
        "text missing or incomplete in en: only-here",
        "text missing or incomplete in en: nowhere",
    ]


def test_a_missing_argument_at_the_counter_shows_no_half_sentence(tmp_path: Path) -> None:
    locales = _locales(tmp_path, zh_CN="greet = 您好\n", en="greet = Hello { $name }\n")
    words = load_words(locales, ("en",), OnMissing.REPLACE)["en"]
    assert words.say("greet") == "您好"


def test_a_language_without_texts_is_refused(tmp_path: Path) -> None:
    locales = _locales(tmp_path, zh_CN="a-b = 好\n")
    with pytest.raises(FileNotFoundError, match="en"):
        load_words(locales, ("en",), OnMissing.RAISE)


def test_pseudo_text_is_vertical_and_in_mongolian_letters() -> None:
    words = pseudo_words(LOCALES, OnMissing.RAISE)
    text = words.say("step-of", n=2, of=5)
    assert words.vertical
    assert re.fullmatch(r"[\u1800-\u18af0-9 ]+", text)
    assert len(text) == len(strict_words()["en"].say("step-of", n=2, of=5))


def test_a_day_is_not_moved_by_its_offset() -> None:
    late = datetime(2026, 11, 3, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    assert strict_words()["zh-CN"].moment(late).startswith(strict_words()["zh-CN"].date(date(2026, 11, 3)))


NAMED_IN_CODE = re.compile(
    r'"((?:notice|consent|choose|declare|sign|bill|closing|finishing|holding|closed|alarm|loses|loss|back|out|form-fault'
    r'|sign-fault)-[a-z-]*[a-z])"'
)
"""Literals of flows and counter that are keys of texts; those ending in a hyphen are completed at run time."""


@pytest.mark.parametrize("room", ["flows", "counter"])
def test_every_key_that_a_procedure_names_has_words(room: str) -> None:
    words = strict_words()["zh-CN"]
    root = Path(__file__).parents[2] / "kiosk" / room
    named = {key for path in root.rglob("*.py") for key in NAMED_IN_CODE.findall(path.read_text(encoding="utf-8"))}
    assert named
    kinds = {kind.value for kind in StepKind}
    assert sorted(key for key in named - kinds if not words.has(key)) == []


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_texts_read_one_by_one_are_those_of_the_whole_files(language: str) -> None:
    sources = read_locale(LOCALES / language)
    whole = FluentBundle([language], use_isolating=False)
    for source in sources:
        whole.add_resource(FluentResource(source))
    keys = sorted({key for source in sources for key in re.findall(r"^([a-zA-Z][\w-]*) *=", source, re.MULTILINE)})
    assert keys
    for key in keys:
        one = Texts(language, sources)
        message = one.message(key)
        assert message is not None, key
        known = whole.get_message(key)
        patterns = {"": message.value, **message.attributes}
        assert patterns.keys() == {"": known.value, **known.attributes}.keys()
        for part, pattern in patterns.items():
            expected = known.attributes[part] if part else known.value
            if pattern is None or expected is None:
                assert pattern is expected
                continue
            text, wrong = one.format(pattern, {})
            right, known_wrong = whole.format_pattern(expected, {})
            assert (str(text), [str(e) for e in wrong]) == (str(right), [str(e) for e in known_wrong]), key
