"""Which values a paper takes, and how a wrong one is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.documents.amounts import in_words
from kiosk.documents.papers import PAPERS, NoPaper, PaperRefused, Standing, day_of, sheet
from kiosk.flows.effects import PaperKind
from kiosk.flows.steps import DeviceClass
from tests.documents.examples import EXAMPLES

SECRET = "150203199001010017"


def refused(paper: str, **changes: str | None) -> PaperRefused:
    values = EXAMPLES[paper] | {name: text for name, text in changes.items() if text is not None}
    for name in [name for name, text in changes.items() if text is None]:
        del values[name]
    with pytest.raises(PaperRefused) as caught:
        sheet(paper, values, Standing.SIMULATED)
    return caught.value


def test_every_paper_a_flow_prints_is_known_and_goes_to_the_same_device() -> None:
    assert set(PAPERS) == {kind.value for kind in PaperKind} == set(EXAMPLES)
    for kind in PaperKind:
        on_page = kind.device is DeviceClass.PAGE_PRINTER
        assert (PAPERS[kind.value].media[0].value == "a4") is on_page


def test_every_value_but_the_optional_ones_must_be_there() -> None:
    for paper, kind in PAPERS.items():
        for name in [name for name, field in kind.fields.items() if not field.optional]:
            error = refused(paper, **{name: None})
            assert (error.paper, error.value) == (paper, name)


def test_optional_values_may_be_left_out() -> None:
    for paper, kind in PAPERS.items():
        least = {name: text for name, text in EXAMPLES[paper].items() if not kind.fields[name].optional}
        assert set(sheet(paper, least, Standing.SIMULATED).values) == set(least)


def test_an_unknown_value_or_paper_is_refused() -> None:
    assert refused("custody-slip", colour="red").value == "colour"
    with pytest.raises(PaperRefused, match="no paper"):
        sheet("visa", {}, Standing.SIMULATED)


@pytest.mark.parametrize(
    ("paper", "name", "text"),
    [
        ("custody-slip", "id_masked", SECRET),
        ("custody-slip", "name_masked", "王小芳"),
        ("custody-slip", "place", "1 7"),
        ("custody-slip", "document", "library-card"),
        ("custody-slip", "when", "2026-11-22T23:05:00"),
        ("custody-slip", "when", "yesterday"),
        ("custody-slip", "number", "   "),
        ("custody-slip", "number", "1\x1b@"),
        ("custody-slip", "status", "maybe"),
        ("collection-slip", "valid_to", "2046-13-01"),
        ("violation-slip", "fine", "100元"),
        ("violation-slip", "fine", "-1"),
        ("violation-slip", "points", "一"),
        ("violation-slip", "verify_url", "http://127.0.0.1/"),
        ("violation-slip", "verify_url", "https://127.0.0.1/" + "x" * 300),
        ("penalty-decision", "rights_text", "长" * 3001),
        ("penalty-decision", "plate_kind", "99"),
    ],
)
def test_a_value_of_the_wrong_form_is_named_and_never_quoted(paper: str, name: str, text: str) -> None:
    error = refused(paper, **{name: text})
    assert (error.paper, error.value) == (paper, name)
    assert text.strip() == "" or text not in str(error)
    assert isinstance(error, NoPaper)


def test_a_day_may_be_a_date_a_moment_or_never() -> None:
    for text in ("2046-11-01", "2046-11-01T10:00:00+08:00", "long"):
        values = EXAMPLES["collection-slip"] | {"valid_to": text}
        assert sheet("collection-slip", values, Standing.SIMULATED)["valid_to"] == text
    assert day_of("2046-11-01T10:00:00+08:00") == day_of("2046-11-01")


def test_the_page_about_papers_names_every_value() -> None:
    text = (Path(__file__).parents[2] / "docs" / "papers.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z_-]+)`", text))
    assert set(PAPERS) <= named
    assert {name for paper in PAPERS.values() for name in paper.fields} <= named


# -- amounts in words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"),
        ("20", "贰拾元整"),
        ("100", "壹佰元整"),
        ("150", "壹佰伍拾元整"),
        ("200", "贰佰元整"),
        ("1005", "壹仟零伍元整"),
        ("1050", "壹仟零伍拾元整"),
        ("10000", "壹万元整"),
        ("10010", "壹万零壹拾元整"),
        ("100000001", "壹亿零壹元整"),
        ("19.50", "壹拾玖元伍角"),
        ("19.05", "壹拾玖元零伍分"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
    ],
)
def test_amounts_are_written_as_accountants_do(yuan: str, words: str) -> None:
    assert in_words(yuan) == words


@given(st.integers(0, 999_999_999), st.integers(0, 999_999_999))
def test_two_amounts_are_never_written_alike(one: int, other: int) -> None:
    assert (in_words(str(one)) == in_words(str(other))) is (one == other)


@given(st.integers(0, 999_999_999))
def test_no_amount_has_two_zeros_together_or_one_at_its_end(yuan: int) -> None:
    words = in_words(str(yuan))
    assert "零零" not in words
    assert yuan == 0 or not words.removesuffix("元整").endswith("零")
