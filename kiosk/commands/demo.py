"""`central demo --terminals N`: made-up terminals before a running server, so that its console can be seen alive.

It is a program of the terminals' side, which `central` runs: headquarters knows nothing of its clients.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from central.console import accounts
from central.database import open_database, sqlite_url, transaction
from central.demonstration import LIMIT, PREFIX, names, write
from central.fleet.authority import Authority
from central.fleet.roll import enter_made
from central.model import TerminalRow
from central.model_console import ConsoleUser, Role
from central.model_enrolment import Origin, TerminalCertificate
from central.problems import Declined
from central.server import outfit
from central.state import State
from central.system import SystemClock as ServerClock
from central.system import SystemIds as ServerIds
from kiosk.backend.headquarters import Headquarters
from kiosk.backend.https import Credentials, HttpsExchange
from kiosk.commands.made_up import MadeUp, Pace
from kiosk.people.synthetic import PopulationKey, population
from kiosk.times import SystemClock, SystemIds

T = TypeVar("T")

ACCOUNT = "demo"
ROLES = frozenset({Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.SECURITY_AUDITOR})
THREADS = 8
TOLD_SECONDS = 30.0


class Refused(Exception):
    """Why nothing is shown here."""


class SharedWorker:
    """A few threads that all made-up terminals share. Closed by whoever made them."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    async def run(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    async def close(self) -> None:
        return None


def run(argv: Sequence[str]) -> int:
    """0 when ended by a signal or after `--seconds`; 2 and why where nothing may be shown."""
    options = _parser().parse_args(argv)
    state = State(options.state.resolve())
    try:
        address = _address(state)
        with transaction(open_database(options.database or sqlite_url(state.database))) as db:
            refuse_real_ones(db)
            account = account_of(db)
            folders = equip(db, state, Path(address["ca"]).parent, options.terminals)
    except Refused as why:
        print(f"no demonstration here: {why}", file=sys.stderr)
        return 2
    code = accounts.code_now(account["secret"], ServerClock().now())
    print(json.dumps({"console": address["people"] + "/console/", **account, "code": code}), flush=True)
    done = asyncio.run(_show(options, state, address["terminals"], folders, account["secret"]))
    print(json.dumps({"terminals": len(folders), **done}), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="central demo", description=__doc__)
    _ = parser.add_argument("--terminals", type=_count, default=12, help=f"how many, 1 to {LIMIT}")
    _ = parser.add_argument("--state", type=Path, default=Path("var"), help="the folder the server serves")
    _ = parser.add_argument("--database", default="", help="as given to the server")
    _ = parser.add_argument("--seconds", type=float, default=0.0, help="end after so long; 0: on Ctrl-C")
    _ = parser.add_argument("--hurry", type=float, default=1.0, help="so many times as busy as a busy hall")
    _ = parser.add_argument("--seed", type=int, default=1, help="of what happens")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= LIMIT:
        raise argparse.ArgumentTypeError(f"1 to {LIMIT}")
    return number


def _address(state: State) -> dict[str, Any]:
    """Where the server answers, which must be a sandbox."""
    try:
        said = cast(dict[str, Any], json.loads(state.address.read_bytes()))
        health = requests.get(said["people"] + "/healthz", verify=said["ca"], timeout=10).json()
    except (OSError, ValueError, requests.RequestException):
        raise Refused(f"no server answers; start one: central serve --state {state.directory}") from None
    if not health.get("sandbox"):
        raise Refused("this server is no sandbox")
    return said


def refuse_real_ones(db: Session) -> None:
    """Raises Refused where any terminal was heard or enrolled that is not made up."""
    enrolled = db.scalars(select(TerminalCertificate.terminal).where(TerminalCertificate.origin != Origin.MADE))
    heard = db.scalars(select(TerminalRow.id).where(TerminalRow.seen_at.is_not(None)))
    real = sorted(name for name in {*enrolled, *heard} if not name.startswith(PREFIX))
    if real:
        raise Refused(f"this server holds terminals that are not made up: {', '.join(real[:5])}")


def account_of(db: Session) -> dict[str, str]:
    """A colleague of its own, with a new password and a new secret each time."""
    clock, ids = ServerClock(), ServerIds()
    try:
        if db.get(ConsoleUser, ACCOUNT) is None:
            new = accounts.add_user(db, clock.now(), ids, ACCOUNT, "演示", ROLES)
        else:
            new = accounts.reset_user(db, clock.now(), ids, ACCOUNT)
    except Declined as declined:
        raise Refused(declined.problem.detail) from None
    row = db.get_one(ConsoleUser, ACCOUNT)
    row.to_change = False
    return {"name": ACCOUNT, "password": new.password, "secret": row.secret, "otpauth": new.address}


def equip(db: Session, state: State, authority: Path, count: int) -> dict[str, Path]:
    """The certificates, on the roll, and word to the server that these terminals are there."""
    now = ServerClock().now()
    signing = Authority(authority, now)
    folders = {name: state.terminal(name) for name in names(count)}
    for name, folder in folders.items():
        pair = outfit(folder, name, signing)
        enter_made(db, name, x509.load_pem_x509_certificate(pair.certificate.read_bytes()), now)
    write(state.central, count)
    return folders


def _grant_key(state: State) -> Ed25519PublicKey:
    file = next(iter(sorted((state.central / "terminals").glob("*/grant-key.pub"))))
    key = load_pem_public_key(file.read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    return key


async def _show(
    options: argparse.Namespace, state: State, address: str, folders: dict[str, Path], secret: str
) -> dict[str, int]:
    clock = SystemClock()
    people = population(PopulationKey.from_json((state.directory / "population.json").read_text("utf-8")))
    usual = Pace()
    hurry = options.hurry
    pace = Pace(usual.visit / hurry, usual.fault / hurry, usual.help / hurry, usual.inside / hurry)
    done: Counter[str] = Counter(("visits", "faults", "calls for help", "answered"))
    done.subtract(dict(done))
    key = _grant_key(state)
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    with ThreadPoolExecutor(THREADS, "line") as threads:
        tasks = [loop.create_task(_tell(done, secret))]
        for name, folder in folders.items():
            credentials = Credentials(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
            exchange = HttpsExchange(address, credentials, SharedWorker(threads))
            ids = SystemIds(clock)
            machine = MadeUp(
                headquarters=Headquarters(exchange, terminal=name, grant_key=key, clock=clock),
                exchange=exchange,
                people=people,
                folder=folder,
                clock=clock,
                ids=ids,
                chance=random.Random(f"{options.seed} {name}"),
                pace=pace,
                done=done,
            )
            tasks.append(loop.create_task(machine.run()))
        ended = [loop.create_task(over.wait())]
        if options.seconds:
            ended.append(loop.create_task(asyncio.sleep(options.seconds, True)))
        _ = await asyncio.wait([*tasks, *ended], return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, *ended):
            _ = task.cancel()
        _ = await asyncio.wait([*tasks, *ended])
    for task in tasks:
        # A made-up terminal ends by itself only when something is wrong with it.
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            raise failure
    return dict(done)


async def _tell(done: Counter[str], secret: str) -> None:
    """The code of the moment, and what has happened so far."""
    while True:
        counts = ", ".join(f"{count} {what}" for what, count in done.items())
        code = accounts.code_now(secret, ServerClock().now())
        print(f"{ACCOUNT}'s code now: {code}; so far: {counts}", file=sys.stderr, flush=True)
        await asyncio.sleep(TOLD_SECONDS)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
