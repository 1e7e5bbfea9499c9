"""`central serve|demo|terminal|user|config|settle|load|door`, and what reads the books: JSON on standard output.

Logs go to standard error.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from central.configuration.words import add_arguments
from central.console.record import chain
from central.console.tokens import USUAL_DAYS
from central.database import only_reading, open_database, sqlite_url, transaction
from central.desks.doors import doors
from central.desks.ratings import ratings
from central.desks.settling import doubts
from central.ledger import cases, ledger
from central.limits import MOST_WORKERS
from central.lines import log_lines
from central.model import Setting
from central.reconcile import reconcile
from central.records import add_arguments as records_arguments
from central.records import run as records
from central.state import Outfit, State
from central.system import SystemClock
from central.technicians import add_arguments as technician_arguments
from central.technicians import run as technician
from central.terminals import add_arguments as terminal_arguments

DEMONSTRATION = "kiosk.commands.demo"


def main(arguments: list[str] | None = None) -> int:
    """The command. 0 on success, 2 when the folder is served already or cannot be, 1 when there is no database."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["demo"]:
        # Terminals are clients of ours, and we know none of them: their program is run.
        os.execv(sys.executable, [sys.executable, "-m", DEMONSTRATION, *words[1:]])
    options = _parser().parse_args(words)
    if options.command == "serve":
        log_lines()
    else:
        logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    match options.command:
        case "serve":
            # Only this command needs the web server and the pictures; reading the books is quick without them.
            if options.workers > 1 and options.worker is None:
                from central.workers import run as keep

                return keep(options)
            from central.server import run

            return run(options)
        case "ledger":
            return _read(options, ledger)
        case "doubts":
            return _read(options, doubts)
        case "doors":
            return _read(options, lambda db: doors(db, SystemClock().now()))
        case "door":
            from central.doors import run as door

            return _read(options, _nothing) or door(options)
        case "ratings":
            return _read(options, ratings)
        case "reconcile":
            return _reconcile(options)
        case "terminal":
            from central.terminals import run as terminal

            return _read(options, _nothing) or terminal(options)
        case "user":
            from central.users import run as user

            return _read(options, _nothing) or user(options)
        case "records":
            return _read(options, _nothing) or records(options)
        case "technician":
            return _read(options, _nothing) or technician(options)
        case "record":
            return _read(options, chain)
        case "config":
            from central.configuration.command import run as config

            return config(options)
        case "retention":
            from central.retention_command import run as retention

            return _read(options, _nothing) or retention(options)
        case "settle" | "load":
            from central.settle import run as settle

            return _read(options, _nothing) or settle(options)
        case _:
            return _read(options, _cases)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="central", description="The central server behind the terminals")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("serve", help="answer terminals and people until SIGTERM")
    _ = run.add_argument("--host", default="127.0.0.1")
    _ = run.add_argument("--port", type=int, default=8443, help="terminals; people on the next; 0 for any free two")
    _ = run.add_argument("--metrics", type=int, help="port of the inner listener for Prometheus; none if absent")
    _ = run.add_argument("--metrics-host", default="127.0.0.1", help="where that listens; elsewhere with TLS")
    _ = run.add_argument("--seed", type=int, default=1, help="of the synthetic people, on a first start")
    _ = run.add_argument("--faces", type=Path, help="folder of the drawn faces")
    _ = run.add_argument("--blobs", help="folder or s3://BUCKET/PREFIX of pictures; servers of one database share it")
    _ = run.add_argument("--authority", type=Path, help="folder of the authority; servers of one database share one")
    _ = run.add_argument("--proxy", type=Path, help="folder of the pair of a reverse proxy; made there if absent")
    _ = run.add_argument(
        "--terminals",
        type=Outfit,
        default=Outfit.MADE,
        help="made: a sandbox makes pairs for its own terminals; enrolled: each asks for its certificate with a code",
    )
    _ = run.add_argument("--configuration-keys", type=Path, help="folder of the daily keys; a sandbox has its own")
    _ = run.add_argument("--people-url", type=_site, help="what codes lead to, where a proxy has a name for it")
    _ = run.add_argument("--workers", type=_count, default=1, help="server processes behind the two ports")
    _ = run.add_argument("--worker", type=_descriptors, help=argparse.SUPPRESS)
    _ = commands.add_parser("demo", help="made-up terminals before a running server; demo --help says more")
    settle = commands.add_parser("settle", help="write down what a person found out about something in doubt")
    subjects = settle.add_subparsers(dest="subject", required=True)
    document = subjects.add_parser("document", help="where a document is")
    _ = document.add_argument("name", help="its id, as the ledger has it")
    _ = document.add_argument("--place", required=True, help="as the ledger writes it: citizen, depot:SITE, ...")
    effect = subjects.add_parser("effect", help="how an effect ended")
    _ = effect.add_argument("name", help="its key")
    _ = effect.add_argument("--outcome", required=True, choices=("done", "failed"))
    for subject in (document, effect):
        _ = subject.add_argument("--by", required=True, help="staff number of whoever looked")
        _ = subject.add_argument("--because", required=True, help="what they saw; no personal data")
        _books(subject)
    records_arguments(commands.add_parser("records", help="what technicians sent of their machines, sealed"), _books)
    technician_arguments(
        commands.add_parser("technician", help="answer a technician whose machine cannot read their card"), _books
    )
    add_arguments(commands.add_parser("config", help="configuration that terminals are to have: signed, in stages"))
    door = commands.add_parser("door", help="let somebody in by a door of the zone")
    doings = door.add_subparsers(dest="doing", required=True)
    opening = doings.add_parser("open", help="release its lock once, with a reason on record")
    _ = opening.add_argument("--terminal", required=True, help="the door, as headquarters names it")
    _ = opening.add_argument("--by", required=True, help="staff number of whoever lets them in")
    _ = opening.add_argument("--because", "--reason", required=True, help="why; no personal data")
    _books(opening)
    terminal_arguments(commands.add_parser("terminal", help="who belongs to the fleet"), _books)
    user = commands.add_parser("user", help="who may look at the console")
    user_doings = user.add_subparsers(dest="doing", required=True)
    adding = user_doings.add_parser(
        "add", help="a person; prints the first password and the secret of the codes, once"
    )
    resetting = user_doings.add_parser("reset", help="a new password and secret for somebody who lost one")
    shutting = user_doings.add_parser("disable", help="shut somebody out")
    for named in (adding, resetting, shutting):
        _ = named.add_argument("name", help="what they type: a-z, 0-9 and hyphens")
        _books(named)
    _ = adding.add_argument("--shown", default="", help="what colleagues read; the name if absent")
    _ = adding.add_argument("--roles", required=True, help="viewer,operator,configurator,approver,security-auditor")
    _books(user_doings.add_parser("list", help="everybody who may come in"))
    token = user_doings.add_parser("token", help="for a program in somebody's place: prints the token, once")
    _ = token.add_argument("name", help="whose")
    _ = token.add_argument("--for", required=True, dest="purpose", help="what it is for; no personal data")
    _ = token.add_argument("--roles", required=True, help="of theirs, those that the program needs")
    _ = token.add_argument("--days", type=int, default=USUAL_DAYS, help=f"how long it holds, {USUAL_DAYS} if absent")
    revoking = user_doings.add_parser("revoke", help="a token lets nobody in any more")
    _ = revoking.add_argument("name", help="the token's number, the part before the point")
    for each in (token, revoking, user_doings.add_parser("tokens", help="every token ever given, nothing secret")):
        _books(each)
    readers = {
        "ledger": "documents, payments, cases, grants, settlements",
        "cases": "cases",
        "doors": "orders to let somebody in, and entries; nobody's name",
        "record": "the chain of what people did and looked at, and whether it holds",
        "ratings": "what citizens thought of the services, as counts",
        "doubts": "documents and effects that wait for a person",
    }
    for name, words in readers.items():
        reader = commands.add_parser(name, help=words)
        _ = reader.add_argument("--json", action="store_true", help="the only form there is")
    load = commands.add_parser("load", help="write down that a finished card was laid into a compartment")
    _ = load.add_argument("name", help="its id, as the ledger has it")
    _ = load.add_argument("--place", required=True, help="cabinet:TERMINAL:BOARD:LOCK")
    _ = load.add_argument("--by", required=True, help="staff number of whoever opens")
    _ = load.add_argument("--beside", required=True, help="staff number of whoever lays it in")
    _books(load)
    keeping = commands.add_parser("retention", help="what is kept no longer; the chain of what was deleted")
    _ = keeping.add_argument("--act", action="store_true", help="delete it; a server does so by itself every day")
    _ = keeping.add_argument("--by", default="operator", help="who orders it, for the record")
    _ = keeping.add_argument("--blobs", help="as for serve")
    _ = keeping.add_argument("--json", action="store_true", help="the only form there is")
    day = commands.add_parser("reconcile", help="orders against the payment provider; status 1 if unexplained")
    _ = day.add_argument("--day", type=date.fromisoformat, help="of the codes, in Beijing; every day if absent")
    _ = day.add_argument("--json", action="store_true", help="the only form there is")
    for name in ("serve", "reconcile", "retention", *readers):
        _books(commands.choices[name])
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"1 to {MOST_WORKERS}")
    return number


def _site(text: str) -> str:
    """https://HOST[:PORT] and no more."""
    url = urlsplit(text)
    if url.scheme != "https" or not url.hostname or text != f"https://{url.netloc}":
        raise argparse.ArgumentTypeError("https://HOST or https://HOST:PORT")
    return text


def _descriptors(text: str) -> tuple[int, int]:
    """The sockets of one of several processes, from the command that keeps it."""
    first, second = text.split(",")
    return int(first), int(second)


def _books(command: argparse.ArgumentParser) -> None:
    _ = command.add_argument("--state", type=Path, default=Path("var"))
    _ = command.add_argument("--database", default="", help="SQLAlchemy URL; SQLite in the state folder if absent")


def _nothing(db: Session) -> dict[str, Any]:
    """Only whether there are books at all: whoever settles makes none."""
    _ = db.scalar(select(Setting.name).limit(1))
    return {}


def _cases(db: Session) -> dict[str, Any]:
    return {"cases": cases(db)}


def _reconcile(options: argparse.Namespace) -> int:
    found: list[int] = []

    def read(db: Session) -> dict[str, Any]:
        report = reconcile(db, options.day, datetime.now(UTC))
        found.append(report["unexplained"])
        return report

    return _read(options, read) or (1 if any(found) else 0)


def _read(options: argparse.Namespace, read: Callable[[Session], dict[str, Any]]) -> int:
    state = State(options.state.resolve())
    if not options.database and not state.database.is_file():
        print("no database here", file=sys.stderr)
        return 1
    engine = open_database(options.database or sqlite_url(state.database))
    try:
        with transaction(only_reading(engine)) as db:
            found = read(db)
    except (OperationalError, ProgrammingError) as error:
        # Its whole message may name the server and its user.
        print(f"no books can be read there: {type(error.orig).__name__}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    if found:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
