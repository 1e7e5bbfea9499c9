"""`kiosk virtual`: whole nights under the virtual clock, in one thread (rule 24).

By default many visits of random citizens: equal seeds give equal digests, whatever the folder and the hash seed.
Else one good visit of a service again and again: the power cut at another boundary each time (`--cuts`), another
fault or detour at another page (`--faults`, `--detours`), another trouble at another request (`--troubles`);
`--step N` takes every Nth. Or no visit at all: `--losses N` devices lost and back in one night. Exit status 0, or 1
when something that must be true afterwards is not.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any


def run(argv: Sequence[str]) -> int:
    """See the module. 2: the folder holds something already."""
    from kiosk.nights.offered import offered
    from kiosk.settings.loading import profiles

    parser = argparse.ArgumentParser(prog="kiosk virtual")
    parser.add_argument("--visits", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--state", type=Path, help="keep every night here; an empty or absent folder")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--cuts", choices=offered(), help="cut the power at every boundary of a visit")
    what.add_argument("--faults", choices=offered(), help="every fault at every page of a visit")
    what.add_argument("--troubles", choices=offered(), help="every trouble at every request of a visit")
    what.add_argument("--losses", type=int, help="so many devices lost and back while nobody is served")
    parser.add_argument("--step", type=int, default=1, help="every so many of them only")
    parser.add_argument("--offset", type=int, default=0, help="beginning with this one")
    parser.add_argument("--language", choices=["zh-CN", "en"], default="zh-CN")
    parser.add_argument("--profile", choices=profiles(), default="", help="of --cuts: the kind of machine")
    options = parser.parse_args(argv)
    # Devices come and go thousands of times on purpose, and every night makes new databases.
    for name in ("kiosk", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    if options.state is not None and options.state.exists() and any(options.state.iterdir()):
        print(f"kiosk virtual: {options.state} is not empty", file=sys.stderr)
        return 2
    place: AbstractContextManager[Any] = (
        tempfile.TemporaryDirectory(prefix="kiosk-virtual-")
        if options.state is None
        else nullcontext(options.state.resolve())
    )
    with place as folder:
        told, wrong = _made(Path(folder), options)
    print(json.dumps(told, ensure_ascii=False, indent=1))
    for one in wrong:
        print(f"kiosk virtual: {one}", file=sys.stderr)
    return 1 if wrong else 0


def _made(folder: Path, options: argparse.Namespace) -> tuple[dict[str, Any], Sequence[str]]:
    from kiosk.nights.faults import faults_everywhere, troubles_everywhere
    from kiosk.nights.many import Untrue, timed_visits

    began = time.monotonic()
    if options.losses:
        return _losses(folder, options, began)
    if options.cuts:
        return _cuts(folder, options, began)
    if options.faults:
        return _trials(faults_everywhere, options.faults, folder, options, began)
    if options.troubles:
        return _trials(troubles_everywhere, options.troubles, folder, options, began)
    try:
        return timed_visits(folder, options.visits, options.seed).as_json(), ()
    except Untrue as wrong:
        return {"visits": 0}, (str(wrong),)


def _losses(folder: Path, options: argparse.Namespace, began: float) -> tuple[dict[str, Any], Sequence[str]]:
    from kiosk.nights.losses import lose_devices

    found = lose_devices(folder, options.losses, options.seed)
    return found.as_json() | {"wall_seconds": round(time.monotonic() - began, 1)}, found.wrong


def _cuts(folder: Path, options: argparse.Namespace, began: float) -> tuple[dict[str, Any], Sequence[str]]:
    from kiosk.commands.simulated import Machine
    from kiosk.nights.kills import kill_everywhere

    deaths = kill_everywhere(
        folder,
        options.cuts,
        options.seed,
        step=options.step,
        offset=options.offset,
        language=options.language,
        machine=Machine(options.profile),
    )
    settled = Counter(f"{kind} {was} to {now}" for d in deaths.deaths for kind, was, now in d.effects if was != now)
    told: dict[str, Any] = {
        "service": options.cuts,
        "boundaries": deaths.boundaries,
        "cuts": len(deaths.deaths),
        "effects_settled": dict(sorted(settled.items())),
        "told_when_back": sum(d.told for d in deaths.deaths),
        "next_visit": dict(sorted(Counter(d.next_ending for d in deaths.deaths).items())),
        "wall_seconds": round(time.monotonic() - began, 1),
        "wrong": list(deaths.wrong),
    }
    return told, deaths.wrong


def _trials(
    trying: Callable[..., Any], service: str, folder: Path, options: argparse.Namespace, began: float
) -> tuple[dict[str, Any], Sequence[str]]:
    trials = trying(
        folder, service, options.seed, step=options.step, offset=options.offset, language=options.language
    )
    told: dict[str, Any] = {
        "service": service,
        "possible": trials.possible,
        "tried": len(trials.trials),
        "endings": dict(sorted(Counter(t.ending for t in trials.trials).items())),
        "wall_seconds": round(time.monotonic() - began, 1),
        "wrong": list(trials.wrong),
    }
    return told, trials.wrong


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
