"""The virtual loop: hours in no time, and nothing that hangs or fails unseen."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta

import pytest

from kiosk.times import (
    BEIJING,
    InlineWorker,
    SeededIds,
    SystemClock,
    SystemIds,
    ThreadWorker,
    VirtualClock,
    sortable_id,
)
from kiosk.virtual import BackgroundFailure, NothingLeftToHappen, run_virtual

START = datetime(2026, 3, 1, 1, 30, tzinfo=BEIJING)


def test_hours_pass_at_once_and_in_order() -> None:
    async def main() -> list[str]:
        clock = VirtualClock()
        seen: list[str] = []

        async def after(seconds: float, name: str) -> None:
            await asyncio.sleep(seconds)
            seen.append(f"{name} {clock.now():%d %H:%M:%S}")

        await asyncio.gather(after(90_000, "late"), after(0.25, "soon"), after(5400, "hour and a half"))
        assert clock.monotonic() == pytest.approx(90_000)
        return seen

    began = time.monotonic()
    assert run_virtual(main(), START) == ["soon 01 01:30:00", "hour and a half 01 03:00:00", "late 02 02:30:00"]
    assert time.monotonic() - began < 5


def test_waiting_for_what_can_never_come_is_an_error_that_names_who_waits() -> None:
    async def main() -> None:
        waiting = asyncio.create_task(asyncio.Event().wait(), name="the forgotten one")
        await waiting

    with pytest.raises(NothingLeftToHappen, match="main, the forgotten one"):
        run_virtual(main(), START)


def test_a_thread_at_work_makes_no_timeout_come_early() -> None:
    async def main() -> float:
        worker = ThreadWorker("slow")
        async with asyncio.timeout(1):
            for _ in range(20):
                assert await worker.run(lambda: time.sleep(0.005)) is None
        seconds = VirtualClock().monotonic()
        await worker.close()
        return seconds

    assert run_virtual(main(), START) == 0.0


def test_a_background_task_that_fails_is_an_error() -> None:
    async def main() -> None:
        async def fail() -> None:
            raise KeyError("x")

        kept = asyncio.create_task(fail(), name="background")
        await asyncio.sleep(1)
        assert kept.done()

    with pytest.raises(BackgroundFailure, match="background"):
        run_virtual(main(), START)


def test_a_failure_that_is_awaited_is_none() -> None:
    async def main() -> str:
        async def fail() -> None:
            raise KeyError("x")

        with pytest.raises(KeyError):
            await asyncio.create_task(fail())
        return "seen"

    assert run_virtual(main(), START) == "seen"


def test_a_callback_that_fails_ends_the_run() -> None:
    async def main() -> None:
        asyncio.get_running_loop().call_later(1, lambda: 1 // 0)
        await asyncio.sleep(2)

    with pytest.raises(BackgroundFailure):
        run_virtual(main(), START)


def test_a_task_left_over_is_cancelled_and_may_not_fail_at_it() -> None:
    async def main() -> None:
        async def stubborn() -> None:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                raise KeyError("x") from None

        left = asyncio.create_task(stubborn(), name="left over")
        await asyncio.sleep(0)
        assert not left.done()

    with pytest.raises(BackgroundFailure, match="left over"):
        run_virtual(main(), START)


def test_what_the_main_coroutine_raises_comes_out() -> None:
    async def main() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_virtual(main(), START)


def test_a_virtual_clock_is_not_read_elsewhere() -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError):
            VirtualClock().now()

    asyncio.run(main())


def test_ids_sort_by_creation_and_repeat_for_a_seed() -> None:
    async def main() -> tuple[list[str], str, bytes, float]:
        ids = SeededIds(7, VirtualClock())
        made: list[str] = []
        for _ in range(5):
            made.append(ids.case_id())
            await asyncio.sleep(0.001)
        return made, ids.nonce(), ids.key(), ids.jitter()

    first, second = run_virtual(main(), START), run_virtual(main(), START)
    assert first == second
    assert sorted(first[0]) == first[0]
    assert [len(made) for made in first[0]] == [26] * 5
    assert sortable_id(0, 0) == "0" * 26


def test_the_machines_ids_differ_and_have_the_promised_form() -> None:
    async def main() -> None:
        clock = SystemClock(lambda: timedelta(days=1))
        ids = SystemIds(clock)
        assert ids.case_id() != ids.case_id()
        assert len(ids.nonce()) == 32
        assert len(ids.key()) == 32
        assert 0 <= ids.jitter() < 1
        assert clock.now() - datetime.now(BEIJING) > timedelta(hours=23)
        assert clock.monotonic() == pytest.approx(asyncio.get_running_loop().time(), abs=1)
        assert await InlineWorker().run(lambda: 5) == 5
        await InlineWorker().close()

    asyncio.run(main())
