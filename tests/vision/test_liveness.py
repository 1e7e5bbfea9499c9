"""The built-in challenge: a person passes, and what can be known of a picture is known. All of it is drawn."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kiosk.devices.camera.contract import Move, Presence, Standing
from kiosk.devices.camera.moves import draw_moves
from kiosk.proofs import challenges, people
from kiosk.proofs.attacks import Actor, Attack, Film, attack, live
from kiosk.vision import wire
from kiosk.vision.bodies import out_of_plane
from kiosk.vision.cues import device_cues, timing_cues
from kiosk.vision.liveness import Basic, Bearing, Bounds, Judgement, Progress, Reason
from kiosk.vision.look import Looker, Seen
from kiosk.vision.picture import Image
from kiosk.vision.process import Challenge, ChallengeWanted, Mouth, SourceWatch, Taken
from kiosk.vision.settings import CameraSettings

PROMPTS = (Move.TURN_LEFT, Move.BLINK, Move.OPEN_MOUTH)
HURRIED = Bounds(prompt_seconds=2.0, another_after=1.4)
"""Who makes a move makes it within these as well; who does not is waited for less long."""


@pytest.fixture(scope="module")
def actor(looker: Looker) -> Actor:
    return Actor(people.drawn(looker, "1129"))


def judged(looker: Looker, film: Film, prompts: tuple[Move, ...] = PROMPTS) -> Judgement:
    found = challenges.challenged(Basic(HURRIED), looker, prompts, film).judgement
    assert found is not None
    return found


@pytest.mark.parametrize(
    "prompts",
    [
        PROMPTS,
        (Move.OPEN_MOUTH, Move.TURN_RIGHT, Move.TURN_LEFT),
        (Move.TURN_RIGHT, Move.COME_NEARER, Move.OPEN_MOUTH),
    ],
)
def test_a_person_who_does_what_is_asked_is_judged_living(
    looker: Looker, actor: Actor, prompts: tuple[Move, ...]
) -> None:
    played = challenges.challenged(Basic(), looker, prompts, live(actor, 1))
    assert played.judgement is not None
    assert (played.judgement.presence, played.judgement.reasons) == (Presence.LIVE, ())
    assert dict(played.judgement.evidence)["parallax"] > 0.02
    assert played.seconds <= 5.0


def test_a_blink_that_glasses_hide_is_replaced_by_coming_nearer(looker: Looker) -> None:
    # In this drawing the frame of the glasses lies over the lids.
    wearer = Actor(people.drawn(looker, "1244"))
    asked: list[Move | None] = []
    judge = Basic().begin((Move.BLINK, Move.TURN_LEFT, Move.OPEN_MOUTH))
    film = live(wearer, 1)
    seconds, frame = next(film)
    while (progress := judge.see(seconds, frame, looker.look(frame, None))).judgement is None:
        asked.append(progress.prompt)
        seconds, frame = film.send(progress.prompt)
    assert Move.BLINK in asked and Move.COME_NEARER in asked
    assert progress.judgement.presence is Presence.LIVE


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        (Attack.PRINT_MOVED, {Reason.FLAT, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.PRINT_BENT, {Reason.FLAT, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.CUT_OUT_EYES, {Reason.FLAT, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.CUT_OUT_EYES_AND_MOUTH, {Reason.FLAT, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.SCREEN, {Reason.SCREEN, Reason.TOO_SLOW, Reason.OTHER_MOVE}),
        (Attack.SCREEN_KNOWING, {Reason.SCREEN}),
        (Attack.MASK_WITH_EYES, {Reason.TOO_SLOW}),
    ],
)
def test_pictures_of_a_person_are_not_a_person(
    looker: Looker, actor: Actor, kind: Attack, reasons: set[Reason]
) -> None:
    found = judged(looker, attack(kind, actor, PROMPTS, 1))
    assert found.presence is not Presence.LIVE
    assert set(found.reasons) <= reasons


def test_what_does_not_move_is_never_judged_living(looker: Looker, actor: Actor) -> None:
    for kind in (Attack.INJECTED_STILL, Attack.MASK):
        found = judged(looker, attack(kind, actor, PROMPTS, 1), (Move.OPEN_MOUTH, Move.TURN_LEFT, Move.BLINK))
        assert (found.presence, found.reasons) == (Presence.NOT_DECIDED, (Reason.TOO_SLOW,))


def test_another_move_than_the_one_asked_for_ends_it(looker: Looker, actor: Actor) -> None:
    def turning_to_the_other_side() -> Film:
        film = live(actor, 1)
        frame = next(film)
        while True:
            asked = yield frame
            frame = film.send(Move.TURN_RIGHT if asked is Move.TURN_LEFT else asked)

    assert judged(looker, turning_to_the_other_side()).presence is Presence.NOT_LIVE


def test_nobody_there_ends_it(looker: Looker) -> None:
    empty = np.full((720, 1280, 3), 195, np.uint8)

    def nobody() -> Film:
        for step in range(40):
            _ = yield step / 10, empty

    assert judged(looker, nobody()).reasons == (Reason.FACE_LOST,)


def test_the_order_cannot_be_known_before() -> None:
    drawn = {draw_moves(random.Random(seed)) for seed in range(800)}
    assert len(drawn) == 30
    assert all(Move.OPEN_MOUTH in moves for moves in drawn)
    assert all({Move.TURN_LEFT, Move.TURN_RIGHT} & set(moves) for moves in drawn)
    assert draw_moves(random.Random(5)) == draw_moves(random.Random(5))


def test_it_says_that_it_is_basic() -> None:
    assert Basic().standing is Standing.BASIC


def test_a_plane_is_told_from_a_body() -> None:
    rng = np.random.default_rng(4)
    flat = rng.uniform(0, 100, (60, 2)).astype(np.float32)
    tilt = np.asarray([[0.9, 0.05], [-0.02, 1.1]], dtype=np.float32)
    assert out_of_plane(flat, np.asarray(flat @ tilt + 3, dtype=np.float32), 50.0) < 0.001
    depth = rng.uniform(0, 12, (60, 1)).astype(np.float32)
    leaning = np.asarray(flat @ tilt + depth * np.asarray([[1.0, 0.0]], dtype=np.float32), dtype=np.float32)
    assert out_of_plane(flat, leaning, 50.0) > 0.03
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


class Yes:
    """An engine that takes everything for living."""

    name = "yes"
    standing = Standing.BASIC

    def begin(self, prompts: Sequence[Move]) -> Yes:
        return self

    def see(self, seconds: float, frame: Image, seen: Seen) -> Progress:
        return Progress(None, 1, 1, Judgement(Presence.LIVE, (), ()), Bearing.STRAIGHT)


@pytest.mark.parametrize(
    ("source", "place", "name", "presence", "reasons"),
    [
        ("/dev/video0", "pci0000:00/usb1/1-2", "Portrait camera", Presence.LIVE, ()),
        ("/dev/video0", "virtual/video4linux", "", Presence.NOT_LIVE, ("virtual-device",)),
        ("0", "pci0000:00/usb1/1-2", "Another camera", Presence.NOT_LIVE, ("other-device",)),
        ("http://127.0.0.1/camera", "virtual/video4linux", "", Presence.LIVE, ()),
    ],
)
def test_who_moves_before_another_camera_is_not_judged_living(
    looker: Looker, tmp_path: Path, source: str, place: str, name: str, presence: Presence, reasons: tuple[str, ...]
) -> None:
    settings = CameraSettings(source, tmp_path, device_name=name)
    told = io.BytesIO()
    watch = SourceWatch(settings, system(tmp_path, "Portrait camera", place))
    wanted = ChallengeWanted(1, 0.0, (Move.OPEN_MOUTH,))
    challenge = Challenge(wanted, Yes(), Mouth(told), watch)
    frame = np.full((72, 128, 3), 195, np.uint8)
    assert challenge.see(Taken(1, 0.0, frame), looker.look(frame, None))
    found = wire.challenged_in(wire.parse(told.getvalue()))
    assert (found.presence, found.reasons, found.engine) == (presence, reasons, "yes")


def test_times_that_no_camera_keeps_are_named() -> None:
    rng = np.random.default_rng(9)
    steady = np.arange(60) * 33_333_333
    real = (steady + rng.normal(0, 400_000, 60)).astype(np.int64).tolist()
    assert timing_cues(real, 30).found == ()
    assert timing_cues(steady.tolist(), 30).found == ("too-regular",)
    assert timing_cues([value // 3 for value in real], 30).found == ("too-fast",)
    assert timing_cues(real[:4], 30).found == ()
