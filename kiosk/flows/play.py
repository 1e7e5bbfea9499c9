"""One run of a flow's coroutine, step by step, shut off from everything but its steps.

While the flow computes, no event loop is to be seen, so that a clock, a thread or a sleep asked for by mistake
fails at once instead of working unseen; each advance runs in a context of its own, so that nothing set there leaks.
Nothing is ever thrown into a flow: it is advanced, or closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import sys
import sysconfig
import traceback
from collections.abc import Callable, Coroutine, Generator
from pathlib import Path
from types import CodeType, CoroutineType, FrameType
from typing import Any, cast

from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.steps import Step

Flow = Callable[[Opening], Coroutine[Any, Any, Outcome]]
"""A service's procedure."""


class Broken(Exception):
    """A mistake in our own code: says where, never a value (values may be personal)."""


class FlowBroken(Broken):
    """The flow raised, ended with no outcome, or cannot be closed."""


class NotAStep(FlowBroken):
    """The flow awaited something that is no step; names the line."""


_LIBRARY = sysconfig.get_paths()["stdlib"]


class Play:
    """Starts `flow`; then `asked` is the step it waits for, or its outcome. Raises FlowBroken, NotAStep."""

    def __init__(self, flow: Flow, opening: Opening) -> None:
        self._coroutine = flow(opening)
        self.asked: Step[Any] | Outcome = self._advance(None)

    def send(self, answer: Any) -> None:
        """Give the answer; `asked` becomes what the flow wants next. Raises FlowBroken, NotAStep."""
        self.asked = self._advance(answer)

    def close(self) -> None:
        """End the flow where it stands. Raises FlowBroken if it waits for a step while being closed."""
        try:
            with _nothing_around():
                contextvars.copy_context().run(self._coroutine.close)
        except Exception as error:
            where = where_of(error)
            traceback.clear_frames(error.__traceback__)
            raise FlowBroken(f"a flow cannot be closed: {where}") from None

    def _advance(self, answer: Any) -> Step[Any] | Outcome:
        try:
            with _nothing_around():
                asked = contextvars.copy_context().run(self._coroutine.send, answer)
        except StopIteration as stop:
            if isinstance(stop.value, Outcome):
                return stop.value
            raise FlowBroken(f"a flow ended with {type(stop.value).__name__} instead of an outcome") from None
        except Exception as error:
            where = where_of(error)
            traceback.clear_frames(error.__traceback__)
            raise FlowBroken(f"a flow raised {where}") from None
        if isinstance(asked, Step):
            return cast(Step[Any], asked)
        line = self._line()
        with contextlib.suppress(FlowBroken):
            self.close()
        raise NotAStep(f"a flow awaited {type(asked).__name__}, which is no step, at {line}")

    def _line(self) -> str:
        """The innermost line of ours that waits."""
        found = "an unknown line"
        waiting: Any = self._coroutine
        while isinstance(waiting, CoroutineType):
            coroutine = cast("CoroutineType[Any, Any, Any]", waiting)
            frame: FrameType | None = coroutine.cr_frame
            if frame is not None and not frame.f_code.co_filename.startswith(_LIBRARY):
                found = _place(frame.f_code, frame.f_lineno)
            waiting = coroutine.cr_await
        return found


def where_of(error: BaseException) -> str:
    """The kind of an error and the last line of ours it came through, without its text."""
    frames = [
        (frame.f_code, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if not frame.f_code.co_filename.startswith(_LIBRARY) and frame.f_code.co_filename != __file__
    ]
    if not frames:
        return type(error).__name__
    return f"{type(error).__name__} at {_place(*frames[-1])}"


def _place(code: CodeType, line: int) -> str:
    return f"{Path(code.co_filename).name}:{line} in {code.co_name}"


@contextlib.contextmanager
def _nothing_around() -> Generator[None]:
    """Hide the running loop and its hooks for asynchronous generators."""
    events = cast(Any, asyncio.events)
    loop = events._get_running_loop()
    hooks = sys.get_asyncgen_hooks()
    events._set_running_loop(None)
    sys.set_asyncgen_hooks(None, None)
    try:
        yield
    finally:
        sys.set_asyncgen_hooks(*hooks)
        events._set_running_loop(loop)
