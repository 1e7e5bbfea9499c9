"""The main thread and the core thread together, in processes of their own."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def _program(core: str) -> list[str]:
    text = textwrap.dedent(
        """
        import asyncio, sys
        from kiosk.screens.qt.messages import QtWarnings
        from kiosk.screens.qt.terminal import TerminalSettings, run_terminal
        from kiosk.screens.states import *
        from tests.screens.qt.pages import HandWritten, page_view
        from kiosk.screens.views import ChooseView, OptionSheet, OptionView

        PAGES = {ChoosePage: page_view("ChoosePage", ChooseView((OptionSheet((OptionView("a", "甲"),), ""),)))}

        def ready(window, stage):
            window.bridge.painted.connect(lambda revision: print("painted", revision, flush=True))

        """
    )
    ending = (
        "\nsys.exit(run_terminal(core, TerminalSettings(lambda: HandWritten(PAGES), Attract(()),"
        " warnings=QtWarnings.CRASH, ready=ready)))\n"
    )
    return [sys.executable, "-c", text + textwrap.dedent(core) + ending]


def _environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}


def _run(core: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _program(core), cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=60, check=False
    )


def test_the_core_shows_pages_and_its_result_is_the_exit_status() -> None:
    done = _run(
        """
        async def core(stage):
            stage.show(ChoosePage("t", ()), Chrome())
            for _ in range(200):
                stage.live(Live(seconds_left=1)); stage.live(Live(seconds_left=2))
            await asyncio.sleep(0.3)
            return 3
        """
    )
    assert done.returncode == 3, done.stderr
    assert "painted" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_touch_reaches_the_core_and_one_for_an_older_page_does_not() -> None:
    done = _run(
        """
        async def core(stage):
            first = stage.show(ChoosePage("t", ()), Chrome())
            stage.deliver(first - 1, "stale", {})
            stage.typed(first - 1, 4, True)
            stage.deliver(first, "choose", {"id": "a"})
            intent = await asyncio.wait_for(stage.intent(), 5)
            assert stage.glass().typed is None
            stage.typed(first, 7, False)
            await asyncio.sleep(0)
            assert (stage.glass().typed.characters, stage.glass().typed.ready) == (7, False)
            return 0 if intent.action == "choose" and intent.payload == {"id": "a"} else 9
        """
    )
    assert done.returncode == 0, done.stderr


def test_a_core_that_fails_ends_the_terminal_loudly() -> None:
    done = _run("async def core(stage):\n    raise ValueError('within')\n")
    assert done.returncode == 70
    assert "ValueError: within" in done.stderr


def test_a_task_nobody_waits_for_fails_loudly_too() -> None:
    done = _run(
        """
        async def core(stage):
            async def forgotten():
                raise ValueError("forgotten")
            asyncio.get_running_loop().call_soon(lambda: 1 / 0)
            await asyncio.sleep(30)
        """
    )
    assert done.returncode == 70
    assert "ZeroDivisionError" in done.stderr


def test_sigterm_ends_core_and_window_in_order() -> None:
    process = subprocess.Popen(
        _program(
            """
            async def core(stage):
                try:
                    print("core", flush=True)
                    await asyncio.sleep(60)
                finally:
                    print("tidied", flush=True)
            """
        ),
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    while "core" not in lines:
        lines.append(process.stdout.readline().strip())
    sent = time.monotonic()
    process.send_signal(signal.SIGTERM)
    rest, errors = process.communicate(timeout=30)
    assert "tidied" in rest
    assert process.returncode == 0, errors
    assert time.monotonic() - sent < 8.0
