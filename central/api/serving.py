"""One process, two TLS listeners, one clock watcher; ends within a second of SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import ssl
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from central.api.listening import Listening
from central.api.peer import PeerProtocol
from central.fleet.authority import Pair
from central.limits import STOP_SECONDS, TICK_SECONDS

_LOOK_SECONDS = 0.1
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secret and authenticated, no others. TLS 1.3 has no others."""


class _Server(uvicorn.Server):
    """Leaves signals to the process, which has two of these."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def configure(app: FastAPI, pair: Pair, authority: Path | None) -> uvicorn.Config:
    """A listener's settings; with an authority, a client certificate of its is required."""
    extra: dict[str, Any] = {}
    if authority is not None:
        extra = {"ssl_ca_certs": str(authority), "ssl_cert_reqs": ssl.CERT_REQUIRED, "http": PeerProtocol}
    else:
        extra = {"http": "h11"}
    config = uvicorn.Config(
        app,
        loop="asyncio",
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        log_config=None,
        server_header=False,
        ssl_certfile=str(pair.certificate),
        ssl_keyfile=str(pair.key),
        ssl_ciphers=CIPHERS,
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_keep_alive=5,
        **extra,
    )
    config.load()
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config


async def serve(
    configs: tuple[uvicorn.Config, uvicorn.Config],
    listening: Listening,
    watch: Callable[[], None],
    ready: Callable[[], None],
    stopping: Callable[[], None],
    starter: int | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called once both listeners answer, `stopping` at the signal.

    `starter`: a descriptor that ends when whoever started this process does; then this ends too.
    """
    servers = tuple(_Server(config) for config in configs)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if starter is not None:
        loop.add_reader(starter, stop.set)
    tasks = [
        asyncio.create_task(server.serve(sockets=[listener]))
        for server, listener in zip(servers, (listening.terminals, listening.people), strict=True)
    ]
    while not all(server.started for server in servers):
        if any(task.done() for task in tasks):
            break
        await asyncio.sleep(_LOOK_SECONDS / 10)
    ready()
    watcher = asyncio.create_task(_watch(watch))
    stopped = asyncio.create_task(stop.wait())
    _ = await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
    if starter is not None:
        _ = loop.remove_reader(starter)
    stopping()
    for server in servers:
        server.should_exit = True
    _ = watcher.cancel()
    _ = stopped.cancel()
    _ = await asyncio.gather(*tasks)


async def _watch(look: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        await asyncio.to_thread(look)
