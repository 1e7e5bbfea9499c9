"""`kiosk device ...`: the devices' own commands, in the house they stand in.

Without `--station` there is no station: a workbench, where a port named on the command line may be moved. With
`--station FILE` the devices are the file's; hardware then moves only with `--maintenance NAME`, which needs that no
terminal runs on `--state DIR`, writes every move and every refusal into the terminal's audit, and opens no
compartment that may hold something (rule 11). With `--state DIR` alone it is the simulated terminal of that
directory.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from kiosk.app import boards_of
from kiosk.devices.camera.contract import Camera
from kiosk.devices.classes import DeviceClass
from kiosk.devices.cli import Around, Bench, Simulate
from kiosk.devices.cli import run as run_device
from kiosk.devices.drivers import Catalogue, DriverEntry, Tools
from kiosk.devices.register import Registered
from kiosk.devices.shell.words import Configured, House, Move, Usage
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.store.failures import LockedElsewhere, StoreFailure
from kiosk.store.opening import Store, open_store
from kiosk.times import InlineWorker, SystemClock, SystemIds, no_offset
from kiosk.vision.settings import CameraSettings, models_folder

T = TypeVar("T")

NOT_IN_MAINTENANCE = "notInMaintenance"
TERMINAL_RUNS = "terminalRuns"
BOOKS_CLOSED = "booksCannotBeWritten"
LOADED, LOAD_UNKNOWN = "loaded", "loadUnknown"
EMPTY = "notPresent"
"""What a light barrier says of a compartment with nothing in it."""


def run(argv: Sequence[str]) -> int:
    """See the module; the exit codes are those of kiosk.devices.cli."""
    parser = argparse.ArgumentParser(prog="kiosk device", add_help=False, allow_abbrev=False)
    parser.add_argument("--station", type=Path)
    parser.add_argument("--state", type=Path)
    parser.add_argument("--maintenance", default="", metavar="NAME")
    own, rest = parser.parse_known_args(argv)
    if not argv or rest[:1] in (["-h"], ["--help"]):
        print(f"{(__doc__ or '').strip()}\n", file=sys.stderr)
    try:
        house = _house(own.station, own.state, own.maintenance)
    except Usage as wrong:
        print(json.dumps({"error": "usage", "code": str(wrong)}, ensure_ascii=False))
        return 64
    more = {DeviceClass.CAMERA: Registered(CAMERAS, Camera)}
    return run_device(rest, around=Around(house, _simulate(), more))


# -- the house -------------------------------------------------------------------------------------------------


def _house(station: Path | None, state: Path | None, maintenance: str) -> House:
    if station is None and state is None:
        if maintenance:
            raise Usage("--maintenance is of a station: say --station FILE and --state DIR too")
        return Bench()
    if station is None and state is not None:
        return Simulated(state)
    try:
        settings = load_settings(station)
    except SettingsError as wrong:
        raise Usage(f"the station file cannot be used: {wrong}") from None
    return Station(settings, state or Path("var"), maintenance)


def configured_devices(settings: Settings) -> dict[DeviceClass, Configured]:
    """The devices of a station by class; what is no device class, such as the loudspeaker, is left out."""
    known = {device.value: device for device in DeviceClass}
    devices = {
        known[name]: Configured(device.driver, dict(device.settings))
        for name, device in settings.devices.items()
        if name in known
    }
    locker = devices.get(DeviceClass.LOCKER)
    if locker is not None and locker.fitted:
        boards: list[object] = list(boards_of(settings))
        devices[DeviceClass.LOCKER] = Configured(locker.driver, {"boards": boards, **locker.settings})
    return devices


class Simulated(Bench):
    """The simulated devices of a state directory, as its world has laid them out."""

    def __init__(self, state: Path) -> None:
        self._state = state

    def configured(self) -> Mapping[DeviceClass, Configured]:
        """Raises Usage where no world lives."""
        from kiosk.commands.simulated import simulated_station

        file = self._state / "world" / "ports.json"
        try:
            ports = {name: str(port) for name, port in json.loads(file.read_text("utf-8")).items()}
            overlay = simulated_station(ports, "https://127.0.0.1:1", self._state, "zh-CN")
            return configured_devices(load_settings(None, overlay))
        except (OSError, ValueError, KeyError, SettingsError):
            raise Usage(f"no simulated devices in {self._state}: start them with kiosk run --state DIR") from None


@dataclass(frozen=True, slots=True)
class Station:
    """A station's devices. `maintenance` names who works on it; "" is nobody."""

    settings: Settings
    state: Path
    maintenance: str

    def configured(self) -> Mapping[DeviceClass, Configured]:
        """As the settings have them."""
        return configured_devices(self.settings)

    async def refusal(self, move: Move) -> str:
        """Why not, or ""; see the module."""
        if not self.maintenance:
            return NOT_IN_MAINTENANCE

        async def look(store: Store) -> str:
            if move.device is not DeviceClass.LOCKER or not move.lock:
                return ""
            place = f"compartment-{move.board}-{move.lock}"
            if any(document.place == place for document in await store.custody.all()):
                return LOADED
            # What headquarters laid in is on no book of this terminal: only a sensor knows that it is empty.
            return "" if move.item == EMPTY else LOAD_UNKNOWN

        return await self._with_books(look, otherwise=lambda word: word)

    async def note(self, move: Move, outcome: str) -> None:
        """Into the audit, where its books can be opened."""

        async def write(store: Store) -> None:
            await store.audit.write(
                "moved-by-hand",
                "",
                {
                    "device": move.device.value,
                    "command": move.command,
                    "board": str(move.board),
                    "lock": str(move.lock),
                    "outcome": outcome,
                    "by": self.maintenance,
                },
            )

        await self._with_books(write, otherwise=lambda _word: None)

    async def _with_books(self, act: Callable[[Store], Coroutine[Any, Any, T]], otherwise: Callable[[str], T]) -> T:
        if not self.maintenance:
            return otherwise(NOT_IN_MAINTENANCE)
        clock = SystemClock(no_offset)
        try:
            store = await open_store(
                self.state / "terminal",
                writer=InlineWorker(),
                reader=InlineWorker(),
                clock=clock,
                ids=SystemIds(clock),
            )
        except LockedElsewhere:
            return otherwise(TERMINAL_RUNS)
        except (StoreFailure, OSError):
            return otherwise(BOOKS_CLOSED)
        try:
            return await act(store)
        finally:
            await store.close()


# -- simulators ------------------------------------------------------------------------------------------------


def _simulate() -> Simulate:
    def play(device: DeviceClass, driver: str, *, pty: str, tcp: int | None) -> int:
        try:
            # What stations install has no simulators in it.
            from kiosk.simulation.alone.run import NoSuchSimulator, until_interrupted
        except ImportError:
            raise Usage("the simulators are not part of this installation") from None
        try:
            asyncio.run(until_interrupted(device.value, driver, pty=pty, tcp=tcp))
        except NoSuchSimulator as none:
            raise Usage(str(none)) from None
        except OSError as error:
            raise Usage(f"the port cannot be made there: {error.strerror}; name another path or port") from None
        return 0

    return play


# -- the camera ------------------------------------------------------------------------------------------------


class CameraPort(BaseModel):
    """Where the camera is."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    source: str


FIRST_PICTURE_SECONDS = 10.0


class ShellCamera:
    """The camera as a shell asks it: started at the first question, which waits for the process to see something."""

    def __init__(self, settings: CameraSettings) -> None:
        self._settings = settings
        self._camera: Any = None

    async def health(self) -> Any:
        """Its health once it has made up its mind."""
        from kiosk.devices.words import DeviceState
        from kiosk.vision.camera import VisionCamera

        if self._camera is None:
            self._camera = VisionCamera(self._settings)
            self._camera.start()
        until = asyncio.get_running_loop().time() + FIRST_PICTURE_SECONDS
        while (said := await self._camera.health()).state is DeviceState.STARTING:
            if asyncio.get_running_loop().time() > until:
                break
            await asyncio.sleep(0.05)
        return said

    async def close(self) -> None:
        """End its process."""
        if self._camera is not None:
            await self._camera.close()


def _camera(settings: CameraPort, _tools: Tools) -> ShellCamera:
    return ShellCamera(CameraSettings(source=settings.source, models=models_folder(dict(os.environ))))


CAMERAS: Catalogue[Any] = Catalogue(
    DeviceClass.CAMERA, DriverEntry(DeviceClass.CAMERA, "opencv", CameraPort, _camera)
)
