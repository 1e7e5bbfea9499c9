"""Texts of a set are judged by the rules the packaged ones keep."""

from __future__ import annotations

import pytest

from kiosk.commands.station import LOCALES
from kiosk.parts.letters import judge_letters
from kiosk.parts.texts import columns, judge_texts
from kiosk.screens.words import OnMissing, load_words


def packaged(language: str) -> dict[str, bytes]:
    return {f"texts/{language}/{file.name}": file.read_bytes() for file in (LOCALES / language).glob("*.ftl")}


def test_the_packaged_texts_keep_the_rules_themselves() -> None:
    # Those that every page has; the other language's are judged as a whole below.
    some = {path: content for path, content in packaged("zh-CN").items() if path.endswith("/common.ftl")}
    assert judge_texts("zh-CN", some, LOCALES) == ()


def test_a_language_more_is_enough_with_every_message_and_no_less() -> None:
    whole = {path.replace("/en/", "/mn/"): content for path, content in packaged("en").items()}
    assert judge_texts("mn", whole, LOCALES) == ()
    few = {path: content for path, content in whole.items() if path.endswith("/devices.ftl")}
    assert "mn: emergency: is missing. Translate it." in judge_texts("mn", few, LOCALES)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("station = A\nno-such = x\n", "texts/en/a.ftl: no-such: the terminal has no message of this name"),
        ("station A\n", "texts/en/a.ftl:1: is no message"),
        ("station = A\nstation = B\n", "station: stands in texts/en/a.ftl already"),
        ("step-of = Step { $n }\n", "step-of: does not say { $of }"),
        ("step-of = { $n } { $of } { $x }\n", "{ $x } is not given to it. It has n, of"),
        ("seconds-left = { $n ->\n   *[other] { $n } s\n }\n", "seconds-left: lacks the plural form one of en"),
        ("seconds-left = { $n ->\n    [few] a\n   *[other] { $n } s\n }\n", "en has no plural form few"),
        ("header-size = A\n", "header-size.caption: is missing"),
        ("station = A\n    .voice = B\n", "station.voice: the packaged message has no such part"),
        ("emergency = Call 110\n", "has a number typed into it"),
        ("station = A\u202eB\n", "U+202E"),
        (f"action-back = {'very ' * 30}long\n", "columns wide, pages have room for"),
        ("-brand = x\nstation = A\n", "terms are not used here"),
        ("date-day = { NUMBER($day) }\n", "date-day: cannot be said with dates"),
    ],
)
def test_what_is_wrong_is_told_with_its_file_and_message(text: str, complaint: str) -> None:
    found = judge_texts("en", {"texts/en/a.ftl": text.encode()}, LOCALES)
    assert any(complaint in each for each in found), found


def test_chinese_keeps_its_punctuation_and_the_prescribed_sentence() -> None:
    text = "read-card-waiting = 请放身份证\naction-back = 返回,上一步\n"
    found = "\n".join(judge_texts("zh-CN", {"texts/zh-CN/a.ftl": text.encode()}, LOCALES))
    assert "prescribed word for word" in found and "half-width punctuation" in found


def test_files_that_are_no_texts() -> None:
    assert "is no Fluent file" in judge_texts("en", {"texts/en/a.txt": b"x"}, LOCALES)[0]
    assert "is not UTF-8" in judge_texts("en", {"texts/en/a.ftl": b"\xff"}, LOCALES)[0]
    assert "no language of this name is known" in judge_texts("qq", {"texts/qq/a.ftl": b"a = b\n"}, LOCALES)[0]


def test_a_full_width_character_is_two_columns() -> None:
    assert (columns("返回"), columns("Back"), columns("e\u0301")) == (4, 4, 1)


def test_brought_texts_take_the_place_of_packaged_ones_message_by_message() -> None:
    brought = {"en": ("station = Night counter\n",), "mn": ("station = Цагдаа\n",)}
    words = load_words(LOCALES, ("zh-CN", "en", "mn"), OnMissing.REPLACE, brought)
    before = load_words(LOCALES, ("zh-CN", "en"), OnMissing.REPLACE)
    assert words["en"].say("station") == "Night counter" and words["mn"].say("station") == "Цагдаа"
    assert words["en"].say("action-back") == before["en"].say("action-back")
    assert words["zh-CN"].say("station") == before["zh-CN"].say("station")


def test_letters_that_no_font_here_draws_are_named() -> None:
    drawn = judge_letters("mn", {"texts/mn/a.ftl": "station = Цагдаагийн өрөө\n".encode()}, LOCALES)
    assert drawn == ()
    (told,) = judge_letters("xx", {"texts/xx/a.ftl": "station = \U000e0ffe\n".encode()}, LOCALES)
    assert "U+E0FFE" in told and "Install one before" in told
