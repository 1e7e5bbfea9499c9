"""`kiosk run`: the terminal. Without a station file it runs in simulation: headquarters, world and dock beside it."""

from __future__ import annotations

import argparse
import gc
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from kiosk.commands.showing import SWITCHED_OFF, VNC_PORT
from kiosk.settings.loading import profiles, screens

DOCKS = ("window", "none")


def run(argv: Sequence[str]) -> int:
    """Exit status of the terminal; 3 when headquarters, the world or the settings are not as they must be."""
    parser = argparse.ArgumentParser(
        prog="kiosk run",
        description="Runs the terminal until its window is closed, Ctrl-C or SIGTERM. FULLSCREEN=1 fills it.",
    )
    parser.add_argument("--state", type=Path, default=Path("var"), help="everything is kept here (default: var)")
    parser.add_argument("--station", type=Path, help="a station file: real devices, real headquarters")
    parser.add_argument("--seed", type=int, default=1, help="of the synthetic people, on a first start")
    parser.add_argument("--profile", choices=profiles(), default="", help="kind of machine (default: the one there)")
    parser.add_argument("--screen", choices=screens(), default="", help="its screen (default: the one there)")
    parser.add_argument("--language", choices=["zh-CN", "en"], default="zh-CN")
    parser.add_argument("--dock", choices=DOCKS, default="window")
    parser.add_argument("--vnc-port", type=int, default=VNC_PORT, help="where there is no display")
    options = parser.parse_args(argv)
    if options.station is not None:
        return _station(options)
    from kiosk.commands.simulated import Machine
    from kiosk.commands.together import Wishes, run_together

    return run_together(
        Wishes(
            state=options.state,
            seed=options.seed,
            language=options.language,
            dock=options.dock == "window",
            vnc_port=options.vnc_port,
            machine=Machine(options.profile, options.screen),
        )
    )


def _station(options: argparse.Namespace) -> int:
    # Until the first visit there is nothing worth looking for, and looking is a tenth of the start.
    gc.disable()
    from kiosk.commands.keeping import keeping, own_values
    from kiosk.commands.process import Manner, run_process
    from kiosk.commands.terminal_alone import until_it_ends
    from kiosk.configuration.judging import Judge
    from kiosk.screens.qt.window import WindowMode
    from kiosk.settings import SettingsError, load_settings

    environment = dict(os.environ)
    try:
        asked = {"profile": options.profile, "screen": options.screen}
        overlay = {name: value for name, value in asked.items() if value}
        name = load_settings(options.station, overlay).terminal.name
        judge = Judge(name, options.station, overlay, own_values=own_values(options.state.resolve()))
        kept = keeping(options.state.resolve(), judge)
        settings = judge.own() if kept is None else kept.beginning.settings
    except (SettingsError, OSError) as wrong:
        print(f"kiosk run: {wrong}", file=sys.stderr)
        return 3
    manner = Manner(
        state=options.state.resolve(),
        simulated=False,
        offset=lambda: timedelta(0),
        core=until_it_ends,
        language=options.language,
        window=WindowMode.FULLSCREEN if environment.get("FULLSCREEN") == "1" else WindowMode.WINDOWED,
        environment=environment,
        judge=judge,
        keeping=kept,
    )
    status = run_process(settings, manner)
    if status == SWITCHED_OFF and settings.power.command:
        # Everything is closed and on disk: whoever starts the terminal again finds a machine that is switching off.
        return subprocess.run(shlex.split(settings.power.command), check=False).returncode
    return status
