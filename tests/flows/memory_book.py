"""A book kept in memory: for tests of flows and engine where no disk is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kiosk.flows.book import CloseReason, Letter, StartResult
from kiosk.flows.performing import OutboxItem


@dataclass(frozen=True)
class Row:
    key: str
    kind: str
    digest: str
    state: str
    number: str
    evidence: Mapping[str, str]
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    case: str
    service: str
    lines: tuple[str, ...]
    rows: Mapping[str, Row]
    tries: int = 0

    @property
    def effects(self) -> tuple[Row, ...]:
        return tuple(self.rows.values())


@dataclass
class MemoryBook:
    """`closed` maps a case to how it was closed; `sent` holds every outbox item in order."""

    cases: dict[str, Case] = field(default_factory=dict[str, Case])
    closed: dict[str, CloseReason] = field(default_factory=dict[str, CloseReason])
    sent: list[Letter] = field(default_factory=list[Letter])
    held: list[Letter] = field(default_factory=list[Letter])
    forgotten: list[str] = field(default_factory=list[str])
    rows: dict[str, Row] = field(default_factory=dict[str, Row])

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
        if key in self.rows:
            return "known" if self.rows[key].digest == digest else "other-digest"
        self._write(case, service, Row(key, kind, digest, "started", "", dict(evidence)), lines)
        self.sent.extend([outbox] if outbox else [])
        return "started"

    async def stage_effect(self, *, key: str, name: str, evidence: Mapping[str, str], certainty: str) -> None:
        row = self.rows[key]
        self._write(key.split("/")[0], "", replace(row, stages=(*row.stages, name)), ())

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
        self.held.extend(held)
        row = replace(self.rows[key], state=state, number=facts.get("number", ""))
        self._write(case, "", row, lines)
        self.sent.extend(outbox)

    async def close_case(self, *, case: str, how: CloseReason, outbox: Sequence[Letter]) -> None:
        for row in self.cases.pop(case).effects:
            if row.state == "started":
                self.rows[row.key] = replace(row, state="in_doubt")
        self.closed[case] = how
        self.sent.extend(outbox)

    def forget_case(self, case: str) -> None:
        self.forgotten.append(case)

    async def open_cases(self) -> Sequence[Case]:
        return tuple(self.cases.values())

    async def begin_recovery(self, case: str) -> int:
        self.cases[case] = replace(self.cases[case], tries=self.cases[case].tries + 1)
        return self.cases[case].tries

    def _write(self, case: str, service: str, row: Row, lines: Sequence[str]) -> None:
        before = self.cases.get(case, Case(case, service, (), {}))
        self.rows[row.key] = row
        self.cases[case] = replace(before, lines=(*before.lines, *lines), rows={**before.rows, row.key: row})


class PlainLetters:
    """Letters whose bodies say what they are for."""

    def refund(self, *, case: str, key: str, order: str) -> OutboxItem:
        return OutboxItem(f"{key}/refund/{order}", "/refund", order)

    def report(self, *, case: str, key: str, kind: str, state: str, evidence: Mapping[str, str]) -> OutboxItem:
        return OutboxItem(f"{key}/report", "/report", state)
