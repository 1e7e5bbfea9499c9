"""The eye at work on 720p frames of drawn people: what one frame costs to decode, to find the face in, to judge."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kiosk.commands.measuring.figures import Figures
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.simulation.faces import Pose, View, frame_jpeg
from kiosk.vision.detection import FaceFinder, face_finder
from kiosk.vision.look import Looker
from kiosk.vision.picture import Image, decode
from kiosk.vision.settings import models_folder

WHO, COMPANY = "1027", "1031"
VARIETY = 8
"""So many different frames in turn: the person sways."""


def looks(count: int) -> dict[str, Any]:
    """`count` frames by the detector this machine has, and by the one built in that needs no model file."""
    encoded = [frame_jpeg(View(WHO, COMPANY, Pose.FRONT, 1.0, number)) for number in range(VARIETY)]
    looker = Looker(models_folder(dict(os.environ)))
    found: dict[str, list[float]] = {"decode": [], "detect": [], "detect_cpu": [], "frame": [], "judge": []}
    size = ""
    for number in range(count + 1):
        began = time.perf_counter()
        frame = decode(encoded[number % VARIETY])
        if frame is None:
            raise RuntimeError("a frame cannot be decoded")
        decoded, computing = time.perf_counter(), time.process_time()
        if not looker.finder.find(frame):
            raise RuntimeError("no face is found in a frame that shows one")
        detected, computed = time.perf_counter(), time.process_time()
        _ = looker.look(frame, ID_CARD_PORTRAIT)
        judged = time.perf_counter()
        size = f"{frame.shape[1]}x{frame.shape[0]}"
        # The first frame warms the models up.
        if number:
            found["decode"].append(decoded - began)
            found["detect"].append(detected - decoded)
            found["detect_cpu"].append(computed - computing)
            found["frame"].append(detected - began)
            found["judge"].append(judged - detected)
    told: dict[str, Any] = {f"{name}_ms": Figures.of(values, 1000).as_json() for name, values in found.items()}
    seconds = sorted(found["frame"])[len(found["frame"]) // 2]
    with TemporaryDirectory(prefix="kiosk-bench-") as empty:
        fallback = face_finder(Path(empty))
    return told | {
        "frame": size,
        "detector": looker.described,
        "frames_a_second": round(1 / seconds, 1),
        "without_models": _fallback(fallback, encoded, count),
    }


def _fallback(finder: FaceFinder, encoded: list[bytes], count: int) -> dict[str, Any]:
    frames: list[Image] = [frame for data in encoded if (frame := decode(data)) is not None]
    took: list[float] = []
    for number in range(max(1, count // 4)):
        began = time.perf_counter()
        _ = finder.find(frames[number % len(frames)])
        took.append(time.perf_counter() - began)
    return {"detector": finder.name, "detect_ms": Figures.of(took, 1000).as_json()}
