"""An asyncio loop whose clock moves only when everybody waits: hours of visits in seconds, the same each time.

Instead of waiting for the next timer the loop moves its clock there. When nothing is scheduled and nobody outside
works for it, nothing can ever happen again: that is an error, not a hang. Threads that report by
`call_soon_threadsafe` on their own are not counted; under this loop only memory transports and executors are used.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
from collections.abc import Callable, Coroutine, Generator
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

T = TypeVar("T")

_RESOLUTION = 1e-7
"""Seconds within which timers count as due; wider than a float's grain after a year of virtual time."""


class NothingLeftToHappen(RuntimeError):
    """No timer, no outside work, and still somebody waits; names the tasks that wait."""


class BackgroundFailure(RuntimeError):
    """A task or callback failed and nobody looked at it. The failure is the cause."""


class _Selector(selectors.DefaultSelector):
    """Moves the clock where a real selector would wait."""

    loop: VirtualLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.outside:
            return super().select(None)
        if timeout is None:
            waiting = sorted(task.get_name() for task in asyncio.all_tasks(self.loop))
            raise NothingLeftToHappen(f"nothing is scheduled and nobody is outside; waiting: {', '.join(waiting)}")
        self.loop.advance(timeout)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """Starts at `start`; `outside` counts calls that an executor works on, while which the clock stands still."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._seconds = 0.0
        self.outside = 0
        self.failure: BaseException | None = None
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)
        self._clock_resolution = _RESOLUTION
        self.set_exception_handler(self._fail)
        self.set_task_factory(self._new_task)
        self._failed: list[asyncio.Task[Any]] = []

    def time(self) -> float:
        return self._seconds

    def now(self) -> datetime:
        """Wall time."""
        return self._start + timedelta(seconds=self._seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._seconds += seconds

    def run_in_executor(self, executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self.outside += 1
        future.add_done_callback(self._back_inside)
        return future

    def _new_task(
        self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, T] | Generator[Any, None, T]
    ) -> asyncio.Task[T]:
        task = asyncio.Task(coroutine, loop=loop)
        task.add_done_callback(self._note_failure)
        return task

    def _note_failure(self, task: asyncio.Task[Any]) -> None:
        self._failed = [known for known in (*self._failed, task) if _unseen(known)]

    def look_for_failed_tasks(self) -> None:
        """Failures nobody awaited are known now, not when a collector comes by."""
        for task in self._failed:
            if self.failure is None and _unseen(task):
                self.failure = BackgroundFailure(f"{task.get_name()} failed and nobody looked")
                self.failure.__cause__ = task.exception()

    def _back_inside(self, _: asyncio.Future[Any]) -> None:
        self.outside -= 1

    def _fail(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if self.failure is None:
            failure = BackgroundFailure(str(context.get("message", "failed")))
            failure.__cause__ = context.get("exception")
            self.failure = failure
        self.stop()


def _unseen(task: asyncio.Task[Any]) -> bool:
    """Whether a task failed and its exception was not fetched: what asyncio would only log, at some later time."""
    return bool(cast(Any, task)._log_traceback)


def run_virtual(main: Coroutine[Any, Any, T], start: datetime) -> T:
    """Run `main` on a loop of its own from `start` on (with its offset) and return its result.

    Raises NothingLeftToHappen when all wait for ever, BackgroundFailure when a task or callback nobody awaits
    failed, and whatever `main` raises. Tasks left over are cancelled at the end.
    """
    loop = VirtualLoop(start)
    try:
        task = loop.create_task(main, name="main")
        _run_until(loop, task)
        result = task.result()
        _cancel_rest(loop)
        loop.look_for_failed_tasks()
        if loop.failure is not None:
            raise loop.failure
        return result
    finally:
        with contextlib.suppress(BaseException):
            _cancel_rest(loop)
        loop.close()


def _run_until(loop: VirtualLoop, task: asyncio.Task[Any]) -> None:
    def finished(_: asyncio.Task[Any]) -> None:
        loop.stop()

    task.add_done_callback(finished)
    loop.run_forever()
    if loop.failure is not None:
        raise loop.failure


def _cancel_rest(loop: VirtualLoop) -> None:
    rest = sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name())
    for task in rest:
        task.cancel()
    if not rest:
        return
    loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
    for task in rest:
        error = None if task.cancelled() else task.exception()
        if error is not None and loop.failure is None:
            failure = BackgroundFailure(f"{task.get_name()} failed at its end")
            failure.__cause__ = error
            loop.failure = failure
