"""`kiosk doctor`: what works on this machine, and what to do about what does not.

Nothing is changed and nothing moves: devices are asked for their state only, and not even that while a terminal has
them. Exit status 0 when nothing fails, 1 when something does.
"""

from __future__ import annotations

import argparse
import asyncio
import enum
import fcntl
import hashlib
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.x509 import load_pem_x509_certificate

from kiosk.app import boards_of
from kiosk.backend.exchange import JSON, Unreachable
from kiosk.backend.https import HttpsExchange
from kiosk.backend.patience import Patience
from kiosk.commands.cameras import camera_settings, engine_of
from kiosk.commands.simulated import Address, Sandbox, settings_for
from kiosk.commands.station import LOCALES
from kiosk.commands.surroundings import audio_of, path_of
from kiosk.devices.classes import DeviceClass
from kiosk.devices.drivers import LOCKERS, InvalidSettings, Tools, UnknownDriver
from kiosk.devices.lines import line_at
from kiosk.devices.page_printer.posting import poster
from kiosk.devices.register import REGISTER
from kiosk.devices.words import DeviceFault, DeviceState, Health
from kiosk.enrolment.identity import credentials_of
from kiosk.screens.words import OnMissing, load_words
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.settings.model import Liveness
from kiosk.times import SystemClock, ThreadWorker
from kiosk.vision.camera import VisionCamera
from kiosk.vision.dlib_parts import DESCRIBER, PREDICTOR
from kiosk.vision.models import FACE_MESH, SFACE, YUNET, ModelFile, dlib_models
from kiosk.vision.settings import CameraSettings, EngineChoice, models_folder

QT_SECONDS = 30.0
DEVICE_SECONDS = 6.0
CAMERA_SECONDS = 20.0
LINE_SECONDS = 8.0
LOOK_AGAIN_SECONDS = 0.1
LEAST_FREE_BYTES = 200 * 2**20
SCARCE_FREE_BYTES = 2 * 2**30
CERTIFICATE_DAYS = 14
_RENEW = "A running terminal renews it by itself: see whether it reaches headquarters.enrolment."
PYTHONS = ((3, 11), (3, 13))
NOT_VALIDATED = "not validated"


class Verdict(enum.Enum):
    """NOTE is for what a technician must know and a citizen does not notice."""

    WORKS = "works"
    NOTE = "note"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and what to do where something is to be done."""

    name: str
    verdict: Verdict
    text: str
    remedy: str = ""

    def as_json(self) -> dict[str, str]:
        """By name."""
        return {"name": self.name, "verdict": self.verdict.value, "text": self.text, "remedy": self.remedy}


@dataclass(frozen=True, slots=True)
class Patient:
    """The machine, and the settings and state it is looked at with."""

    state: Path
    settings: Settings
    simulated: bool
    offset: Callable[[], timedelta]
    environment: Mapping[str, str]


def run(argv: Sequence[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="kiosk doctor", description="what works on this machine")
    parser.add_argument("--state", type=Path, default=Path("var"), help="a state directory; its world is looked at")
    parser.add_argument("--station", type=Path, help="a station file: real devices, real headquarters")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    findings = list(examine(options.state.resolve(), options.station, dict(os.environ)))
    failing = [f for f in findings if f.verdict is Verdict.FAILS]
    if options.json:
        report = {"works": not failing, "findings": [f.as_json() for f in findings]}
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{finding.verdict.value:6} {finding.name:22} {finding.text}")
            if finding.remedy:
                print(f"{'':6} {'':22} -> {finding.remedy}")
    return 1 if failing else 0


def examine(state: Path, station: Path | None, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Every finding, in the order a technician would look."""
    yield _python()
    yield from _qt(environment)
    yield _disk(state)
    yield _database(state)
    yield _outbox(state)
    yield _counts(state)
    try:
        patient = _patient(state, station, environment)
    except SettingsError as wrong:
        for complaint in wrong.complaints:
            yield Finding("settings", Verdict.FAILS, str(complaint), complaint.remedy)
        return
    yield Finding("settings", Verdict.WORKS, f"version {patient.settings.settings_version}")
    yield _simulation(patient)
    yield from _models(patient)
    yield _face(patient)
    yield _liveness(patient)
    yield from asyncio.run(_outside(patient))


def settings_of(state: Path, station: Path | None) -> Settings:
    """The settings that are looked at. Raises SettingsError."""
    return _patient(state, station, {}).settings


def _patient(state: Path, station: Path | None, environment: Mapping[str, str]) -> Patient:
    ports = state / "world" / "ports.json"
    if station is None and ports.is_file():
        named = {k: str(v) for k, v in json.loads(ports.read_text("utf-8")).items()}
        sandbox = Sandbox(state, Address("", ""), named, [])
        return Patient(state, settings_for(sandbox), True, sandbox.clock_offset(), environment)
    return Patient(state, load_settings(station, None), False, lambda: timedelta(0), environment)


# -- the machine -----------------------------------------------------------------------------------------------------


def _python() -> Finding:
    version = sys.version_info[:2]
    text = f"{platform.python_version()} on {platform.system()} {platform.release()}"
    if PYTHONS[0] <= version <= PYTHONS[1]:
        return Finding("python", Verdict.WORKS, text)
    return Finding("python", Verdict.FAILS, text, "Install Python 3.11, 3.12 or 3.13.")


def _qt(environment: Mapping[str, str]) -> Iterator[Finding]:
    chosen = dict(environment)
    shown = bool(chosen.get("QT_QPA_PLATFORM") or chosen.get("DISPLAY") or chosen.get("WAYLAND_DISPLAY"))
    if not shown:
        chosen["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kiosk.screens.qt.probe"],
            env=chosen,
            capture_output=True,
            timeout=QT_SECONDS,
            check=True,
        )
        told: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as failure:
        remedy = "Install the packages of system-packages.txt; check DISPLAY and QT_QPA_PLATFORM."
        yield Finding("qt", Verdict.FAILS, f"Qt does not start ({type(failure).__name__})", remedy)
        return
    if shown:
        yield Finding("qt", Verdict.WORKS, f"{told['qt']} on {told['platform']}")
    else:
        yield Finding("qt", Verdict.NOTE, f"{told['qt']}; no display, so the terminal would be served by VNC")
    if not told["family"]:
        yield Finding("fonts", Verdict.FAILS, "Noto Sans CJK SC is missing", "Install fonts-noto-cjk.")
        return
    missing = [extension for extension, drawn in told["rare"].items() if not drawn]
    if missing:
        text = f"Noto Sans CJK SC; no rare characters of CJK extension {', '.join(missing)}"
        yield Finding("fonts", Verdict.NOTE, text, "Install BabelStone Han or HanaMin: names show boxes.")
    else:
        yield Finding("fonts", Verdict.WORKS, "Noto Sans CJK SC, and rare characters of CJK extensions A, B, E and G")


def _disk(state: Path) -> Finding:
    place = next(folder for folder in (state, *state.parents) if folder.is_dir())
    free = shutil.disk_usage(place).free
    text = f"{free / 2**30:.1f} GiB free"
    if free < LEAST_FREE_BYTES:
        return Finding("disk", Verdict.FAILS, text, "Make room: without it services with effects stay closed.")
    if free < SCARCE_FREE_BYTES:
        return Finding("disk", Verdict.NOTE, text, "Make room soon.")
    return Finding("disk", Verdict.WORKS, text)


def _database(state: Path) -> Finding:
    folder = state / "terminal"
    file = folder / "terminal.db"
    if not file.exists():
        if (folder / "begun").exists():
            return Finding("database", Verdict.FAILS, "the database is missing", "Do not delete the folder; call.")
        return Finding("database", Verdict.WORKS, "none yet: it is made at the first start")
    aside = sorted(path.name for path in folder.glob("terminal.db.damaged-*"))
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            answer = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        answer = getattr(error, "sqlite_errorname", "not a database")
    if answer != "ok":
        remedy = "Start the terminal: it puts the file aside and asks headquarters."
        return Finding("database", Verdict.FAILS, f"quick_check says {answer}", remedy)
    if aside:
        return Finding("database", Verdict.NOTE, f"quick_check ok; a damaged one was put aside as {aside[-1]}")
    return Finding("database", Verdict.WORKS, "quick_check ok")


def _outbox(state: Path) -> Finding:
    """What was promised to headquarters and has not been sent yet."""
    waiting = _asked_of_books(state, "SELECT count(*) FROM outbox WHERE state = 'waiting'")
    count = int(waiting[0][0]) if waiting else 0
    if count:
        return Finding("outbox", Verdict.NOTE, f"{count} messages wait to be sent", "They go when the line is up.")
    return Finding("outbox", Verdict.WORKS, "nothing waits to be sent")


def _counts(state: Path) -> Finding:
    """Supplies that were exchanged and not counted."""
    kept = _asked_of_books(state, "SELECT name, text FROM notes WHERE name LIKE 'supply/%'")
    open_ones = [name.removeprefix("supply/") for name, text in kept if json.loads(text).get("after") == "unknown"]
    if open_ones:
        text = f"not counted after an exchange: {', '.join(sorted(open_ones))}"
        return Finding("counts", Verdict.FAILS, text, "Exchange it once more in maintenance, and say what is in it.")
    return Finding("counts", Verdict.WORKS, "every exchange was counted")


def _asked_of_books(state: Path, question: str) -> list[tuple[Any, ...]]:
    """Nothing where there are no books, or none that can be read: the database's own finding says so."""
    try:
        connection = sqlite3.connect(f"file:{state / 'terminal' / 'terminal.db'}?mode=ro", uri=True)
        try:
            return list(connection.execute(question))
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        return []


# -- what it is set to -----------------------------------------------------------------------------------------------


def _simulation(patient: Patient) -> Finding:
    if patient.simulated:
        return Finding("simulation", Verdict.NOTE, "simulated devices and sandbox; every page and paper says so")
    return Finding("simulation", Verdict.WORKS, "none: real devices, real headquarters")


def _models(patient: Patient) -> Iterator[Finding]:
    folder = _models_folder(patient)
    yield _model(folder, YUNET, "the built-in detector finds faces instead")
    yield _model(folder, FACE_MESH, "portraits are judged without it")
    if engine_of(patient.settings) is EngineChoice.SFACE:
        yield _model(folder, SFACE, "headquarters compares faces instead")
    if engine_of(patient.settings) is not EngineChoice.DLIB:
        return
    data = dlib_models()
    for name in (PREDICTOR, DESCRIBER):
        if data is None or not (data / name).is_file():
            remedy = "Install the extra `face`, or let headquarters compare."
            yield Finding(f"model {name}", Verdict.FAILS, "absent", remedy)
        else:
            yield Finding(f"model {name}", Verdict.WORKS, f"sha256 {_sha256(data / name)}")


def _models_folder(patient: Patient) -> Path:
    folder = patient.settings.models.folder
    return models_folder(patient.environment) if folder is None else folder


def _model(folder: Path, model: ModelFile, otherwise: str) -> Finding:
    name = f"model {model.name}"
    file = folder / model.name
    if not file.is_file():
        return Finding(name, Verdict.NOTE, f"absent; {otherwise}")
    found = _sha256(file)
    if found != model.sha256:
        return Finding(name, Verdict.FAILS, f"sha256 {found} is unexpected; not used", "Replace it.")
    return Finding(name, Verdict.WORKS, f"sha256 {found}")


def _sha256(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _camera_settings(patient: Patient) -> CameraSettings:
    return camera_settings(patient.settings, patient.environment, simulated=patient.simulated)


def _face(patient: Patient) -> Finding:
    engine = engine_of(patient.settings)
    if engine is EngineChoice.NONE:
        where = "headquarters' sandbox" if patient.simulated else "headquarters"
        return Finding("face comparison", Verdict.WORKS, f"at {where}; its threshold here is {NOT_VALIDATED}")
    camera = _camera_settings(patient)
    validated = camera.threshold_validated
    line = (
        f"threshold {camera.threshold:g} of {camera.threshold_set_on}, not decided within {camera.doubt:g} below it"
    )
    text = f"{engine.value}, {line}: {validated or NOT_VALIDATED}"
    if validated:
        return Finding("face comparison", Verdict.WORKS, text)
    remedy = "Measure it on real people before a face alone decides anything; until then a second factor does."
    return Finding("face comparison", Verdict.NOTE, text, remedy)


def _liveness(patient: Patient) -> Finding:
    match patient.settings.identity.liveness:
        case Liveness.NONE:
            text = "none: a photograph or a screen is not told from a person"
        case Liveness.BASIC:
            text = "basic: a built-in challenge, not certified; see docs/devices/camera.md"
    remedy = "Whatever it says, a face alone decides nothing: fingerprint or a person does (rule 33)."
    return Finding("liveness", Verdict.NOTE, text, remedy)


# -- what stands around it -------------------------------------------------------------------------------------------


async def _outside(patient: Patient) -> list[Finding]:
    return [*await _network(patient), *await _headquarters(patient), *await _devices(patient)]


async def _network(patient: Patient) -> list[Finding]:
    """The way to headquarters step by step, in the words of the technicians' page; it ends where it fails."""
    words = load_words(LOCALES, ("en",), OnMissing.REPLACE)["en"]
    worker = ThreadWorker("path")
    try:
        path = await path_of(patient.settings, SystemClock(patient.offset), worker).walk()
    finally:
        await worker.close()
    findings: list[Finding] = []
    for one in path:
        facts = ", ".join(f"{name} {text}" for name, text in one.facts)
        said = words.say(f"path-{one.why}") if one.why else "works"
        text = f"{said} ({facts})" if facts else said
        remedy = words.say(f"path-{one.why}", "hint") if one.why else ""
        findings.append(Finding(f"network {one.step.value}", Verdict(one.verdict.value), text, remedy))
    return findings


async def _headquarters(patient: Patient) -> list[Finding]:
    given = patient.settings.headquarters
    clock = SystemClock(patient.offset)
    findings = [_certificate(given.file(given.certificate), clock)]
    worker = ThreadWorker("doctor")
    exchange = HttpsExchange(given.address, credentials_of(given), worker)
    try:
        asked = clock.now()
        reply = await exchange.exchange("GET", "/healthz", b"", content_type=JSON, seconds=LINE_SECONDS)
        between = asked + (clock.now() - asked) / 2
    except Unreachable as failure:
        remedy = "Check the cable, the address and that headquarters runs; without it services work offline or close."
        findings.append(Finding("headquarters", Verdict.FAILS, f"not reached: {failure}", remedy))
        return findings
    finally:
        await worker.close()
    if reply.status in (401, 403):
        remedy = "It was put out, or its key module is another: central terminal list; then kiosk enrol."
        findings.append(Finding("headquarters", Verdict.FAILS, "reached, but does not know this terminal", remedy))
    elif reply.status >= 500:
        findings.append(Finding("headquarters", Verdict.FAILS, f"answers with status {reply.status}", "Tell them."))
    else:
        findings.append(Finding("headquarters", Verdict.WORKS, "reached; knows this terminal's certificate"))
    if reply.date is not None:
        findings.append(_skew((between - reply.date).total_seconds()))
    return findings


def _skew(seconds: float) -> Finding:
    """The Date header counts whole seconds, so that one second means nothing."""
    text = f"{seconds:+.0f} s beside headquarters' clock"
    if abs(seconds) > Patience().clock_skew:
        return Finding("clock", Verdict.FAILS, text, "Set this machine's clock: TLS fails when far off.")
    return Finding("clock", Verdict.WORKS, text)


def _certificate(file: Path, clock: SystemClock) -> Finding:
    try:
        certificate = load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError) as failure:
        remedy = "Enrol this terminal: central terminal invite, then kiosk enrol."
        return Finding("certificate", Verdict.FAILS, f"cannot be read ({type(failure).__name__})", remedy)
    left = certificate.not_valid_after_utc - clock.now()
    life = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    days = left.days
    if left < timedelta(0):
        return Finding("certificate", Verdict.FAILS, f"over for {-days} days", _RENEW)
    if left < min(timedelta(days=CERTIFICATE_DAYS), life / 4):
        return Finding("certificate", Verdict.NOTE, f"{days} days left", _RENEW)
    return Finding("certificate", Verdict.WORKS, f"{days} days left")


async def _devices(patient: Patient) -> list[Finding]:
    if _held(patient.state / "terminal" / "lock"):
        text = "not asked: a terminal runs on this state directory and has them"
        return [Finding(f"device {d.value}", Verdict.NOTE, text) for d in DeviceClass]
    if patient.simulated and not _held(patient.state / "world" / "lock"):
        remedy = f"Start it: kiosk dock --state {patient.state.name} state, or kiosk run."
        return [
            Finding(f"device {d.value}", Verdict.FAILS, "the simulated world does not run", remedy)
            for d in DeviceClass
        ]
    found = await asyncio.gather(*(_device(patient, device) for device in DeviceClass))
    return [*found, await _doors(patient)]


def _held(file: Path) -> bool:
    try:
        with file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


async def _doors(patient: Patient) -> Finding:
    """Compartments that stand open; asked after the cabinet itself, whose line is one."""
    given = patient.settings.devices.get(DeviceClass.LOCKER.value)
    if given is None or not given.fitted:
        return Finding("doors", Verdict.WORKS, "this machine has no compartments")
    tools = Tools(SystemClock(), line_at, lambda: ThreadWorker("device"), poster(time.monotonic))
    settings: dict[str, Any] = {**given.settings, "boards": boards_of(patient.settings)}
    locker = LOCKERS.make(given.driver, settings, tools)
    try:
        async with asyncio.timeout(DEVICE_SECONDS):
            standing = [await locker.doors(board.address) for board in patient.settings.cabinet.boards]
    except (DeviceFault, TimeoutError, OSError) as failure:
        return Finding("doors", Verdict.NOTE, f"nobody can say ({type(failure).__name__})")
    finally:
        await locker.close()
    opened = [str(lock) for doors in standing for lock, door in doors.items() if door.value == "open"]
    if opened:
        return Finding("doors", Verdict.FAILS, f"open: {', '.join(opened)}", "Push them shut.")
    return Finding("doors", Verdict.WORKS, "every compartment is shut")


async def _device(patient: Patient, device: DeviceClass) -> Finding:
    name = f"device {device.value}"
    given = patient.settings.devices.get(device.value)
    if given is None or given.driver == "none":
        needed = [s.code for s in patient.settings.services.values() if s.enabled and device.value in s.devices]
        closed = f"closed for that: {', '.join(needed)}" if needed else "no open service needs it"
        text = f"not part of this machine; {closed}"
        return Finding(name, Verdict.NOTE, text)
    try:
        match device:
            case DeviceClass.CAMERA:
                health = await _camera(patient)
            case DeviceClass.AUDIO:
                health = await _audio(patient)
            case _:
                health = await _asked(patient, device)
    except (UnknownDriver, InvalidSettings) as wrong:
        return Finding(name, Verdict.FAILS, str(wrong), "Correct the station file.")
    except (DeviceFault, TimeoutError, OSError) as failure:
        return Finding(name, Verdict.FAILS, f"{given.driver}: does not answer ({type(failure).__name__})", _CABLE)
    except Exception as failure:  # a driver from outside may raise anything; the others are still to be told of
        return Finding(name, Verdict.FAILS, f"{given.driver}: {type(failure).__name__}", "Tell its maker.")
    said = " ".join(part for part in (health.state.value, health.code, health.detail) if part)
    text = f"{given.driver}: {said}"
    if device is DeviceClass.AUDIO and health.state is DeviceState.STARTING:
        return Finding(name, Verdict.NOTE, f"{given.driver}: it cannot be asked, only heard")
    if health.state is DeviceState.ONLINE:
        return Finding(name, Verdict.NOTE if health.code else Verdict.WORKS, text)
    return Finding(name, Verdict.FAILS, text, _CABLE)


_CABLE = "Check power and cable, and the port in the station file."


async def _asked(patient: Patient, device: DeviceClass) -> Health:
    tools = Tools(SystemClock(), line_at, lambda: ThreadWorker("device"), poster(time.monotonic))
    given = patient.settings.devices[device.value]
    settings: dict[str, Any] = dict(given.settings)
    if device is DeviceClass.LOCKER:
        settings["boards"] = boards_of(patient.settings)
    driver = REGISTER[device].catalogue.make(given.driver, settings, tools)
    try:
        async with asyncio.timeout(DEVICE_SECONDS):
            return await driver.health()
    finally:
        await driver.close()


async def _audio(patient: Patient) -> Health:
    """As the terminal sets it up: it has no catalogue of drivers."""
    async with AsyncExitStack() as closing:
        async with asyncio.timeout(DEVICE_SECONDS):
            return await audio_of(patient.settings, closing).health()


async def _camera(patient: Patient) -> Health:
    camera = VisionCamera(_camera_settings(patient))
    camera.start()
    try:
        until = time.monotonic() + CAMERA_SECONDS
        health = await camera.health()
        started = False
        while health.state is not DeviceState.ONLINE and time.monotonic() < until:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            health = await camera.health()
            if health.state is not DeviceState.STARTING and not started:
                # The child lives and looks for its camera: one that is there is found at once.
                started, until = True, min(until, time.monotonic() + DEVICE_SECONDS)
        return health
    finally:
        await camera.close()
