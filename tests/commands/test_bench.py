"""`kiosk bench`: figures are computed from what was measured, and every path of the measuring works."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.commands.bench import SUBJECTS
from kiosk.commands.measuring.amounts import Backlog, Visit
from kiosk.commands.measuring.figures import GOALS, Figures, Goal, judged
from kiosk.commands.measuring.load import Meter, Used, sqlite_commits
from kiosk.commands.measuring.province import Province, needs
from kiosk.commands.measuring.traffic import said
from kiosk.commands.measuring.visits import Measured, figures, visit

ROOT = Path(__file__).resolve().parents[2]
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
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return json.loads(out.read_text("utf-8"))


def figures_in(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return []
    told = cast(dict[str, Any], value)
    if set(told) == FIGURES:
        return [told]
    return [found for inner in told.values() for found in figures_in(inner)]


QUICK = ("start", "pages", "id_read", "document_read", "camera", "reconnect", "store", "replay")


def test_every_quick_subject_is_measured_once(tmp_path: Path) -> None:
    told = bench(tmp_path, *(word for subject in QUICK for word in ("--only", subject)))
    assert told["not_measured"] == {}
    assert told["machine"]["processors"] >= 1
    assert told["start"]["first_frame_s"]["n"] == 1
    assert 0 < told["start"]["first_frame_cpu_s"]["median"] <= told["start"]["first_frame_s"]["max"] * 2
    assert set(told["pages"]) >= {"page_change_ms", "page_change_cpu_ms", "touch_to_frame_ms"}
    assert set(told["id_read"]) >= {"own_ms", "wire_ms"}
    assert set(told["document_read"]) >= {"own_per_command_ms", "wire_per_command_ms"}
    assert set(told["camera"]) >= {"decode_ms", "detect_ms", "frame_ms", "judge_ms", "frames_a_second"}
    assert told["camera"]["frame"] == "1280x720"
    assert "detector" in told["camera"]["detector"]
    assert set(told["reconnect"]) >= {"lost_s", "back_s"}
    assert set(told["store"]) >= {"start_effect_ms", "finish_effect_ms", "disk_fdatasync_ms"}
    assert set(told["replay"]["step_us"]) == {"HZ02"}
    for subject in QUICK:
        assert figures_in(told[subject])
        for each in figures_in(told[subject]):
            assert each["n"] >= 1
            assert 0 < each["min"] <= each["max"]
    assert {goal["figure"] for goal in told["goals"]} == {
        ".".join(goal.path) for goal in GOALS if goal.path[0] in QUICK
    }
    assert all(goal["met"] == (goal["measured"] <= goal["limit"]) for goal in told["goals"])


def test_a_backlog_is_what_three_days_of_visits_leave() -> None:
    visit = Visit.average((Visit(2, 15, 10), Visit(4, 25, 6)))
    assert visit == Visit(3, 20, 8)
    assert Backlog.of(visit, 1.0) == Backlog(filings=540, audit_rows=3600)
    assert Backlog.of(visit, 0.1) == Backlog(filings=54, audit_rows=360)
    with pytest.raises(ValueError, match="no visit"):
        _ = Visit.average(())


def test_rates_are_of_the_processors_time_in_server_and_database_together() -> None:
    told = Used(wall=10.0, server=3.0, database=1.0).of(800)
    assert (told["per_s"], told["per_s_per_core"]) == (80, 200)
    assert (told["cpu_ms"], told["server_cpu_ms"], told["database_cpu_ms"]) == (5, 3.75, 1.25)


def test_what_a_process_takes_is_seen_and_a_disk_takes_bare_inserts(tmp_path: Path) -> None:
    meter = Meter(os.getpid(), None, "sqlite://")
    took = meter.over(lambda: sum(number * number for number in range(1_000_000)))
    assert 0 < took.server == took.cpu < 30
    assert sqlite_commits(tmp_path / "bare.sqlite3", 0.05) > 0


def test_what_a_province_needs_is_computed_from_what_was_measured() -> None:
    line = {"up": 1000, "down": 3000}
    cost = {"server_cpu_ms": 8.0, "database_cpu_ms": 2.0, "to_disk_bytes": 4096, "on_line_bytes": line}
    measured: dict[str, Any] = {
        "heartbeat": cost,
        "ingest": cost | {"stored_bytes": 1024},
        "backlog": {"filings": 1024, "audit_rows": 2048, "stored_mib": 2.0, "cpu_ms_per_row": 0.5},
    }
    asked = Province(terminals=3000, visits_a_day=86_400, peak_visits=2, heartbeat_seconds=30, visit_seconds=60)
    told = needs(measured, Visit(outbox_rows=2, audit_rows=16, requests=7, picture_bytes=0), asked)
    # A hundred beats and twenty others a second, eight milliseconds each.
    assert (told["heartbeats_per_s"], told["requests_of_visits_per_s"], told["audit_requests_per_s"]) == (100, 14, 6)
    assert (told["server_cores"], told["database_cores"]) == (0.96, 0.24)
    assert told["to_disk_mib_per_s"] == 0.469
    assert told["audit_gib_a_day"] == float(f"{86_400 * 16 * 512 / 2**30:.3g}")
    assert (told["up_mbit_per_s"], told["down_mbit_per_s"]) == (0.96, 2.88)


def test_the_page_of_scale_says_what_the_run_computed() -> None:
    ran = json.loads((ROOT / "docs/proof/bench-load-bytes-2026-11-23.json").read_text("utf-8"))["load"]
    computed = ran["postgresql"]["province_computed"]
    again = needs(ran["postgresql"], Visit(**ran["visit"]), Province())
    assert again == pytest.approx(computed, rel=0.01), "the visit was told in fewer digits than it was computed with"
    page = (ROOT / "docs/scale.md").read_text("utf-8").replace(",", "")
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]* \| ([\d.]+) \|", page, re.M))
    assert {name: float(value) for name, value in rows.items()} == computed


def test_what_a_visit_says_is_counted() -> None:
    (visit,) = said({"HZ10"}).values()
    assert visit == Visit(outbox_rows=1, audit_rows=1, requests=2)


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
