"""Random flows, citizens, devices and power cuts on the real store: nothing twice, nothing lost, nothing left.

A power cut here ends the process's work at a point between two durable writes; what was written stays (kill, not torn
writes).
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from types import CoroutineType
from typing import Any, ParamSpec, TypeVar, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.flows.effects import EffectState
from kiosk.flows.ending import VisitEnd
from kiosk.flows.engine import Engine
from kiosk.flows.recovery import TRIES, RecoveredCase, Recovery
from kiosk.store.opening import Store
from tests.flows.toys import OPENING
from tests.flows.world import EFFECTS, NUMBER, PERSONAL, PICTURE, Power, PowerCut, Program, World, flow_of, performers
from tests.store.places import everything_in, with_books

P = ParamSpec("P")
T = TypeVar("T")

KEYS = st.sampled_from(("a", "b"))
SIMPLE = st.one_of(st.tuples(st.just("ask"), KEYS), st.just(("look",)), st.tuples(st.sampled_from(EFFECTS), KEYS))


def sequences(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Program]:
    return st.lists(parts, min_size=1, max_size=5).map(tuple)


PROGRAMS = sequences(
    st.one_of(
        SIMPLE,
        st.tuples(st.just("if"), sequences(SIMPLE), sequences(SIMPLE)),
        st.tuples(st.just("while"), KEYS, sequences(SIMPLE)),
    )
)
DEEDS = st.lists(st.sampled_from(("red", "blue", "red", "blue", "back", "leave", "timeout", "lost")), max_size=12)
FATES = st.lists(
    st.sampled_from(
        ("done", "done", "failed", "doubt", "doubt-done", "doubt-for-ever", "crash", "crash-done", "back", "leave")
    ),
    max_size=6,
)


class Books:
    """The store's book, with a point where the power may fail before and after each of its writes."""

    def __init__(self, store: Store, power: Power) -> None:
        book = store.book
        self._power = power
        self.start_effect = self._around(book.start_effect)
        self.stage_effect = self._around(book.stage_effect)
        self.finish_effect = self._around(book.finish_effect)
        self.close_case = self._around(book.close_case)
        self.forget_case = book.forget_case
        self.open_cases = self._around(book.open_cases)
        self.begin_recovery = self._around(book.begin_recovery)

    def _around(self, act: Callable[P, CoroutineType[Any, Any, T]]) -> Callable[P, CoroutineType[Any, Any, T]]:
        async def around(*args: P.args, **kwargs: P.kwargs) -> T:
            self._power.point()
            result = await act(*args, **kwargs)
            self._power.point()
            return result

        return around


class Cases:
    def case_id(self) -> str:
        return "C1"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books just made, to be copied."""
    directory = tmp_path_factory.mktemp("fresh") / "terminal"

    async def nothing(store: Store) -> None:
        assert store.damage is None

    with_books(directory, nothing)
    return directory


@contextmanager
def copy_of(fresh: Path) -> Generator[Path]:
    with tempfile.TemporaryDirectory() as parent:
        yield Path(shutil.copytree(fresh, Path(parent) / "terminal"))


def visit(directory: Path, program: Program, deeds: list[str], fates: list[str], world: World, power: Power) -> Any:
    async def act(store: Store) -> VisitEnd:
        table = performers(world, power, iter(deeds), iter(fates), store.blobs.keep)
        engine = Engine(table, Books(store, power), Cases(), store.letters)
        return await engine.run(flow_of(program), OPENING)

    return with_books(directory, act)


def recover(directory: Path, program: Program, world: World, power: Power) -> tuple[RecoveredCase, ...]:
    async def act(store: Store) -> tuple[RecoveredCase, ...]:
        table = performers(world, power, iter(()), iter(()), store.blobs.keep)
        return await Recovery({"TOY": flow_of(program)}, table, Books(store, power), store.letters).run()

    return with_books(directory, act, seed=2)


def send_everything(directory: Path) -> list[str]:
    async def act(store: Store) -> list[str]:
        due = await store.outbox.outbox_due(OPENING.now, OPENING.now)
        for row in due:
            for sha256 in row.blobs:
                assert PICTURE in await store.outbox.blob(sha256)
            await store.outbox.mark_sent(row.key, "{}")
        return [row.key for row in due]

    return with_books(directory, act, seed=3)


def rows(directory: Path, query: str) -> list[Any]:
    file = sqlite3.connect(directory / "terminal.db")
    try:
        return file.execute(query).fetchall()
    finally:
        file.close()


def check_what_is_believed(directory: Path, world: World) -> None:
    believed = dict(rows(directory, "SELECT key, state FROM effects"))
    for key in (key for keys in world.done.values() for key in keys):
        assert world.times(key) == 1, "an effect was carried out twice"
        assert believed[key] in ("started", "done", "in_doubt"), "something happened that the books call failed"
    for key, state in believed.items():
        if state == "done":
            assert world.times(key) == 1, "the books say done, and nothing happened"


def check_nothing_is_left(directory: Path) -> None:
    found = everything_in(directory)
    for personal in (PERSONAL.encode(), PICTURE, NUMBER.text.encode()):
        assert personal not in found
    assert rows(directory, "SELECT count(*) FROM transcript") == [(0,)]
    assert list((directory / "blobs").iterdir()) == []


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=cast("list[HealthCheck]", list(HealthCheck)),
)
@given(program=PROGRAMS, deeds=DEEDS, fates=FATES, cut=st.integers(0, 40), second_cut=st.integers(0, 12))
def test_power_may_fail_at_any_point(
    fresh: Path, program: Program, deeds: list[str], fates: list[str], cut: int, second_cut: int
) -> None:
    with copy_of(fresh) as directory:
        world = World()
        try:
            end = visit(directory, program, deeds, fates, world, Power(cut))
        except PowerCut:
            end = None
        check_what_is_believed(directory, world)
        assert PERSONAL.encode() not in everything_in(directory)
        if end is not None:
            assert all(effect.state is not EffectState.STARTED for effect in end.effects)

        happened = {key: len(keys) for key, keys in world.done.items() if key != "submit"}
        try:
            recover(directory, program, world, Power(second_cut))
        except PowerCut:
            check_what_is_believed(directory, world)
        for _ in range(TRIES + 1):
            recovered = recover(directory, program, world, Power())
            assert all(effect.now is not EffectState.STARTED for case in recovered for effect in case.effects)
            assert all(case.trouble == "" or "in doubt" in case.trouble for case in recovered), recovered
        assert recover(directory, program, world, Power()) == ()

        assert {key: len(keys) for key, keys in world.done.items() if key != "submit"} == happened
        check_what_is_believed(directory, world)
        assert rows(directory, "SELECT count(*) FROM effects WHERE state = 'started'") == [(0,)]
        assert rows(directory, "SELECT count(*) FROM cases WHERE how = 'open'") == [(0,)]
        sent = send_everything(directory)
        check_refunds(directory, sent)
        check_nothing_is_left(directory)


def check_refunds(directory: Path, sent: list[str]) -> None:
    """Money comes back exactly for captured orders of filings that surely failed."""
    states = dict(rows(directory, "SELECT key, state FROM effects"))
    for key in sent:
        if "/refund/" in key:
            filing, order = key.split("/refund/O-")
            assert states[filing] == "failed"
            assert states[order] == "done"


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=cast("list[HealthCheck]", list(HealthCheck)),
)
@given(program=sequences(st.one_of(st.tuples(st.just("ask"), KEYS), st.just(("look",)))), deeds=DEEDS)
def test_without_an_effect_nothing_reaches_the_disk(fresh: Path, program: Program, deeds: list[str]) -> None:
    with copy_of(fresh) as directory:
        before = everything_in(directory)
        visit(directory, program, deeds, [], World(), Power())
        assert everything_in(directory) == before
