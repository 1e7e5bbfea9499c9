"""A server in earnest: the folder, the certificates, the two listeners, wired together."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import threading

from central.agencies.faces import SandboxFaceMatching, load_dlib
from central.api.applications import people, terminals
from central.api.metrics import Figures, listen_inside
from central.api.peer import Peer
from central.api.serving import Listening, announce, configure, serve
from central.configuration.daily import Daily, sandbox_repository
from central.configuration.keys import Keys
from central.console.operators import operators
from central.database import sqlite_url
from central.desks.desk import BEIJING
from central.fleet.authority import Pair, SandboxAuthority, fingerprint
from central.handle import FACES, Headquarters
from central.pushing.hearing import Hearing
from central.pushing.held import Held
from central.state import Locked, State
from central.system import SystemClock, SystemIds

LOCAL_NAMES = ("127.0.0.1", "localhost", "::1")


def run(options: argparse.Namespace) -> int:
    """Serve a folder until SIGTERM. 0 when ended so, 2 when it cannot be served."""
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
    figures = Figures()
    inside = None
    if options.metrics is not None:
        try:
            inside = listen_inside(options.metrics_host, options.metrics, figures)
        except OSError as error:
            listening.terminals.close()
            listening.people.close()
            print(f"cannot listen inside: {error.strerror}", file=sys.stderr)
            return 2

    def pause(seconds: float) -> None:
        _ = stopping.wait(seconds)

    headquarters = Headquarters(
        options.database or sqlite_url(state.database),
        clock,
        ids,
        state=state.central,
        blobs=options.blobs,
        key=state.population(options.seed, clock.now().astimezone(BEIJING).date()),
        pause=pause,
        people_url=for_people,
        faces=SandboxFaceMatching(options.faces or FACES, load_dlib),
    )
    figures.watch_books(headquarters.engine, clock, len(headquarters.tables.terminals))
    root = sandbox_repository(headquarters.engine, clock.now(), state.offline_keys, state.online_keys)
    folder = options.configuration_keys or state.online_keys
    daily = Daily(headquarters.engine, Keys.read([folder]), clock)
    authority = SandboxAuthority(state.authority, clock.now())
    hosts = (name, *(n for n in LOCAL_NAMES if n != name))
    authority.server(state.server, hosts)
    known = _outfit_terminals(state, authority, headquarters, root)

    def terminal_of(peer: Peer) -> str | None:
        return peer.name if known.get(peer.name) == peer.fingerprint else None

    ca = state.authority / "ca.pem"

    held = Held()
    hearing = Hearing(headquarters.engine, held.heard, held.missed)

    def ready() -> None:
        held.open()
        hearing.start()
        addresses = {"terminals": for_terminals, "people": for_people, "ca": str(ca)}
        if inside is not None:
            addresses["metrics"] = f"http://{options.metrics_host}:{inside.server_port}/metrics"
        print(announce(state.address, addresses), flush=True)

    configs = (
        configure(terminals(headquarters, clock, terminal_of, figures=figures, held=held), state.server, ca),
        configure(people(headquarters, clock, operators(headquarters), figures), state.server, None),
    )

    def tick() -> None:
        headquarters.tick()
        daily.tick()

    def stop() -> None:
        held.close()
        stopping.set()

    asyncio.run(serve(configs, listening, tick, ready, stop))
    hearing.stop()
    if inside is not None:
        inside.shutdown()
        inside.server_close()
    state.address.unlink(missing_ok=True)
    headquarters.close()
    return 0


def _outfit_terminals(
    state: State, authority: SandboxAuthority, headquarters: Headquarters, root: bytes | None
) -> dict[str, str]:
    """Certificates for the sandbox's terminals, made once; fingerprint by terminal."""
    known: dict[str, str] = {}
    for name in headquarters.tables.terminals:
        folder = state.terminal(name)
        pair = Pair(folder / "cert.pem", folder / "key.pem")
        if not pair.exists:
            authority.terminal(pair, name)
        _ = shutil.copyfile(authority.pair.certificate, folder / "ca.pem")
        _ = (folder / "grant-key.pub").write_bytes(headquarters.signer.public_pem)
        if root is not None:
            _ = (folder / "root.json").write_bytes(root)
        known[name] = fingerprint(pair.certificate.read_bytes())
    return known
