"""What the books keep of headquarters' commands: each is obeyed once, and what they closed stays closed.

A command is on disk before anything is done for it, so that after a power cut it is not done again but answered. Its
nonce is kept for longer than any command lives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from kiosk.store.audit import AuditChain
from kiosk.store.engines import Database
from kiosk.store.notes import forget, note, noted
from kiosk.store.outbox import Letter, Outbox
from kiosk.store.schema import notes
from kiosk.store.words import pairs_in

KEPT = timedelta(days=30)
_ONCE = "command/"
_CLOSED = "closed-by-order"
_LOCKED = "kept-shut/"


Change = Callable[[Connection], None]
"""What a command changes in the books for good."""


def no_change(connection: Connection) -> None:
    """Nothing stays."""
    del connection


@dataclass(frozen=True, slots=True)
class Begun:
    """A command that was begun and has no outcome yet."""

    nonce: str
    number: str
    kind: str


class CommandBook:
    """Nonces, the order that closed the terminal, and the compartments that are kept shut."""

    def __init__(self, database: Database, outbox: Outbox, chain: AuditChain) -> None:
        self._database = database
        self._outbox = outbox
        self._chain = chain

    async def begin(self, nonce: str, number: str, kind: str, now: datetime) -> bool:
        """True the first time; False, and nothing changed, when this nonce was begun or answered before."""

        def act(connection: Connection) -> bool:
            if noted(connection, _ONCE + nonce):
                return False
            for name, text in connection.execute(
                select(notes.c.name, notes.c.text).where(notes.c.name.startswith(_ONCE))
            ).all():
                if datetime.fromisoformat(pairs_in(text)["at"]) < now - KEPT:
                    forget(connection, name)
            note(connection, _ONCE + nonce, {"number": number, "kind": kind, "at": now.isoformat(), "state": "begun"})
            self._chain.append(connection, "command-begun", "", {"number": number, "kind": kind})
            return True

        return await self._database.write(act)

    async def end(self, nonce: str, outcome: str, code: str, letter: Letter, change: Change = no_change) -> None:
        """What came of it: with what it changes for good, and the message to headquarters, in one transaction."""

        def act(connection: Connection) -> None:
            known = noted(connection, _ONCE + nonce)
            note(connection, _ONCE + nonce, known | {"state": outcome})
            change(connection)
            details = {"number": known["number"], "outcome": outcome, "code": code}
            self._chain.append(connection, "command-ended", "", details)
            self._outbox.add(connection, "", letter)

        await self._database.write(act)
        self._outbox.added()

    async def begun(self) -> tuple[Begun, ...]:
        """What has no outcome yet: at a start, what the last run did not come back from."""

        def look(connection: Connection) -> tuple[Begun, ...]:
            found = connection.execute(
                select(notes.c.name, notes.c.text).where(notes.c.name.startswith(_ONCE)).order_by(notes.c.name)
            ).all()
            rows = [(name.removeprefix(_ONCE), pairs_in(text)) for name, text in found]
            return tuple(Begun(n, f["number"], f["kind"]) for n, f in rows if f["state"] == "begun")

        return await self._database.read(look)

    # -- what stays so until it is taken back ------------------------------------------------------------------------

    async def closed(self) -> Mapping[str, str]:
        """The order that closed this terminal (`number`, `zh`, `en`), or nothing while it is open."""
        return await self._database.read(lambda connection: noted(connection, _CLOSED))

    async def change(self, change: Change) -> None:
        """What stays so although its command goes on."""
        await self._database.write(change)

    async def locked(self) -> frozenset[tuple[int, int]]:
        """Board and number of every compartment that is kept shut."""

        def look(connection: Connection) -> frozenset[tuple[int, int]]:
            names = connection.execute(select(notes.c.name).where(notes.c.name.startswith(_LOCKED))).scalars()
            places = (name.removeprefix(_LOCKED).split("/") for name in names)
            return frozenset((int(board), int(number)) for board, number in places)

        return await self._database.read(look)


def closing(number: str, zh: str, en: str) -> Change:
    """The terminal is closed from now on, whatever happens to its power."""
    return lambda connection: note(connection, _CLOSED, {"number": number, "zh": zh, "en": en})


def opening() -> Change:
    """It is open again."""
    return lambda connection: forget(connection, _CLOSED)


def locking(board: int, compartment: int, number: str) -> Change:
    """A compartment is kept shut from now on."""
    return lambda connection: note(connection, f"{_LOCKED}{board}/{compartment}", {"number": number})


def unlocking(board: int, compartment: int) -> Change:
    """No longer."""
    return lambda connection: forget(connection, f"{_LOCKED}{board}/{compartment}")
