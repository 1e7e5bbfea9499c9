"""Headquarters of as many terminals as are asked for, as a process that publishes a set when it is told to."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509

from central import demonstration
from central.api.applications import people, terminals
from central.api.peer import Peer
from central.api.serving import Listening, configure, serve
from central.configuration import books
from central.configuration.keys import Keys
from central.configuration.repository import Repository
from central.database import open_database, sqlite_url, transaction
from central.fleet.authority import Authority, Pair
from central.fleet.roll import Enrolled
from central.handle import Headquarters
from central.pushing.hearing import Hearing
from central.pushing.held import Held
from central.system import SystemClock, SystemIds
from kiosk.commands.measuring.push import SET, document
from kiosk.nights.street import NumberedFaces
from kiosk.people.synthetic import PopulationKey
from kiosk.times import BEIJING


def main(argv: Sequence[str] | None = None) -> int:
    """Says where it answers; publishes at each line of its standard input, and says when."""
    parser = argparse.ArgumentParser(prog="push_server")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--terminals", type=int, required=True)
    options = parser.parse_args(argv)
    folder: Path = options.folder
    clock = SystemClock()
    key = PopulationKey(1, clock.now().astimezone(BEIJING).date())
    database = folder / "central.sqlite3"
    headquarters = Headquarters(
        sqlite_url(database), clock, SystemIds(), state=folder, key=key, pause=time.sleep, faces=NumberedFaces()
    )
    demonstration.write(folder, options.terminals)
    names = demonstration.names(options.terminals)
    authority = Authority(folder / "authority", clock.now())
    pair = Pair(folder / "server-cert.pem", folder / "server-key.pem")
    authority.server(pair, ("127.0.0.1",))
    headquarters.enter_made([(name, _outfit(folder, authority, name)) for name in names])
    keys = Keys.fresh()
    with transaction(headquarters.engine) as db:
        repository = Repository(books.FileRows(db), keys, clock.now())
        _ = (folder / "root.json").write_bytes(repository.create())

    def known(peer: Peer) -> Enrolled | None:
        return headquarters.enrolled(peer.fingerprint)

    listening = Listening.bind("127.0.0.1", 0)
    held = Held()
    hearing = Hearing(headquarters.engine, held.heard, held.missed)

    def ready() -> None:
        held.open()
        hearing.start()
        print(json.dumps({"terminals": listening.urls("127.0.0.1")[0]}), flush=True)
        threading.Thread(target=publish, daemon=True).start()

    def publish() -> None:
        """As `central config` does beside a server: over an engine of its own."""
        engine = open_database(sqlite_url(database))
        for _ in sys.stdin:
            with transaction(engine) as db:
                Repository(books.FileRows(db), keys, clock.now()).publish(document(), {})
            with transaction(engine) as db:
                _ = books.started(db, SET, dict.fromkeys(names, "hall"), "ann", clock.now(), books.AT_ONCE)
            print(json.dumps({"at": time.monotonic()}), flush=True)

    ca = folder / "authority" / "ca.pem"
    configs = (
        configure(terminals(headquarters, clock, known, held=held), pair, ca),
        configure(people(headquarters, clock), pair, None),
    )
    asyncio.run(serve(configs, listening, headquarters.tick, ready, held.close))
    hearing.stop()
    headquarters.close()
    return 0


def _outfit(folder: Path, authority: Authority, name: str) -> x509.Certificate:
    """A terminal's certificate and key."""
    place = folder / "terminals" / name
    place.mkdir(parents=True)
    pair = Pair(place / "cert.pem", place / "key.pem")
    authority.terminal(pair, name)
    _ = shutil.copyfile(authority.pair.certificate, place / "ca.pem")
    return x509.load_pem_x509_certificate(pair.certificate.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
