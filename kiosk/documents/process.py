"""Papers for the counter: from a process of its own in earnest, inline under the virtual clock."""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from kiosk.documents.composing import compose_now
from kiosk.documents.papers import Medium, NoPaper, PaperRefused, Standing, sheet

_LONGEST_ANSWER = 16 * 1024 * 1024
_TRIES = 2
"""Setting a paper has no effect but the paper, so a child that died is tried again, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPatience:
    """Waits of this room in seconds."""

    start: float = 20.0
    compose: float = 15.0
    end: float = 1.0


class InlinePaper:
    """Composes on the caller's thread: for the virtual clock, tests and tools. Equal values give equal bytes."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    async def compose(
        self, paper: str, values: Mapping[str, str], language: str, medium: Medium | None = None
    ) -> bytes:
        """See PaperProcess.compose."""
        return compose_now(paper, values, language, self._standing, medium)

    async def start(self) -> None:
        """Nothing to start."""

    async def close(self) -> None:
        """Nothing to end."""


class PaperProcess:
    """Composes in a child, one paper at a time, so that Typst never holds this process's GIL.

    The child is started by `start` or by the first paper, again after it died or hung, and ends with its input.
    """

    def __init__(
        self,
        standing: Standing,
        patience: PaperPatience | None = None,
        command: tuple[str, ...] = (sys.executable, "-m", "kiosk.documents.paper_process"),
    ) -> None:
        self._standing = standing
        self._patience = patience if patience is not None else PaperPatience()
        self._command = command
        self._child: asyncio.subprocess.Process | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The child's, or None while there is none."""
        return None if self._child is None else self._child.pid

    async def start(self) -> None:
        """Start the child and wait until its fonts are loaded. Raises NoPaper."""
        async with self._turn:
            await self._running()

    async def compose(
        self, paper: str, values: Mapping[str, str], language: str, medium: Medium | None = None
    ) -> bytes:
        """PDF for A4 papers, ESC/POS bytes for the roll. `medium` None: where the paper goes by itself.

        Raises PaperRefused at once for values that are wrong, NoPaper when the child cannot; nothing was printed.
        """
        sheet(paper, values, self._standing)
        request = json.dumps(
            {
                "paper": paper,
                "values": dict(values),
                "language": language,
                "standing": self._standing.value,
                "medium": None if medium is None else medium.value,
            }
        )
        async with self._turn:
            return _read(await self._ask(request.encode() + b"\n"))

    async def close(self) -> None:
        """End the child: by the end of its input, by force after a second."""
        async with self._turn:
            child, self._child = self._child, None
            if child is None:
                return
            if child.stdin is not None:
                child.stdin.close()
            try:
                async with asyncio.timeout(self._patience.end):
                    await child.wait()
            except TimeoutError:
                await _kill(child)

    async def _ask(self, request: bytes) -> dict[str, Any]:
        for _ in range(_TRIES):
            child = await self._running()
            try:
                async with asyncio.timeout(self._patience.compose):
                    return await _exchange(child, request)
            except TimeoutError:
                await self._drop()
                raise NoPaper("the paper process did not answer in time") from None
            except (ConnectionError, EOFError, ValueError):
                await self._drop()
            except asyncio.CancelledError:
                # its late answer would be taken for the next paper's
                await self._drop()
                raise
        raise NoPaper("the paper process ended twice over one paper")

    async def _running(self) -> asyncio.subprocess.Process:
        if self._child is not None and self._child.returncode is None:
            return self._child
        try:
            child = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=_LONGEST_ANSWER,
            )
        except OSError:
            raise NoPaper("the paper process cannot be started") from None
        try:
            async with asyncio.timeout(self._patience.start):
                ready = await _exchange(child, b"")
        except (TimeoutError, ConnectionError, EOFError, ValueError):
            await _kill(child)
            raise NoPaper("the paper process did not begin") from None
        except asyncio.CancelledError:
            await _kill(child)
            raise
        if "ready" not in ready:
            await _kill(child)
            raise NoPaper("the paper process did not begin")
        self._child = child
        return child

    async def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await _kill(child)


async def _exchange(child: asyncio.subprocess.Process, request: bytes) -> dict[str, Any]:
    """Write a line if there is one, read a line. Raises EOFError when the child is gone, ValueError for no JSON."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(request)
    await child.stdin.drain()
    line = await child.stdout.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    answer = json.loads(line)
    if not isinstance(answer, dict):
        raise ValueError("no object")
    return cast(dict[str, Any], answer)


async def _kill(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.kill()
    await child.wait()


def _read(answer: dict[str, Any]) -> bytes:
    if "refused" in answer:
        paper, value, why = answer["refused"]
        raise PaperRefused(paper, value, why)
    try:
        return base64.b64decode(answer["made"], validate=True)
    except (KeyError, TypeError, binascii.Error):
        raise NoPaper(str(answer.get("failed", "the paper process answered nonsense"))) from None
