"""Sizes of the vision chart against the standard's table, and the staircase under every observer."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.people.eyesight import (
    COARSEST,
    ENOUGH,
    FINEST,
    FIRST,
    LEAST_STROKE_PX,
    LETTERS,
    NORMAL,
    TOLERANCE,
    Chart,
    Found,
    Next,
    Opening,
    Verdict,
    grid,
    line_verdict,
    staircase,
    stroke_angle,
)

PITCH_27 = 0.3113


@pytest.mark.parametrize(
    ("line", "at_5_m", "at_1_m"),
    [(40, 72.72, 14.54), (45, 23.00, 4.60), (49, 9.16, 1.83), (50, 7.27, 1.45), (53, 3.64, 0.73)],
)
def test_the_side_of_an_e_is_the_standards(line: int, at_5_m: float, at_1_m: float) -> None:
    """GB/T 11533: five times the distance times the tangent of the stroke's angle."""
    # The standard's table was computed with rounded angles: two of its sides are 0.1 per cent apart.
    assert 5 * 5000 * math.tan(stroke_angle(line)) == pytest.approx(at_5_m, rel=2e-3)
    assert 5 * 1000 * math.tan(stroke_angle(line)) == pytest.approx(at_1_m, abs=0.006)


@pytest.mark.parametrize(("pitch", "metres"), [(PITCH_27, 3.21), (0.2768, 2.85), (0.1557, 1.61), (0.0899, 0.93)])
def test_how_far_away_a_display_must_be_to_show_normal_vision(pitch: float, metres: float) -> None:
    chart = Chart(pitch)
    assert chart.nearest_mm() / 1000 == pytest.approx(metres, abs=0.006)
    assert not chart.reaches(math.floor(chart.nearest_mm()) - 1)
    assert chart.drawn(NORMAL, math.ceil(chart.nearest_mm())) == LEAST_STROKE_PX


def test_a_touch_screen_at_arms_length_is_no_chart_and_one_behind_mirrors_is() -> None:
    assert not Chart(PITCH_27).reaches(850)
    assert Chart(PITCH_27, path_mm=2450).reaches(850)
    assert Chart(PITCH_27, path_mm=2450).lines(850)[-1] == NORMAL


@given(st.floats(0.05, 0.5), st.integers(300, 6000), st.integers(COARSEST, FINEST))
def test_what_is_drawn_is_whole_pixels_and_the_lines_size(pitch: float, distance: int, line: int) -> None:
    chart = Chart(pitch)
    drawn = chart.drawn(line, distance)
    if drawn is None:
        return
    assert drawn >= LEAST_STROKE_PX
    shown = math.atan(drawn * pitch / distance)
    assert abs(5 - math.log10(math.degrees(shown) * 60) - line / 10) <= -math.log10(1 - TOLERANCE) + 1e-6


def test_an_e_has_three_bars_and_a_back_and_opens_where_it_says() -> None:
    assert grid(Opening.RIGHT) == ("11111", "10000", "11111", "10000", "11111")
    assert grid(Opening.DOWN) == ("11111", "10101", "10101", "10101", "10101")
    assert grid(Opening.UP) == grid(Opening.DOWN)[::-1]
    assert grid(Opening.LEFT) == tuple(row[::-1] for row in grid(Opening.RIGHT))
    assert len({grid(opening) for opening in Opening}) == 4
    assert [o.mirrored for o in Opening] == [Opening.UP, Opening.LEFT, Opening.DOWN, Opening.RIGHT]


@given(st.lists(st.booleans(), min_size=LETTERS, max_size=LETTERS))
def test_a_line_is_decided_by_more_than_half_of_it(answers: list[bool]) -> None:
    decided = [line_verdict(sum(answers[:n]), n - sum(answers[:n])) for n in range(LETTERS + 1)]
    verdict = decided[-1]
    assert verdict is (Verdict.READ if sum(answers) >= ENOUGH else Verdict.NOT_READ)
    assert set(decided) <= {None, verdict}


LINES = st.sets(st.integers(COARSEST, FINEST), min_size=1).map(lambda found: tuple(sorted(found)))


def _climb(lines: tuple[int, ...], reads: dict[int, bool]) -> tuple[int, list[int]]:
    seen: list[tuple[int, Verdict]] = []
    while isinstance(step := staircase(lines, tuple(seen)), Next):
        assert step.line in lines
        seen.append((step.line, Verdict.READ if reads[step.line] else Verdict.NOT_READ))
        assert len(seen) <= len(lines)
    return step.level, [line for line, _ in seen]


@given(LINES, st.integers(COARSEST - 1, FINEST))
def test_whoever_sees_to_a_line_is_found_at_it(lines: tuple[int, ...], sees_to: int) -> None:
    level, shown = _climb(lines, {line: line <= sees_to for line in lines})
    assert level == max((line for line in lines if line <= sees_to), default=0)
    assert len(shown) == len(set(shown))


@given(LINES, st.data())
def test_whatever_is_answered_the_line_found_was_read_and_the_next_was_not(
    lines: tuple[int, ...], data: st.DataObject
) -> None:
    reads = {line: data.draw(st.booleans()) for line in lines}
    level, shown = _climb(lines, reads)
    assert len(shown) == len(set(shown))
    if level:
        assert reads[level]
    finer = [line for line in lines if line > level]
    if finer:
        assert finer[0] in shown
        assert not reads[finer[0]]


def test_somebody_with_normal_eyes_sees_few_lines() -> None:
    lines = tuple(range(COARSEST, NORMAL + 1))
    assert _climb(lines, dict.fromkeys(lines, True)) == (NORMAL, [FIRST, 48, 50])
    assert _climb(lines, {line: line <= 48 for line in lines}) == (48, [46, 48, 50, 49])
    assert isinstance(staircase(lines, ((46, Verdict.NOT_READ),)), Next)
    assert staircase((46,), ((46, Verdict.NOT_READ),)) == Found(0)
