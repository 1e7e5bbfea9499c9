"""`kiosk bench`: figures are computed from what was measured, and every path of the measuring works."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.commands.bench import SUBJECTS
from kiosk.commands.measuring.figures import GOALS, Figures, Goal, judged
from kiosk.commands.measuring.visits import Measured, figures, visit

FIGURES = {"n", "min", "median", "p99", "max"}


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
def test_figures_are_ordered_and_lie_within_what_was_measured(values: list[float]) -> None:
    figures = Figures.of(values)
    assert figures.n == len(values)
    assert figures.min <= figures.median <= figures.p99 <= figures.max
    assert figures.max == pytest.approx(max(values), rel=1e-3)


def test_p99_leaves_at_most_one_in_a_hundred_above_it() -> None:
    assert Figures.of([float(n) for n in range(1, 1001)]).p99 == 990
    assert Figures.of([1.0] * 99 + [50.0]).p99 == 1
    assert Figures.of([1.0] * 98 + [50.0]).p99 == 50


def test_figures_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Figures.of([])


def test_a_goal_is_judged_by_the_worst_of_several_figures() -> None:
    measured = {"visits": {"software_s": {"HZ01": {"median": 0.2}, "HZ02": {"median": 1.2}}}}
    goal = Goal("software", ("visits", "software_s"), "median", 1.0)
    (verdict,) = judged(measured, (goal,))
    assert (verdict["measured"], verdict["met"]) == (1.2, False)
    (verdict,) = judged({"visits": {"software_s": {"median": 1.0}}}, (goal,))
    assert verdict["met"] is True


def bench(tmp_path: Path, *options: str) -> dict[str, Any]:
    out = tmp_path / "bench.json"
    command = [sys.executable, "-m", "kiosk", "bench", "--tiny", "--out", str(out), "--disk", str(tmp_path), *options]
    done = subprocess.run(command, capture_output=True, timeout=150, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(out.read_text("utf-8"))


def figures_in(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return []
    told = cast(dict[str, Any], value)
    if set(told) == FIGURES:
        return [told]
    return [found for inner in told.values() for found in figures_in(inner)]


QUICK = ("pages", "id_read", "document_read", "camera", "reconnect", "store", "replay")


def test_every_quick_subject_is_measured_once(tmp_path: Path) -> None:
    told = bench(tmp_path, *(word for subject in QUICK for word in ("--only", subject)))
    assert told["not_measured"] == {}
    assert told["machine"]["processors"] >= 1
    assert set(told["pages"]) >= {"page_change_ms", "page_change_cpu_ms", "touch_to_frame_ms"}
    assert set(told["id_read"]) >= {"own_ms", "wire_ms"}
    assert set(told["document_read"]) >= {"own_per_command_ms", "wire_per_command_ms"}
    assert set(told["camera"]) >= {"decode_ms", "detect_ms", "frame_ms", "judge_ms", "frames_a_second"}
    assert told["camera"]["frame"] == "1280x720"
    assert "detector" in told["camera"]["detector"]
    assert set(told["reconnect"]) >= {"lost_s", "back_s"}
    assert set(told["store"]) >= {"start_effect_ms", "finish_effect_ms", "disk_fdatasync_ms"}
    assert set(told["replay"]["step_us"]) == {"HZ01", "HZ02", "JG01"}
    for subject in QUICK:
        assert figures_in(told[subject])
        for each in figures_in(told[subject]):
            assert each["n"] >= 1
            assert 0 < each["min"] <= each["max"]
    assert {goal["figure"] for goal in told["goals"]} == {
        ".".join(goal.path) for goal in GOALS if goal.path[0] in QUICK
    }


def test_the_start_of_the_real_process_is_measured(tmp_path: Path) -> None:
    told = bench(tmp_path, "--only", "start")
    assert told["start"]["first_frame_s"]["n"] == 1
    assert 0 < told["start"]["first_frame_cpu_s"]["median"] <= told["start"]["first_frame_s"]["max"] * 2
    (goal,) = told["goals"]
    assert goal["met"] == (goal["measured"] <= goal["limit"])


def test_every_goal_is_about_something_that_is_measured() -> None:
    assert {goal.path[0] for goal in GOALS} <= set(SUBJECTS)


def test_a_whole_visit_is_measured() -> None:
    told = figures([visit("HZ02")])
    for whose in ("software_s", "server_s", "network_s", "device_s", "citizen_s", "terminal_cpu_s"):
        assert told[whose]["HZ02"]["n"] == 1
        assert told[whose]["HZ02"]["min"] > 0, whose
    assert told["server_s"]["HZ02"]["max"] < told["software_s"]["HZ02"]["max"]
    steps = sum(step["max"] for step in told["step_software_ms"]["HZ02"].values())
    assert steps == pytest.approx(told["software_s"]["HZ02"]["max"] * 1000, abs=5)
    assert set(told["memory_pss_mib"]) == {"terminal", "vision", "paper", "whole"}
    assert told["memory_pss_mib"]["whole"]["max"] > told["memory_pss_mib"]["terminal"]["max"] > 20
    assert told["longest_stall_ms"]["n"] == 1


def journey(software: float, late: float, queued: float) -> dict[str, Any]:
    seconds = dict.fromkeys(("software", "server", "network", "device", "citizen"), software)
    stall = {"late_ms": late, "busy_ms": 1.0, "queued_ms": queued, "page": "Attract"}
    step = {"kind": "choose", "key": "which", "software": software}
    return {
        "seconds": seconds,
        "cpu_seconds": 1.0,
        "qt": {"longest_stall": stall, "stalls": [stall] if late >= 20 else []},
        "steps": [step, step],
    }


def test_stalls_are_judged_whole_and_told_without_the_wait_for_a_processor() -> None:
    told = figures([Measured("HZ01", journey(0.5, 80.0, 70.0), {}), Measured("HZ01", journey(0.7, 6.0, 0.0), {})])
    assert told["longest_stall_ms"]["max"] == 80
    assert told["longest_stall_less_queueing_ms"]["max"] == 10
    assert told["stalls_over_50_ms"] == 1
    assert told["software_s"] == {"HZ01": {"n": 2, "min": 0.5, "median": 0.6, "p99": 0.7, "max": 0.7}}
    assert told["step_software_ms"]["HZ01"]["choose which"]["max"] == 1400
