"""Frames in shared memory: whole, newest, and gone when the camera rests."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kiosk.vision.frames import FrameSource
from kiosk.vision.ring import Ring

WIDTH, HEIGHT = 640, 360

_WRITER = """
import sys, time
from kiosk.vision.ring import Ring
ring = Ring(int(sys.argv[1]), int(sys.argv[2]))
size = 640 * 360 * 3
until = time.monotonic() + 1.0
number = 0
while time.monotonic() < until:
    number += 1
    pixels = ring.begin(number)
    shade = bytes([number % 251])
    half = size // 2
    pixels[:half] = shade * half
    pixels[half:size] = shade * half
    ring.commit(number, time.monotonic_ns(), 640, 360)
print(number)
"""


def write(ring: Ring, number: int, shade: int, nanoseconds: int = 1000) -> None:
    pixels = ring.begin(number)
    size = WIDTH * HEIGHT * 3
    pixels[:size] = bytes([shade]) * size
    ring.commit(number, nanoseconds, WIDTH, HEIGHT)


@pytest.fixture
def ring() -> Ring:
    return Ring.create(WIDTH, HEIGHT)


def test_torn_frames_are_never_seen() -> None:
    ring = Ring.create(WIDTH, HEIGHT)
    arguments = [sys.executable, "-c", _WRITER, str(ring.descriptor), str(ring.capacity)]
    with subprocess.Popen(arguments, pass_fds=(ring.descriptor,), stdout=subprocess.PIPE) as writer:
        seen = 0
        numbers: list[int] = []
        while writer.poll() is None:
            frame = ring.read()
            if frame is None:
                continue
            seen += 1
            numbers.append(frame.number)
            assert frame.rgb == bytes([frame.number % 251]) * len(frame.rgb)
        assert writer.returncode == 0
    assert seen > 50
    assert numbers == sorted(numbers)
    ring.close()


def test_a_frame_that_is_being_written_is_not_returned(ring: Ring) -> None:
    source = FrameSource(ring, stale_seconds=1.5, now=lambda: 1000)
    source.light()
    write(ring, 1, 7)
    ring.begin(4)
    found = ring.read()
    assert found is None, "frame 4 is being written into the slot of frame 1"
    source.close()


def test_the_newest_frame_is_the_readers_own(ring: Ring) -> None:
    source = FrameSource(ring, stale_seconds=1.5, now=lambda: 1000)
    assert source.latest() is None
    source.light()
    write(ring, 1, 7)
    first = source.latest()
    for number in range(2, 6):
        write(ring, number, number)
    newest = source.latest()
    assert first is not None and newest is not None
    assert first[:3] == (1, WIDTH, HEIGHT) and set(first[3]) == {7}
    assert newest[0] == 5 and set(newest[3]) == {5}
    source.close()


def test_an_old_frame_is_not_shown(ring: Ring) -> None:
    clock = [1_000_000_000]
    source = FrameSource(ring, stale_seconds=1.5, now=lambda: clock[0])
    source.light()
    write(ring, 1, 7, nanoseconds=clock[0])
    assert source.latest() is not None
    clock[0] += 1_600_000_000
    assert source.latest() is None
    source.close()


def test_nothing_from_before_the_rest_is_shown_after_it(ring: Ring) -> None:
    source = FrameSource(ring, stale_seconds=1.5, now=lambda: 1000)
    source.light()
    write(ring, 1, 7)
    assert source.latest() is not None
    source.darken()
    assert source.latest() is None
    source.light()
    assert source.latest() is None
    write(ring, 2, 8)
    newest = source.latest()
    assert newest is not None and newest[0] == 2
    source.close()


def test_a_listener_hears_of_frames_only_while_the_camera_is_lit(ring: Ring) -> None:
    heard: list[int] = []
    source = FrameSource(ring, stale_seconds=1.5, now=lambda: 1000)
    source.listen(heard.append)
    write(ring, 1, 7)
    source.announce()
    source.light()
    write(ring, 2, 7)
    source.announce()
    source.listen(None)
    source.announce()
    assert heard == [2]
    source.close()
    assert source.latest() is None


def test_wiping_leaves_no_pixel(ring: Ring) -> None:
    source = FrameSource(ring, stale_seconds=1.5, now=lambda: 1000)
    for number in range(1, 4):
        write(ring, number, 200)
    ring.wipe()
    memory = os.pread(ring.descriptor, 10_000_000, 0)
    assert bytes([200]) * 8 not in memory
    assert ring.read() is None
    source.close()
