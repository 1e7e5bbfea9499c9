"""The camera as the terminal has it: a child process that may die, hang or lose its device, and comes back.

While it is away the terminal notices no more than a moment without guidance: what was being watched and what was
asked for is asked again of the next child, within the same deadlines.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import logging
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kiosk.devices.camera.contract import (
    Asked,
    Challenged,
    FaceScore,
    Guidance,
    Move,
    Presence,
    Shot,
    Shutter,
    Standing,
)
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health
from kiosk.people.portrait import PortraitStandard
from kiosk.vision import wire
from kiosk.vision.frames import FrameSource
from kiosk.vision.ring import Ring
from kiosk.vision.settings import CameraSettings, EngineChoice

_log = logging.getLogger(__name__)

LARGEST = (1920, 1080)
"""The ring is laid out for frames up to this size; pages of it that are never written cost nothing."""


class _Life(enum.Enum):
    """How a child ended, for the technician's detail."""

    STARTING = "starting"
    ALIVE = "alive"
    DIED = "ended by itself"
    HUNG = "hung, ended by the terminal"
    CLOSED = "closed"


@dataclass(slots=True)
class _Request:
    """A command that awaits exactly one completion. `until` is loop time."""

    number: int
    fields: dict[str, Any]
    until: float
    done: asyncio.Future[dict[str, Any]]
    tell: Callable[[Asked], None] | None = None


@dataclass(frozen=True, slots=True)
class _Watch:
    number: int
    purpose: PortraitStandard | None
    tell: Callable[[Guidance], None]


_STATES = {
    "opening": Health(DeviceState.STARTING),
    "sending": Health(DeviceState.ONLINE),
    "away": Health(DeviceState.OFFLINE, "sourceLost"),
    "unplugged": Health(DeviceState.POWER_OFF, "unplugged"),
    "frozen": Health(DeviceState.HARDWARE_ERROR, "frozen"),
    "too-large": Health(DeviceState.HARDWARE_ERROR, "frameTooLarge"),
}


class VisionCamera:
    """Implements `kiosk.devices.camera.contract.Camera`.

    `start` is called on the thread that runs the loop and lives as long as the process: the child is killed by the
    kernel when that thread ends. `frames` may be read from any thread.
    """

    def __init__(self, settings: CameraSettings, *, python: str = sys.executable) -> None:
        self._settings = settings
        self._python = python
        self._ring = Ring.create(*LARGEST)
        self.frames = FrameSource(self._ring, settings.deadlines.stale)
        self._child: Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()
        self._watch: _Watch | None = None
        self._requests: dict[int, _Request] = {}
        self._number = 0
        self._life = _Life.STARTING
        self._capture = "opening"
        self._detail = ""
        self._last_beat = 0.0
        self._starts = 0
        self._down = False

    @property
    def child_id(self) -> int | None:
        """The process id of the living child, for a technician's page."""
        return self._child.pid if self._child is not None else None

    @property
    def starts(self) -> int:
        """How often a child has been started."""
        return self._starts

    def start(self) -> None:
        """Begin to keep a child alive. Does nothing when already begun."""
        if self._keeper is None and not self._closing.is_set():
            self._keeper = asyncio.get_running_loop().create_task(self._keep(), name="camera")
            self._keeper.add_done_callback(self._kept)

    # The contract

    async def watch(self, purpose: PortraitStandard | None, tell: Callable[[Guidance], None]) -> None:
        """Guidance in the citizen's own directions; `tell` is called on the loop."""
        self._must_be_open()
        self.start()
        self._number += 1
        self._watch = _Watch(self._number, purpose, tell)
        self.frames.light()
        self._send_watch()

    async def rest(self) -> None:
        self._watch = None
        self.frames.darken()
        self._fail_shots(DeviceFault(Completion.CANCELED, acted=False))
        if self._child is None:
            self._ring.wipe()
        else:
            self._send({"do": "rest"})

    async def shoot(self, *, seconds: float, shutter: Shutter = Shutter.ITSELF) -> Shot:
        """See the contract. `product_jpeg` is empty without a portrait standard, without a face, or while the cut
        would leave the frame. Raises DeviceFault: SEQUENCE_ERROR without `watch`, CANCELED by `rest`, TIME_OUT when
        no frame at all came in time.
        """
        self._must_be_open()
        if self._watch is None:
            raise DeviceFault(Completion.SEQUENCE_ERROR, acted=False)
        answer = await self._ask(
            {"do": "shoot", "shutter": shutter.value}, seconds, self._settings.deadlines.shot_margin
        )
        if answer is None:
            raise DeviceFault(Completion.TIME_OUT, "noFrame", acted=False)
        return wire.shot_in(answer)

    async def challenge(
        self, moves: tuple[Move, ...], *, seconds: float, tell: Callable[[Asked], None]
    ) -> Challenged:
        """See the contract. A child that dies meanwhile begins the challenge again, within the same seconds. Raises
        DeviceFault: SEQUENCE_ERROR without `watch`, CANCELED by `rest`.
        """
        self._must_be_open()
        if self._watch is None:
            raise DeviceFault(Completion.SEQUENCE_ERROR, acted=False)
        fields = {"do": "challenge", "moves": [move.value for move in moves]}
        answer = await self._ask(fields, seconds, self._settings.deadlines.shot_margin, tell)
        if answer is None:
            return Challenged(Presence.NOT_DECIDED, ("no-answer",), "none", Standing.BASIC, (), b"")
        return wire.challenged_in(answer)

    async def expect(self, reference: bytes) -> None:
        """See the contract. A child that dies meanwhile looks at the photograph when it compares."""
        if self._settings.engine is not EngineChoice.NONE and not self._closing.is_set():
            self._send({"do": "expect", "reference": wire.pack(reference)})

    async def compare(self, live_jpeg: bytes, reference: bytes) -> FaceScore:
        """See the contract. An engine that does not answer in time is as good as none: NOT_AVAILABLE.

        The distance of a comparison that did not take place is 99.
        """
        self._must_be_open()
        if self._settings.engine is EngineChoice.NONE:
            return wire.not_compared(self._settings.threshold)
        self.start()
        fields = {"do": "compare", "live": wire.pack(live_jpeg), "reference": wire.pack(reference)}
        answer = await self._ask(fields, self._settings.deadlines.compare, 0.0)
        return wire.not_compared(self._settings.threshold) if answer is None else wire.score_in(answer)

    async def health(self) -> Health:
        engine = self._settings.engine.value
        trust = self._settings.threshold_validated or "not validated"
        told = f"; {self._detail}" if self._detail else ""
        set_on = f" of {self._settings.threshold_set_on}" if self._settings.threshold_set_on else ""
        line = f"threshold {self._settings.threshold:g}{set_on} {trust}"
        photo = ", ".join(choice.name for choice in self._settings.decoders) or "not decodable"
        detail = f"engine {engine}, {line}; chip photo {photo}{told}; starts {self._starts}"
        match self._life:
            case _Life.STARTING:
                return Health(DeviceState.STARTING, "", detail)
            case _Life.ALIVE:
                known = _STATES[self._capture]
                return Health(known.state, known.code, detail)
            case _Life.DIED:
                return Health(DeviceState.OFFLINE, "processDied", detail)
            case _Life.HUNG:
                return Health(DeviceState.OFFLINE, "processHung", detail)
            case _Life.CLOSED:
                return Health(DeviceState.OFFLINE, "closed", detail)

    async def close(self) -> None:
        """End the child and give the memory back. Safe to call twice."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._watch = None
        self.frames.darken()
        if self._keeper is not None:
            await asyncio.wait([self._keeper])
        for request in self._requests.values():
            if not request.done.done():
                request.done.set_exception(DeviceFault(Completion.CANCELED, acted=False))
        self._life = _Life.CLOSED
        self.frames.close()

    # Requests

    def _must_be_open(self) -> None:
        if self._closing.is_set():
            raise DeviceFault(Completion.DEVICE_NOT_READY, "closed", acted=False)

    async def _ask(
        self, fields: dict[str, Any], seconds: float, margin: float, tell: Callable[[Asked], None] | None = None
    ) -> dict[str, Any] | None:
        """The completion of a command, or None when none came in time."""
        loop = asyncio.get_running_loop()
        self._number += 1
        request = _Request(self._number, fields, loop.time() + seconds, loop.create_future(), tell)
        self._requests[request.number] = request
        try:
            self._send_request(request)
            async with asyncio.timeout(seconds + margin):
                return await request.done
        except TimeoutError:
            return None
        finally:
            del self._requests[request.number]

    def _fail_shots(self, fault: DeviceFault) -> None:
        for request in self._requests.values():
            if request.fields["do"] in ("shoot", "challenge") and not request.done.done():
                request.done.set_exception(fault)

    def _send(self, fields: dict[str, Any]) -> None:
        child = self._child
        if child is not None and child.stdin is not None and not child.stdin.is_closing():
            child.stdin.write(wire.line(fields))

    def _send_watch(self) -> None:
        if self._watch is not None:
            standard = wire.standard_out(self._watch.purpose)
            self._send({"do": "watch", "watch": self._watch.number, "standard": standard})

    def _send_request(self, request: _Request) -> None:
        left = max(0.1, request.until - asyncio.get_running_loop().time())
        self._send({**request.fields, "id": request.number, "seconds": left})

    # The child

    def _kept(self, task: asyncio.Task[None]) -> None:
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            task.get_loop().call_exception_handler({"message": "the camera's keeper failed", "exception": failure})

    async def _keep(self) -> None:
        limits = self._settings.deadlines
        loop = asyncio.get_running_loop()
        delay = limits.restart_first
        while not self._closing.is_set():
            began = loop.time()
            heard, notify = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                child = await self._launch(notify)
            except OSError:
                os.close(heard)
                os.close(notify)
                self._life = _Life.DIED
            else:
                os.close(notify)
                loop.add_reader(heard, self._frame_came, heard)
                try:
                    self._life = await self._attend(child)
                finally:
                    loop.remove_reader(heard)
                    os.close(heard)
                    await self._end(child)
                    self._child = None
            self._ring.wipe()
            self._note()
            self._capture = "opening"
            if loop.time() - began >= limits.healthy_after:
                delay = limits.restart_first
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._closing.wait()
            delay = min(delay * 2, limits.restart_most)

    async def _launch(self, notify: int) -> Process:
        self._starts += 1
        ring = self._ring.descriptor
        child = await asyncio.create_subprocess_exec(
            self._python,
            "-m",
            "kiosk.vision.process",
            *("--ring", str(ring), "--capacity", str(self._ring.capacity)),
            *("--notify", str(notify), "--parent", str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(ring, notify),
            start_new_session=True,
            # OpenCV warns at every attempt to open a source that is away; the terminal says it once.
            env={**os.environ, "OPENCV_LOG_LEVEL": "ERROR"},
            limit=wire.LONGEST_LINE,
        )
        self._child = child
        self._last_beat = asyncio.get_running_loop().time()
        self._send({"do": "begin", "settings": wire.settings_out(self._settings)})
        self._send_watch()
        for request in self._requests.values():
            if not request.done.done():
                self._send_request(request)
        return child

    async def _attend(self, child: Process) -> _Life:
        """Until the child ends, falls silent, or the camera is closed."""
        closing = asyncio.ensure_future(self._closing.wait())
        reading = asyncio.ensure_future(self._listen(child))
        try:
            await asyncio.wait((closing, reading), return_when=asyncio.FIRST_COMPLETED)
            return reading.result() if reading.done() else _Life.CLOSED
        finally:
            for task in (closing, reading):
                task.cancel()
            await asyncio.wait((closing, reading))

    async def _listen(self, child: Process) -> _Life:
        limits = self._settings.deadlines
        silence = limits.first_beat
        stdout = child.stdout
        if stdout is None:
            return _Life.DIED
        while True:
            try:
                # Only beats of the capturing thread count: a thread blocked in the driver must not hide behind
                # others.
                async with asyncio.timeout_at(self._last_beat + silence):
                    data = await stdout.readline()
            except TimeoutError:
                return _Life.HUNG
            if not data.endswith(b"\n"):
                return _Life.DIED
            try:
                fields = wire.parse(data)
                if fields["say"] == "beat":
                    self._last_beat = asyncio.get_running_loop().time()
                    silence = limits.beat
                self._take(fields)
            except (ValueError, KeyError, TypeError):
                return _Life.DIED

    def _take(self, fields: dict[str, Any]) -> None:
        match fields["say"]:
            case "beat":
                self._life = _Life.ALIVE
                self._capture = fields["state"] if fields["state"] in _STATES else "away"
                self._detail = fields["detail"]
                self._note()
            case "guidance":
                if self._watch is not None and fields["watch"] == self._watch.number:
                    self._watch.tell(wire.guidance_in(fields))
            case "asked":
                request = self._requests.get(fields["id"])
                if request is not None and request.tell is not None and not request.done.done():
                    request.tell(wire.asked_in(fields))
            case "shot" | "score" | "challenged":
                request = self._requests.get(fields["id"])
                if request is not None and not request.done.done():
                    request.done.set_result(fields)
            case "fault":
                request = self._requests.get(fields["id"])
                if request is not None and not request.done.done():
                    request.done.set_exception(DeviceFault(Completion(fields["completion"]), fields["code"]))
            case unknown:
                raise ValueError(unknown)

    def _note(self) -> None:
        """One line when the camera goes down, one when it is back."""
        match self._life, self._capture:
            case _Life.ALIVE, "sending":
                if self._down:
                    self._down = False
                    _log.warning("camera is back")
            case _Life.ALIVE, "opening":
                return
            case (_Life.DIED | _Life.HUNG | _Life.ALIVE) as life, capture:
                if not self._down:
                    self._down = True
                    _log.warning("camera is down: process %s, source %s", life.value, capture)
            case _:
                return

    def _frame_came(self, heard: int) -> None:
        try:
            more = os.read(heard, 4096)
        except BlockingIOError:
            return
        if more:
            self.frames.announce()
        else:
            asyncio.get_running_loop().remove_reader(heard)

    async def _end(self, child: Process) -> None:
        """Close its input; kill it when that is not enough; reap it."""
        if child.stdin is not None:
            child.stdin.close()
        if self._life is _Life.CLOSED:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._settings.deadlines.close):
                    await child.wait()
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
