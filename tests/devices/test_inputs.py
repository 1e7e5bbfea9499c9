"""Contacts that people work: pressed, released, stuck, bouncing; and with the cable off nobody says "not pressed"."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.help_button.contacts import BoardButtonSettings, ContactButton, ModemButtonSettings
from kiosk.devices.help_button.contract import Button, ButtonEvent
from kiosk.devices.inputs.board_frames import Decoder, Report
from kiosk.devices.inputs.steady import Steady, Timing, Trouble
from kiosk.devices.inputs.wires import InputBoard, ModemLines, ModemPort
from kiosk.devices.key_switch.contacts import BoardKeySettings, ContactKey, ModemKeySettings
from kiosk.devices.key_switch.contract import KeyPosition
from kiosk.devices.lines import MemoryLine, line_at
from kiosk.devices.transport import Line, Transport
from kiosk.devices.words import DeviceState
from kiosk.simulation.input_board import Fault, report
from kiosk.simulation.input_board import InputBoard as Board
from kiosk.simulation.wires import PtyPort, WireGone
from tests.devices.farends import FixedClock, Player, played
from tests.devices.makers import FarWire
from tests.devices.virtual import run_virtual

T = TypeVar("T")

REST, PRESSED = 0b0001, 0b0010
RUN, MAINTENANCE, SUPERVISOR = 0b0_0100, 0b0_1000, 0b1_0000


class Inline:
    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return


def playing(board: Board) -> Player:
    async def play(end: Transport) -> None:
        with suppress(WireGone):
            await board.run(FarWire(end))

    return play


def far() -> Player:
    """A button at rest and a key in service."""
    return playing(Board(REST | RUN))


def button(line: Line) -> ContactButton:
    settings = BoardButtonSettings(port="here")
    return ContactButton(InputBoard(line), settings.rest, settings.pressed, settings.timing, FixedClock())


def key(line: Line) -> ContactKey:
    settings = BoardKeySettings(port="here")
    return ContactKey(InputBoard(line), settings.positions, settings.timing, FixedClock())


def on(body: Callable[[Board, MemoryLine], Coroutine[Any, Any, None]], lines: int = REST | RUN) -> None:
    async def main() -> None:
        board = Board(lines)
        async with played(playing(board)) as line:
            await body(board, line)

    run_virtual(main())


# -- debouncing -----------------------------------------------------------------------------------------------


def looks(states: str, every: float = 0.01) -> Steady[str]:
    """One look for each letter: p pressed, r released, ? nobody can say."""
    steady = Steady("?", "p", Timing(steady=0.05, unknown=0.5, bouncing=2.0, stuck=30.0))
    for n, state in enumerate(states):
        steady.look(state, n * every)
    return steady


@pytest.mark.parametrize(
    ("states", "state", "trouble"),
    [
        ("r" * 7, "r", Trouble.NONE),
        ("r" * 7 + "prprp", "r", Trouble.NONE),
        ("r" * 7 + "prprp" + "p" * 7, "p", Trouble.NONE),
        ("r" * 7 + "?" * 20, "r", Trouble.NONE),
        ("r" * 7 + "?" * 52, "?", Trouble.CABLE_OFF),
        ("r" * 7 + "pr" * 120, "?", Trouble.BOUNCING),
        ("r" * 7 + "pr" * 120 + "r" * 7, "r", Trouble.NONE),
        ("rp" * 120, "?", Trouble.BOUNCING),
        ("p" * 3000, "p", Trouble.NONE),
        ("p" * 3010, "p", Trouble.STUCK),
        ("p" * 3010 + "r" * 7, "r", Trouble.NONE),
        ("r" * 9000, "r", Trouble.NONE),
        ("", "?", Trouble.NONE),
    ],
)
def test_what_a_contact_is(states: str, state: str, trouble: Trouble) -> None:
    steady = looks(states)
    assert (steady.state, steady.trouble) == (state, trouble)


def test_a_lost_line_is_unknown_at_once() -> None:
    steady = looks("p" * 9)
    steady.lost()
    assert (steady.state, steady.settled) == ("?", False)


@given(st.text("pr?", max_size=300))
def test_no_bouncing_ever_says_what_was_not_steady(states: str) -> None:
    steady = looks(states)
    if steady.state in ("p", "r"):
        assert steady.state * 5 in states


@given(st.lists(st.binary(max_size=30), max_size=30))
def test_no_noise_breaks_the_decoder_or_fills_it(noise: list[bytes]) -> None:
    decoder = Decoder()
    for chunk in noise:
        assert all(isinstance(one, Report) for one in decoder.feed(chunk))
    assert len(decoder.__dict__["_pending"]) < 4


def test_the_pages_examples_are_what_is_sent_and_understood() -> None:
    page = (Path(__file__).parents[2] / "docs/devices/inputs.md").read_text("utf-8")
    examples = ("C5 05 01 34", "C5 06 02 32")
    assert all(example in page for example in examples)
    wires = [bytes.fromhex(example) for example in examples]
    assert wires == [report(REST | RUN, 1), report(PRESSED | RUN, 2)]
    assert Decoder().feed(b"".join(wires)) == (Report(("1", "3"), 1), Report(("2", "3"), 2))


# -- the button -------------------------------------------------------------------------------------------------


def test_a_press_a_release_and_a_stuck_button_are_told_once_each_through_all_bouncing() -> None:
    async def body(board: Board, line: MemoryLine) -> None:
        help_button = button(line)
        assert await help_button.event(seconds=2) is ButtonEvent.RELEASED
        assert await help_button.event(seconds=2) is None
        assert await help_button.state() is Button.RELEASED
        bouncing = asyncio.get_running_loop().create_task(board.bounce(PRESSED, REST, 5))
        assert await help_button.event(seconds=2) is ButtonEvent.PRESSED
        await bouncing
        assert await help_button.event(seconds=20) is None
        assert await help_button.event(seconds=20) is ButtonEvent.STUCK
        assert (await help_button.health()).code == "stuck"
        bouncing = asyncio.get_running_loop().create_task(board.bounce(REST, PRESSED, 5))
        assert await help_button.event(seconds=2) is ButtonEvent.RELEASED
        await bouncing
        assert (await help_button.health()).state is DeviceState.ONLINE
        await help_button.close()

    on(body)


def test_a_button_that_is_found_pressed_is_pressed() -> None:
    async def body(_board: Board, line: MemoryLine) -> None:
        help_button = button(line)
        assert await help_button.state() is Button.PRESSED
        assert await help_button.event(seconds=2) is ButtonEvent.PRESSED
        await help_button.close()

    on(body, PRESSED)


@pytest.mark.parametrize("lines", [0, REST | PRESSED, 0b1000_0000])
def test_with_its_cable_off_or_cut_a_button_is_unknown_never_not_pressed(lines: int) -> None:
    async def body(_board: Board, line: MemoryLine) -> None:
        help_button = button(line)
        assert await help_button.state() is Button.UNKNOWN
        health = await help_button.health()
        assert (health.state, health.code) == (DeviceState.HARDWARE_ERROR, "cableOff")
        assert await help_button.event(seconds=2) is ButtonEvent.LOST
        assert help_button.capabilities.supervised
        await help_button.close()

    on(body, lines)


def test_a_contact_that_never_settles_is_said_to_bounce() -> None:
    async def body(board: Board, line: MemoryLine) -> None:
        help_button = button(line)
        assert await help_button.event(seconds=2) is ButtonEvent.RELEASED
        bouncing = asyncio.get_running_loop().create_task(board.bounce(PRESSED, REST, 1000))
        assert await help_button.event(seconds=5) is ButtonEvent.LOST
        assert (await help_button.health()).code == "bouncing"
        _ = bouncing.cancel()
        _ = await asyncio.gather(bouncing, return_exceptions=True)
        await help_button.close()

    on(body)


@pytest.mark.parametrize("how", ["unplugged", *Fault])
def test_a_board_that_is_away_silent_frozen_or_damaged_is_unknown_and_its_return_is_told(how: str | Fault) -> None:
    async def body(board: Board, line: MemoryLine) -> None:
        help_button = button(line)
        assert await help_button.event(seconds=2) is ButtonEvent.RELEASED
        if isinstance(how, Fault):
            board.fault = how
        else:
            line.unplug()
        assert await help_button.event(seconds=5) is ButtonEvent.LOST
        assert await help_button.event(seconds=60) is None
        assert await help_button.state() is Button.UNKNOWN
        assert (await help_button.health()).state is DeviceState.POWER_OFF
        board.fault = None
        line.plug()
        board.set(PRESSED, REST)
        assert await help_button.event(seconds=10) is ButtonEvent.PRESSED
        await help_button.close()

    on(body)


# -- the key ------------------------------------------------------------------------------------------------------


def test_a_key_is_where_exactly_one_contact_is_closed() -> None:
    async def body(board: Board, line: MemoryLine) -> None:
        switch = key(line)
        assert await switch.position() is KeyPosition.RUN
        assert await switch.turn(seconds=2) is KeyPosition.RUN
        for closed, opened, position in (
            (MAINTENANCE, RUN, KeyPosition.MAINTENANCE),
            (SUPERVISOR, MAINTENANCE, KeyPosition.SUPERVISOR),
        ):
            board.set(0, opened)
            await asyncio.sleep(0.2)
            board.set(closed)
            assert await switch.turn(seconds=2) is position
        assert await switch.turn(seconds=300) is None
        assert (await switch.health()).state is DeviceState.ONLINE
        board.set(RUN)
        assert await switch.turn(seconds=2) is KeyPosition.UNKNOWN
        assert (await switch.health()).code == "cableOff"
        assert KeyPosition.SUPERVISOR in switch.capabilities.positions
        await switch.close()

    on(body)


# -- modem lines --------------------------------------------------------------------------------------------------


class Adapter:
    """A serial adapter's modem lines."""

    def __init__(self) -> None:
        self.closed = {"cts"}
        self.there = True
        self.openings = 0
        self.closings = 0

    def open(self, _path: str) -> ModemPort:
        self.openings += 1
        if not self.there:
            raise FileNotFoundError
        return self

    def _level(self, name: str) -> bool:
        if not self.there:
            raise OSError(5, "Input/output error")
        return name in self.closed

    @property
    def cts(self) -> bool:
        return self._level("cts")

    @property
    def dsr(self) -> bool:
        return self._level("dsr")

    @property
    def cd(self) -> bool:
        return self._level("dcd")

    @property
    def ri(self) -> bool:
        return self._level("ri")

    def close(self) -> None:
        self.closings += 1
        if not self.there:
            raise OSError(5, "Input/output error")


def test_a_button_on_modem_lines_is_read_unplugged_and_read_again() -> None:
    async def main() -> None:
        adapter, settings = Adapter(), ModemButtonSettings(port="/dev/here")
        wire = ModemLines(settings.port, Inline(), adapter.open)
        help_button = ContactButton(wire, settings.rest, settings.pressed, settings.timing, FixedClock())
        assert await help_button.event(seconds=2) is ButtonEvent.RELEASED
        adapter.closed = {"dsr"}
        assert await help_button.event(seconds=2) is ButtonEvent.PRESSED
        adapter.closed = set()
        assert await help_button.event(seconds=2) is ButtonEvent.LOST
        adapter.closed = {"cts"}
        assert await help_button.event(seconds=2) is ButtonEvent.RELEASED
        adapter.there = False
        assert await help_button.event(seconds=2) is ButtonEvent.LOST
        assert (await help_button.health()).state is DeviceState.POWER_OFF
        before = adapter.openings
        assert await help_button.event(seconds=60) is None
        assert adapter.openings - before < 40
        adapter.there = True
        assert await help_button.event(seconds=5) is ButtonEvent.RELEASED
        await help_button.close()
        assert adapter.closings

    run_virtual(main())


def test_a_key_on_modem_lines() -> None:
    async def main() -> None:
        adapter, settings = Adapter(), ModemKeySettings(port="/dev/here")
        wire = ModemLines(settings.port, Inline(), adapter.open)
        switch = ContactKey(wire, settings.positions, settings.timing, FixedClock())
        assert await switch.position() is KeyPosition.RUN
        assert await switch.turn(seconds=2) is KeyPosition.RUN
        adapter.closed = {"dcd"}
        assert await switch.turn(seconds=2) is KeyPosition.SUPERVISOR
        await switch.close()

    run_virtual(main())


def test_a_port_without_modem_lines_is_unknown_never_not_pressed(tmp_path: Path) -> None:
    """A real pty has none: the system itself refuses to say."""

    async def main() -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        for path in (os.ttyname(slave), str(tmp_path / "none")):
            settings = ModemButtonSettings(port=path)
            wire = ModemLines(path, Inline())
            help_button = ContactButton(wire, settings.rest, settings.pressed, settings.timing, FixedClock())
            assert await help_button.state() is Button.UNKNOWN
            assert (await help_button.health()).state is DeviceState.POWER_OFF
            await help_button.close()
        os.close(slave)
        os.close(master)

    asyncio.run(main())


def test_on_a_real_pty_a_board_is_read_unplugged_and_back(tmp_path: Path) -> None:
    async def main() -> None:
        board, port, path = Board(REST), PtyPort(tmp_path / "board"), tmp_path / "board"

        async def serve() -> None:
            with suppress(WireGone):
                await board.run(port.plug())

        async def there() -> None:
            async with asyncio.timeout(20):
                while not path.is_symlink():
                    await asyncio.sleep(0.01)

        serving = asyncio.get_running_loop().create_task(serve())
        await there()
        help_button = button(line_at(str(path), 9600))
        assert await help_button.event(seconds=20) is ButtonEvent.RELEASED
        board.set(PRESSED, REST)
        assert await help_button.event(seconds=20) is ButtonEvent.PRESSED
        port.unplug()
        await serving
        assert await help_button.event(seconds=20) is ButtonEvent.LOST
        serving = asyncio.get_running_loop().create_task(serve())
        await there()
        assert await help_button.event(seconds=20) is ButtonEvent.PRESSED
        await help_button.close()
        port.unplug()
        await serving

    asyncio.run(main())


# -- settings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "settings"),
    [
        (ModemButtonSettings, {"rest": "cts", "pressed": "cts"}),
        (ModemButtonSettings, {"rest": "rts"}),
        (BoardButtonSettings, {"rest": 9}),
        (BoardButtonSettings, {"rest": 2}),
        (ModemKeySettings, {"positions": '{"run": "cts"}'}),
        (ModemKeySettings, {"positions": '{"run": "cts", "maintenance": "cts"}'}),
        (BoardKeySettings, {"positions": '{"run": 1, "unknown": 2}'}),
    ],
)
def test_lines_that_cannot_be_are_refused(model: type[Any], settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"line|modem|cts|run"):
        _ = model.model_validate({"port": "here", **settings})


def test_settings_files_hold_text() -> None:
    given = {"port": "here", "positions": '{"run": 1, "supervisor": 2}'}
    assert BoardKeySettings.model_validate(given).positions == {KeyPosition.RUN: "1", KeyPosition.SUPERVISOR: "2"}
    assert BoardButtonSettings.model_validate({"port": "here", "rest": 3, "pressed": "4"}).rest == "3"
