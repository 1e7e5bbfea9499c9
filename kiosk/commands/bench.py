"""`kiosk bench`: measure this machine and say which goals it meets. docs/bench.md says how to read the result.

Exit status 0 when everything could be measured, whether or not a goal is met; 1 when something could not.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.commands.measuring.amounts import Amounts, Visit
from kiosk.commands.measuring.figures import GOALS, Figures, judged

_log = logging.getLogger(__name__)

VERSION = 1
"""Of the JSON's shape: keys are added, never renamed or given another meaning, without a new number."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each thing is measured."""

    visits: int = 3
    starts: int = 20
    rehearsals: int = 1
    """Starts before them that are not counted."""
    changes: int = 400
    touches: int = 100
    reads: int = 60
    commits: int = 500
    replays: int = 300
    replayed: tuple[str, ...] = ()
    """Services whose transcripts are replayed; () for all."""
    frames: int = 120
    reconnects: int = 10
    pushed: int = 200
    """Idle terminals to which a set is sent at once."""
    load: Amounts = field(default_factory=Amounts)
    spoken: tuple[str, ...] = ()
    """Services whose visits are counted for `load`; () for all."""


TINY = Counts(
    visits=1,
    starts=1,
    rehearsals=0,
    changes=12,
    touches=2,
    reads=2,
    commits=5,
    replays=2,
    replayed=("HZ02",),
    frames=2,
    reconnects=1,
    pushed=3,
    load=Amounts(terminals=3, share=0.001, filings=2, beats=2, callers=2, seconds=0.1),
    spoken=("HZ10",),
)
"""Every path once, figures without meaning."""


def run(argv: Sequence[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="kiosk bench", description="measure this machine")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    parser.add_argument("--disk", type=Path, default=Path(), help="commits are measured on the disk of this folder")
    parser.add_argument("--only", action="append", choices=sorted(SUBJECTS), help="measure this only (repeatable)")
    parser.add_argument("--tiny", action="store_true", help="every path once; the figures mean nothing")
    parser.add_argument("--share", type=float, default=1.0, help="of the backlog of three days that `load` drains")
    parser.add_argument("--json", action="store_true", help="print the result on standard output too")
    options = parser.parse_args(argv)
    counts = TINY if options.tiny else Counts(load=Amounts(share=options.share))
    chosen = [name for name in SUBJECTS if not options.only or name in options.only]
    result: dict[str, Any] = {"bench_version": VERSION, "tiny": options.tiny, "machine": machine()}
    failed: dict[str, str] = {}
    for name in chosen:
        print(f"measuring {name}", file=sys.stderr)
        try:
            result[name] = SUBJECTS[name](counts, options.disk) | {"load_average_1_min": os.getloadavg()[0]}
        except Exception as failure:
            _log.exception("%s could not be measured", name)
            failed[name] = f"{type(failure).__name__}: {failure}"
    result["not_measured"] = failed
    result["goals"] = judged(result, [goal for goal in GOALS if goal.path[0] in result])
    text = json.dumps(result, ensure_ascii=False, indent=1) + "\n"
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text, "utf-8")
    if options.json:
        print(text, end="")
    for goal in result["goals"]:
        mark = "met    " if goal["met"] else "NOT met"
        print(
            f"{mark} {goal['goal']}: {goal['statistic']} {goal['measured']}, at most {goal['limit']}", file=sys.stderr
        )
    return 1 if failed else 0


def machine() -> dict[str, Any]:
    """What was measured on, and how busy it was before. No names, no addresses."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "processors": os.cpu_count(),
        "processor": _processor(),
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "load_average_1_min": os.getloadavg()[0],
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


def _visits(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.visits import visits

    return visits(counts.visits)


def _pages(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.pages import measure

    found = measure(counts.changes, counts.touches)
    return {
        "page_change_ms": Figures.of(found["change"], 1000).as_json(),
        "page_change_cpu_ms": Figures.of(found["change_cpu"], 1000).as_json(),
        "touch_to_frame_ms": Figures.of(found["touch"], 1000).as_json(),
    }


def _start(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.start import starts

    found = starts(counts.starts, counts.rehearsals)
    return {
        "first_frame_s": Figures.of([one.wall for one in found]).as_json(),
        "first_frame_cpu_s": Figures.of([one.cpu for one in found]).as_json(),
    }


def _id_read(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.reader import reads

    found = reads(counts.reads)
    return {
        "own_ms": Figures.of(found["own"], 1000).as_json(),
        "wire_ms": Figures.of(found["wire"], 1000).as_json(),
    }


def _document_read(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.documents import documents

    found = documents(counts.reads)
    return {
        "own_per_command_ms": Figures.of(found["own"], 1000).as_json(),
        "wire_per_command_ms": Figures.of(found["wire"], 1000).as_json(),
    }


def _store(counts: Counts, disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.books import commits

    found = commits(counts.commits, disk)
    return {
        "start_effect_ms": Figures.of(found["start"], 1000).as_json(),
        "finish_effect_ms": Figures.of(found["finish"], 1000).as_json(),
        "disk_fdatasync_ms": Figures.of(found["raw"], 1000).as_json(),
    }


def _replay(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.replay import replays
    from kiosk.simulation.scripts.straight import SCRIPTS

    found = replays(counts.replays, counts.replayed or tuple(SCRIPTS))
    return {"step_us": {code: Figures.of(values, 1e6).as_json() for code, values in sorted(found.items())}}


def _camera(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.camera import looks

    return looks(counts.frames)


def _reconnect(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.reconnect import reconnects

    found = reconnects(counts.reconnects)
    return {"lost_s": Figures.of(found["lost"]).as_json(), "back_s": Figures.of(found["back"]).as_json()}


def _faces(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.faces import stages, watched

    found = stages(counts.frames)
    real = watched(counts.frames)
    return {
        "stage_ms": {name: Figures.of(values, 1000).as_json() for name, values in found.items() if name in STAGES},
        "frame_ms": Figures.of(found["whole_frame"], 1000).as_json(),
        "frame_cpu_ms": Figures.of(found["whole_frame_cpu"], 1000).as_json(),
        "preview_frame_ms": Figures.of(found["preview_frame"], 1000).as_json(),
        "preview_frame_cpu_ms": Figures.of(found["preview_frame_cpu"], 1000).as_json(),
        "capture_to_product_ms": Figures.of(found["capture_to_product"], 1000).as_json(),
        "comparison_ms": Figures.of(found["comparison"], 1000).as_json() if "comparison" in found else {},
        "frame_to_advice_ms": Figures.of(real.frame_to_advice, 1000).as_json(),
        "change_to_words_ms": Figures.of(real.change_to_words, 1000).as_json(),
        "memory_pss_mib": Figures.of([real.memory_mib]).as_json(),
    }


STAGES = ("detect", "mesh", "advise")


def _push(counts: Counts, _disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.push import as_json, measure

    return as_json(measure(counts.pushed)) | {"terminals": counts.pushed}


def _load(counts: Counts, disk: Path) -> dict[str, Any]:
    from kiosk.commands.measuring.load import measured
    from kiosk.commands.measuring.traffic import said

    visit = Visit.average(tuple(said(counts.spoken).values()))
    return {"visit": visit.as_json()} | measured(counts.load, visit, disk)


SUBJECTS: dict[str, Callable[[Counts, Path], dict[str, Any]]] = {
    "start": _start,
    "pages": _pages,
    "id_read": _id_read,
    "document_read": _document_read,
    "camera": _camera,
    "reconnect": _reconnect,
    "store": _store,
    "replay": _replay,
    "visits": _visits,
    "faces": _faces,
    "push": _push,
    "load": _load,
}
