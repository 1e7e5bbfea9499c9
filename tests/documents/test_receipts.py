"""Receipts: what is on them, in bytes a printer understands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.documents import wording
from kiosk.documents.drawing import line_picture, receipt_picture
from kiosk.documents.layout import COLUMNS, Code, Line, columns, lay_out, wrap
from kiosk.documents.papers import PAPERS, Medium, Standing, sheet
from kiosk.documents.receipts import can_be_set, receipt
from tests.documents.examples import EXAMPLES

ROLL = [name for name, paper in PAPERS.items() if Medium.ROLL in paper.media]
LANGUAGES = ("zh-CN", "en")


def each_receipt(check: Callable[[str, str], None]) -> Callable[[], None]:
    """Run a check on every receipt in both languages, telling which one failed."""

    def run() -> None:
        for paper in ROLL:
            for language in LANGUAGES:
                try:
                    check(paper, language)
                except AssertionError as failure:
                    raise AssertionError(f"{paper} in {language}: {failure}") from failure

    run.__name__ = check.__name__
    return run


def texts(paper: str, language: str, standing: Standing = Standing.IN_EARNEST, **more: str) -> str:
    items = lay_out(sheet(paper, EXAMPLES[paper] | more, standing), language)
    return "\n".join(item.text for item in items if isinstance(item, Line))


def printed(paper: str, language: str, **more: str) -> bytes:
    return receipt(sheet(paper, EXAMPLES[paper] | more, Standing.SIMULATED), language)


@each_receipt
def test_every_receipt_has_its_number_person_telephone_and_what_to_do_next(paper: str, language: str) -> None:
    text = texts(paper, language)
    example = EXAMPLES[paper]
    person = () if paper in ("maintenance-slip", "unloading-list") else ("name_masked", "id_masked")
    for name in ("number", *person, "telephone", "terminal", "site"):
        assert example[name] in text
    made = sheet(paper, example, Standing.IN_EARNEST)
    flat = re.sub(r"\s", "", text)
    for spoken in {language, "zh-CN"}:
        for step in wording.next_steps(made, spoken):
            assert re.sub(r"\s", "", step) in flat
    assert "模拟" not in text


@each_receipt
def test_every_value_given_stands_on_the_receipt(paper: str, language: str) -> None:
    made = sheet(paper, EXAMPLES[paper], Standing.IN_EARNEST)
    flat = re.sub(r"\s", "", texts(paper, language))
    for name in EXAMPLES[paper]:
        if name not in ("when", "portrait_review"):
            assert re.sub(r"\s", "", wording.shown(made, name, language)) in flat, name


@each_receipt
def test_no_line_is_wider_than_the_roll(paper: str, language: str) -> None:
    items = lay_out(sheet(paper, EXAMPLES[paper], Standing.SIMULATED), language)
    for item in items:
        if isinstance(item, Line):
            assert columns(item.text) * item.size.value <= COLUMNS


@each_receipt
def test_a_simulated_receipt_says_so_above_and_below(paper: str, language: str) -> None:
    lines = texts(paper, language, Standing.SIMULATED).split("\n")
    assert "模拟 不作凭证" in lines[0]
    assert "模拟 不作凭证" in lines[-1]


def test_a_reprint_and_a_pending_paper_say_so() -> None:
    text = texts("unsettled-slip", "zh-CN", reprint="yes", status="pending")
    assert "补打" in text
    assert "待确认" in text
    assert "业务待确认凭条" in text
    assert "补打" not in texts("unsettled-slip", "zh-CN")


@each_receipt
def test_the_bytes_begin_with_reset_and_end_with_a_cut(paper: str, language: str) -> None:
    data = printed(paper, language)
    assert data.startswith(b"\x1b@\x1c&")
    assert re.search(rb"\x1dV.{1,2}$", data, re.DOTALL)


def test_chinese_goes_as_gb18030_and_the_code_as_the_printers_own() -> None:
    data = printed("violation-slip", "zh-CN")
    assert "机动车违反禁止标线指示".encode("gb18030") in data
    assert b"\x1d(k" in data
    assert EXAMPLES["violation-slip"]["verify_url"].encode() in data


@pytest.mark.parametrize("name", ["𠮷*", "㛃*", "䶮*", "ᠮᠣᠩ*"])
def test_a_rare_character_is_drawn_and_never_replaced(name: str) -> None:
    plain, rare = printed("custody-slip", "zh-CN"), printed("custody-slip", "zh-CN", name_masked=name)
    assert rare.count(b"\x1dv0") == plain.count(b"\x1dv0") + 1
    assert b"?" not in re.sub(rb"\x1dv0.{4}.*?\x1b", b"", rare, flags=re.DOTALL)[:40]
    blank = line_picture(Line("*"))
    assert line_picture(Line(name)).tobytes() != blank.tobytes()


def test_two_rare_characters_are_not_drawn_alike() -> None:
    pictures = {line_picture(Line(character)).tobytes() for character in "𠮷㛃䶮𬭎𫖯ᠮ\U0010fffd"}
    assert len(pictures) == 7


@pytest.mark.parametrize(
    ("text", "settable"), [("王*芳", True), ("镕", True), ("𠮷", False), ("䶮", False), ("A1", True)]
)
def test_only_what_every_printer_has_is_left_to_the_printer(text: str, settable: bool) -> None:
    assert can_be_set(text) is settable


def test_equal_values_give_equal_bytes() -> None:
    assert printed("application-receipt", "en") == printed("application-receipt", "en")


def test_a_receipt_can_be_looked_at() -> None:
    items = lay_out(sheet("violation-slip", EXAMPLES["violation-slip"], Standing.SIMULATED), "zh-CN")
    assert any(isinstance(item, Code) for item in items)
    picture = receipt_picture(items)
    assert (picture.width, picture.height > 800) == (624, True)


@given(st.text(alphabet="王芳，。（）ab12 -", max_size=200), st.integers(8, 48))
def test_wrapping_loses_nothing_and_never_overflows_by_more_than_a_mark(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert all(columns(line) <= width for line in lines)
