"""Switching off in the moment a conversation clears up behind itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from kiosk.counter.tasks import Laying, end
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.words import DeviceState, Health
from kiosk.nights.night import nightfall
from kiosk.virtual import run_virtual
from tests.visits.nights import DAY


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


class Reader:
    """Finds a card after `after` seconds, or never, and reads for two."""

    def __init__(self, after: float) -> None:
        self.after = after
        self.card = cast(CardRead, object())
        self.given_up = False

    async def read(self, *, seconds: float, card_seen: Callable[[], None] | None = None) -> CardRead:
        try:
            await asyncio.sleep(min(self.after, seconds))
            assert card_seen is not None
            card_seen()
            await asyncio.sleep(2.0)
        except asyncio.CancelledError:
            self.given_up = True
            raise
        return self.card

    async def health(self) -> Health:
        return Health(DeviceState.ONLINE)

    async def additional_address(self) -> str:
        return ""

    async def sam_id(self) -> str:
        return ""

    async def reset(self) -> None:
        return None

    async def close(self) -> None:
        return None


@pytest.mark.parametrize(("after", "read"), [(0.5, True), (5.0, False)])
def test_a_card_that_was_found_is_read_to_its_end_and_one_that_was_not_is_not_waited_for(
    after: float, read: bool
) -> None:
    async def scene() -> None:
        reader = Reader(after)
        found = await Laying(reader, 600.0).or_change(asyncio.sleep(1.0))
        assert (found is reader.card, reader.given_up) == (read, not read)

    run_virtual(scene(), nightfall(DAY))
