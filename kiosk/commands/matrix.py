"""`kiosk matrix --out docs/matrix.md`: play every service with every fault, and leave the table of it.

Beside the page lies the record as JSON; with `--service` only those services are played anew. Exit status 1 when
something was wrong after a visit.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def run(argv: Sequence[str]) -> int:
    """See the module."""
    from kiosk.nights.matrix import Matrix, page, quietly, record
    from kiosk.nights.offered import offered

    parser = argparse.ArgumentParser(prog="kiosk matrix")
    parser.add_argument("--out", type=Path, default=Path("docs/matrix.md"))
    parser.add_argument("--service", action="append", choices=offered(), help="only this one; may be repeated")
    parser.add_argument("--missing", action="store_true", help="only services that the record does not have")
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(argv)
    quietly()
    data = options.out.with_suffix(".json")
    before = Matrix.parse(data.read_text("utf-8")) if data.exists() else None
    codes: Sequence[str] = options.service or offered()
    if options.missing and before is not None:
        codes = [code for code in codes if code not in before.cells]
    made = record(codes, options.lanes, before)
    data.write_text(made.as_json(), "utf-8")
    options.out.write_text(page(made), "utf-8")
    for what in made.wrong:
        print(f"kiosk matrix: {what}", file=sys.stderr)
    return 1 if made.wrong else 0
