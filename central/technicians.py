"""`central technician key|answer`: headquarters' side of a technician's call from a machine that cannot read cards.

Behind the key switch the terminal shows eight digits. The technician reads them out with the machine's name and their
own staff number; whoever answers makes sure who calls, and reads out the eight digits this prints. They are good for
that terminal, that person and that one try. Who asked and who answered is on record before the answer is shown.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.console.record import record
from central.database import migrate, open_database, sqlite_url, transaction
from central.model import TerminalRow
from central.model_console import ConsoleRecord
from central.ports import Clock
from central.state import State
from central.system import SystemClock
from kiosk.people.staff import CODE_DIGITS
from kiosk.protocol.staff import response

CODE_KEY = "maintenance-code.key"
"""The station's secret, beside the other things a terminal is given; carried there with them."""
KEY_BYTES = 32
ACT = "answered-technician"
LATELY = timedelta(hours=12)
"""The longest session: so far back is looked for another answer to the same digits."""
_NUMBER = re.compile(r"\d{6}")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")


class Refused(Exception):
    """Why not."""


def add_arguments(command: argparse.ArgumentParser, books: Callable[[argparse.ArgumentParser], None]) -> None:
    """What can be done."""
    doings = command.add_subparsers(dest="doing", required=True)
    making = doings.add_parser("key", help="make a station's secret for one-time codes, once")
    answering = doings.add_parser("answer", help="the code to read out for the digits a technician reads out")
    _ = answering.add_argument("--challenge", required=True, help="the eight digits on the machine's page")
    _ = answering.add_argument("--staff", required=True, help="staff number of whoever stands there")
    _ = answering.add_argument("--by", required=True, help="staff number of whoever answers")
    _ = answering.add_argument("--because", required=True, help="how they made sure who calls; no personal data")
    for one in (making, answering):
        _ = one.add_argument("--terminal", required=True, help="the machine, as headquarters names it")
        _ = one.add_argument("--key", type=Path, help=f"the secret's file (default: {CODE_KEY} of the terminal)")
        books(one)


def run(options: argparse.Namespace) -> int:
    """0 and JSON; 1 and why not."""
    state = State(options.state.resolve())
    engine = open_database(options.database or sqlite_url(state.database))
    try:
        migrate(engine)
        if not _NAME.fullmatch(options.terminal):
            raise Refused("no name of a terminal")
        file = options.key or state.terminal(options.terminal) / CODE_KEY
        with transaction(engine) as db:
            told = _made(file) if options.doing == "key" else _answered(options, db, file, SystemClock())
    except (Refused, OSError) as wrong:
        print(f"central technician: {wrong}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def _made(file: Path) -> dict[str, Any]:
    """Never over one that is there: the terminal's would be worth nothing any more."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        _ = out.write(os.urandom(KEY_BYTES))
    return {"key": str(file)}


def _answered(options: argparse.Namespace, db: Session, file: Path, clock: Clock) -> dict[str, Any]:
    asked = re.sub(r"\s", "", options.challenge)
    if not re.fullmatch(rf"\d{{{CODE_DIGITS}}}", asked):
        raise Refused(f"a challenge has {CODE_DIGITS} digits")
    for number in (options.staff, options.by):
        if not _NUMBER.fullmatch(number):
            raise Refused("a staff number has six digits")
    if options.staff == options.by:
        raise Refused("nobody answers themselves")
    if not options.because.strip():
        raise Refused("say how you made sure who calls")
    if db.get(TerminalRow, options.terminal) is None:
        raise Refused(f"no terminal {options.terminal} was ever heard")
    subject = f"{options.terminal}/{options.staff}/{asked}"
    if _before(db, clock, f"{options.terminal}/", asked):
        raise Refused("these digits were answered before: a machine shows new ones for every try")
    secret = file.read_bytes()
    record(db, clock.now(), options.by, ACT, subject, options.because.strip())
    code = response(secret, options.terminal, asked, options.staff)
    return {
        "terminal": options.terminal,
        "staff": options.staff,
        "by": options.by,
        "code": f"{code[:4]} {code[4:]}",
    }


def _before(db: Session, clock: Clock, terminal: str, asked: str) -> bool:
    """Whether the same digits of this machine were answered lately."""
    since = clock.now() - LATELY
    asked_for = select(ConsoleRecord.text).where(ConsoleRecord.text.contains(f'"act": "{ACT}"', autoescape=True))
    for text in db.scalars(asked_for.order_by(ConsoleRecord.row.desc()).limit(500)):
        said = json.loads(text)
        if datetime.fromisoformat(said["at"]) < since:
            return False
        if said["subject"].startswith(terminal) and said["subject"].endswith(f"/{asked}"):
            return True
    return False
