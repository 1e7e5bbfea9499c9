"""`kiosk audit verify`: whether the chain of what happened is whole, and whether it is the one headquarters saw.

Only read, also while a terminal runs. Exit status 0 when it is whole, 1 when it is broken or cut off, 3 when there is
none to read. `python kiosk/store/verify_audit.py FILE` does the same without any of our code.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.store.audit import GENESIS, chained


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: how many rows hold, the head's hash, and what is wrong ("" for nothing)."""

    rows: int
    head: str
    wrong: str = ""


def run(argv: Sequence[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="kiosk audit", description="the chain of what happened")
    parser.add_argument("what", choices=["verify"])
    parser.add_argument("--state", type=Path, default=Path("var"), help="a state directory")
    parser.add_argument("--rows", type=int, default=0, help="how many rows headquarters has seen")
    parser.add_argument("--head", default="", help="the hash of the last of those")
    options = parser.parse_args(argv)
    file = options.state / "terminal" / "terminal.db"
    try:
        found = verify(file, options.rows, options.head)
    except sqlite3.Error as failure:
        print(f"kiosk audit: {file.name} cannot be read: {type(failure).__name__}", file=sys.stderr)
        return 3
    print(json.dumps({"whole": not found.wrong, "rows": found.rows, "head": found.head, "wrong": found.wrong}))
    return 1 if found.wrong else 0


def verify(file: Path, seen: int = 0, head: str = "") -> Verified:
    """Look at every row of a database. Raises sqlite3.Error."""
    count, before = 0, GENESIS
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        for row, text, chain in connection.execute("SELECT row, text, hash FROM audit ORDER BY row"):
            if (row, chain) != (count + 1, chained(before, text)):
                return Verified(count, before, f"broken at row {count + 1}")
            count, before = row, chain
            if row == seen and head and chain != head:
                return Verified(count, before, f"row {row} is not the one headquarters saw")
    finally:
        connection.close()
    return Verified(count, before, f"cut off: headquarters saw {seen} rows" if count < seen else "")
