"""`kiosk run`: the terminal. Without a station file it runs in simulation: headquarters, world and dock beside it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk.commands.process import Manner, run_process
from kiosk.commands.simulated import NotStarted, ensure_sandbox, settings_for
from kiosk.screens.qt.window import WindowMode
from kiosk.settings import SettingsError, load_settings

VNC_PORT = 5955


def run(argv: Sequence[str]) -> int:
    """Exit status of the terminal; 3 when headquarters, the world or the settings are not as they must be."""
    parser = argparse.ArgumentParser(prog="kiosk run")
    parser.add_argument("--state", type=Path, default=Path("var"))
    parser.add_argument("--station", type=Path, help="a station file: real devices, real headquarters")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language", choices=["zh-CN", "en"], default="zh-CN")
    parser.add_argument("--dock", choices=["window", "none"], default="window")
    options = parser.parse_args(argv)
    environment = dict(os.environ)
    mode = WindowMode.FULLSCREEN if environment.get("FULLSCREEN") == "1" else WindowMode.WINDOWED
    headless = _choose_platform(environment)
    if options.station is not None:
        return _station(options, environment, mode)
    try:
        sandbox = ensure_sandbox(options.state.resolve(), options.seed)
    except NotStarted as failure:
        print(f"kiosk run: {failure}", file=sys.stderr)
        return 3
    dock = _Dock(options.state.resolve(), shown=not headless and options.dock == "window")
    if headless:
        print(
            f"no display: the terminal is on VNC at 127.0.0.1:{VNC_PORT}; "
            f"act in the world with: kiosk dock --state {options.state} state",
            file=sys.stderr,
        )
    try:
        manner = Manner(
            state=sandbox.state,
            simulated=True,
            offset=sandbox.clock_offset(),
            core=_core,
            language=options.language,
            window=mode,
            environment=environment,
        )
        return run_process(settings_for(sandbox, options.language), manner)
    finally:
        dock.end()
        sandbox.end()


async def _core(built: Any) -> int | None:
    await built.run()
    return None


def _choose_platform(environment: dict[str, str]) -> bool:
    """Without a display the window is served by Qt's vnc platform on loopback."""
    if environment.get("QT_QPA_PLATFORM") or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return environment.get("QT_QPA_PLATFORM", "").startswith(("vnc", "offscreen"))
    os.environ["QT_QPA_PLATFORM"] = f"vnc:size=1080x1920:port={VNC_PORT}:addr=127.0.0.1"
    return True


def _station(options: argparse.Namespace, environment: dict[str, str], mode: WindowMode) -> int:
    try:
        settings = load_settings(options.station, None)
    except SettingsError as wrong:
        print(f"kiosk run: {wrong}", file=sys.stderr)
        return 3
    manner = Manner(
        state=options.state.resolve(),
        simulated=False,
        offset=lambda: timedelta(0),
        core=_core,
        language=options.language,
        window=mode,
        environment=environment,
    )
    return run_process(settings, manner)


class _Dock:
    """The dock's window, in a process of its own beside the terminal."""

    def __init__(self, state: Path, *, shown: bool) -> None:
        self._process: Any = None
        if shown:
            import subprocess

            self._process = subprocess.Popen(
                [sys.executable, "-m", "kiosk.simulation.qt.dock_window", "--state", str(state)]
            )

    def end(self) -> None:
        """Close it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(5)
