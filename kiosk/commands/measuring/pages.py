"""Page changes and touches on the real window.

`python -m kiosk.commands.measuring.pages CHANGES TOUCHES` prints JSON. Every page takes its turn, worded
by the real presenters, from the core's thread to a swapped frame.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import cycle
from typing import Any

PAINT_SECONDS = 20.0
REST_SECONDS = 0.02
"""Between two changes, so that one is not drawn in the other's time."""
SPARE_SECONDS = 600.0


def measure(changes: int, touches: int) -> dict[str, list[float]]:
    """Seconds of each page change and of each touch, in a process of its own. Raises CalledProcessError."""
    command = [sys.executable, "-m", __name__, str(changes), str(touches)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, timeout=SPARE_SECONDS, check=True)
    return json.loads(done.stdout)


class _Show:
    """Samples in turn, so that two that follow each other are different pages."""

    def __init__(self, changes: int, touches: int) -> None:
        self._changes = changes
        self._touches = touches
        self._painting: Any = None
        self._hands: Any = None
        self.found: dict[str, list[float]] = {"change": [], "change_cpu": [], "touch": []}

    def ready(self, window: Any, stage: Any) -> None:
        """On the Qt thread, before the core starts."""
        from kiosk.simulation.qt.gauge import Painting
        from kiosk.simulation.qt.hands import Hands

        del stage
        self._painting = Painting(window.bridge)
        self._hands = Hands(window)

    async def core(self, stage: Any) -> int | None:
        """On the core's thread."""
        from kiosk.screens.samples import samples

        pages = cycle(samples())
        await self._change(stage, pages)
        await self._touch(stage)
        return None

    async def _change(self, stage: Any, pages: Iterator[Any]) -> None:
        while len(self.found["change"]) < self._changes:
            sample = next(pages)
            before = stage.revision
            began, used = time.perf_counter(), time.process_time()
            revision = stage.show(sample.state, sample.chrome)
            if revision == before:
                continue
            painted = await asyncio.to_thread(self._painting.wait, revision, PAINT_SECONDS)
            self.found["change"].append(painted - began)
            self.found["change_cpu"].append(time.process_time() - used)
            await asyncio.sleep(REST_SECONDS)

    async def _touch(self, stage: Any) -> None:
        """From lifting the finger to the next page in a frame: window, bridge, core, presenter and back."""
        from kiosk.flows.steps import Phase
        from kiosk.screens.states import Chrome, WorkingPage, WorkTopic

        chrome = Chrome(service="HZ02", phase=Phase.IDENTITY, phases=(Phase.IDENTITY,))
        asked, answered = _two_pages()
        for _ in range(self._touches):
            _ = stage.show(WorkingPage(WorkTopic.ASKING_HEADQUARTERS), chrome)
            revision = stage.show(asked, chrome)
            _ = await asyncio.to_thread(self._painting.wait, revision, PAINT_SECONDS)
            touching = threading.Thread(target=self._hands.tap, args=("leave",))
            touching.start()
            async with asyncio.timeout(PAINT_SECONDS):
                _ = await stage.intent()
            revision = stage.show(answered, chrome)
            painted = await asyncio.to_thread(self._painting.wait, revision, PAINT_SECONDS)
            await asyncio.to_thread(touching.join)
            self.found["touch"].append(painted - self._hands.released_at)


def _two_pages() -> tuple[Any, Any]:
    from kiosk.screens.states import LeavePage, ReadCard, ReaderStage

    return ReadCard(ReaderStage.WAITING), LeavePage(())


def main(argv: list[str]) -> int:
    """See the module."""
    from kiosk.commands.station import LOCALES
    from kiosk.screens.presenters import Presenters
    from kiosk.screens.qt.terminal import TerminalSettings, run_terminal
    from kiosk.screens.samples import SAMPLE_SETTINGS, samples
    from kiosk.screens.words import OnMissing, load_words

    show = _Show(int(argv[0]), int(argv[1]))

    def words() -> Presenters:
        return Presenters(load_words(LOCALES, ("zh-CN", "en"), OnMissing.RAISE), SAMPLE_SETTINGS)

    status = run_terminal(show.core, TerminalSettings(words=words, first=samples()[0].state, ready=show.ready))
    print(json.dumps(show.found))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
