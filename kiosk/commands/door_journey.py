"""`kiosk journey door`: two people come in at night, one with a card, one whom the guard lets in; then HZ03 inside.

The door's own terminal with real QML and touches, the lock on its pty, headquarters over HTTPS; the guard's order is
the command that a guard gives. Exit status 0 only when headquarters' books tell both entries as they were, nothing
was noticed that did not happen, and the second person's report of the loss is on file.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kiosk.commands.simulated import DOOR, Machine, Sandbox, machine_in, put_machine, settings_for
from kiosk.simulation.citizen import Citizen, Sight, by_the_wall_clock
from kiosk.simulation.scripts.door import WITH_A_CARD, WITHOUT, come_in_by_card, come_in_by_guard

_log = logging.getLogger(__name__)

CODE = "door"
GUARD = "P-0007"
BECAUSE = "lost the card, wants to report it"
INSIDE = Machine("pick-up")
"""Where whoever has lost their card reports it."""
REPORT = "HZ03"
COMMAND_SECONDS = 60.0
INSIDE_SECONDS = 240.0
AGREE_SECONDS = 15.0


@dataclass
class Entries:
    """What is left of it: pages seen, headquarters' entries and orders, how the report inside ended."""

    language: str
    pages: list[str] = field(default_factory=list[str])
    taps: int = 0
    entries: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    orders: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    alarms: list[str] = field(default_factory=list[str])
    inside: dict[str, Any] = field(default_factory=dict[str, Any])
    problem: str = ""

    def as_json(self) -> dict[str, Any]:
        """For journey.json."""
        return asdict(self) | {"code": CODE}


class DoorJourney:
    """The people's thread, the door's terminal on the main thread, then the machine inside."""

    def __init__(self, sandbox: Sandbox, language: str, out: Path | None) -> None:
        self.record = Entries(language)
        self._sandbox = sandbox
        self._out = out
        self._hands: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Event | None = None
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)

    def go(self) -> int:
        """The exit status."""
        from kiosk.commands.process import Manner, run_process
        from kiosk.screens.qt.messages import QtWarnings
        from kiosk.screens.words import OnMissing

        before = machine_in(self._sandbox.state)
        put_machine(self._sandbox.state, Machine("door", before.screen))
        manner = Manner(
            state=self._sandbox.state,
            simulated=True,
            offset=self._sandbox.clock_offset(),
            core=self._core,
            language=self.record.language,
            warnings=QtWarnings.CRASH,
            motion=0.0,
            missing_text=OnMissing.RAISE,
            ready=self._ready,
            environment=dict(os.environ),
        )
        status = run_process(settings_for(self._sandbox, self.record.language), manner)
        if not self.record.problem and status != 0:
            self.record.problem = f"the terminal ended with status {status}"
        if not self.record.problem:
            self._judge()
        if not self.record.problem:
            self._inside()
        if self._out is not None:
            text = json.dumps(self.record.as_json(), ensure_ascii=False, indent=1) + "\n"
            (self._out / "journey.json").write_text(text, "utf-8")
        return 1 if self.record.problem else 0

    async def _core(self, built: Any) -> int | None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        running = asyncio.ensure_future(built.run())
        waiting = asyncio.ensure_future(self._ended.wait())
        _ = await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
        until = time.monotonic() + AGREE_SECONDS
        while await built.store.outbox.waiting() and time.monotonic() < until:
            await asyncio.sleep(0.05)
        self.record.alarms = sorted(built.board.alarms())
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        return None

    def _ready(self, window: Any, stage: Any) -> None:
        from kiosk.simulation.qt.hands import Hands

        del stage
        self._hands = Hands(window)
        threading.Thread(target=self._people, name="people", daemon=True).start()

    def _people(self) -> None:
        try:
            first = self._somebody(WITH_A_CARD)
            by_the_wall_clock(come_in_by_card(first))
            self._sandbox.world.call("person-leaves")
            second = self._somebody(WITHOUT)
            by_the_wall_clock(come_in_by_guard(second, self._guard_opens))
            self.record.taps = len(first.touches) + len(second.touches)
            self._sandbox.world.call("person-leaves")
        except BaseException as failure:
            self.record.problem = f"{type(failure).__name__}: {failure}"
            if self._out is not None:
                with contextlib.suppress(Exception):
                    self._hands.grab(self._out / "problem.png")
        finally:
            while self._loop is None or self._ended is None:
                time.sleep(0.05)
            self._loop.call_soon_threadsafe(self._ended.set)

    def _somebody(self, situation: str) -> Citizen:
        person = self._sandbox.world.call("person-arrives", situation=situation, nth=0)["person"]
        return Citizen(self._hands, self._sandbox.world, person["number"], person["phone"], self._seen)

    def _seen(self, sight: Sight) -> None:
        self.record.pages.append(sight.kind)
        if self._out is not None:
            self._hands.grab(self._out / f"{len(self.record.pages):02d}-door.png")

    def _guard_opens(self) -> None:
        """What a guard does who has asked who is there and why. Raises RuntimeError where headquarters declines."""
        order = ("door", "open", "--terminal", DOOR, "--by", GUARD, "--because", BECAUSE)
        _ = self._central(*order)

    def _central(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "central", *arguments, "--state", str(self._sandbox.state)]
        done = subprocess.run(command, capture_output=True, timeout=COMMAND_SECONDS, check=False, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"central {arguments[0]}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def _judge(self) -> None:
        """Two entries, sensed, by card and by the guard's order with its reason; no alarm."""
        told = json.loads(self._central("doors", "--json"))
        self.record.entries, self.record.orders = told["entries"], told["orders"]
        came = sorted((entry["by"], entry["came"]) for entry in told["entries"])
        ordered = [(order["by"], order["because"], order["state"]) for order in told["orders"]]
        if came != [("card", "sensed"), ("guard", "sensed")]:
            self.record.problem = f"headquarters tells other entries: {came}"
        elif ordered != [(GUARD, BECAUSE, "came-in")]:
            self.record.problem = f"headquarters tells other orders: {ordered}"
        elif self.record.alarms:
            self.record.problem = f"the door noticed {', '.join(self.record.alarms)}"

    def _inside(self) -> None:
        """The same person at the machine inside, in a process of its own as every terminal."""
        put_machine(self._sandbox.state, INSIDE)
        command = [sys.executable, "-m", "kiosk", "journey", REPORT, "--state", str(self._sandbox.state), "--json"]
        command += ["--language", self.record.language, "--profile", INSIDE.profile]
        command += [] if self._out is None else ["--out", str(self._out / REPORT)]
        done = subprocess.run(command, capture_output=True, timeout=INSIDE_SECONDS, check=False)
        told: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
        self.record.inside = {name: told.get(name) for name in ("code", "outcome", "case_number", "agreed")}
        if done.returncode != 0:
            self.record.problem = f"{REPORT}: {told.get('problem') or done.stderr.decode('utf-8', 'replace')[-300:]}"
