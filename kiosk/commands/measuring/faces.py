"""What the vision process costs: milliseconds a frame by stage, advice, product, comparison, memory.

On drawn people in frames of 1280 x 720, one thread. Advice and memory are those of a real vision process that reads a
recording.
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
from kiosk.devices.camera.contract import Guidance
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.proofs import people
from kiosk.vision.camera import VisionCamera
from kiosk.vision.coach import Coach, Limits
from kiosk.vision.comparison import compare, known_face, load_engine
from kiosk.vision.look import Looker
from kiosk.vision.picture import Image, encode_jpeg
from kiosk.vision.process import LOOK_SECONDS, Taken, line_of, shot_of
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
    engine = load_engine(EngineChoice.DLIB, looker.finder, models)
    if engine is not None:
        line = line_of(CameraSettings("", models))
        live = encode_jpeg(frames[1], 92)
        known = known_face(engine, (), live)
        for _ in range(max(1, rounds // 4)):
            with watch.of("comparison"):
                _ = compare(engine, known, line, live)
    return watch.found


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
    """A real vision process for a while: seconds from each frame to its advice, and its memory in MiB."""

    frame_to_advice: list[float]
    memory_mib: float


def watched(count: int) -> Watched:
    """With a person standing there, until so many frames were advised on, and one comparison."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        picture = Path(folder) / "frame.jpg"
        drawing = people.FACES / f"cast_{people.CAST[1]}.jpg"
        frame = people.in_frame(np.asarray(cv2.imread(str(drawing)), dtype=np.uint8), scale=1.05)
        picture.write_bytes(encode_jpeg(frame, 92))
        return asyncio.run(_watched(CameraSettings(str(picture), models_folder(os.environ)), count))


async def _watched(settings: CameraSettings, count: int) -> Watched:
    camera = VisionCamera(settings)
    came: dict[int, float] = {}
    seconds: list[float] = []
    enough = asyncio.Event()

    def tell(guidance: Guidance) -> None:
        if guidance.frame in came:
            seconds.append(time.perf_counter() - came[guidance.frame])
        if len(seconds) >= count:
            enough.set()

    def arrived(number: int) -> None:
        _ = came.setdefault(number, time.perf_counter())

    camera.frames.listen(arrived)
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
    return Watched(seconds, memory / 2**20)


def until_words(frame_to_advice: float) -> float:
    """The longest from a change before the lens to other words: the next look, one that confirms it, the advice."""
    return 2 * LOOK_SECONDS + frame_to_advice
