"""The vision process: `python -m kiosk.vision.process`, started by `camera.VisionCamera` and by nothing else.

It owns the camera. Standard input brings one JSON line a command (the first: the settings), standard output takes one
JSON line a result; frames go through the ring, with a byte on the notify pipe for each. It ends when its input ends
or its parent dies, whatever its threads are blocked in.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import enum
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import cv2
import numpy as np

from kiosk.devices.camera.contract import Asked, Challenged, Move, Presence, Shot, Shutter
from kiosk.devices.words import Completion
from kiosk.people.portrait import PortraitStandard
from kiosk.vision import wire
from kiosk.vision.coach import HOLD_SECONDS, Coach, Limits
from kiosk.vision.comparison import Descriptor, Engine, Line, compare, known_face, load_engine
from kiosk.vision.cues import device_cues, timing_cues
from kiosk.vision.decoders import PhotoDecoder, load_decoder
from kiosk.vision.detection import face_finder
from kiosk.vision.liveness import Basic, Bearing, Judge, Judgement, LivenessEngine
from kiosk.vision.look import Followed, Looker, Seen
from kiosk.vision.picture import Image, encode_jpeg
from kiosk.vision.portrait import cut_out, encode, geometry, meets
from kiosk.vision.ring import Ring
from kiosk.vision.settings import CameraSettings
from kiosk.vision.sources import Moving, SourceKind, Still, Stillness, kind_of, open_source, present

BEAT_SECONDS = 0.4
"""Between two signs of life of the capturing thread."""
LOOK_SECONDS = 1 / 30
"""Least time between two frames looked at: a new reason, which must last, is said within 150 ms."""
RESTING_LOOK_SECONDS = 1.0
"""While resting, frames are taken from the device but only one in this time is decoded, to notice a frozen sensor."""
FRAME_QUALITY = 92

_PR_SET_PDEATHSIG = 1
_CRASHED = 70


class CaptureState(enum.Enum):
    """What the capturing thread says of itself in every beat."""

    OPENING = "opening"
    SENDING = "sending"
    AWAY = "away"
    UNPLUGGED = "unplugged"
    FROZEN = "frozen"
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Taken:
    """One frame in this process: its number, the monotonic seconds of its capture, and its pixels."""

    number: int
    seconds: float
    picture: Image


@dataclass(frozen=True, slots=True)
class ShotWanted:
    """A `shoot` command with the monotonic second at which the best frame so far must do."""

    request: int
    until: float
    shutter: Shutter


@dataclass(frozen=True, slots=True)
class ChallengeWanted:
    """A `challenge` command with the monotonic second at which it ends undecided."""

    request: int
    until: float
    moves: tuple[Move, ...]


class Mouth:
    """Standard output, one whole line at a time from any thread."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._lock = threading.Lock()

    def say(self, fields: wire.Fields) -> None:
        data = wire.line(fields)
        with self._lock:
            try:
                self._out.write(data)
                self._out.flush()
            except OSError:
                os._exit(0)


class Desk:
    """What the threads share: the newest frame, what is being watched, and the shot that is wanted."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.newest: Taken | None = None
        self.watching = False
        self.watch_number = 0
        """Given by the terminal with each `watch`, and sent back with each guidance."""
        self.purpose: PortraitStandard | None = None
        self.wanted: ShotWanted | None = None
        self.challenge: ChallengeWanted | None = None
        self._comparing = False

    @property
    def may_look(self) -> bool:
        """Whether frames are to be looked at now."""
        return self.watching and not self._comparing

    @contextlib.contextmanager
    def comparing(self) -> Generator[None]:
        """No frame is looked at within."""
        with self.changed:
            self._comparing = True
        try:
            yield
        finally:
            with self.changed:
                self._comparing = False
                self.changed.notify_all()

    def watch(self, number: int, purpose: PortraitStandard | None) -> None:
        with self.changed:
            self.watching, self.purpose, self.newest = True, purpose, None
            self.watch_number = number
            self.changed.notify_all()

    def rest(self) -> None:
        with self.changed:
            self.watching, self.wanted, self.challenge, self.newest = False, None, None, None
            self.changed.notify_all()

    def shoot(self, wanted: ShotWanted) -> None:
        with self.changed:
            self.wanted = wanted
            self.changed.notify_all()

    def begin_challenge(self, challenge: ChallengeWanted) -> None:
        with self.changed:
            self.challenge = challenge
            self.changed.notify_all()


class Capturer:
    """The thread that owns the source: opens it, reads it, opens it again."""

    def __init__(
        self, settings: CameraSettings, ring: Ring, notify: int, desk: Desk, mouth: Mouth, detail: str
    ) -> None:
        self._settings = settings
        self._ring = ring
        self._notify = notify
        self._desk = desk
        self._mouth = mouth
        self._detail = detail
        self._told = ""
        self._light = ""
        self._number = ring.latest
        self._state = CaptureState.OPENING
        self._last_beat = -BEAT_SECONDS
        self._wiped = True
        self._stillness = Stillness(settings.deadlines.frozen)

    def run(self) -> None:
        limits = self._settings.deadlines
        delay = limits.reopen_first
        while True:
            self._beat(always=True)
            source = open_source(self._settings)
            if source is None:
                self._state = CaptureState.AWAY if present(self._settings) else CaptureState.UNPLUGGED
                self._pause(delay)
                delay = min(delay * 2, limits.reopen_most)
                continue
            before = self._number
            self._told, self._light = source.told, ""
            self._read(source)
            source.release()
            if self._number > before:
                delay = limits.reopen_first
            if kind_of(self._settings.source) is not SourceKind.RECORDING or self._number == before:
                self._pause(delay)
                delay = min(delay * 2, limits.reopen_most)

    def _read(self, source: Still | Moving) -> None:
        """Until the source ends, is lost or is frozen."""
        live = kind_of(self._settings.source) is not SourceKind.RECORDING
        pace = 1 / self._settings.frames_a_second
        next_due = time.monotonic()
        last_decoded = 0.0
        decoded = 0
        while True:
            if not live:
                next_due = max(next_due + pace, time.monotonic() - pace)
                time.sleep(max(0.0, next_due - time.monotonic()))
            if not source.grab():
                if live:
                    self._state = CaptureState.AWAY
                return
            now = time.monotonic()
            watching = self._desk.watching
            if not watching:
                self._rest()
            self._mind_the_light(source)
            if decoded >= 2 and not watching and now - last_decoded < RESTING_LOOK_SECONDS:
                self._beat()
                continue
            picture = source.retrieve()
            if picture is None:
                if live:
                    self._state = CaptureState.AWAY
                return
            last_decoded, decoded = now, decoded + 1
            if picture.shape[0] * picture.shape[1] * 3 > self._ring.capacity:
                self._state = CaptureState.TOO_LARGE
                self._pause(self._settings.deadlines.reopen_most)
                return
            # Kept over a reopening: a frozen source that shows the same picture again is still frozen.
            if live and self._stillness.frozen(now, picture):
                self._state = CaptureState.FROZEN
                self._pause(self._settings.deadlines.reopen_most)
                return
            self._state = CaptureState.SENDING
            if watching:
                self._publish(picture, now)
            self._beat()

    def _mind_the_light(self, source: Still | Moving) -> None:
        """From the first shot of a portrait to its end the light stands still: its shots are to be alike."""
        with self._desk.changed:
            portrait = self._desk.watching and self._desk.purpose is not None
            wanted = portrait and self._desk.wanted is not None
        if wanted and not self._light:
            self._light = source.hold_light()
        elif self._light and not portrait:
            source.free_light()
            self._light = ""

    def _publish(self, picture: Image, now: float) -> None:
        self._wiped = False
        self._number += 1
        height, width = picture.shape[:2]
        pixels = self._ring.begin(self._number)
        target = np.frombuffer(pixels, dtype=np.uint8, count=height * width * 3).reshape(height, width, 3)
        cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=target)
        self._ring.commit(self._number, round(now * 1e9), width, height)
        # A full pipe means that nobody looks at the moment, one that is gone that the terminal is ending; the frame
        # stands in the ring all the same.
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(self._notify, b"\x01")
        with self._desk.changed:
            if self._desk.watching:
                self._desk.newest = Taken(self._number, now, picture)
                self._desk.changed.notify_all()

    def _rest(self) -> None:
        if not self._wiped:
            self._ring.wipe()
            self._wiped = True

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self._desk.watching:
                self._rest()
            self._beat()
            time.sleep(min(0.1, max(0.0, until - time.monotonic())))

    def _beat(self, *, always: bool = False) -> None:
        now = time.monotonic()
        if always or now - self._last_beat >= BEAT_SECONDS:
            self._last_beat = now
            detail = "; ".join(part for part in (self._detail, self._told, self._light) if part)
            self._mouth.say({"say": "beat", "state": self._state.value, "frame": self._number, "detail": detail})


@dataclass(frozen=True, slots=True)
class SourceWatch:
    """What is asked of the source itself in a challenge. Streams and recordings have no device to ask; stations with
    one of these are set up so by a person.
    """

    settings: CameraSettings
    system: Path = Path("/sys/class/video4linux")

    def cues(self, nanoseconds: Sequence[int]) -> tuple[str, ...]:
        """What speaks against it, after frames that came at these times; empty: nothing."""
        source = self.settings.source
        if kind_of(source) is not SourceKind.DEVICE:
            return ()
        device = f"/dev/video{source}" if source.isdigit() else source
        found = device_cues(device, self.settings.device_name, self.system)
        # A device may send more frames than it was asked for; nobody looks at more than thirty a second.
        quickest = max(self.settings.frames_a_second, 1 / LOOK_SECONDS)
        return (*found.found, *timing_cues(nanoseconds, quickest).found)


class Challenge:
    """One challenge that runs: says what the engine asks for, answers with its judgement, keeps the best look."""

    def __init__(self, wanted: ChallengeWanted, engine: LivenessEngine, mouth: Mouth, source: SourceWatch) -> None:
        self.wanted = wanted
        self._source = source
        self._times: list[int] = []
        self._engine = engine
        self._judge: Judge = engine.begin(wanted.moves)
        self._mouth = mouth
        self._told: Asked | None = None
        self._best: tuple[float, Taken] | None = None

    def see(self, taken: Taken, seen: Seen) -> bool:
        """Take one frame in; True when the challenge is over."""
        self._times.append(round(taken.seconds * 1e9))
        progress = self._judge.see(taken.seconds, taken.picture, seen)
        if progress.bearing is Bearing.STRAIGHT:
            value = _worth(seen, None)
            if self._best is None or value > self._best[0]:
                self._best = (value, taken)
        if progress.judgement is not None:
            self._answer(progress.judgement)
            return True
        asked = Asked(progress.prompt, progress.done, progress.of)
        if asked != self._told:
            self._told = asked
            self._mouth.say(wire.asked_out(self.wanted.request, asked))
        return False

    def give_up(self) -> None:
        """The time is over."""
        self._answer(Judgement(Presence.NOT_DECIDED, (), ()))

    def _answer(self, judgement: Judgement) -> None:
        straight = b"" if self._best is None else encode_jpeg(self._best[1].picture, FRAME_QUALITY)
        cues = self._source.cues(self._times)
        # A face that moves as asked proves nothing where it was not this station's camera that filmed it.
        injected = cues and judgement.presence is Presence.LIVE
        found = Challenged(
            Presence.NOT_LIVE if injected else judgement.presence,
            (*(reason.value for reason in judgement.reasons), *cues),
            self._engine.name,
            self._engine.standing,
            tuple((name, f"{value:g}") for name, value in judgement.evidence),
            straight,
        )
        self._mouth.say(wire.challenged_out(self.wanted.request, found))


class Observer:
    """The thread that looks at frames while something is watched: advice, and the shot."""

    def __init__(self, looker: Looker, desk: Desk, mouth: Mouth, engine: LivenessEngine, source: SourceWatch) -> None:
        self._looker = looker
        self._desk = desk
        self._mouth = mouth
        self._engine = engine
        self._source = source
        self._challenge: Challenge | None = None

    def run(self) -> None:
        coach: Coach | None = None
        watch_number = -1
        last_number = 0
        wanted: ShotWanted | None = None
        best: tuple[float, Taken, Seen] | None = None
        followed: Followed | None = None
        while True:
            taken = self._next(last_number)
            with self._desk.changed:
                watching, purpose = self._desk.watching, self._desk.purpose
                if watch_number != self._desk.watch_number:
                    watch_number, coach, best, wanted = self._desk.watch_number, Coach(purpose, Limits()), None, None
                if self._desk.wanted is not wanted:
                    wanted, best = self._desk.wanted, None
                    if coach is not None:
                        coach.hold_again()
                self._mind_the_challenge()
            if not watching or coach is None:
                last_number, followed = 0, None
                continue
            if taken is not None:
                started = time.monotonic()
                last_number = taken.number
                followed = self._looker.follow(taken.picture, purpose, followed)
                seen = followed.seen
                guidance = coach.see(taken.seconds, taken.number, seen)
                self._mouth.say(wire.guidance_out(watch_number, guidance))
                if self._challenge is not None and self._challenge.see(taken, seen):
                    self._end_challenge()
                if wanted is not None:
                    value = _worth(seen, purpose)
                    if best is None or value > best[0]:
                        best = (value, taken, seen)
                    if _may_be_taken(wanted.shutter, guidance.held_seconds, coach):
                        self._answer(wanted, shot_of(taken, seen, purpose, held=True))
                        coach.hold_again()
                        wanted = best = None
                time.sleep(max(0.0, LOOK_SECONDS - (time.monotonic() - started)))
            if wanted is not None and time.monotonic() >= wanted.until:
                if best is None:
                    self._answer(wanted, None)
                else:
                    self._answer(wanted, shot_of(best[1], best[2], purpose, held=False))
                wanted = best = None

    def _mind_the_challenge(self) -> None:
        """Begin, drop or end the challenge as the desk has it; called with the desk locked."""
        wanted = self._desk.challenge
        if wanted is None:
            self._challenge = None
        elif self._challenge is None or self._challenge.wanted is not wanted:
            self._challenge = Challenge(wanted, self._engine, self._mouth, self._source)
        elif time.monotonic() >= wanted.until:
            self._challenge.give_up()
            self._desk.challenge = self._challenge = None

    def _end_challenge(self) -> None:
        with self._desk.changed:
            if self._challenge is not None and self._desk.challenge is self._challenge.wanted:
                self._desk.challenge = None
            self._challenge = None

    def _next(self, last_number: int) -> Taken | None:
        """The newest frame not looked at yet, or None when there is something else to do."""
        with self._desk.changed:
            until = time.monotonic() + BEAT_SECONDS
            while True:
                newest = self._desk.newest
                if self._desk.may_look and newest is not None and newest.number > last_number:
                    return newest
                left = until - time.monotonic()
                if left <= 0:
                    return None
                self._desk.changed.wait(left)

    def _answer(self, wanted: ShotWanted, shot: Shot | None) -> None:
        with self._desk.changed:
            if self._desk.wanted is wanted:
                self._desk.wanted = None
        if shot is None:
            self._mouth.say(
                {"say": "fault", "id": wanted.request, "completion": Completion.TIME_OUT.value, "code": "noFrame"}
            )
        else:
            self._mouth.say(wire.shot_out(wanted.request, shot))


def _may_be_taken(shutter: Shutter, held: float, coach: Coach) -> bool:
    match shutter:
        case Shutter.ITSELF:
            return held >= HOLD_SECONDS
        case Shutter.BUTTON:
            return coach.all_right


def _worth(seen: Seen, purpose: PortraitStandard | None) -> float:
    """To choose the best of frames of which none was good: a face, a whole product, then the weakest judged
    measure.
    """
    if seen.face is None:
        return -1.0
    judged = (
        "SingleFacePresent",
        "HeadPoseYaw",
        "HeadPoseRoll",
        "EyesOpen",
        "MouthClosed",
        "CheekRatio",
        "Sharpness",
    )
    weakest = min(
        (measure.quality for name in judged if (measure := seen.measures[name]).measured),
        default=0,
    )
    return weakest + (0.0 if purpose is not None and seen.product is None else 200.0)


def shot_of(taken: Taken, seen: Seen, purpose: PortraitStandard | None, *, held: bool) -> Shot:
    """The frame as JPEG and its product; `product_jpeg` is empty without a purpose or where no cut is possible."""
    product, acceptable = b"", held
    placed: tuple[tuple[str, float, int], ...] = ()
    if purpose is not None:
        acceptable = False
        if seen.product is not None and seen.cut is not None and seen.face is not None:
            product = encode(cut_out(taken.picture, seen.cut, purpose), purpose)
            measured = geometry(seen.cut, purpose, seen.face, seen.mesh)
            placed = () if measured is None else measured.listed()
            acceptable = held and measured is not None and not meets(purpose, measured, len(product))
    return Shot(
        frame=taken.number,
        frame_jpeg=encode_jpeg(taken.picture, FRAME_QUALITY),
        product_jpeg=product,
        measures=(*seen.listed(), *placed),
        acceptable=acceptable,
    )


@dataclass(frozen=True, slots=True)
class Load:
    """Load the engine ahead of the first comparison."""


@dataclass(frozen=True, slots=True)
class Expect:
    """Look at this photograph ahead of the comparison with it."""

    reference: bytes


@dataclass(frozen=True, slots=True)
class Compare:
    """Compare and say the score of `request`."""

    request: int
    live: bytes
    reference: bytes


@dataclass(frozen=True, slots=True)
class Forget:
    """Nobody stands here any more."""


def line_of(settings: CameraSettings) -> Line:
    """Where the engine of these settings draws its line."""
    return Line(settings.threshold, settings.doubt, settings.threshold_set_on, settings.threshold_validated)


class Comparer:
    """The thread that compares. The engine is loaded when wanted; the last photograph's face is kept until `Forget`.

    While it compares nobody is advised: one core's worth of work is spent on the answer the citizen waits for.
    """

    def __init__(self, settings: CameraSettings, desk: Desk, mouth: Mouth) -> None:
        self._settings = settings
        self._desk = desk
        self._mouth = mouth
        self._engine: Engine | None = None
        self._decoders: list[PhotoDecoder] = []
        self._known: tuple[bytes, Descriptor | None] | None = None
        self.orders: queue.SimpleQueue[Load | Expect | Compare | Forget] = queue.SimpleQueue()

    def run(self) -> None:
        order = self.orders.get()
        self._decoders = [load_decoder(choice) for choice in self._settings.decoders]
        settings = self._settings
        finder = face_finder(settings.models, settings.brought)
        self._engine = load_engine(settings.engine, finder, settings.models, settings.brought)
        while True:
            match order:
                case Load():
                    pass
                case Expect(reference):
                    _ = self._face_of(reference)
                case Compare(request, live, reference):
                    with self._desk.comparing():
                        known = self._face_of(reference)
                        score = compare(self._engine, known, line_of(self._settings), live)
                    self._mouth.say(wire.score_out(request, score))
                case Forget():
                    self._known = None
            order = self.orders.get()

    def _face_of(self, reference: bytes) -> Descriptor | None:
        if self._known is None or self._known[0] != reference:
            self._known = (reference, known_face(self._engine, self._decoders, reference))
        return self._known[1]


def _die_with(parent: int) -> None:
    """Be killed when the parent's thread ends, even inside a driver that never returns."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def _crash(args: threading.ExceptHookArgs) -> None:
    sys.__excepthook__(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
    os._exit(_CRASHED)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="kiosk.vision.process")
    parser.add_argument("--ring", type=int, required=True)
    parser.add_argument("--capacity", type=int, required=True)
    parser.add_argument("--notify", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    asked = parser.parse_args(argv)
    _die_with(asked.parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.excepthook = _crash

    # Libraries that print must not end up between the lines.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    commands = cast(BinaryIO, sys.stdin.buffer)
    mouth = Mouth(out)

    begin = commands.readline()
    if not begin:
        return 0
    settings = wire.settings_in(wire.parse(begin)["settings"])
    os.set_blocking(asked.notify, False)
    cv2.setNumThreads(1)

    looker = Looker(settings.models, settings.brought)
    desk = Desk()
    comparer = Comparer(settings, desk, mouth)
    capturer = Capturer(settings, Ring(asked.ring, asked.capacity), asked.notify, desk, mouth, looker.described)
    observer = Observer(looker, desk, mouth, Basic(), SourceWatch(settings))
    for work, name in ((capturer.run, "capture"), (observer.run, "look"), (comparer.run, "compare")):
        threading.Thread(target=work, name=name, daemon=True).start()

    for command in iter(commands.readline, b""):
        _obey(wire.parse(command), desk, comparer)
    # Daemon threads may sit in a driver: leave without waiting for them.
    os._exit(0)


def _obey(command: dict[str, Any], desk: Desk, comparer: Comparer) -> None:
    match command["do"]:
        case "watch":
            desk.watch(command["watch"], wire.standard_in(command["standard"]))
            comparer.orders.put(Load())
        case "rest":
            desk.rest()
            comparer.orders.put(Forget())
        case "shoot":
            until = time.monotonic() + command["seconds"]
            desk.shoot(ShotWanted(command["id"], until, Shutter(command["shutter"])))
        case "challenge":
            moves = tuple(Move(move) for move in command["moves"])
            desk.begin_challenge(ChallengeWanted(command["id"], time.monotonic() + command["seconds"], moves))
        case "compare":
            live, reference = wire.unpack(command["live"]), wire.unpack(command["reference"])
            comparer.orders.put(Compare(command["id"], live, reference))
        case "expect":
            comparer.orders.put(Expect(wire.unpack(command["reference"])))
        case unknown:
            raise ValueError(f"unknown command {unknown}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
