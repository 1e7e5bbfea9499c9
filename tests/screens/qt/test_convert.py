import enum
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens.qt.convert import NotForQmlError, to_qml


class Colour(enum.Enum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    marks: tuple[int, ...]


def test_dataclasses_tuples_and_enums_become_maps_lists_and_values() -> None:
    assert to_qml((Row("𠮷", (1, 2)), Colour.RED, None)) == [{"name": "𠮷", "marks": [1, 2]}, "red", None]


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 1, 1),
        datetime(2026, 1, 1, tzinfo=UTC),
        Decimal("1.0"),
        b"bytes",
        {1, 2},
        {1: "key"},
        object(),
        Row,
        2**53 + 1,
        float("nan"),
        float("inf"),
        "half a pair \ud800",
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_arrive_opaque_is_refused(value: object) -> None:
    with pytest.raises(NotForQmlError, match=r"snapshot\.inside\[1\]"):
        to_qml({"inside": ["before", value]})


def test_a_refusal_never_repeats_the_value() -> None:
    with pytest.raises(NotForQmlError) as refused:
        to_qml({"number": b"150203195103070017"})
    assert "1502" not in str(refused.value)


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(_PLAIN)
def test_plain_values_stay_what_they_are(value: object) -> None:
    assert to_qml(value) == value
