"""Whole visits on the real terminal: whose time they took, how late the Qt thread was, what memory they needed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from kiosk.commands.measuring.figures import Figures
from kiosk.commands.simulated import ensure_sandbox
from kiosk.nights.offered import MEASURED

SERVICES = MEASURED
VISIT_SECONDS = 180.0
MEMORY_EVERY_SECONDS = 0.25
_ROLES = {"kiosk.vision.process": "vision", "kiosk.documents.paper_process": "paper", "kiosk": "terminal"}


class VisitFailed(RuntimeError):
    """A visit did not end as it should; what it took means nothing then."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One visit: journey.json, and the largest memory seen in it, in bytes by role and as a `whole`."""

    code: str
    journey: dict[str, Any]
    memory: dict[str, int]


@contextmanager
def sandbox(seed: int = 1) -> Generator[Any]:
    """Headquarters and the world in a state directory that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        made = ensure_sandbox(Path(folder), seed)
        try:
            yield made
        finally:
            made.end()


def visit(code: str) -> Measured:
    """One visit in a world of its own. Raises VisitFailed."""
    with sandbox() as around, tempfile.TemporaryFile() as log:
        journey = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "journey", code, "--state", str(around.state), "--json"],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        memory: dict[str, int] = {}
        until = time.monotonic() + VISIT_SECONDS
        while journey.poll() is None and time.monotonic() < until:
            for role, size in _memory(journey.pid).items():
                memory[role] = max(size, memory.get(role, 0))
            time.sleep(MEMORY_EVERY_SECONDS)
        journey.kill()
        told, _ = journey.communicate()
        if journey.returncode != 0:
            log.seek(0)
            last = log.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise VisitFailed(f"the visit to {code} ended with status {journey.returncode}: {''.join(last)}")
        return Measured(code, json.loads(told), memory)


def _memory(root: int) -> dict[str, int]:
    """Proportional set sizes of the terminal's processes now, in bytes."""
    found: dict[str, int] = {}
    try:
        family = [psutil.Process(root), *psutil.Process(root).children(recursive=True)]
    except psutil.NoSuchProcess:
        return {}
    for process in family:
        try:
            words = process.cmdline()
            role = _ROLES.get(words[words.index("-m") + 1], "") if "-m" in words else ""
            if role:
                found[role] = found.get(role, 0) + proportional_bytes(process.pid)
        except (psutil.NoSuchProcess, psutil.AccessDenied, OSError):
            continue
    return found | {"whole": sum(found.values())}


def proportional_bytes(pid: int) -> int:
    """Proportional set size of a process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def visits(rounds: int) -> dict[str, Any]:
    """Figures of `rounds` visits to each service; `failed` tells why a visit did not count.

    Raises VisitFailed when no visit to a service came to its end.
    """
    done: list[Measured] = []
    failed: list[str] = []
    for code in SERVICES * rounds:
        try:
            done.append(visit(code))
        except VisitFailed as failure:
            failed.append(str(failure))
    if {measured.code for measured in done} != set(SERVICES):
        raise VisitFailed("; ".join(failed))
    return figures(done) | {"failed": failed}


def figures(visits: list[Measured]) -> dict[str, Any]:
    """What all visits come to. Seconds of a visit and of each of its steps are the sums of journey.json."""
    by_code = {code: [v.journey for v in visits if v.code == code] for code in SERVICES}
    by_code = {code: journeys for code, journeys in by_code.items() if journeys}
    stalls = [stall for v in visits for stall in v.journey["qt"]["stalls"]]

    def each(name: str) -> dict[str, Any]:
        return {
            code: Figures.of([j["seconds"][name] for j in journeys]).as_json() for code, journeys in by_code.items()
        }

    return {
        "software_s": each("software"),
        "server_s": each("server"),
        "network_s": each("network"),
        "device_s": each("device"),
        "citizen_s": each("citizen"),
        "terminal_cpu_s": {
            code: Figures.of([j["cpu_seconds"] for j in journeys]).as_json() for code, journeys in by_code.items()
        },
        "step_software_ms": {code: _steps(journeys) for code, journeys in by_code.items()},
        "longest_stall_ms": Figures.of([v.journey["qt"]["longest_stall"]["late_ms"] for v in visits]).as_json(),
        "longest_stall_less_queueing_ms": Figures.of([_own(v) for v in visits]).as_json(),
        "stalls_over_50_ms": sum(stall["late_ms"] > 50 for stall in stalls),
        "stalls": sorted(stalls, key=lambda stall: -stall["late_ms"])[:10],
        "memory_pss_mib": {
            role: Figures.of([v.memory[role] for v in visits if role in v.memory], 1 / 2**20).as_json()
            for role in ("terminal", "vision", "paper", "whole")
            if any(role in v.memory for v in visits)
        },
    }


def _own(measured: Measured) -> float:
    qt = measured.journey["qt"]
    return max(stall["late_ms"] - stall["queued_ms"] for stall in (qt["longest_stall"], *qt["stalls"]))


def _steps(journeys: list[dict[str, Any]]) -> dict[str, Any]:
    """By kind and key; a step taken more than once in a visit counts as the sum."""
    seconds: dict[str, list[float]] = {}
    for journey in journeys:
        sums: dict[str, float] = {}
        for step in journey["steps"]:
            name = f"{step['kind']} {step['key']}"
            sums[name] = sums.get(name, 0.0) + step["software"]
        for name, value in sums.items():
            seconds.setdefault(name, []).append(value)
    return {name: Figures.of(values, 1000).as_json() for name, values in seconds.items()}
