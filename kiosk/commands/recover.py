"""`kiosk recover --state DIR`: settle what a kill or a power cut left, without a window and without a citizen.

Starts headquarters' sandbox and the world of DIR where they are absent, and ends what it started. Refuses while a
terminal runs on DIR. Nothing is opened, printed, dispensed or charged. Exit status 0 when no effect is left started;
1 when one is, or the books cannot be kept; 3 when it could not begin.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from kiosk.app import Terminal, terminal
from kiosk.commands.no_camera import NoCamera
from kiosk.commands.simulated import NotStarted, Sandbox, ensure_sandbox, settings_for
from kiosk.commands.surroundings import Given, in_earnest
from kiosk.documents.papers import Standing
from kiosk.documents.process import InlinePaper
from kiosk.flows.effects import EffectState
from kiosk.flows.recovery import RecoveredCase
from kiosk.screens.proof import PageProof
from kiosk.screens.stage import Glass, Intent
from kiosk.screens.states import Chrome, Live, Look, PageState
from kiosk.settings import Settings, SettingsError
from kiosk.simulation.places import Places
from kiosk.simulation.world import running_terminal
from kiosk.store.failures import DiskFull, LockedElsewhere, StoreFailure

FLUSH_SECONDS = 20.0
"""How long the outbox may take to send what it holds before the command ends; what is left goes later."""
LOOK_AGAIN_SECONDS = 0.05

RUNS = "a terminal is running on this state directory: nothing was touched"


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of every open case, and how many messages still wait for headquarters."""

    cases: tuple[RecoveredCase, ...]
    waiting: int

    @property
    def settled(self) -> bool:
        """Whether no effect is left started."""
        return all(e.now is not EffectState.STARTED for case in self.cases for e in case.effects)

    def as_json(self) -> dict[str, Any]:
        """For standard output."""
        return {
            "effects": [
                {
                    "case": e.case,
                    "key": e.key,
                    "kind": e.kind.value,
                    "was": e.was.value,
                    "now": e.now.value,
                    "number": e.number,
                    "evidence": dict(e.evidence),
                    "stages": list(e.stages),
                }
                for case in self.cases
                for e in case.effects
            ],
            "cases": [
                {"case": c.case, "service": c.service, "closed": c.closed, "trouble": c.trouble} for c in self.cases
            ],
            "outbox_waiting": self.waiting,
        }


def run(argv: Sequence[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="kiosk recover")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1, help="of the synthetic people, if they are not there yet")
    parser.add_argument("--server", default="", help="headquarters already running at this address")
    parser.add_argument("--json", action="store_true", help="the only form there is")
    options = parser.parse_args(argv)
    state: Path = options.state.resolve()
    if not (state / "terminal" / "terminal.db").exists():
        return _cannot(f"no terminal ever ran in {options.state}")
    if running_terminal(Places(state)) is not None:
        return _cannot(RUNS)
    try:
        sandbox = ensure_sandbox(state, options.seed, options.server)
    except NotStarted as failure:
        return _cannot(str(failure))
    try:
        found = asyncio.run(recover(settings_for(sandbox), sandbox))
    except LockedElsewhere:
        return _cannot(RUNS)
    except SettingsError as wrong:
        return _cannot(str(wrong))
    except (DiskFull, StoreFailure) as failure:
        print(f"kiosk recover: the terminal's books cannot be kept: {failure}", file=sys.stderr)
        return 1
    finally:
        sandbox.end()
    print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    return 0 if found.settled else 1


def _cannot(why: str) -> int:
    print(f"kiosk recover: {why}", file=sys.stderr)
    return 3


async def recover(settings: Settings, sandbox: Sandbox, seconds: float = FLUSH_SECONDS) -> Recovered:
    """Settle every open case once, then send what waits, at most `seconds` long. Raises what the store raises."""
    async with AsyncExitStack() as closing:
        given = Given(
            state=sandbox.state,
            simulated=True,
            offset=sandbox.clock_offset(),
            camera=NoCamera(),
            papers=InlinePaper(Standing.SIMULATED),
        )
        around = in_earnest(settings, given, closing)
        async with terminal(settings, around, SilentStage()) as built:
            try:
                return await _settle(built, seconds)
            finally:
                await built.supervisor.close()


async def _settle(built: Terminal, seconds: float) -> Recovered:
    sending = asyncio.ensure_future(built.outbox.run())
    try:
        cases = await built.recover()
        await built.store.outbox.hasten()
        until = time.monotonic() + seconds
        while (waiting := await built.store.outbox.waiting()) and time.monotonic() < until:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
    finally:
        sending.cancel()
        _ = await asyncio.wait({sending})
    return Recovered(cases, waiting)


class SilentStage:
    """A stage that shows nothing and is never touched: nobody is there."""

    def __init__(self) -> None:
        self._look = Look()
        self._revision = 0

    @property
    def look(self) -> Look:
        """As the pages would be shown."""
        return self._look

    def dress(self, look: Look) -> None:
        """See Stage.dress."""
        self._look = replace(look)

    def show(self, state: PageState, chrome: Chrome) -> int:
        """See Stage.show."""
        del state, chrome
        self._revision += 1
        return self._revision

    def amend(self, state: PageState, chrome: Chrome) -> None:
        """See Stage.amend."""

    def live(self, live: Live) -> None:
        """See Stage.live."""

    def proof(self) -> PageProof:
        """Nobody reads anything here: asking is a mistake. Raises RuntimeError."""
        raise RuntimeError("no page is shown while a terminal recovers")

    def glass(self) -> Glass | None:
        """See Stage.glass."""
        return None

    async def intent(self) -> Intent:
        """Never comes."""
        await _never()


async def _never() -> NoReturn:
    await asyncio.get_running_loop().create_future()
    raise AssertionError("a future nobody knows was fulfilled")
