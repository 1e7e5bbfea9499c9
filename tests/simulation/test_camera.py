"""What the lens sees, and the stream that carries it."""

from __future__ import annotations

import io
import time
from pathlib import Path

import cv2
import pytest
from PIL import Image, ImageChops, ImageStat

from kiosk.people.synthetic import CAST
from kiosk.simulation.client import WorldClient, start_world
from kiosk.simulation.faces import Pose, View, frame_jpeg
from kiosk.simulation.scene import Impossible
from kiosk.simulation.virtual import VirtualWorld
from tests.simulation.bench import in_world

PATIENCE = 10.0


def picture(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("L")


def brightness(jpeg: bytes) -> float:
    return ImageStat.Stat(picture(jpeg)).mean[0]


def difference(one: bytes, other: bytes) -> float:
    return ImageStat.Stat(ImageChops.difference(picture(one), picture(other))).mean[0]


def test_a_person_stands_on_a_light_backdrop_and_sways() -> None:
    async def visit(world: VirtualWorld) -> None:
        empty = world.frame()
        assert picture(empty).size == (1280, 720)
        assert ImageStat.Stat(picture(empty)).stddev[0] < 2 and brightness(empty) > 180
        world.call("person-arrives", citizen=3)
        frames = [world.frame() for _ in range(20)]
        assert difference(frames[0], empty) > 10
        assert 0 < difference(frames[0], frames[15]) < 5
        world.call("person-arrives", citizen=4)
        assert difference(world.frame(), frames[0]) > 5

    in_world(visit)


def test_faults_change_what_is_seen() -> None:
    async def visit(world: VirtualWorld) -> None:
        world.call("person-arrives", citizen=3)

        def with_fault(fault: str) -> bytes:
            world.call("clear", device="camera")
            world.call("fault", device="camera", fault=fault)
            return world.frame()

        assert brightness(with_fault("black")) < 1
        assert 5 < brightness(with_fault("dark")) < 60
        normal = frame_jpeg(View(CAST[3], CAST[4], Pose.FRONT, 1.0, 0))
        for fault in ("far", "two-people", "turned"):
            assert difference(with_fault(fault), normal) > 5
        frozen = with_fault("frozen")
        world.call("person-leaves")
        assert world.frame() == frozen
        world.call("clear", device="camera")
        assert world.frame() != frozen
        world.call("unplug", device="camera")
        with pytest.raises(Impossible):
            world.frame()

    in_world(visit)


def test_opencv_reads_the_stream_until_the_cable_is_pulled(folder: Path) -> None:
    address = start_world(folder)["camera"]
    world = WorldClient(folder)
    world.call("person-arrives", citizen=3)
    stream = cv2.VideoCapture(address)
    try:
        shapes = {stream.read()[1].shape for _ in range(5)}
        assert shapes == {(720, 1280, 3)}
        world.call("unplug", device="camera")
        deadline = time.monotonic() + PATIENCE
        while stream.read()[0]:
            assert time.monotonic() < deadline, "the stream went on"
        assert not cv2.VideoCapture(address).isOpened()
        world.call("plug", device="camera")
        again = cv2.VideoCapture(address)
        while not again.isOpened():
            assert time.monotonic() < deadline, "the stream did not come back"
            again = cv2.VideoCapture(address)
        assert again.read()[0]
        again.release()
    finally:
        stream.release()
