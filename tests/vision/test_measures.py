"""Measures follow what was done to the picture, and say nothing where they cannot know."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import cast

import cv2
import numpy as np
import pytest

from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.vision import measures
from kiosk.vision.look import Looker, Seen
from kiosk.vision.picture import Image
from tests.vision.people import frame_of, in_frame, portrait

GRADED = ("1031", "1129", "1278", "1270")


def look(looker: Looker, frame: Image) -> Seen:
    seen = looker.look(frame, ID_CARD_PORTRAIT)
    assert len(seen.faces) == 1
    return seen


def blurred(frame: Image, sigma: float) -> Image:
    return cast(Image, cv2.GaussianBlur(frame, (0, 0), sigma))


def brightened(frame: Image, gain: float) -> Image:
    return np.clip(frame.astype(np.float32) * gain, 0, 255).astype(np.uint8)


def rolled(number: str, degrees: float) -> Image:
    person = portrait(number)
    height, width = person.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height * 0.5), -degrees, 1.0)
    return in_frame(cast(Image, cv2.warpAffine(person, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)))


def lit_from_the_left(frame: Image) -> Image:
    fall = np.linspace(1.2, 0.3, frame.shape[1], dtype=np.float32)[None, :, None]
    centre = np.clip((fall - 0.75) * 7 + 0.75, 0.3, 1.2)
    return np.clip(frame.astype(np.float32) * centre, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("number", GRADED)
def test_sharpness_falls_with_every_step_of_blur(looker: Looker, number: str) -> None:
    frame = frame_of(number)
    values = [look(looker, blurred(frame, sigma)).measures["Sharpness"] for sigma in (0.5, 1.5, 2.5, 4.0, 6.0)]
    assert all(one.native > other.native for one, other in pairwise(values))
    assert all(one.quality >= other.quality for one, other in pairwise(values))
    assert values[0].quality > 60 and values[-1].quality < 40


def test_sharpness_does_not_reward_noise(looker: Looker) -> None:
    soft = blurred(frame_of("1031"), 4.0)
    grain = np.random.default_rng(5).normal(0, 6, soft.shape)
    noisy = np.clip(soft + grain, 0, 255).astype(np.uint8)
    sharp = look(looker, frame_of("1031")).measures["Sharpness"].native
    assert look(looker, noisy).measures["Sharpness"].native < sharp * 0.7


@pytest.mark.parametrize("number", GRADED)
def test_light_follows_gain(looker: Looker, number: str) -> None:
    found = [look(looker, brightened(frame_of(number), gain)).measures for gain in (0.4, 0.7, 1.0, 1.3, 1.6)]
    means = [measure["LuminanceMean"].native for measure in found]
    scenes = [measure["SceneBrightness"].native for measure in found]
    over = [measure["OverExposurePrevention"].native for measure in found]
    assert means == sorted(means) and means[0] < means[-1]
    assert scenes == sorted(scenes)
    assert over == sorted(over)


@pytest.mark.parametrize("number", GRADED)
def test_roll_is_read_in_degrees_and_in_the_right_direction(looker: Looker, number: str) -> None:
    read = [look(looker, rolled(number, degrees)).measures["HeadPoseRoll"].native for degrees in (-12, -6, 0, 6, 12)]
    assert read == sorted(read)
    assert read == pytest.approx([-12, -6, 0, 6, 12], abs=3.0)


def test_side_light_is_told_from_even_light(looker: Looker) -> None:
    even = look(looker, frame_of("1031")).measures
    side = look(looker, lit_from_the_left(frame_of("1031"))).measures
    assert side["CheekRatio"].native < 0.74 < even["CheekRatio"].native
    assert side["IlluminationUniformity"].native < even["IlluminationUniformity"].native


def test_distance_between_eyes_follows_scale(looker: Looker) -> None:
    near = look(looker, in_frame(portrait("1031"), scale=1.2)).measures["InterEyeDistance"]
    far = look(looker, in_frame(portrait("1031"), scale=0.6)).measures["InterEyeDistance"]
    assert far.native == pytest.approx(near.native / 2, rel=0.06)
    assert far.quality < near.quality


def test_without_model_files_nothing_is_guessed(fallback: Looker) -> None:
    seen = look(fallback, frame_of("1031"))
    assert "cascade" in fallback.described and "absent" in fallback.described
    assert seen.mesh is None
    for name in ("EyesOpen", "MouthClosed", "HeadSize", "MarginAboveOfTheFaceImage", "FaceWidth"):
        assert seen.measures[name] == measures.not_measured(name)
    assert seen.measures["Sharpness"].measured


@pytest.mark.parametrize(("pixels", "quality"), [(70.0, 50), (90.0, 73), (120.0, 92)])
def test_inter_eye_distance_maps_as_ofiq_does(looker: Looker, pixels: float, quality: int) -> None:
    face = replace(look(looker, frame_of("1031")).faces[0], eyes=((100.0, 100.0), (100.0 + pixels, 100.0)))
    assert measures.inter_eye_distance(face, measures.not_measured("HeadPoseYaw")).quality == quality


@pytest.mark.parametrize(("area", "quality"), [(0.0, 100), (0.25, 75), (1.0, 0)])
def test_a_second_face_lowers_the_first(looker: Looker, area: float, quality: int) -> None:
    face = look(looker, frame_of("1031")).faces[0]
    x, y, width, height = face.box
    other = replace(face, box=(x, y, width * area, height))
    assert measures.single_face((face, other)).quality == quality
