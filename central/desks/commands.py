"""Commands to one terminal: given by somebody with a reason, signed, fetched by the terminal, and answered.

A command lives for a few minutes: what a terminal could not be told while somebody meant it is not done hours later.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from central.desks.answers import accepted
from central.desks.desk import Desk
from central.desks.incidents import tell
from central.desks.kept_shut import keep_shut, let_go
from central.desks.settling import Reason
from central.model_command import CommandRow, CommandState
from central.problems import Declined, unknown
from central.pushing.books import push
from kiosk.protocol.commands import LONGEST_TEXT, Command, CommandEnded, CommandKind, Commands, Urgency
from kiosk.protocol.events import EventKind
from kiosk.protocol.messages import FilingReply

LIFE = timedelta(minutes=5)
"""Until when a terminal that was away obeys."""
WAITS = EventKind.COMMAND.value
"""The word by which a terminal hears that there is something to fetch."""
_PLACED = (CommandKind.LOCK_COMPARTMENT, CommandKind.UNLOCK_COMPARTMENT)
WITH_REASON = (CommandKind.OUT_OF_SERVICE, CommandKind.LOCK_COMPARTMENT)
_NO_REASON = "—"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants a terminal to do."""

    kind: CommandKind
    safety: bool = False
    text_zh: str = ""
    text_en: str = ""
    device: str = ""
    compartment: int = 0


def order(desk: Desk, terminal: str, wanted: Wanted, by: str, because: str = "") -> CommandRow:
    """Give a command.

    Raises Declined: 404 for no terminal, 409 "ordered" while the same is under way, 422 "reason" where one is needed,
    422 "text", "device", "compartment" for what no terminal could do.
    """
    known = desk.tables.terminals.get(terminal)
    if known is None:
        raise unknown("terminal")
    needs = wanted.kind in WITH_REASON
    reason = Reason(by, because if needs else because.strip() or _NO_REASON)
    _sensible(wanted, known.compartments)
    for other in _live(desk, terminal):
        if (other.kind, other.device, other.compartment) == (wanted.kind.value, wanted.device, wanted.compartment):
            raise Declined(409, "ordered", "this was told to the terminal already and is under way")
    now = desk.now.replace(microsecond=0)
    row = CommandRow(
        number=f"Z{desk.serial('command')}",
        terminal=terminal,
        kind=wanted.kind.value,
        safety=wanted.safety,
        text_zh=wanted.text_zh.strip(),
        text_en=wanted.text_en.strip(),
        device=wanted.device,
        board=known.board if wanted.kind in _PLACED else 0,
        compartment=wanted.compartment,
        nonce=desk.ids.nonce(),
        by=reason.by.strip(),
        because=reason.because.strip(),
        at=now,
        expires=now + LIFE,
        signature="",
        state=CommandState.ORDERED,
        code="",
        found="{}",
        blob="",
    )
    row.signature = desk.signer.sign(as_message(row).signed_text())
    desk.db.add(row)
    desk.db.flush()
    tell(desk.db, desk.now, terminal, "command", row.kind, row.number)
    push(desk.db, EventKind.COMMAND, {terminal}, desk.now)
    return row


def _sensible(wanted: Wanted, compartments: int) -> None:
    if wanted.safety and wanted.kind is not CommandKind.OUT_OF_SERVICE:
        raise Declined(422, "safety", "only taking out of service ends a visit")
    match wanted.kind:
        case CommandKind.OUT_OF_SERVICE:
            texts = (wanted.text_zh.strip(), wanted.text_en.strip())
            if not all(0 < len(text) <= LONGEST_TEXT and text.isprintable() for text in texts):
                raise Declined(422, "text", f"1 to {LONGEST_TEXT} characters in both languages")
        case CommandKind.TEST_DEVICE:
            if not 0 < len(wanted.device) <= 40:
                raise Declined(422, "device", "name the device")
        case CommandKind.LOCK_COMPARTMENT | CommandKind.UNLOCK_COMPARTMENT:
            if not 1 <= wanted.compartment <= compartments:
                raise Declined(422, "compartment", f"compartments are 1 to {compartments}")
        case CommandKind.BACK_IN_SERVICE | CommandKind.RESTART | CommandKind.DIAGNOSTICS:
            pass


def as_message(row: CommandRow) -> Command:
    """What the terminal is told; the signature is over these very fields."""
    return Command(
        number=row.number,
        kind=CommandKind(row.kind),
        terminal=row.terminal,
        nonce=row.nonce,
        issued=row.at,
        expires=row.expires,
        urgency=Urgency.SAFETY if row.safety else Urgency.BETWEEN_VISITS,
        text_zh=row.text_zh,
        text_en=row.text_en,
        device=row.device,
        board=row.board,
        compartment=row.compartment,
        signature=row.signature,
    )


def waits(desk: Desk) -> bool:
    """Whether the asking terminal has something to fetch."""
    return bool(_live(desk, desk.terminal))


def fetched(desk: Desk) -> Commands:
    """Everything that waits for the asking terminal."""
    rows = _live(desk, desk.terminal)
    for row in rows:
        if row.fetched_at is None:
            row.fetched_at = desk.now
            tell(desk.db, desk.now, row.terminal, "command", row.kind, row.number)
    return Commands(commands=tuple(as_message(row) for row in rows))


def command_ended(payload: CommandEnded, desk: Desk) -> FilingReply:
    """What came of it. Raises Declined(422) for a command that this terminal was not given."""
    row = desk.db.get(CommandRow, payload.number, with_for_update=True)
    if row is None or row.terminal != desk.terminal:
        raise Declined(422, "payload", "number: no command to this terminal")
    if row.state not in (CommandState.ORDERED, CommandState.OVER):
        return accepted(row.number)
    row.state, row.settled_at = CommandState(payload.outcome), desk.now
    row.code, row.blob = payload.code, payload.blob
    row.found = json.dumps(payload.found, sort_keys=True, ensure_ascii=False)
    if row.state is CommandState.DONE:
        _kept_shut(desk, row)
    tell(desk.db, desk.now, row.terminal, "command", row.kind, row.number)
    return accepted(row.number)


def _kept_shut(desk: Desk, row: CommandRow) -> None:
    match CommandKind(row.kind):
        case CommandKind.LOCK_COMPARTMENT:
            keep_shut(desk.db, f"{row.terminal}:{row.board}:{row.compartment}", row.number, desk.now)
        case CommandKind.UNLOCK_COMPARTMENT:
            let_go(desk.db, f"{row.terminal}:{row.board}:{row.compartment}")
        case _:
            return


def look_at_commands(desk: Desk) -> None:
    """A command that no terminal answered in its time is over, and says so."""
    rows = desk.db.scalars(
        select(CommandRow).where(
            CommandRow.state == CommandState.ORDERED,
            CommandRow.fetched_at.is_(None),
            CommandRow.expires <= desk.now,
        )
    )
    for row in rows.all():
        row.state, row.settled_at = CommandState.OVER, desk.now
        tell(desk.db, desk.now, row.terminal, "command", row.kind, row.number)


def _live(desk: Desk, terminal: str) -> list[CommandRow]:
    rows = desk.db.scalars(
        select(CommandRow)
        .where(
            CommandRow.terminal == terminal,
            CommandRow.state == CommandState.ORDERED,
            CommandRow.expires > desk.now,
        )
        .order_by(CommandRow.number)
    )
    return list(rows.all())
