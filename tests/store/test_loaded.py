"""Documents behind the doors of the cabinet: no document twice, no door twice, and a list nobody else can read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk.store.loaded import LoadedPlace
from kiosk.store.opening import Store, migrate
from tests.store.places import NUMBER, everything_in, with_books


def test_a_door_and_a_document_are_given_once(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        book = store.loaded
        assert await book.assign("card-1", "L1", "C1", 1, 7)
        assert not await book.assign("card-2", "L1", "C1", 1, 7)
        assert not await book.assign("card-1", "L1", "C1", 1, 8)
        await book.move("card-1", LoadedPlace.IN_DOUBT, "C1")
        assert not await book.assign("card-2", "L1", "C1", 1, 7)
        await book.move("card-1", LoadedPlace.OUT, "C1")
        assert await book.assign("card-2", "L1", "C1", 1, 7) and await book.assign("card-1", "L1", "C1", 1, 8)
        assert [(d.item, d.compartment) for d in await book.live()] == [("card-2", 7), ("card-1", 8)]

    with_books(tmp_path, act)
    with sqlite3.connect(tmp_path / "terminal.db") as file, pytest.raises(sqlite3.IntegrityError):
        file.execute("INSERT INTO loaded SELECT 9, 'card-3', 'L1', 'C1', 1, 7, 'inside', 0, ''")


def test_a_compartment_with_an_old_card_in_it_is_not_free(tmp_path: Path) -> None:
    from kiosk.counter.ports import CustodyRecord

    async def act(store: Store) -> None:
        await store.custody.record(CustodyRecord("C9", "C1", "id-card", 1, 24, "expected"), NUMBER)
        assert not await store.loaded.assign("card-1", "L1", "C1", 1, 24)
        await store.custody.move("C9", "never-received")
        assert await store.loaded.assign("card-1", "L1", "C1", 1, 24)

    with_books(tmp_path, act)


def test_what_was_laid_in_again_is_counted_again(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        book = store.loaded
        assert await book.assign("card-1", "L1", "C1", 1, 7)
        await book.move("card-1", LoadedPlace.INSIDE, "C1")
        await book.count()
        assert [d.counted for d in await book.live()] == [True]
        assert await book.assign("card-1", "L2", "C2", 1, 7)
        await book.move("card-1", LoadedPlace.INSIDE, "C2")
        assert [d.counted for d in await book.live()] == [False]

    with_books(tmp_path, act)


def test_the_list_comes_back_and_nobody_can_read_it_on_the_disk(tmp_path: Path) -> None:
    async def act(store: Store) -> None:
        assert await store.loaded.kept_list() == ""
        await store.loaded.keep_list('{"number": "L1"}')
        await store.loaded.keep_list('{"number": "EX0000001"}')
        assert await store.loaded.kept_list() == '{"number": "EX0000001"}'

    with_books(tmp_path, act)
    assert b"EX0000001" not in everything_in(tmp_path)


def test_books_of_the_first_form_come_to_the_present_one(tmp_path: Path) -> None:
    """A station in the field keeps what it has."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, inspect

    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__code__.co_filename).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql("INSERT INTO notes VALUES ('supply/x', '{}')")
    with engine.begin() as connection:
        migrate(connection)
        assert inspect(connection).has_table("loaded")
        assert connection.exec_driver_sql("SELECT count(*) FROM notes").scalar() == 1
    engine.dispose()
