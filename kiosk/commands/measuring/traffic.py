"""What a whole visit says to headquarters: requests, rows of the outbox, rows of the audit chain, pictures.

Counted in visits of the real terminal on the virtual clock, so equal in every run.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from datetime import date
from pathlib import Path

from kiosk.commands.measuring.amounts import Visit
from kiosk.nights.night import Night, nightfall
from kiosk.nights.somebody import straight_visit
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.virtual import run_virtual

DAY = date(2026, 11, 22)
SEED = 7
WITHOUT_VISITS = frozenset({"/v1/heartbeats", "/v1/configuration", "/v1/commands", "/v1/events", "/v1/audit"})
"""Asked or told on their own time, whether or not anybody is there."""


def said(services: Collection[str] = ()) -> dict[str, Visit]:
    """By service; () for all that have a straight visit."""
    found: dict[str, Visit] = {}

    async def night() -> None:
        with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
            async with Night(Path(folder), SEED, DAY) as made:
                requests: Counter[str] = Counter()

                sent: list[str] = []

                def count(number: int, method: str, path: str) -> None:
                    del number
                    parts = path.split("/")
                    requests["/".join(parts[:3])] += 1
                    if (method, parts[2]) == ("PUT", "blobs"):
                        sent.append(parts[3])

                made.wire.trouble = count
                running = await made.start()
                store = running.folder / "terminal" / "terminal.db"
                for code in (code for code in SCRIPTS if not services or code in services):
                    requests.clear()
                    sent.clear()
                    before = _rows(store)
                    await straight_visit(made, code)
                    after = _rows(store)
                    asked = sum(count for path, count in requests.items() if path not in WITHOUT_VISITS)
                    # Counted as they went: one that is known already is sent again, and kept once.
                    pictures = sum(len(made.headquarters.blobs.get(name) or b"") for name in sent)
                    found[code] = Visit(after[0] - before[0], after[1] - before[1], asked, pictures)

    run_virtual(night(), nightfall(DAY))
    return found


def _rows(store: Path) -> tuple[int, int]:
    """The youngest row of the outbox and of the audit chain: rows are numbered and some are gone by now."""
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as books:
        outbox = books.execute("SELECT coalesce(max(row), 0) FROM outbox").fetchone()[0]
        audit = books.execute("SELECT coalesce(max(row), 0) FROM audit").fetchone()[0]
    return outbox, audit
