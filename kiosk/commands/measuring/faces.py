"""What the vision process costs: milliseconds a frame by stage, advice, product, comparison, memory.

On drawn people in frames of 1280 x 720, one thread. Advice and memory are those of a real vision process that reads a
recording at thirty frames a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from kiosk.commands.measuring.visits import proportional_bytes
from kiosk.devices.camera.contract import Advice, Guidance
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.proofs import people
from kiosk.vision.camera import VisionCamera
from kiosk.vision.coach import Coach, Limits
from kiosk.vision.comparison import compare, known_face, load_engine
from kiosk.vision.look import Followed, Looker
from kiosk.vision.picture import Image, encode_jpeg
from kiosk.vision.process import Taken, line_of, shot_of
from kiosk.vision.settings import CameraSettings, EngineChoice, models_folder

WATCH_SECONDS = 30.0
PEOPLE = 6


class Stopwatch:
    """Seconds by name, and with `_cpu` behind it the processor's own."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = {}

    @contextlib.contextmanager
    def of(self, name: str) -> Generator[None]:
        """Take the time of what stands within."""
        began, worked = time.perf_counter(), time.thread_time()
        yield
        self.found.setdefault(name, []).append(time.perf_counter() - began)
        self.found.setdefault(f"{name}_cpu", []).append(time.thread_time() - worked)


def stages(rounds: int) -> dict[str, list[float]]:
    """Seconds of each stage of looking at a frame, of the product, and of a comparison where dlib is installed.

    Raises ValueError without the models of detector and mesh.
    """
    cv2.setNumThreads(1)
    models = models_folder(os.environ)
    looker = Looker(models)
    if looker.meshes is None:
        raise ValueError("the models of detector and mesh are not installed")
    frames = [people.in_frame(people.person(looker, index).picture, scale=1.05) for index in range(PEOPLE)]
    watch = Stopwatch()
    for number in range(rounds):
        _look(looker, frames[number % PEOPLE], watch)
    _preview(looker, frames[0], rounds, watch)
    engine = load_engine(EngineChoice.DLIB, looker.finder, models)
    if engine is not None:
        line = line_of(CameraSettings("", models))
        live = encode_jpeg(frames[1], 92)
        known = known_face(engine, (), live)
        for _ in range(max(1, rounds // 4)):
            with watch.of("comparison"):
                _ = compare(engine, known, line, live)
    return watch.found


def _preview(looker: Looker, frame: Image, rounds: int, watch: Stopwatch) -> None:
    """Frames of one person as the preview looks at them: the detector at every third, the mesh followed between."""
    followed: Followed | None = None
    coach = Coach(ID_CARD_PORTRAIT, Limits())
    for number in range(rounds):
        moved = np.roll(frame, (number % 7) - 3, axis=1)
        with watch.of("preview_frame"):
            followed = looker.follow(moved, ID_CARD_PORTRAIT, followed)
            _ = coach.see(number / RATE, number, followed.seen)


def _look(looker: Looker, frame: Image, watch: Stopwatch) -> None:
    with watch.of("detect"):
        faces = looker.finder.find(frame)
    if looker.meshes is not None:
        with watch.of("mesh"):
            _ = looker.meshes.find(frame, faces[0])
    with watch.of("whole_frame"):
        seen = looker.look(frame, ID_CARD_PORTRAIT)
    coach = Coach(ID_CARD_PORTRAIT, Limits())
    with watch.of("advise"):
        _ = coach.see(0.0, 1, seen)
    with watch.of("capture_to_product"):
        _ = shot_of(Taken(1, 0.0, frame), seen, ID_CARD_PORTRAIT, held=True)


@dataclass(frozen=True, slots=True)
class Watched:
    """A real vision process for a while: seconds from each frame to its advice, and its memory in MiB.

    `change_to_words`: from the first frame in which the person stands elsewhere to the first other words.
    """

    frame_to_advice: list[float]
    change_to_words: list[float]
    memory_mib: float


SEGMENT_FRAMES = 45
"""The person stands where they should for so many frames, and too far away for as many."""
RATE = 30


def watched(count: int) -> Watched:
    """With a person who steps back and comes again, until so many frames were advised on; then one comparison."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        recording = Path(folder) / "visit.avi"
        drawing = people.FACES / f"cast_{people.CAST[1]}.jpg"
        person = np.asarray(cv2.imread(str(drawing)), dtype=np.uint8)
        shape = (people.WIDTH, people.HEIGHT)
        writer = cv2.VideoWriter(str(recording), cv2.VideoWriter.fourcc(*"MJPG"), RATE, shape)
        for scale in (1.05, 0.3):
            frame = people.in_frame(person, scale=scale)
            grains = [people.grainy(frame, 1.0, number) for number in range(2)]
            for number in range(SEGMENT_FRAMES):
                writer.write(grains[number % 2])
        writer.release()
        settings = CameraSettings(str(recording), models_folder(os.environ), frames_a_second=RATE)
        return asyncio.run(_watched(settings, count))


class _Listening:
    """When frames came and what was said of them."""

    def __init__(self) -> None:
        self.came: dict[int, float] = {}
        self.frame_to_advice: list[float] = []
        self.change_to_words: list[float] = []
        self._segment = 0
        self._changed_at: float | None = None
        self._said: Advice | None = None
        self._before: Advice | None = None

    def arrived(self, number: int) -> None:
        """A frame can be drawn."""
        now = time.perf_counter()
        _ = self.came.setdefault(number, now)
        segment = (number - 1) // SEGMENT_FRAMES
        if segment != self._segment:
            self._segment, self._changed_at, self._before = segment, now, self._said

    def told(self, guidance: Guidance) -> None:
        """Words came."""
        now = time.perf_counter()
        if guidance.frame in self.came:
            self.frame_to_advice.append(now - self.came[guidance.frame])
        self._said = guidance.advice
        if self._changed_at is not None and guidance.advice is not self._before:
            self.change_to_words.append(now - self._changed_at)
            self._changed_at = None


async def _watched(settings: CameraSettings, count: int) -> Watched:
    camera = VisionCamera(settings)
    heard = _Listening()
    enough = asyncio.Event()

    def tell(guidance: Guidance) -> None:
        heard.told(guidance)
        if len(heard.frame_to_advice) >= count and len(heard.change_to_words) >= 1:
            enough.set()

    camera.frames.listen(heard.arrived)
    try:
        await camera.watch(ID_CARD_PORTRAIT, tell)
        async with asyncio.timeout(WATCH_SECONDS + count):
            await enough.wait()
        shot = await camera.shoot(seconds=WATCH_SECONDS)
        _ = await camera.compare(shot.frame_jpeg, shot.frame_jpeg)
        child = camera.child_id
        memory = 0 if child is None else proportional_bytes(child)
    finally:
        await camera.close()
    return Watched(heard.frame_to_advice, heard.change_to_words, memory / 2**20)
