"""How long headquarters was not heard, whatever the clock says meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.people.silence import Silence, Taking, taking

HEARD = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LONGEST = timedelta(days=30)
KEY = "age1"


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (0.0, Taking.PRE_REGISTRATIONS),
        (29.9, Taking.PRE_REGISTRATIONS),
        (30.0, Taking.PRE_REGISTRATIONS),
        (30.01, Taking.TOO_LONG),
        (400.0, Taking.TOO_LONG),
    ],
)
def test_thirty_days_and_not_longer(days: float, found: Taking) -> None:
    assert taking(Silence(HEARD, HEARD, KEY), HEARD + timedelta(days=days), LONGEST) is found


def test_nothing_is_taken_where_headquarters_was_never_heard_or_told_no_key() -> None:
    assert taking(None, HEARD, LONGEST) is Taking.UNHEARD
    assert taking(Silence(HEARD, HEARD, ""), HEARD, LONGEST) is Taking.UNHEARD


def test_no_days_in_the_rules_and_nothing_is_taken() -> None:
    assert taking(Silence(HEARD, HEARD, KEY), HEARD + timedelta(seconds=1), timedelta(0)) is Taking.TOO_LONG


@given(st.lists(st.integers(-60 * 24, 60 * 24), max_size=30), st.integers(0, 30 * 24))
def test_a_clock_that_jumps_never_makes_a_silence_shorter(jumps: list[int], now: int) -> None:
    silence, longest = Silence(HEARD, HEARD, KEY), timedelta(0)
    for hours in jumps:
        silence = silence.seen(HEARD + timedelta(hours=hours))
        assert silence.lasts(HEARD + timedelta(hours=hours)) >= longest
        longest = silence.lasts(HEARD + timedelta(hours=hours))
    assert silence.lasts(HEARD + timedelta(hours=now)) >= max(longest, timedelta(hours=now))
