"""The built-in challenge: a person passes, and what can be known of a picture is known. All of it is drawn."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kiosk.proofs import challenges, people
from kiosk.proofs.attacks import Actor, Attack, attack, live
from kiosk.vision.liveness import (
    Basic,
    Judgement,
    Prompt,
    Reason,
    Standing,
    Verdict,
    device_cues,
    draw_prompts,
    out_of_plane,
    timing_cues,
)
from kiosk.vision.look import Looker
from kiosk.vision.picture import Image

PROMPTS = (Prompt.TURN_LEFT, Prompt.BLINK, Prompt.COME_NEARER)


@pytest.fixture(scope="module")
def actor(looker: Looker) -> Actor:
    return Actor(people.drawn(looker, "1129"))


def judged(
    looker: Looker, frames: Iterator[tuple[float, Image]], prompts: tuple[Prompt, ...] = PROMPTS
) -> Judgement | None:
    return challenges.challenged(Basic(), looker, prompts, frames)


def test_a_person_who_does_what_is_asked_is_judged_living(looker: Looker, actor: Actor) -> None:
    found = judged(looker, live(actor, PROMPTS, 1))
    assert found is not None
    assert (found.verdict, found.reasons) == (Verdict.LIVE, ())
    assert dict(found.evidence)["parallax"] > 0.02


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        (Attack.PRINT_MOVED, {Reason.FLAT, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.PRINT_BENT, {Reason.FLAT, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.CUT_OUT_EYES, {Reason.FLAT, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.SCREEN, {Reason.SCREEN, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.SCREEN_KNOWING, {Reason.SCREEN}),
    ],
)
def test_pictures_of_a_person_are_not_a_person(
    looker: Looker, actor: Actor, kind: Attack, reasons: set[Reason]
) -> None:
    found = judged(looker, attack(kind, actor, PROMPTS, 1))
    assert found is not None
    assert found.verdict is not Verdict.LIVE
    assert set(found.reasons) <= reasons


def test_what_does_not_move_is_never_judged_living(looker: Looker, actor: Actor) -> None:
    for kind in (Attack.INJECTED_STILL, Attack.MASK):
        found = judged(looker, attack(kind, actor, (Prompt.BLINK, Prompt.TURN_LEFT, Prompt.TURN_RIGHT), 1))
        assert found is not None
        assert (found.verdict, found.reasons) == (Verdict.NOT_DECIDED, (Reason.TOO_SLOW,))


def test_another_move_than_the_one_asked_for_ends_it(looker: Looker, actor: Actor) -> None:
    other = live(actor, (Prompt.TURN_RIGHT, *PROMPTS[1:]), 1)
    found = judged(looker, other)
    assert found is not None and found.verdict is not Verdict.LIVE


def test_nobody_there_ends_it(looker: Looker) -> None:
    empty = np.full((720, 1280, 3), 195, np.uint8)
    found = judged(looker, ((step / 10, empty) for step in range(40)))
    assert found is not None and found.reasons == (Reason.FACE_LOST,)


def test_the_order_cannot_be_known_before() -> None:
    drawn = {draw_prompts(random.Random(seed)) for seed in range(400)}
    assert len(drawn) == 18
    assert all(Prompt.BLINK in prompts for prompts in drawn)
    assert all({Prompt.TURN_LEFT, Prompt.TURN_RIGHT} & set(prompts) for prompts in drawn)
    assert draw_prompts(random.Random(5)) == draw_prompts(random.Random(5))


def test_it_says_that_it_is_basic() -> None:
    assert Basic().standing is Standing.BASIC


def test_a_plane_is_told_from_a_body() -> None:
    rng = np.random.default_rng(4)
    flat = rng.uniform(0, 100, (60, 2)).astype(np.float32)
    tilt = np.asarray([[0.9, 0.05], [-0.02, 1.1]], dtype=np.float32)
    assert out_of_plane(flat, flat @ tilt + 3, 50.0) < 0.001
    depth = rng.uniform(0, 12, (60, 1)).astype(np.float32)
    assert out_of_plane(flat, flat @ tilt + depth * np.asarray([[1.0, 0.0]], dtype=np.float32), 50.0) > 0.03
    assert out_of_plane(flat[:5], flat[:5], 50.0) == 0.0


def system(folder: Path, name: str, place: str) -> Path:
    """A /sys/class/video4linux with one device in it."""
    device = folder / "devices" / place / "video0"
    device.mkdir(parents=True)
    (device / "name").write_text(f"{name}\n", "utf-8")
    kinds = folder / "class"
    kinds.mkdir()
    (kinds / "video0").symlink_to(device)
    return kinds


def test_a_device_without_a_wire_is_named(tmp_path: Path) -> None:
    wired = system(tmp_path / "wired", "Portrait camera", "pci0000:00/usb1/1-2")
    assert device_cues("/dev/video0", "Portrait camera", wired).found == ()
    assert device_cues("/dev/video0", "", wired).found == ()
    assert device_cues("/dev/video0", "Another camera", wired).found == ("other-device",)
    looped = system(tmp_path / "looped", "Portrait camera", "virtual/video4linux")
    assert device_cues("/dev/video0", "Portrait camera", looped).found == ("virtual-device",)
    assert device_cues("/dev/video7", "", looped).found == ("not-a-video-device",)


def test_times_that_no_camera_keeps_are_named() -> None:
    rng = np.random.default_rng(9)
    steady = np.arange(60) * 33_333_333
    real = (steady + rng.normal(0, 400_000, 60)).astype(np.int64).tolist()
    assert timing_cues(real, 30).found == ()
    assert timing_cues(steady.tolist(), 30).found == ("too-regular",)
    assert timing_cues([value // 3 for value in real], 30).found == ("too-fast",)
    assert timing_cues(real[:4], 30).found == ()
