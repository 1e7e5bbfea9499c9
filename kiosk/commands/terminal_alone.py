"""`python -m kiosk.commands.terminal_alone`: the terminal of a simulated state directory, and nothing beside it.

Started by `kiosk run`, which starts it again when it dies. With `--listening FD` its window is served by VNC on that
socket. Ends with status 3 when headquarters or the world cannot be had.
"""

from __future__ import annotations

import argparse
import gc
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kiosk.cli import log_to_stderr
from kiosk.commands.showing import START_AGAIN, SWITCHED_OFF
from kiosk.simulation.ties import end_with


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status of the terminal, or 3."""
    parser = argparse.ArgumentParser(prog="terminal_alone")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--language", default="zh-CN")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--listening", type=int)
    parser.add_argument("--parent", type=int)
    options = parser.parse_args(argv)
    log_to_stderr()
    if options.parent is not None:
        end_with(options.parent)
    # Until the first visit there is nothing worth looking for, and looking is a tenth of the start.
    gc.disable()
    from kiosk.commands.keeping import keeping, own_values
    from kiosk.commands.simulated import NotStarted, ensure_sandbox, machine_in, station_for, terminal_of
    from kiosk.configuration.judging import Judge

    try:
        sandbox = ensure_sandbox(options.state.resolve(), options.seed)
    except NotStarted as failure:
        print(f"kiosk run: {failure}", file=sys.stderr)
        return 3
    overlay = station_for(sandbox, options.language)
    name = terminal_of(machine_in(sandbox.state))
    judge = Judge(name, None, overlay, own_values=own_values(sandbox.state))
    kept = keeping(sandbox.state, judge)
    settings = judge.own() if kept is None else kept.beginning.settings
    if options.listening is not None:
        from kiosk.simulation.qt.loopback_vnc import serve

        with socket.socket(fileno=options.listening) as ours:
            serve(ours, settings.display.width, settings.display.height)
    from kiosk.commands.process import Manner, run_process
    from kiosk.screens.qt.window import WindowMode

    environment = dict(os.environ)
    mode = WindowMode.FULLSCREEN if environment.get("FULLSCREEN") == "1" else WindowMode.WINDOWED
    manner = Manner(
        state=sandbox.state,
        simulated=True,
        offset=sandbox.clock_offset(),
        core=until_it_ends,
        language=options.language,
        window=mode,
        environment=environment,
        judge=judge,
        keeping=kept,
    )
    return run_process(settings, manner)


async def until_it_ends(built: Any) -> int | None:
    """The core of a terminal that is there for whoever comes.

    SWITCHED_OFF when its battery ended, START_AGAIN when headquarters wants that.
    """
    ended = await built.run()
    return START_AGAIN if ended.value == "restart" else SWITCHED_OFF


if __name__ == "__main__":
    sys.exit(main())
