"""A terminal process of its own, for tests that kill it: `visit` and `recover` with a slow device outside, `dump`.

It says on stdout each point it passes, so that the killer can choose one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import sqlite3
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from kiosk.flows.engine import Engine
from kiosk.flows.recovery import Recovery
from kiosk.store.opening import Store, open_store
from kiosk.times import SystemClock, SystemIds, ThreadWorker
from tests.flows.toys import OPENING
from tests.flows.world import Power, Program, World, flow_of, performers
from tests.store.places import with_books

PROGRAM: Program = (
    ("ask", "a"),
    ("look",),
    ("take", "old"),
    ("file", "custody"),
    ("ask", "b"),
    ("pay", "fee"),
    ("hand", "new"),
    ("print", "slip"),
    ("file", "collected"),
)


class Outside(World):
    """The device is another process: it takes its time, and goes on when nobody listens any more."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def ask(self, *words: str) -> Any:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self._address)
            line.sendall((json.dumps(words) + "\n").encode())
            answers = line.makefile()
            if words[0] == "act":
                answers.readline()
                say("commanding")
            return json.loads(answers.readline())

    def act(self, kind: Any, key: str) -> None:
        self.ask("act", kind.value, key)

    def count(self, kind: Any) -> int:
        return int(self.ask("count", kind.value))


def say(what: str) -> None:
    print(what, flush=True)


class SpokenPower(Power):
    def point(self) -> None:
        self.passed += 1
        say(f"point {self.passed}")


async def with_store(directory: Path, act: Any) -> Any:
    clock = SystemClock()
    writer, reader = ThreadWorker("writer"), ThreadWorker("reader")
    store = await open_store(directory, writer=writer, reader=reader, clock=clock, ids=SystemIds(clock))
    try:
        return await act(store, SystemIds(clock))
    finally:
        await store.close()
        await writer.close()
        await reader.close()


def table(store: Store, address: str) -> Any:
    return performers(Outside(address), SpokenPower(), iter(()), iter(()), store.blobs.keep)


async def visit(store: Store, ids: Any, address: str) -> None:
    end = await Engine(table(store, address), store.book, ids, store.letters).run(flow_of(PROGRAM), OPENING)
    say(f"ended {type(end.how).__name__}")


async def recover(store: Store, ids: Any, address: str) -> None:
    found = await Recovery({"TOY": flow_of(PROGRAM)}, table(store, address), store.book, store.letters).run()
    told = [
        {"key": effect.key, "was": effect.was.value, "now": effect.now.value, "trouble": case.trouble}
        for case in found
        for effect in case.effects
    ]
    say(json.dumps(told))


def dump(directory: Path) -> None:
    """One whole visit under the virtual clock; the digest of everything in the database."""

    class Cases:
        def case_id(self) -> str:
            return "C1"

    async def act(store: Store) -> None:
        fates = iter(("done", "doubt-done", "failed", "crash"))
        people = performers(World(), Power(), iter(("red", "back", "blue")), fates, store.blobs.keep)
        await Engine(people, store.book, Cases(), store.letters).run(flow_of(PROGRAM), OPENING)

    with_books(directory, act)
    file = sqlite3.connect(directory / "terminal.db")
    say(hashlib.sha256("\n".join(file.iterdump()).encode()).hexdigest())
    file.close()


if __name__ == "__main__":
    what, place = sys.argv[1], Path(sys.argv[2])
    if what == "dump":
        dump(place)
    else:
        deed = {"visit": visit, "recover": recover}[what]

        def act(store: Store, ids: Any) -> Awaitable[None]:
            return deed(store, ids, sys.argv[3])

        asyncio.run(with_store(place, act))
