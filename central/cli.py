"""`central serve`, `central ledger`, `central cases`: JSON on standard output, logs on standard error."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import shutil
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from central.agencies.faces import SandboxFaceMatching, load_dlib
from central.api.applications import people, terminals
from central.api.peer import Peer
from central.api.serving import Listening, announce, configure, serve
from central.database import open_database, sqlite_url, transaction
from central.desks.desk import BEIJING
from central.fleet.authority import Pair, SandboxAuthority, fingerprint
from central.handle import FACES, Headquarters
from central.ledger import cases, ledger
from central.state import Locked, State
from central.system import SystemClock, SystemIds

LOCAL_NAMES = ("127.0.0.1", "localhost", "::1")


def main(arguments: list[str] | None = None) -> int:
    """The command. 0 on success, 2 when the folder is served already or cannot be, 1 when there is no database."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    match options.command:
        case "serve":
            return _serve(options)
        case "ledger":
            return _read(options, ledger)
        case _:
            return _read(options, _cases)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="central", description="The central server behind the terminals")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("serve", help="answer terminals and people until SIGTERM")
    _ = run.add_argument("--host", default="127.0.0.1")
    _ = run.add_argument("--port", type=int, default=8443, help="terminals; people on the next; 0 for any free two")
    _ = run.add_argument("--seed", type=int, default=1, help="of the synthetic people, on a first start")
    _ = run.add_argument("--faces", type=Path, default=FACES, help="folder of the drawn faces")
    for name, words in (("ledger", "documents, payments, cases, grants"), ("cases", "cases")):
        reader = commands.add_parser(name, help=words)
        _ = reader.add_argument("--json", action="store_true", help="the only form there is")
    for command in commands.choices.values():
        _ = command.add_argument("--state", type=Path, default=Path("var"))
        _ = command.add_argument(
            "--database", default="", help="SQLAlchemy URL; SQLite in the state folder if absent"
        )
    return parser


def _cases(db: Session) -> dict[str, Any]:
    return {"cases": cases(db)}


def _read(options: argparse.Namespace, read: Callable[[Session], dict[str, Any]]) -> int:
    state = State(options.state.resolve())
    if not options.database and not state.database.is_file():
        print("no database here", file=sys.stderr)
        return 1
    engine = open_database(options.database or sqlite_url(state.database))
    try:
        with transaction(engine) as db:
            found = read(db)
    finally:
        engine.dispose()
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def _serve(options: argparse.Namespace) -> int:
    state = State(options.state.resolve())
    try:
        _ = state.lock()
    except Locked:
        print("another server holds this folder", file=sys.stderr)
        return 2
    try:
        listening = Listening.bind(options.host, options.port)
    except OSError as error:
        print(f"cannot listen: {error.strerror}", file=sys.stderr)
        return 2
    clock, ids = SystemClock(), SystemIds()
    name = options.host if options.host not in ("0.0.0.0", "::") else LOCAL_NAMES[0]
    for_terminals, for_people = listening.urls(name)
    stopping = threading.Event()

    def pause(seconds: float) -> None:
        _ = stopping.wait(seconds)

    headquarters = Headquarters(
        options.database or sqlite_url(state.database),
        clock,
        ids,
        state=state.central,
        key=state.population(options.seed, clock.now().astimezone(BEIJING).date()),
        pause=pause,
        people_url=for_people,
        faces=SandboxFaceMatching(options.faces, load_dlib()),
    )
    authority = SandboxAuthority(state.authority, clock.now())
    hosts = (name, *(n for n in LOCAL_NAMES if n != name))
    authority.server(state.server, hosts)
    known = _outfit_terminals(state, authority, headquarters)

    def terminal_of(peer: Peer) -> str | None:
        return peer.name if known.get(peer.name) == peer.fingerprint else None

    ca = state.authority / "ca.pem"

    def ready() -> None:
        addresses = {"terminals": for_terminals, "people": for_people, "ca": str(ca)}
        print(announce(state.address, addresses), flush=True)

    configs = (
        configure(terminals(headquarters, clock, terminal_of), state.server, ca),
        configure(people(headquarters, clock), state.server, None),
    )
    asyncio.run(serve(configs, listening, headquarters.look_at_the_clock, ready, stopping.set))
    state.address.unlink(missing_ok=True)
    headquarters.close()
    return 0


def _outfit_terminals(state: State, authority: SandboxAuthority, headquarters: Headquarters) -> dict[str, str]:
    """Certificates for the sandbox's terminals, made once; fingerprint by terminal."""
    known: dict[str, str] = {}
    for name in headquarters.tables.terminals:
        folder = state.terminal(name)
        pair = Pair(folder / "cert.pem", folder / "key.pem")
        if not pair.exists:
            authority.terminal(pair, name)
        _ = shutil.copyfile(authority.pair.certificate, folder / "ca.pem")
        _ = (folder / "grant-key.pub").write_bytes(headquarters.signer.public_pem)
        known[name] = fingerprint(pair.certificate.read_bytes())
    return known


if __name__ == "__main__":
    sys.exit(main())
