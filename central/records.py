"""`central records key|list|open`: what technicians sent of their machines, or brought on a stick.

The key is made once and belongs on a medium kept apart; its public part goes into the configuration that terminals
are pushed (`maintenance.export_to`). Who opened what is on the record of headquarters.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.console.record import record
from central.database import migrate, open_database, sqlite_url, transaction
from central.model import FilingRow
from central.state import State
from central.system import SystemClock
from kiosk.protocol.filings import RecordsSent
from kiosk.protocol.messages import FilingKind, FilingReply
from kiosk.protocol.records import NotToBeOpened, fresh_key_file, opened, public_of, unpacked


class Refused(Exception):
    """Why not."""


def add_arguments(command: argparse.ArgumentParser, books: Callable[[argparse.ArgumentParser], None]) -> None:
    """What can be done."""
    doings = command.add_subparsers(dest="doing", required=True)
    making = doings.add_parser("key", help="the public key that records are sealed for; makes the pair where none is")
    listing = doings.add_parser("list", help="what was sent, the newest first")
    opening = doings.add_parser("open", help="read one; writes its lines as JSON")
    _ = opening.add_argument("name", help="its number (R...), or an .age file from a stick")
    _ = opening.add_argument("--out", type=Path, required=True, help="where its lines go; readable by you only")
    _ = opening.add_argument("--by", required=True, help="staff number of whoever reads")
    _ = opening.add_argument("--because", required=True, help="why; no personal data")
    for one in (making, opening):
        _ = one.add_argument("--key", type=Path, help="the key's file (default: central/records.key)")
    for one in (making, listing, opening):
        books(one)


def run(options: argparse.Namespace) -> int:
    """0 and JSON; 1 and why not."""
    state = State(options.state.resolve())
    engine = open_database(options.database or sqlite_url(state.database))
    try:
        migrate(engine)
        with transaction(engine) as db:
            told = _done(options, db, state)
    except (Refused, NotToBeOpened, OSError) as wrong:
        print(f"central records: {wrong}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def _done(options: argparse.Namespace, db: Session, state: State) -> dict[str, Any]:
    match options.doing:
        case "key":
            file = options.key or state.central / "records.key"
            if not file.exists():
                _private(file, fresh_key_file().encode())
            return {"public": public_of(file.read_text("utf-8"))}
        case "list":
            return {"records": [_listed(row) for row in _sent(db)]}
        case _:
            return _open(options, db, state)


def _open(options: argparse.Namespace, db: Session, state: State) -> dict[str, Any]:
    key = (options.key or state.central / "records.key").read_text("utf-8")
    lines = list(unpacked(opened(_sealed(options.name, db), key)))
    head = lines[0]
    record(db, SystemClock().now(), options.by, "opened-records", f"{head['terminal']}/{head['at']}", options.because)
    _private(options.out, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())
    return {"terminal": head["terminal"], "at": head["at"], "by": head["by"], "lines": len(lines)}


def _sealed(name: str, db: Session) -> bytes:
    file = Path(name)
    if file.suffix == ".age":
        return file.read_bytes()
    for row in _sent(db):
        if FilingReply.model_validate_json(row.reply).number == name:
            return base64.b64decode(RecordsSent.model_validate_json(row.payload).content)
    raise Refused(f"there are no records {name}")


def _sent(db: Session) -> list[FilingRow]:
    asked = select(FilingRow).where(FilingRow.kind == FilingKind.RECORDS).order_by(FilingRow.received_at.desc())
    return list(db.scalars(asked))


def _listed(row: FilingRow) -> dict[str, Any]:
    sent = RecordsSent.model_validate_json(row.payload)
    return {
        "number": FilingReply.model_validate_json(row.reply).number,
        "terminal": row.terminal,
        "name": sent.name,
        "staff": list(sent.staff),
        "lines": sent.lines,
        "received": row.received_at.isoformat(timespec="seconds"),
    }


def _private(file: Path, content: bytes) -> None:
    """Readable by its owner only, from its first byte on. Raises OSError; never writes over another file."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        _ = out.write(content)
