"""A driver in a process of its own: it may die, hang, flood, leak or lie, and each command ends once all the same."""

from __future__ import annotations

import asyncio
import enum
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.app import drivers
from kiosk.commands.no_camera import NoCamera
from kiosk.devices import drivers as catalogues
from kiosk.devices.classes import DeviceClass
from kiosk.devices.dispenser.contract import Dispenser
from kiosk.devices.door.contract import DoorEvent
from kiosk.devices.drivers import Tools
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.isolation.codec import NotSendable, decode, encode
from kiosk.devices.isolation.described import NotIsolable, described, nothing_known
from kiosk.devices.isolation.proxy import Isolated, Limits, Wanted, isolated
from kiosk.devices.isolation.wire import BadLine, parse
from kiosk.devices.lines import line_at
from kiosk.devices.locker.contract import Compartment, OpenPermit
from kiosk.devices.receipt_printer.contract import ReceiptPrinterStatus
from kiosk.devices.register import REGISTER
from kiosk.devices.supervisor import Supervisor, Usable, Watched
from kiosk.devices.ups.contract import PowerIn
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health, Supply
from kiosk.settings import load_settings
from tests.devices.farends import FixedClock

VENDOR = '''
import asyncio, os, sys, time
from datetime import date
from pydantic import BaseModel
from kiosk.devices.classes import DeviceClass
from kiosk.devices.door.contract import DoorCapabilities, DoorEvent, DoorState
from kiosk.devices.drivers import CONTRACT_VERSION, DriverEntry
from kiosk.devices.fingerprint.contract import FingerImage
from kiosk.devices.ups.contract import Battery, PowerIn, UpsCapabilities, UpsStatus
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health

class Settings(BaseModel):
    folder: str = ""

class Supply:
    capabilities = UpsCapabilities(measures_runtime=True)
    async def status(self):
        return UpsStatus(await self.health(), PowerIn.POWERING, Battery.OPERATIONAL, 87, None)
    async def health(self):
        return Health(DeviceState.ONLINE)
    async def close(self):
        pass

class Door:
    capabilities = DoorCapabilities(senses=True)
    async def release(self):
        await asyncio.sleep(3600)
    async def state(self):
        return DoorState.OPEN
    async def watch(self, tell):
        while True:
            tell(DoorEvent.OPENED)
            await asyncio.sleep(0.05)
    async def health(self):
        return Health(DeviceState.ONLINE)
    async def close(self):
        pass

class Sensor:
    """What it does is said by the first byte of the finger it is to compare."""
    async def capture(self, *, seconds):
        return FingerImage(b"\\x00\\xff" * 256, 88)
    async def match(self, live, reference):
        match live[:1]:
            case b"y":
                return True
            case b"d":
                os._exit(3)
            case b"h":
                time.sleep(3600)
            case b"s":
                await asyncio.sleep(3600)
            case b"p":
                for _ in range(2000):
                    print("x" * 4096)
                    print("x" * 4096, file=sys.stderr)
                return True
            case b"e":
                raise KeyError("a name that must not get out")
            case b"f":
                raise DeviceFault(Completion.COMMAND_ERROR, "readFailed", acted=True)
            case b"l":
                return "not a truth"
            case b"m":
                self.kept = b"x" * (150 << 20)
                return True
            case _:
                return False
    async def health(self):
        return Health(DeviceState.ONLINE)
    async def close(self):
        pass

SENSOR = DriverEntry(DeviceClass.FINGERPRINT, "wild", Settings, lambda s, t: Sensor(), contract=CONTRACT_VERSION)
DOOR = DriverEntry(DeviceClass.DOOR, "wild", Settings, lambda s, t: Door(), contract=CONTRACT_VERSION)
SUPPLY = DriverEntry(DeviceClass.UPS, "wild", Settings, lambda s, t: Supply(), contract=CONTRACT_VERSION)
'''

QUICK = Limits(beat=1.5, restart_first=0.02, restart_most=0.2, margin=0.5, idle_kib=140 * 1024, command=30.0)
LONG = 60.0
"""Seconds no wait of a test comes near, on however loaded a machine."""

Sensor = Any


class NoWorker:
    async def run(self, call: Any) -> Any:
        raise AssertionError("nothing blocks here")

    async def close(self) -> None:
        return


@pytest.fixture
def vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vendor's package with drivers that misbehave when they are told to."""
    info = tmp_path / "wild_driver-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: wild-driver\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[kiosk.drivers]\nwild = wild_driver:SENSOR\nwild-door = wild_driver:DOOR\nwild-supply = wild_driver:SUPPLY\n"
    )
    (tmp_path / "wild_driver.py").write_text(VENDOR)
    root = Path(__file__).resolve().parents[2]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(root)]))
    return tmp_path


def with_driver(device: DeviceClass, body: Callable[[Any], Awaitable[None]], limits: Limits = QUICK) -> None:
    """A wild driver of a class, isolated; nothing of it is left afterwards."""

    async def main() -> None:
        driver: Any = isolated(REGISTER[device].contract, Wanted(device, "wild"), limits)
        try:
            async with asyncio.timeout(LONG):
                await body(driver)
        finally:
            last = driver.child_id
            await driver.close()
            assert driver.child_id is None
            assert last is None or not psutil.pid_exists(last)
            assert driver.pending == 0

    asyncio.run(main())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.01)


async def online(driver: Any) -> None:
    while (await driver.health()).state is not DeviceState.ONLINE:
        await asyncio.sleep(0.01)


async def refused(coming: Coroutine[Any, Any, Any]) -> tuple[Completion, str, bool]:
    with pytest.raises(DeviceFault) as caught:
        await coming
    return caught.value.completion, caught.value.code, caught.value.acted


def test_it_is_the_driver_of_its_contract(vendor: Path) -> None:
    async def body(sensor: Sensor) -> None:
        assert (await sensor.health()).state is DeviceState.STARTING
        image = await sensor.capture(seconds=1)
        assert (image.features, image.quality) == (b"\x00\xff" * 256, 88)
        assert await sensor.match(b"y", b"") is True
        assert await sensor.match(b"n", b"") is False
        assert await sensor.health() == Health(DeviceState.ONLINE)
        assert await refused(sensor.match(b"f", b"")) == (Completion.COMMAND_ERROR, "readFailed", True)
        assert await refused(sensor.match(17, b"")) == (Completion.INVALID_DATA, "", False)
        assert sensor.starts == 1

    with_driver(DeviceClass.FINGERPRINT, body)


def test_killed_in_mid_command_it_ends_once_and_the_driver_is_back(vendor: Path) -> None:
    async def body(sensor: Sensor) -> None:
        await sensor.capture(seconds=1)
        ends: list[object] = []
        asked = [asyncio.ensure_future(refused(sensor.match(b"s", b""))) for _ in range(3)]
        for one in asked:
            one.add_done_callback(ends.append)
        await until(lambda: sensor.pending == 3)
        first = sensor.child_id
        os.kill(first, signal.SIGKILL)
        assert set(await asyncio.gather(*asked)) == {(Completion.DEVICE_NOT_READY, "processDied", True)}
        assert len(ends) == 3
        said = await sensor.health()
        assert said.state in (DeviceState.POWER_OFF, DeviceState.ONLINE)
        await online(sensor)
        assert sensor.child_id != first
        assert await sensor.match(b"y", b"") is True

    with_driver(DeviceClass.FINGERPRINT, body)


def test_a_driver_that_ends_its_process_is_back(vendor: Path) -> None:
    async def body(sensor: Sensor) -> None:
        assert await refused(sensor.match(b"d", b"")) == (Completion.DEVICE_NOT_READY, "processDied", True)
        assert await refused(sensor.match(b"y", b"")) == (Completion.DEVICE_NOT_READY, "processDied", False)
        await online(sensor)
        assert await sensor.match(b"y", b"") is True

    with_driver(DeviceClass.FINGERPRINT, body, Limits(restart_first=0.3))


@pytest.mark.parametrize("how", ["stopped", "blocked"])
def test_a_process_that_hangs_is_ended_and_the_driver_is_back(vendor: Path, how: str) -> None:
    async def body(sensor: Sensor) -> None:
        await sensor.capture(seconds=1)
        asked = asyncio.ensure_future(refused(sensor.match(b"s" if how == "stopped" else b"h", b"")))
        await until(lambda: sensor.pending == 1)
        if how == "stopped":
            os.kill(sensor.child_id, signal.SIGSTOP)
        assert await asked == (Completion.DEVICE_NOT_READY, "processHung", True)
        await online(sensor)
        assert sensor.starts == 2

    with_driver(DeviceClass.FINGERPRINT, body)


def test_a_driver_that_does_not_keep_its_deadline_is_ended(vendor: Path) -> None:
    async def body(sensor: Sensor) -> None:
        await sensor.capture(seconds=1)
        assert await refused(sensor.match(b"s", b"")) == (Completion.TIME_OUT, "", True)
        await online(sensor)
        assert sensor.starts == 2

    with_driver(DeviceClass.FINGERPRINT, body, Limits(command=0.3, restart_first=0.02))


def test_what_it_prints_goes_nowhere_and_what_it_raises_is_not_said(
    vendor: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async def body(sensor: Sensor) -> None:
        assert await sensor.match(b"p", b"") is True
        assert await refused(sensor.match(b"e", b"")) == (Completion.HARDWARE_ERROR, "driverFailed", True)
        assert await refused(sensor.match(b"l", b"")) == (Completion.HARDWARE_ERROR, "driverFailed", True)
        assert sensor.starts == 1

    with_driver(DeviceClass.FINGERPRINT, body)
    said = capfd.readouterr()
    assert "xxxx" not in said.out + said.err
    assert "a name" not in caplog.text + said.err


def test_a_process_that_floods_is_ended_and_one_that_leaks_too(vendor: Path) -> None:
    async def flooded(sensor: Sensor) -> None:
        # Beats alone are more than this one may say.
        await sensor.health()
        await until(lambda: sensor.starts >= 2)

    with_driver(DeviceClass.FINGERPRINT, flooded, Limits(messages=0, restart_first=0.02))

    async def leaked(sensor: Sensor) -> None:
        await sensor.match(b"m", b"")
        await until(lambda: sensor.starts == 2)
        await online(sensor)

    with_driver(DeviceClass.FINGERPRINT, leaked)


def test_given_up_it_is_given_up_in_the_process_too(vendor: Path) -> None:
    async def body(sensor: Sensor) -> None:
        asked = asyncio.ensure_future(sensor.match(b"s", b""))
        await until(lambda: sensor.pending == 1 and sensor.child_id is not None)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert sensor.pending == 0
        assert await sensor.match(b"y", b"") is True
        assert sensor.starts == 1

    with_driver(DeviceClass.FINGERPRINT, body)


def test_closing_ends_what_is_under_way(vendor: Path) -> None:
    async def body(sensor: Sensor) -> None:
        asked = asyncio.ensure_future(refused(sensor.match(b"s", b"")))
        await until(lambda: sensor.pending == 1)
        await sensor.close()
        assert await asked == (Completion.CANCELED, "closed", True)
        assert await refused(sensor.match(b"y", b"")) == (Completion.DEVICE_NOT_READY, "closed", False)
        assert (await sensor.health()).code == "closed"

    with_driver(DeviceClass.FINGERPRINT, body)


def test_callbacks_come_through_and_watching_goes_on_after_a_death(vendor: Path) -> None:
    async def body(door: Any) -> None:
        assert door.capabilities.senses is True
        told: list[DoorEvent] = []
        watching = asyncio.ensure_future(door.watch(told.append))
        await until(lambda: len(told) > 1)
        assert set(told) == {DoorEvent.OPENED}
        os.kill(door.child_id, signal.SIGKILL)
        await until(lambda: door.starts == 2)
        told.clear()
        await until(lambda: len(told) > 1)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    with_driver(DeviceClass.DOOR, body)


def test_a_status_raises_nothing_and_knows_nothing_while_the_process_is_away(vendor: Path) -> None:
    async def body(supply: Any) -> None:
        assert (await supply.status()).charge == 87
        os.kill(supply.child_id, signal.SIGKILL)
        await until(lambda: supply.child_id is None)
        said = await supply.status()
        assert (said.health.code, said.power_in, said.charge) == ("processDied", PowerIn.UNKNOWN, None)

    with_driver(DeviceClass.UPS, body, Limits(restart_first=5.0))


def test_nothing_else_notices(vendor: Path) -> None:
    async def main() -> None:
        wild: Any = isolated(
            REGISTER[DeviceClass.FINGERPRINT].contract, Wanted(DeviceClass.FINGERPRINT, "wild"), QUICK
        )
        calm: Any = isolated(REGISTER[DeviceClass.UPS].contract, Wanted(DeviceClass.UPS, "wild"), QUICK)
        news: list[tuple[DeviceClass, Usable]] = []
        supervisor = Supervisor(
            {DeviceClass.FINGERPRINT: Watched(wild), DeviceClass.UPS: Watched(calm)},
            jitter=lambda: 0.0,
            tell=lambda said: news.append((said.device, said.availability.usable)),
        )
        watching = asyncio.ensure_future(supervisor.run())
        async with asyncio.timeout(LONG):
            both = {(DeviceClass.FINGERPRINT, Usable.YES), (DeviceClass.UPS, Usable.YES)}
            await until(lambda: both <= set(news))
            news.clear()
            os.kill(wild.child_id, signal.SIGKILL)
            supervisor.nudge(DeviceClass.FINGERPRINT)
            await until(lambda: (DeviceClass.FINGERPRINT, Usable.YES) in news or wild.starts == 2)
            await online(wild)
            supervisor.nudge(DeviceClass.FINGERPRINT)
            supervisor.nudge(DeviceClass.UPS)
            await online(calm)
        assert all(device is DeviceClass.FINGERPRINT for device, _ in news)
        assert (wild.starts, calm.starts) == (2, 1)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)

    asyncio.run(main())


def test_settings_no_driver_accepts_are_said_in_the_health() -> None:
    async def main() -> None:
        driver: Any = isolated(Dispenser, Wanted(DeviceClass.DISPENSER, "crt-591", {"baud": "x"}), QUICK)
        async with asyncio.timeout(LONG):
            code = (await refused(driver.stage()))[1]
            said = await driver.health()
        assert (code, said.code) == ("driverUnusable", "driverUnusable")
        assert "InvalidSettings" in said.detail
        await driver.close()

    asyncio.run(main())


def test_a_permit_is_used_once_also_by_the_next_process(vendor: Path) -> None:
    async def main() -> None:
        settings = {"port": "/nowhere", "boards": [{"address": 1, "infrared": "fitted"}]}
        wanted = Wanted(DeviceClass.LOCKER, "kerong-cu16", settings)
        locker: Any = isolated(REGISTER[DeviceClass.LOCKER].contract, wanted, QUICK)
        permit = OpenPermit("grant", Compartment(1, 3))
        async with asyncio.timeout(LONG):
            assert (await refused(locker.open(permit)))[0] is Completion.DEVICE_NOT_READY
            os.kill(locker.child_id, signal.SIGKILL)
            await until(lambda: locker.starts == 2)
            assert (await refused(locker.open(permit)))[0] is Completion.AUTHORISATION_REQUIRED
        await locker.close()

    asyncio.run(main())


def test_the_station_file_says_which_drivers_are_isolated() -> None:
    settings = load_settings(None, {"devices": {"locker": {"isolate": True}}})
    tools = Tools(clock=FixedClock(), line=line_at, worker=NoWorker, post=lambda _order: b"")
    hardware = drivers(settings, NoCamera(), tools)
    assert isinstance(hardware.locker, Isolated)
    assert not isinstance(hardware.id_reader, Isolated)


def test_a_driver_from_outside_the_tree_is_always_isolated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Vendors:
        name = "vendors"

        def load(self) -> object:
            raise AssertionError("loaded in the terminal's own process")

    monkeypatch.setattr(catalogues, "_points", lambda: [Vendors()])
    settings = load_settings(None, {"devices": {"fingerprint": {"driver": "vendors", "settings": {"port": "x"}}}})
    tools = Tools(clock=FixedClock(), line=line_at, worker=NoWorker, post=lambda _order: b"")
    hardware = drivers(settings, NoCamera(), tools)
    assert isinstance(hardware.fingerprint, Isolated)
    assert not isinstance(hardware.id_reader, Isolated)


# -- the codec and the contracts -------------------------------------------------------------------------


def test_every_contract_that_is_asked_can_be_isolated() -> None:
    for device, registered in REGISTER.items():
        if device is DeviceClass.AUDIO:
            # It is told, not asked: nobody waits for a sound.
            with pytest.raises(NotIsolable):
                described(registered.contract)
        else:
            assert described(registered.contract).methods


def test_a_contract_that_tells_is_refused() -> None:
    class Horn(Protocol):
        def sound(self) -> None: ...

    with pytest.raises(NotIsolable, match="sound"):
        isolated(Horn, Wanted(DeviceClass.DOOR, "x"))


@dataclass(frozen=True, slots=True)
class Leaf:
    word: Supply
    data: bytes
    day: date | None
    parts: tuple[int, ...]
    table: Mapping[str, float]
    names: frozenset[str]


@given(
    st.builds(
        Leaf,
        st.sampled_from(Supply),
        st.binary(max_size=50),
        st.none() | st.dates(),
        st.lists(st.integers(), max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=3), st.floats(allow_nan=False), max_size=3),
        st.frozensets(st.text(max_size=3), max_size=3),
    )
)
def test_values_come_back_as_they_were(leaf: Leaf) -> None:
    assert decode(encode(leaf, Leaf), Leaf) == leaf


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from([Leaf, CardRead, ReceiptPrinterStatus, tuple[int, str], int | None, bytes, date]))
def test_no_json_is_believed_but_its_own(data: Any, hint: Any) -> None:
    try:
        decode(data, hint)
    except NotSendable:
        return


@given(st.binary(max_size=60))
def test_no_line_breaks_the_reader(data: bytes) -> None:
    try:
        assert isinstance(parse(data), dict)
    except BadLine:
        return


@pytest.mark.parametrize(("value", "hint"), [(True, int), (1, str), ("x", Supply), (object(), object), (1, bytes)])
def test_what_is_not_declared_is_not_sent(value: Any, hint: Any) -> None:
    with pytest.raises(NotSendable):
        encode(value, hint)


def test_nothing_known_of_a_status() -> None:
    health = Health(DeviceState.POWER_OFF, "processDied")
    assert nothing_known(ReceiptPrinterStatus, health) == ReceiptPrinterStatus(health, Supply.UNKNOWN)

    class Word(enum.Enum):
        YES = "yes"

    with pytest.raises(NotIsolable):
        nothing_known(Word, health)
