"""The supply: upsd's lines, what they mean for a visit, and a real upsd with its dummy driver."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.lines import MemoryLine, line_at
from kiosk.devices.transport import Transport
from kiosk.devices.ups.contract import Advice, Battery, PowerIn, UpsStatus, advice
from kiosk.devices.ups.lines_protocol import (
    LONGEST,
    Error,
    LineDecoder,
    Unintelligible,
    Value,
    Variable,
    get_request,
    number,
    parse_line,
)
from kiosk.devices.ups.nut import Nut, NutSettings
from kiosk.devices.words import DeviceState, Health
from tests.devices.farends import played
from tests.devices.upsd import MISSING, upsd
from tests.devices.virtual import run_virtual


def test_a_request_is_the_protocols_own_line() -> None:
    assert get_request("ups", Variable.STATUS) == b"GET VAR ups ups.status\n"


@pytest.mark.parametrize("name", ["", "a b", "a\nSHUTDOWN", "x" * 65, 'a"'])
def test_a_name_cannot_smuggle_in_a_command(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        get_request(name, Variable.STATUS)
    with pytest.raises(ValueError, match="name"):
        NutSettings(ups=name)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'VAR ups ups.status "OL CHRG"', Value("ups", "ups.status", "OL CHRG")),
        (b'VAR ups ups.status "OL"\r', Value("ups", "ups.status", "OL")),
        (b'VAR u v "a \\"b\\" \\\\"', Value("u", "v", 'a "b" \\')),
        (b"ERR DATA-STALE", Error("DATA-STALE")),
        (b"ERR DRIVER-NOT-CONNECTED more words", Error("DRIVER-NOT-CONNECTED")),
        (b"OK", Unintelligible.LINE),
        (b"\xff\xfe", Unintelligible.LINE),
        (b"", Unintelligible.LINE),
        (b"V" * (LONGEST + 1), Unintelligible.LINE),
    ],
)
def test_what_a_line_says(line: bytes, said: object) -> None:
    assert parse_line(line) == said


@given(st.lists(st.binary(max_size=400), max_size=30))
def test_no_noise_breaks_the_decoder_or_fills_it(noise: list[bytes]) -> None:
    decoder = LineDecoder()
    for chunk in noise:
        assert all(isinstance(s, Value | Error | Unintelligible) for s in decoder.feed(chunk))
    assert len(decoder.__dict__["_pending"]) <= LONGEST + 1


def test_an_endless_line_is_unintelligible_and_the_next_is_read() -> None:
    decoder = LineDecoder()
    for _ in range(10):
        assert decoder.feed(b"x" * 1000) == ()
    assert decoder.feed(b"\nERR DATA-STALE\n") == (Unintelligible.LINE, Error("DATA-STALE"))


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert number(text) is None or int(float(text)) == number(text)


def test_numbers_may_have_decimals() -> None:
    assert [number(t) for t in ("87", "87.5", "", "-1", "9" * 10)] == [87, 87, None, None, None]


def status(power: PowerIn, battery: Battery, runtime: int | None = None) -> UpsStatus:
    return UpsStatus(Health(DeviceState.ONLINE), power, battery, None, runtime)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (status(PowerIn.POWERING, Battery.LOW), Advice.CARRY_ON),
        (status(PowerIn.UNKNOWN, Battery.UNKNOWN), Advice.CARRY_ON),
        (status(PowerIn.NO_POWER, Battery.OPERATIONAL), Advice.FINISH),
        (status(PowerIn.NO_POWER, Battery.OPERATIONAL, 121), Advice.FINISH),
        (status(PowerIn.NO_POWER, Battery.OPERATIONAL, 120), Advice.SHUT_DOWN),
        (status(PowerIn.NO_POWER, Battery.LOW, 900), Advice.SHUT_DOWN),
        (status(PowerIn.NO_POWER, Battery.CRITICAL), Advice.SHUT_DOWN),
        (status(PowerIn.NO_POWER, Battery.FAILURE), Advice.SHUT_DOWN),
    ],
)
def test_what_the_terminal_should_do(said: UpsStatus, what: Advice) -> None:
    assert advice(said, shut_down_seconds=120) is what


@dataclass
class Server:
    """upsd's side: values or errors by variable; `silent` says nothing."""

    says: dict[str, str] = field(
        default_factory=lambda: {"ups.status": "OL", "battery.charge": "100", "battery.runtime": "1800"}
    )
    silent: bool = False

    async def __call__(self, far: Transport) -> None:
        pending = b""
        while True:
            pending += await far.read(100)
            while b"\n" in pending:
                line, pending = pending.split(b"\n", 1)
                variable = line.decode().split()[3]
                said = self.says.get(variable, "ERR VAR-NOT-SUPPORTED")
                if not self.silent:
                    await far.write(
                        (said if said.startswith("ERR") else f'VAR kiosk {variable} "{said}"').encode() + b"\n"
                    )


Test = Callable[[Nut, Server, MemoryLine], Coroutine[Any, Any, None]]


def on(server: Server, test: Test) -> None:
    async def main() -> None:
        async with played(server) as line:
            ups = Nut(line, NutSettings(ups="kiosk"))
            await test(ups, server, line)
            await ups.close()

    run_virtual(main())


@pytest.mark.parametrize(
    ("flags", "runtime", "power", "battery", "state"),
    [
        ("OL CHRG", "1800", PowerIn.POWERING, Battery.OPERATIONAL, DeviceState.ONLINE),
        ("OB DISCHRG", "1800", PowerIn.NO_POWER, Battery.OPERATIONAL, DeviceState.ONLINE),
        ("OB LB", "300", PowerIn.NO_POWER, Battery.LOW, DeviceState.ONLINE),
        ("OB", "60", PowerIn.NO_POWER, Battery.CRITICAL, DeviceState.ONLINE),
        ("FSD OL", "1800", PowerIn.NO_POWER, Battery.CRITICAL, DeviceState.ONLINE),
        ("OL RB", "1800", PowerIn.POWERING, Battery.FAILURE, DeviceState.HARDWARE_ERROR),
        ("OL OVER", "1800", PowerIn.POWERING, Battery.OPERATIONAL, DeviceState.HARDWARE_ERROR),
        ("WAIT", "", PowerIn.UNKNOWN, Battery.UNKNOWN, DeviceState.ONLINE),
    ],
)
def test_flags_in_xfs_words(flags: str, runtime: str, power: PowerIn, battery: Battery, state: DeviceState) -> None:
    async def test(ups: Nut, _server: Server, _line: MemoryLine) -> None:
        said = await ups.status()
        assert (said.power_in, said.battery, said.health.state) == (power, battery, state)

    on(Server({"ups.status": flags, "battery.charge": "50", "battery.runtime": runtime}), test)


def test_what_a_supply_does_not_measure_is_not_known() -> None:
    async def test(ups: Nut, _server: Server, _line: MemoryLine) -> None:
        said = await ups.status()
        assert (said.charge, said.runtime, said.battery) == (None, None, Battery.OPERATIONAL)
        assert ups.capabilities.measures_runtime

    on(Server({"ups.status": "OL"}), test)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        ("ERR DATA-STALE", DeviceState.POWER_OFF),
        ("ERR DRIVER-NOT-CONNECTED", DeviceState.POWER_OFF),
        ("ERR ACCESS-DENIED", DeviceState.POWER_OFF),
        ("ERR UNKNOWN-UPS", DeviceState.NO_DEVICE),
    ],
)
def test_a_supply_that_upsd_cannot_reach_says_nothing_of_the_mains(error: str, state: DeviceState) -> None:
    async def test(ups: Nut, _server: Server, _line: MemoryLine) -> None:
        said = await ups.status()
        assert (said.health.state, said.power_in) == (state, PowerIn.UNKNOWN)
        assert advice(said, shut_down_seconds=60) is Advice.CARRY_ON

    on(Server({"ups.status": error}), test)


def test_a_silent_or_absent_upsd_is_told_and_comes_back() -> None:
    async def test(ups: Nut, server: Server, line: MemoryLine) -> None:
        assert (await ups.health()).detail == "upsd is silent"
        server.silent = False
        assert (await ups.health()).state is DeviceState.ONLINE
        line.unplug()
        assert (await ups.health()).state is DeviceState.POWER_OFF
        line.plug()
        one, two = await asyncio.gather(ups.status(), ups.status())
        assert one.health.state is DeviceState.ONLINE
        assert two.health.state is DeviceState.POWER_OFF

    on(Server(silent=True), test)


@pytest.mark.skipif(bool(MISSING), reason=MISSING or "there")
def test_a_real_upsd_on_battery_then_low_then_back(tmp_path: Path) -> None:
    async def until(ups: Nut, power: PowerIn, battery: Battery) -> UpsStatus:
        async with asyncio.timeout(30):
            while True:
                said = await ups.status()
                if (said.power_in, said.battery) == (power, battery):
                    return said
                await asyncio.sleep(0.1)

    async def main() -> None:
        with upsd(tmp_path) as server:
            address = f"tcp://127.0.0.1:{server.port}"
            ups = Nut(line_at(address, 0), NutSettings(port=address, ups="kiosk"))
            assert (await until(ups, PowerIn.POWERING, Battery.OPERATIONAL)).charge == 100
            server.say("OB DISCHRG", "80", "1200")
            assert (
                advice(await until(ups, PowerIn.NO_POWER, Battery.OPERATIONAL), shut_down_seconds=120)
                is Advice.FINISH
            )
            server.say("OB LB", "10", "90")
            assert advice(await until(ups, PowerIn.NO_POWER, Battery.LOW), shut_down_seconds=120) is Advice.SHUT_DOWN
            server.say("OL CHRG", "11", "100")
            assert (await until(ups, PowerIn.POWERING, Battery.OPERATIONAL)).runtime == 100
            stranger = Nut(line_at(address, 0), NutSettings(port=address, ups="another"))
            assert (await stranger.health()).state is DeviceState.NO_DEVICE
            await stranger.close()
            await ups.close()

    asyncio.run(main())
