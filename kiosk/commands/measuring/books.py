"""A durable commit of the store beside the disk's own fdatasync, in the same folder, turn about."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path

from kiosk.store.opening import open_store
from kiosk.times import SystemClock, SystemIds, ThreadWorker

PAGE = os.urandom(4096)


def commits(count: int, under: Path) -> dict[str, list[float]]:
    """Seconds of `count` started effects (row, transcript line and audit row in one transaction, on disk when it
    returns), of as many finished ones, and of as many raw appends of 4 KiB with fdatasync, all under `under`.
    """
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-", dir=under) as folder:
        return asyncio.run(_commits(count, Path(folder)))


async def _commits(count: int, folder: Path) -> dict[str, list[float]]:
    clock = SystemClock()
    ids = SystemIds(clock)
    writer, reader = ThreadWorker("store-writer"), ThreadWorker("store-reader")
    store = await open_store(folder / "terminal", writer=writer, reader=reader, clock=clock, ids=ids)
    found: dict[str, list[float]] = {"start": [], "finish": [], "raw": []}
    line = '{"row":"answer","answer":"' + "x" * 200 + '"}'
    raw = os.open(folder / "raw", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        case = ids.case_id()
        for number in range(count):
            key = f"{case}/bench/{number}"
            began = time.perf_counter()
            _ = await store.book.start_effect(
                case=case,
                service="HZ02",
                key=key,
                kind="print",
                digest="0" * 64,
                subject="",
                evidence={"paper": "ok"},
                lines=(line,),
                outbox=None,
            )
            found["start"].append(time.perf_counter() - began)
            began = time.perf_counter()
            await store.book.finish_effect(
                case=case, key=key, state="done", evidence={}, facts={}, lines=(line,), outbox=(), held=()
            )
            found["finish"].append(time.perf_counter() - began)
            began = time.perf_counter()
            _ = os.write(raw, PAGE)
            os.fdatasync(raw)
            found["raw"].append(time.perf_counter() - began)
    finally:
        os.close(raw)
        await store.close()
        await writer.close()
        await reader.close()
    return found
