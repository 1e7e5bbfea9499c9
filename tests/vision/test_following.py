"""In the preview the mesh is followed; the detector looks again now and then, and at once when the mesh is lost."""

from __future__ import annotations

import numpy as np
import pytest

from kiosk.vision.detection import Face
from kiosk.vision.look import DETECT_EVERY, Followed, Looker
from kiosk.vision.picture import Image
from tests.vision.people import in_frame, portrait


class Counting:
    """A detector that counts its looks."""

    def __init__(self, looker: Looker) -> None:
        self._finder = looker.finder
        self.name = self._finder.name
        self.looks = 0

    def find(self, frame: Image) -> tuple[Face, ...]:
        self.looks += 1
        return self._finder.find(frame)

    def refine(self, frame: Image, face: Face) -> Face:
        return self._finder.refine(frame, face)


@pytest.fixture
def following(looker: Looker, monkeypatch: pytest.MonkeyPatch) -> tuple[Looker, Counting]:
    counting = Counting(looker)
    monkeypatch.setattr(looker, "finder", counting)
    return looker, counting


def test_what_is_followed_is_what_would_be_found(following: tuple[Looker, Counting]) -> None:
    looker, counting = following
    person = portrait("1129")
    before: Followed | None = None
    for number in range(2 * DETECT_EVERY):
        frame = in_frame(person, scale=0.95, right=4 * number)
        before = looker.follow(frame, None, before)
        looks = counting.looks
        alone = looker.look(frame, None)
        counting.looks = looks
        assert before.seen.face is not None and alone.face is not None
        assert before.seen.face.box == pytest.approx(alone.face.box, abs=12)
        assert before.seen.face_width == pytest.approx(alone.face_width, rel=0.03)
        for name in ("HeadPoseYaw", "HeadPoseRoll"):
            assert before.seen.measures[name].native == pytest.approx(alone.measures[name].native, abs=2.5)
    assert counting.looks == 2


def test_who_leaves_is_noticed_in_the_next_frame(following: tuple[Looker, Counting]) -> None:
    looker, _ = following
    there = looker.follow(in_frame(portrait("1129"), scale=0.95), None, None)
    gone = looker.follow(np.full((720, 1280, 3), 195, np.uint8), None, there)
    assert gone.seen.faces == ()


def test_somebody_who_steps_aside_is_found_again_at_once(following: tuple[Looker, Counting]) -> None:
    looker, counting = following
    there = looker.follow(in_frame(portrait("1129"), scale=0.95), None, None)
    aside = looker.follow(in_frame(portrait("1129"), scale=0.95, right=330), None, there)
    assert counting.looks == 2
    assert aside.seen.face is not None and aside.seen.mesh is not None
