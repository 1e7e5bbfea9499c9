"""Heartbeats, audit chains and the ledger of a case."""

from __future__ import annotations

from sqlalchemy import func, select

from central.desks.desk import BEIJING, Desk
from central.desks.doors import live_orders
from central.desks.grants import release_unused_places
from central.model import AuditLine, FilingRow, GrantRow, GrantState, OrderKey, PaymentOrder, TerminalRow
from central.problems import Declined
from kiosk.protocol.messages import (
    AuditBatch,
    AuditReply,
    FilingReply,
    Heartbeat,
    HeartbeatReply,
    LedgerCheck,
    LedgerEntry,
    LedgerReply,
)

_CLOCK_TOLERANCE_SECONDS = 120


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
    before = set(Heartbeat.model_validate_json(row.heartbeat).alarms) if row.heartbeat else set[str]()
    for code in sorted(set(beat.alarms) - before):
        desk.alarm(code)
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
    )


def audit(batch: AuditBatch, desk: Desk) -> AuditReply:
    """Keep rows in order; a row that is known must be the same. Raises Declined(409) "audit-fork", "audit-gap"."""
    held = _last_row(desk)
    for line in batch.rows:
        known = desk.db.get(AuditLine, (desk.terminal, line.row))
        if known is not None:
            if (known.hash, known.text) != (line.hash, line.text):
                raise Declined(409, "audit-fork", f"row {line.row} is held with another hash")
            continue
        if held and line.row != held + 1:
            raise Declined(409, "audit-gap", f"row {held + 1} comes next")
        desk.db.add(AuditLine(terminal=desk.terminal, row=line.row, text=line.text, hash=line.hash))
        held = line.row
    desk.db.flush()
    return AuditReply(row=_last_row(desk))


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
