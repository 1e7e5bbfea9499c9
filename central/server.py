"""A server in earnest: the folder, the certificates, the two listeners, wired together.

One process, or one of several that `central.workers` keeps.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from cryptography import x509

from central.agencies.faces import SandboxFaceMatching, load_dlib
from central.api.applications import people, terminals
from central.api.listening import Listening, announce
from central.api.metrics import Figures, inside_url, listen_inside, watch_books
from central.api.peer import Peer
from central.api.serving import configure, serve
from central.configuration.daily import Daily, sandbox_repository
from central.configuration.keys import Keys
from central.console.operators import operators
from central.database import open_database, sqlite_url
from central.desks.desk import BEIJING
from central.duties import duties_of
from central.fleet.authority import Authority, Pair, fingerprint
from central.fleet.roll import Enrolled
from central.handle import FACES, Headquarters
from central.pushing.hearing import Hearing
from central.pushing.held import Held
from central.retention import Keeping
from central.state import Locked, Outfit, State
from central.system import SystemClock, SystemIds
from central.workers import READY, addresses, authority_folder, reachable_name, sign_for_server


def run(options: argparse.Namespace) -> int:
    """Serve a folder until SIGTERM. 0 when ended so, 2 when it cannot be served."""
    state = State(options.state.resolve())
    if options.worker is not None:
        # Who keeps this process holds the folder, made the certificate, tells the address and the figures.
        _serve(
            options, state, Listening.inherited(*options.worker), Figures(), _say_ready, starter=sys.stdin.fileno()
        )
        return 0
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
    sign_for_server(state, authority_folder(options, state), options.host)
    figures = Figures()
    inside = None
    if options.metrics is not None:
        try:
            inside = listen_inside(options.metrics_host, options.metrics, figures.registry, state.server)
        except OSError as error:
            listening.close()
            print(f"cannot listen inside: {error.strerror}", file=sys.stderr)
            return 2

    def ready() -> None:
        metrics = None if inside is None else inside_url(options.metrics_host, inside)
        print(announce(state.address, addresses(options, state, listening, metrics)), flush=True)

    _serve(options, state, listening, figures, ready)
    if inside is not None:
        inside.shutdown()
        inside.server_close()
    state.address.unlink(missing_ok=True)
    return 0


def _say_ready() -> None:
    print(READY.decode(), end="", flush=True)


def _serve(
    options: argparse.Namespace,
    state: State,
    listening: Listening,
    figures: Figures,
    ready: Callable[[], None],
    starter: int | None = None,
) -> None:
    """One process until it is told to end. `starter` as in `serve`."""
    clock, ids = SystemClock(), SystemIds()
    stopping = threading.Event()

    def pause(seconds: float) -> None:
        _ = stopping.wait(seconds)

    engine = open_database(options.database or sqlite_url(state.database))
    authority = Authority(authority_folder(options, state), clock.now())
    headquarters = Headquarters(
        engine,
        clock,
        ids,
        state=state.central,
        blobs=options.blobs,
        key=state.population(options.seed, clock.now().astimezone(BEIJING).date()),
        pause=pause,
        people_url=options.people_url or listening.urls(reachable_name(options.host))[1],
        faces=SandboxFaceMatching(options.faces or FACES, load_dlib),
        duties=duties_of(engine),
        authority=authority,
    )
    _ = headquarters.duties.look()
    watch_books(figures.registry, engine, clock, len(headquarters.tables.terminals))
    root = sandbox_repository(headquarters.engine, clock.now(), state.offline_keys, state.online_keys)
    folder = options.configuration_keys or state.online_keys
    keeping = Keeping(headquarters.engine, headquarters.blobs, clock)
    daily = Daily(headquarters.engine, Keys.read([folder]), clock)
    if options.terminals is Outfit.MADE:
        _outfit_terminals(state, authority, headquarters, root)
    proxy = "" if options.proxy is None else _proxy(authority, options.proxy)

    def known(peer: Peer) -> Enrolled | None:
        entry = headquarters.enrolled(peer.fingerprint)
        return entry if entry is not None and entry.terminal == peer.name else None

    ca = authority.pair.certificate

    held = Held()
    hearing = Hearing(headquarters.engine, held.heard, held.missed)

    def begun() -> None:
        held.open()
        hearing.start()
        ready()

    configs = (
        configure(terminals(headquarters, clock, known, figures=figures, held=held, proxy=proxy), state.server, ca),
        configure(people(headquarters, clock, operators(headquarters), figures), state.server, None),
    )

    def tick() -> None:
        headquarters.tick()
        if headquarters.duties.mine:
            daily.tick()
            keeping.tick()

    def stop() -> None:
        held.close()
        stopping.set()

    asyncio.run(serve(configs, listening, tick, begun, stop, starter))
    hearing.stop()
    headquarters.close()


def _outfit_terminals(state: State, authority: Authority, headquarters: Headquarters, root: bytes | None) -> None:
    """Pairs for the sandbox's terminals, made once and entered on the roll."""
    made: list[tuple[str, x509.Certificate]] = []
    for name in headquarters.tables.terminals:
        folder = state.terminal(name)
        pair = outfit(folder, name, authority)
        _keep(folder / "grant-key.pub", headquarters.signer.public_pem)
        if root is not None:
            _keep(folder / "root.json", root)
        made.append((name, x509.load_pem_x509_certificate(pair.certificate.read_bytes())))
    headquarters.enter_made(made)


def outfit(folder: Path, name: str, authority: Authority) -> Pair:
    """A sandbox terminal's certificate, made once, and the authority's."""
    pair = Pair(folder / "cert.pem", folder / "key.pem")
    if not pair.exists:
        authority.terminal(pair, name)
    _keep(folder / "ca.pem", authority.pair.certificate.read_bytes())
    return pair


def _keep(file: Path, content: bytes) -> None:
    """Written only where it differs: a terminal may be reading it, and other processes look here too."""
    if not file.is_file() or file.read_bytes() != content:
        part = file.with_name(f"{file.name}.{os.getpid()}.part")
        _ = part.write_bytes(content)
        _ = part.replace(file)


def _proxy(authority: Authority, folder: Path) -> str:
    """The fingerprint of the reverse proxy's certificate; its pair is made where there is none."""
    pair = Pair(folder / "cert.pem", folder / "key.pem")
    if not pair.exists:
        authority.terminal(pair, "proxy")
    return fingerprint(pair.certificate.read_bytes())
