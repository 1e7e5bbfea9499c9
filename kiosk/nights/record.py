"""What a night leaves behind, as one digest: every byte that passed, every page, every line of a transcript."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kiosk.flows.book import Book, CloseReason, Letter, OpenCase, StartResult
from kiosk.screens.qt.convert import to_qml
from kiosk.screens.views import PageView

_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX ")


class Record:
    """Four digests that grow: wires, pages, transcripts and databases. `detail` keeps the lines too, for a person."""

    def __init__(self, detail: list[str] | None = None) -> None:
        self._sums = {name: hashlib.sha256() for name in ("wires", "pages", "transcripts", "databases")}
        self._detail = detail

    def _add(self, what: str, name: str, data: bytes) -> None:
        sums = self._sums[what]
        sums.update(f"{name} {len(data)}\n".encode())
        sums.update(data)
        if self._detail is not None:
            self._detail.append(f"{what} {name} {hashlib.sha256(data).hexdigest()[:16]} {data[:2000]!r}")

    def heard(self, where: str, data: bytes) -> None:
        """Bytes on a wire."""
        self._add("wires", where, data)

    def heard_masked(self, where: str, data: bytes) -> None:
        """Bytes of a WebSocket, whose masks are drawn by chance (RFC 6455, 5.3): only how many there were."""
        self._add("wires", where, bytes(len(data)))

    def page(self, view: PageView) -> None:
        """A page, or a change of one, as a window would get it."""
        text = json.dumps(to_qml(view), ensure_ascii=False, sort_keys=True)
        self._add("pages", view.kind, text.encode())

    def line(self, case: str, text: str) -> None:
        """A line of a transcript, before it is sealed."""
        self._add("transcripts", case, text.encode())

    def database(self, file: Path, place: str) -> None:
        """Everything in a database; `place` is where it happened to lie, and is left out.

        Indexes by name: where a table is made anew, alembic makes its indexes out of a set, in the order of their
        addresses (https://github.com/sqlalchemy/alembic, alembic/operations/batch.py, _grab_table_elements).
        """
        connection = sqlite3.connect(file)
        try:
            said = list(connection.iterdump())
        finally:
            connection.close()
        indexes = sorted(one for one in said if _INDEX.match(one))
        text = "\n".join([one for one in said if not _INDEX.match(one)] + indexes).replace(place, "")
        self._add("databases", file.name, text.encode())

    def digests(self) -> dict[str, str]:
        """SHA-256 by name."""
        return {name: sums.hexdigest() for name, sums in self._sums.items()}

    def book(self, book: Book) -> Book:
        """The same notebook, with every line of a transcript heard."""
        return _HeardBook(book, self)


class _HeardBook:
    def __init__(self, inner: Book, record: Record) -> None:
        self._inner = inner
        self._record = record

    async def start_effect(
        self,
        *,
        case: str,
        service: str,
        key: str,
        kind: str,
        digest: str,
        subject: str,
        evidence: Mapping[str, str],
        lines: Sequence[str],
        outbox: Letter | None,
    ) -> StartResult:
        self._hear(case, lines)
        return await self._inner.start_effect(
            case=case,
            service=service,
            key=key,
            kind=kind,
            digest=digest,
            subject=subject,
            evidence=evidence,
            lines=lines,
            outbox=outbox,
        )

    async def stage_effect(self, *, key: str, name: str, evidence: Mapping[str, str], certainty: str) -> None:
        await self._inner.stage_effect(key=key, name=name, evidence=evidence, certainty=certainty)

    async def finish_effect(
        self,
        *,
        case: str,
        key: str,
        state: str,
        evidence: Mapping[str, str],
        facts: Mapping[str, str],
        lines: Sequence[str],
        outbox: Sequence[Letter],
        held: Sequence[Letter],
    ) -> None:
        self._hear(case, lines)
        await self._inner.finish_effect(
            case=case, key=key, state=state, evidence=evidence, facts=facts, lines=lines, outbox=outbox, held=held
        )

    async def close_case(self, *, case: str, how: CloseReason, outbox: Sequence[Letter]) -> None:
        await self._inner.close_case(case=case, how=how, outbox=outbox)

    def forget_case(self, case: str) -> None:
        self._inner.forget_case(case)

    async def open_cases(self) -> Sequence[OpenCase]:
        return await self._inner.open_cases()

    async def begin_recovery(self, case: str) -> int:
        return await self._inner.begin_recovery(case)

    def _hear(self, case: str, lines: Sequence[str]) -> None:
        for line in lines:
            self._record.line(case, line)


def as_text(value: Any) -> str:
    """JSON for a person."""
    return json.dumps(value, ensure_ascii=False, indent=1)
