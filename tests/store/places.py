"""Opening the books under a virtual clock, as tests need it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from kiosk.flows.book import Letter, StartResult
from kiosk.store.opening import Store, open_store
from kiosk.times import BEIJING, InlineWorker, SeededIds, VirtualClock
from kiosk.virtual import run_virtual

T = TypeVar("T")

START = datetime(2026, 3, 1, 1, 30, tzinfo=BEIJING)
NUMBER = "150203199003070017"


@asynccontextmanager
async def books(directory: Path, seed: int = 1) -> AsyncGenerator[Store]:
    clock = VirtualClock()
    store = await open_store(
        directory, writer=InlineWorker(), reader=InlineWorker(), clock=clock, ids=SeededIds(seed, clock)
    )
    try:
        yield store
    finally:
        await store.close()


def with_books(directory: Path, act: Callable[[Store], Awaitable[T]], seed: int = 1) -> T:
    async def main() -> T:
        async with books(directory, seed) as store:
            return await act(store)

    return run_virtual(main(), START)


def everything_in(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file())


async def begin(
    store: Store,
    case: str = "C1",
    key: str = "C1/file/1",
    *,
    kind: str = "submit",
    digest: str = "d",
    subject: str = NUMBER,
    lines: Sequence[str] = ("line 0 Wang Fang", "line 1"),
    outbox: Letter | None = None,
) -> StartResult:
    return await store.book.start_effect(
        case=case,
        service="HZ01",
        key=key,
        kind=kind,
        digest=digest,
        subject=subject,
        evidence={"counter": "7"},
        lines=lines,
        outbox=outbox,
    )


async def finish(
    store: Store,
    case: str = "C1",
    key: str = "C1/file/1",
    *,
    state: str = "done",
    facts: Mapping[str, str] = MappingProxyType({}),
    lines: Sequence[str] = (),
    held: Sequence[Letter] = (),
) -> None:
    await store.book.finish_effect(
        case=case, key=key, state=state, evidence={}, facts=facts, lines=lines, outbox=(), held=held
    )
