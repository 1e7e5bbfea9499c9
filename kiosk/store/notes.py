"""Small facts that the books keep by name: what the machine must still know after a power cut."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select, update

from kiosk.store.schema import notes
from kiosk.store.words import pairs_in, pairs_of


def noted(connection: Connection, name: str) -> dict[str, str]:
    """The facts under a name; none where there is no note of it."""
    found = connection.execute(select(notes.c.text).where(notes.c.name == name)).scalar()
    return {} if found is None else pairs_in(found)


def note(connection: Connection, name: str, facts: Mapping[str, str]) -> None:
    """These facts from now on, instead of those before."""
    text = pairs_of(facts)
    if connection.execute(update(notes).where(notes.c.name == name).values(text=text)).rowcount == 0:
        connection.execute(insert(notes).values(name=name, text=text))


def forget(connection: Connection, name: str) -> None:
    """No note of it any more."""
    connection.execute(delete(notes).where(notes.c.name == name))
