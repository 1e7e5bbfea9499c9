"""Switching off in the moment a conversation clears up behind itself."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.counter.tasks import end


def test_switching_off_while_something_is_being_ended_is_not_passed_over() -> None:
    async def scene() -> None:
        begun, let_go = asyncio.Event(), asyncio.Event()

        async def slow_to_end() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                begun.set()
                await let_go.wait()

        async def conversation() -> None:
            task = asyncio.ensure_future(slow_to_end())
            await asyncio.sleep(0)
            await end(task)
            raise AssertionError("the conversation went on after it was cancelled")

        running = asyncio.ensure_future(conversation())
        await begun.wait()
        running.cancel()
        let_go.set()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(scene())


def test_how_a_task_ended_is_nobodys_business_any_more() -> None:
    async def scene() -> None:
        async def fails() -> None:
            raise ValueError

        task = asyncio.ensure_future(fails())
        await asyncio.sleep(0)
        await end(task)
        assert task.done()

    asyncio.run(scene())
