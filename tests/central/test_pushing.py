"""Telling terminals at once that something waits: whom, once it is true, and over how many connections."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from sqlalchemy import select

from central.database import transaction
from central.model_push import Push
from central.pushing.books import KEPT, Told, push, read
from central.pushing.held import PER_TERMINAL, Held
from kiosk.protocol.events import EventKind
from tests.backend.world import run_virtually
from tests.central.office import Office

HERE = EventKind.CONFIGURATION


def rows(office: Office) -> list[Push]:
    with transaction(office.headquarters.engine) as db:
        return list(db.scalars(select(Push).order_by(Push.id)))


def test_many_are_named_in_portions_nobody_in_none_and_old_rows_go(office: Office) -> None:
    names = {f"KDL-{nth:05d}" for nth in range(3000)}
    now = office.clock.now()
    with transaction(office.headquarters.engine) as db:
        push(db, HERE, names, now)
        push(db, HERE, [], now)
        push(db, EventKind.COMMAND, None, now)
    found = [read(row.kind, row.terminals) for row in rows(office)]
    *portions, everybody = found
    assert everybody == Told(EventKind.COMMAND, None) and len(portions) > 1
    assert {name for each in portions if each and each.terminals for name in each.terminals} == names
    assert all(len(row.terminals.encode()) < 8000 for row in rows(office))
    newest = rows(office)[-1].id
    with transaction(office.headquarters.engine) as db:
        push(db, HERE, ["KDL-001"], now + 2 * KEPT)
    (left,) = rows(office)
    assert left.id == newest + 1, "a number is never used again, or somebody would look past it"


def test_a_kind_of_a_newer_server_is_not_ours() -> None:
    assert read("no-such-kind", "KDL-001") is None


async def known() -> bool:
    return True


async def lines(stream: AsyncGenerator[str], number: int) -> list[str]:
    return [await anext(stream) for _ in range(number)]


def test_each_hears_what_is_for_it_and_a_sign_of_life() -> None:
    async def act() -> None:
        held = Held()
        held.open()
        ours, others = held.stream("KDL-001", known), held.stream("KDL-002", known)
        assert (await lines(ours, 1))[0].startswith("retry:") and await lines(others, 1)
        held.heard(Told(HERE, frozenset({"KDL-001"})))
        held.heard(Told(EventKind.COMMAND, frozenset({"KDL-001"})))
        assert await lines(ours, 2) == ["event: command\ndata:\n\n", "event: configuration\ndata:\n\n"]
        assert await lines(others, 1) == [":\n\n"]
        held.missed()
        kinds = [f"event: {kind}\ndata:\n\n" for kind in sorted(EventKind)]
        assert await lines(ours, len(kinds)) == await lines(others, len(kinds)) == kinds
        await ours.aclose()
        assert len(held) == 1

    run_virtually(act())


def test_who_is_known_no_more_is_let_go() -> None:
    async def act() -> None:
        async def gone() -> bool:
            return False

        held = Held()
        held.open()
        assert [line async for line in held.stream("KDL-001", gone)] == ["retry: 2000\n\n"]
        assert len(held) == 0

    run_virtually(act())


def test_one_terminal_holds_a_few_and_the_end_lets_all_go() -> None:
    async def act() -> None:
        held = Held()
        held.open()
        streams = [held.stream("KDL-001", known) for _ in range(PER_TERMINAL + 1)]
        for stream in streams:
            _ = await anext(stream)
        assert [line async for line in streams[0]] == [] and len(held) == PER_TERMINAL
        held.close()
        for stream in streams[1:]:
            assert [line async for line in stream] == []
        late = [line async for line in held.stream("KDL-001", known)]
        assert len(late) == 1 and len(held) == 0

    run_virtually(act())
