"""Heartbeats, audit chains and the ledger of a case."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import func, select

from central.desks.commands import WAITS, waits
from central.desks.desk import BEIJING, Desk
from central.desks.doors import live_orders
from central.desks.grants import release_unused_places
from central.desks.incidents import SILENCE, over, tell
from central.model import AuditLine, FilingRow, GrantRow, GrantState, OrderKey, PaymentOrder, TerminalRow
from central.model_watch import Visit
from central.problems import Declined
from kiosk.protocol.messages import (
    AuditBatch,
    AuditReply,
    AuditRow,
    FilingReply,
    Heartbeat,
    HeartbeatReply,
    LedgerCheck,
    LedgerEntry,
    LedgerReply,
)

_CLOCK_TOLERANCE_SECONDS = 120
_LONG_MAINTENANCE = timedelta(minutes=15)
LONG_MAINTENANCE = "maintenance-long"
"""An alarm: a technician has had the machine for so long."""


class _HowItEnded(BaseModel):
    """Details of `visit-ended` in the catalogue of a terminal's chain; an older terminal says less."""

    service: str
    ending: str
    topic: str = ""
    seconds: str = Field(default="0", pattern=r"^\d{0,6}$")


class _VisitEnded(BaseModel):
    at: datetime
    case: str
    event: str
    details: _HowItEnded


def heartbeat(beat: Heartbeat, desk: Desk) -> HeartbeatReply:
    """Remember how a terminal is; raise alarms for its own, a wrong clock, and a cut audit chain (rules 26, 31)."""
    terminal = desk.tables.terminals[desk.terminal]
    site = desk.tables.sites[terminal.site]
    row = desk.db.get(TerminalRow, desk.terminal, with_for_update=True)
    if row is None:
        row = TerminalRow(id=desk.terminal, site=terminal.site)
        desk.db.add(row)
        desk.db.flush()
    if beat.audit_rows < row.audit_rows:
        desk.alarm("audit-cut")
    if abs((beat.at - desk.now).total_seconds()) > _CLOCK_TOLERANCE_SECONDS:
        desk.alarm("clock-differs")
    before = Heartbeat.model_validate_json(row.heartbeat) if row.heartbeat else None
    rung = set[str]() if before is None else set(before.alarms)
    for code in sorted(set(beat.alarms) - rung):
        desk.alarm(code)
    for code in sorted(rung - set(beat.alarms)):
        over(desk.db, desk.now, desk.terminal, code)
    over(desk.db, desk.now, desk.terminal, SILENCE)
    long_before = before is not None and _long_in_maintenance(before)
    if _long_in_maintenance(beat) and not long_before:
        desk.alarm(LONG_MAINTENANCE)
    if long_before and beat.maintenance_since is None:
        over(desk.db, desk.now, desk.terminal, LONG_MAINTENANCE)
    _tell_what_changed(before, beat, desk)
    row.seen_at = desk.now
    row.heartbeat = beat.model_dump_json()
    row.audit_rows = max(row.audit_rows, beat.audit_rows)
    row.audit_head = beat.audit_head
    if beat.outbox_waiting == 0:
        release_unused_places(desk, beat.custody)
    return HeartbeatReply(
        at=desk.now.astimezone(BEIJING),
        terminal=desk.terminal,
        site=site.address,
        duty_telephone=site.telephone,
        orders=live_orders(desk.db, desk.terminal, desk.now),
        waiting=(WAITS,) if waits(desk) else (),
        seal_for=desk.unsealing.seal_for,
    )


def _tell_what_changed(before: Heartbeat | None, now: Heartbeat, desk: Desk) -> None:
    """Events for whoever looks at this terminal; a beat like the one before is none."""

    def tell_of(kind: str, code: str, subject: str = "") -> None:
        tell(desk.db, desk.now, desk.terminal, kind, code, subject)

    if before is None:
        tell_of("heard", "")
        return
    was = {d.device: (d.state, d.code) for d in before.devices}
    for device in now.devices:
        if was.get(device.device, ("", "")) != (device.state, device.code):
            tell_of("device", device.device, device.code or device.state)
    for code in sorted(set(before.services_open) - set(now.services_open)):
        tell_of("service-closed", code, now.closed.get(code, ""))
    for code in sorted(set(now.services_open) - set(before.services_open)):
        tell_of("service-open", code)
    if before.visiting is not now.visiting:
        tell_of("visit-begins" if now.visiting else "visit-over", "")


def _long_in_maintenance(beat: Heartbeat) -> bool:
    """Whether a technician has had the machine for longer than a usual task takes, by the terminal's own clock."""
    return beat.maintenance_since is not None and beat.at - beat.maintenance_since >= _LONG_MAINTENANCE


def audit(batch: AuditBatch, desk: Desk) -> AuditReply:
    """Keep rows in order; a row that is known must be the same. Raises Declined(409) "audit-fork", "audit-gap"."""
    held = _last_row(desk)
    first = _first_row(desk)
    kept = _kept(batch, held, desk)
    for line in batch.rows:
        known = kept.get(line.row)
        if known is not None:
            if (known.hash, known.text) != (line.hash, line.text):
                raise Declined(409, "audit-fork", f"row {line.row} is held with another hash")
            continue
        if line.row < first:
            continue  # its time was over: the chain of deletions has its hash
        if held and line.row != held + 1:
            raise Declined(409, "audit-gap", f"row {held + 1} comes next")
        kept[line.row] = AuditLine(
            terminal=desk.terminal, row=line.row, text=line.text, hash=line.hash, received_at=desk.now
        )
        desk.db.add(kept[line.row])
        _visit(line, desk)
        held = line.row
    desk.db.flush()
    return AuditReply(row=held)


def _kept(batch: AuditBatch, held: int, desk: Desk) -> dict[int, AuditLine]:
    """Those of a batch that are here already; none where it only goes on from the last."""
    again = [line.row for line in batch.rows if line.row <= held]
    if not again:
        return {}
    rows = select(AuditLine).where(AuditLine.terminal == desk.terminal, AuditLine.row.between(min(again), max(again)))
    return {row.row: row for row in desk.db.scalars(rows)}


def _visit(line: AuditRow, desk: Desk) -> None:
    """The chain says how each visit ended: kept for figures. What cannot be read stays in the chain alone."""
    if '"visit-ended"' not in line.text:
        return
    with suppress(ValidationError):
        said = _VisitEnded.model_validate_json(line.text)
        if said.event != "visit-ended":
            return
        details = said.details
        desk.db.add(
            Visit(
                terminal=desk.terminal,
                row=line.row,
                case=said.case[:60],
                service=details.service[:20],
                ending=details.ending[:40],
                topic=details.topic[:80],
                seconds=int(details.seconds or 0),
                ended_at=said.at,
            )
        )
        tell(desk.db, desk.now, desk.terminal, "visit-ended", details.service, details.ending)


def _first_row(desk: Desk) -> int:
    """The earliest row that is kept of this terminal's chain; 0 where none is."""
    return desk.db.scalar(select(func.min(AuditLine.row)).where(AuditLine.terminal == desk.terminal)) or 0


def _last_row(desk: Desk) -> int:
    return desk.db.scalar(select(func.max(AuditLine.row)).where(AuditLine.terminal == desk.terminal)) or 0


def ledger_of_case(check: LedgerCheck, desk: Desk) -> LedgerReply:
    """Every effect of a visit that headquarters knows, by key; without a visit the terminal's open grants."""
    if not check.case:
        live = desk.db.scalars(
            select(GrantRow)
            .where(GrantRow.terminal == desk.terminal, GrantRow.state == GrantState.GRANTED)
            .order_by(GrantRow.key)
        )
        return LedgerReply(
            entries=tuple(LedgerEntry(key=g.key, kind="grant", state=g.state.value, number=g.id) for g in live)
        )
    entries = [
        LedgerEntry(key=f.key, kind="filing", state=reply.status, number=reply.number)
        for f in desk.db.scalars(select(FilingRow).where(FilingRow.visit == check.case).order_by(FilingRow.key))
        for reply in (_reply(f),)
    ]
    orders = desk.db.execute(
        select(OrderKey, PaymentOrder)
        .join(PaymentOrder, PaymentOrder.number == OrderKey.order_number)
        .where(OrderKey.visit == check.case)
        .order_by(OrderKey.key)
    )
    entries += [LedgerEntry(key=k.key, kind="order", state=o.state.value, number=o.number) for k, o in orders]
    grants = desk.db.scalars(select(GrantRow).where(GrantRow.visit == check.case).order_by(GrantRow.key))
    entries += [
        LedgerEntry(
            key=g.key, kind="custody" if g.kind.value == "take-in" else "grant", state=g.state.value, number=g.id
        )
        for g in grants
    ]
    return LedgerReply(entries=tuple(entries))


def _reply(row: FilingRow) -> FilingReply:
    return FilingReply.model_validate_json(row.reply)
