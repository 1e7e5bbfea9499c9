"""`kiosk matrix --out docs/matrix.md`: play every service with every fault, and leave the table of it.

Beside the page lies the record as JSON, written after every night; with `--service` only those services are played,
with `--missing` only what is not on record. With `--cases` every way a visit can go otherwise is played instead; the
record of it is left in kiosk/nights/cases.json, which `kiosk journey CODE --case NAME` reads, and the table of it
beside `--out` as cases.md. Exit status 1 when something was wrong after a visit.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def run(argv: Sequence[str]) -> int:
    """See the module."""
    from kiosk.nights.matrix import Matrix, page, quietly, record
    from kiosk.nights.offered import offered
    from kiosk.simulation.ways import WAYS

    parser = argparse.ArgumentParser(prog="kiosk matrix")
    parser.add_argument("--out", type=Path, default=Path("docs/matrix.md"))
    parser.add_argument("--service", action="append", choices=offered(), help="only this one; may be repeated")
    parser.add_argument("--missing", action="store_true", help="only what the record does not have")
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--taps", type=Path, help="count the straight visits' taps instead, and leave them here")
    parser.add_argument("--cases", action="store_true", help="the ways a visit can go otherwise, not the faults")
    parser.add_argument("--way", action="append", default=[], choices=WAYS, help="with --cases: only these ways")
    options = parser.parse_args(argv)
    quietly()
    if options.cases:
        return _cases(options)
    if options.taps is not None:
        return _taps(options)
    data = options.out.with_suffix(".json")
    before = Matrix.parse(data.read_text("utf-8")) if data.exists() else None
    codes: Sequence[str] = options.service or offered()
    if before is not None and not options.missing:
        before.cells = {code: cells for code, cells in before.cells.items() if code not in codes}

    def keep(matrix: Matrix) -> None:
        data.write_text(matrix.as_json(), "utf-8")
        options.out.write_text(page(matrix), "utf-8")

    made = record(codes, options.lanes, before, keep)
    keep(made)
    return _told(made.wrong)


def _cases(options: argparse.Namespace) -> int:
    from kiosk.nights import cases, ends
    from kiosk.nights.offered import offered

    file = Path(ends.__file__).with_name(ends.RECORD)
    before = ends.recorded()
    wanted: dict[str, list[str]] = {}
    for code in options.service or offered():
        ways = cases.missing(code, before) if options.missing else [ends.STRAIGHT, *cases.ways_of(code)]
        wanted[code] = [name for name in ways if not options.way or name in options.way]

    def keep(found: ends.Cases) -> None:
        file.write_text(ends.as_json(found), "utf-8")
        options.out.with_name("cases.md").write_text(cases.page(found), "utf-8")

    return _told(cases.record({code: ways for code, ways in wanted.items() if ways}, options.lanes, before, keep))


def _taps(options: argparse.Namespace) -> int:
    from kiosk.nights.lived import live
    from kiosk.nights.offered import offered
    from kiosk.nights.otherwise import Otherwise
    from kiosk.proofs.taps import Touches, page

    counted: dict[str, tuple[Touches, int]] = {}
    wrong: list[str] = []
    for code in options.service or offered():
        with tempfile.TemporaryDirectory(prefix="kiosk-taps-") as folder:
            lived = live(Path(folder), code, Otherwise())
        wrong += [f"{code}: {what}" for what in lived.wrong]
        taps = [(touch.page, touch.name) for touch in lived.touches if not touch.typed]
        counted[code] = (taps, len(lived.touches) - len(taps))
    where = "the scripted citizens of `kiosk journey`, on the virtual clock (`kiosk matrix --taps docs/taps.md`)"
    options.taps.write_text(page(counted, where), "utf-8")
    return _told(wrong)


def _told(wrong: Sequence[str]) -> int:
    for what in wrong:
        print(f"kiosk matrix: {what}", file=sys.stderr)
    return 1 if wrong else 0
