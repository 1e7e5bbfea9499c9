"""The product: heads sit where the standard wants them, in a file of the right size."""

from __future__ import annotations

import io
import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from kiosk.people.portrait import ID_CARD_PORTRAIT, PORTRAITS, PortraitStandard
from kiosk.vision.look import Looker, Seen
from kiosk.vision.measures import middle
from kiosk.vision.picture import Image, decode, resample
from kiosk.vision.portrait import (
    Cut,
    Geometry,
    Side,
    beyond,
    crown_row,
    cut_out,
    encode,
    geometry,
    meets,
    plan,
    srgb_profile,
)
from tests.vision.people import CAST, frame_of, in_frame, portrait

S = ID_CARD_PORTRAIT


def product_of(looker: Looker, frame: Image) -> tuple[Seen, Geometry, bytes]:
    seen = looker.look(frame, S)
    assert seen.cut is not None and seen.product is not None and seen.face is not None
    measured = geometry(seen.cut, S, seen.face, seen.mesh)
    assert measured is not None
    return seen, measured, encode(seen.product, S)


@pytest.mark.parametrize("number", CAST)
def test_every_head_of_the_cast_sits_as_the_standard_wants(looker: Looker, number: str) -> None:
    _, measured, data = product_of(looker, frame_of(number))
    assert meets(S, measured, len(data)) == ()
    assert measured.hair_top is not None, "the backdrop is plain: the hair can be found"
    assert measured.eyes_above_bottom >= 207
    assert 193 <= measured.face_width <= 221
    picture = Pillow.open(io.BytesIO(data))
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (358, 441), "RGB")
    assert picture.info["dpi"] == (350, 350)
    assert 14 * 1024 <= len(data) <= 20 * 1024


@pytest.mark.parametrize("number", CAST)
def test_the_finished_file_measures_what_was_planned(looker: Looker, number: str) -> None:
    """Looked at afresh: the eyes within 4 pixels, the width within the standard's tolerance."""
    _, measured, data = product_of(looker, frame_of(number))
    picture = decode(data)
    assert picture is not None
    margin = 140
    padded = cv2.copyMakeBorder(picture, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    again = looker.look(cast(Image, padded), None)
    assert again.face is not None and again.face.eyes is not None
    x, y = (value - margin for value in middle(*again.face.eyes))
    assert 441 - y == pytest.approx(measured.eyes_above_bottom, abs=4)
    assert x == pytest.approx(179, abs=4)
    assert again.face_width == pytest.approx(207, abs=14)


@pytest.mark.parametrize("number", CAST)
def test_the_hair_begins_where_the_picture_says(looker: Looker, number: str) -> None:
    """Above the found row only wall, a little below it hair."""
    seen, measured, _ = product_of(looker, frame_of(number))
    assert seen.product is not None and measured.hair_top is not None
    strip = seen.product[:, 150:208].astype(np.float64)
    wall = np.median(seen.product[:20, :30].reshape(-1, 3), axis=0)
    away = np.abs(strip - wall).max(axis=2).mean(axis=1)
    row = round(measured.hair_top)
    assert away[: max(1, row - 4)].max() < 20
    assert away[row + 6 : row + 30].mean() > 20


def test_without_model_files_the_eye_line_still_holds(fallback: Looker) -> None:
    for number in ("1031", "1129", "1270"):
        seen, measured, data = product_of(fallback, frame_of(number))
        assert measured.eyes_above_bottom >= 207
        assert 14 * 1024 <= len(data) <= 20 * 1024
        assert not seen.measures["FaceWidth"].measured


def test_the_eye_line_wins_over_high_hair(looker: Looker) -> None:
    face = looker.look(frame_of("1031"), S).faces[0]
    assert face.eyes is not None
    _, y = middle(*face.eyes)
    cut = plan(S, face, None, crown=y - 1.4 * face.width)
    assert cut is not None
    measured = geometry(cut, S, face, None)
    assert measured is not None and measured.hair_top is not None
    assert measured.eyes_above_bottom == pytest.approx(209, abs=0.5)
    assert measured.hair_top < 7
    assert "hair-top" not in meets(S, measured, 16000)


def test_hair_too_high_is_a_breach_when_the_eyes_could_be_lower() -> None:
    assert meets(S, Geometry(230, 179, 207, 2), 16000) == ("hair-top",)
    assert meets(S, Geometry(230, 179, 207, 40), 16000) == ("hair-top",)
    assert meets(S, Geometry(205, 179, 207, 14), 16000) == ("eye-line",)
    assert meets(S, Geometry(230, 179, 222, 14), 16000) == ("face-width",)
    assert meets(S, Geometry(230, 140, 207, 14), 16000) == ("centre",)
    assert meets(S, Geometry(230, 179, 207, 14), 9000) == ("bytes",)
    assert meets(S, Geometry(230, 179, 207, None), 16000) == ()


def test_a_cut_beyond_the_frame_says_on_which_side() -> None:
    cut = Cut(100, 50, 340, 420, 1.05, None)
    assert beyond(cut, 1280, 720) == ()
    assert beyond(replace(cut, x=-20), 1280, 720) == (Side.LEFT,)
    assert beyond(replace(cut, x=1000), 1280, 720) == (Side.RIGHT,)
    assert beyond(replace(cut, y=-9), 1280, 720) == (Side.TOP,)
    assert beyond(replace(cut, y=400), 1280, 720) == (Side.BOTTOM,)
    assert beyond(replace(cut, height=800), 1280, 720) == (Side.TOO_LARGE,)


def test_no_product_is_cut_beyond_the_frame(looker: Looker) -> None:
    seen = looker.look(in_frame(portrait("1031"), right=480), S)
    assert seen.crossed == (Side.RIGHT,)
    assert seen.product is None
    assert not seen.measures["BackgroundSpread"].measured


def test_a_busy_wall_hides_where_the_hair_begins(looker: Looker) -> None:
    frame = frame_of("1031").copy()
    room = np.random.default_rng(3).integers(0, 255, (18, 32, 3), dtype=np.uint8)
    wall = cv2.resize(room, (1280, 720), interpolation=cv2.INTER_NEAREST)
    behind = np.abs(frame.astype(int) - 195).max(axis=2) < 16
    frame[behind] = wall[behind]
    seen = looker.look(frame, S)
    assert seen.cut is not None and seen.cut.crown is None
    assert seen.measures["BackgroundSpread"].native > 10


def test_pixels_are_taken_over_unchanged_at_scale_one() -> None:
    frame = np.random.default_rng(1).integers(0, 255, (720, 1280, 3), dtype=np.uint8)
    product = cut_out(frame, Cut(100, 50, 358, 441, 1.0, None), S)
    assert np.array_equal(product, frame[50:491, 100:458])


HEADS = tuple(standard for standard in PORTRAITS if standard.head_height_max)


def test_the_numbers_are_those_of_the_data_file() -> None:
    """And every product says where its numbers come from, since when, and how sure they are."""
    tables = tomllib.loads((Path(__file__).parents[2] / "config" / "portraits.toml").read_text("utf-8"))
    assert list(tables) == [standard.code for standard in PORTRAITS]
    for standard in PORTRAITS:
        table = tables[standard.code]
        about = {name: table.pop(name) for name in ("name", "source", "mark", "as_of")}
        assert about["source"] and about["mark"] in "VKC" and about["name"].keys() == {"zh", "en"}
        assert standard.confirmed == (about["mark"] == "V")
        numbers = {name: value for name, value in asdict(standard).items() if value or name in table}
        del numbers["code"]
        assert {**numbers, "confirmed": standard.confirmed} == {"confirmed": True, **table}


@pytest.mark.parametrize("code", ["exit-entry", "exit-entry-large"])
def test_both_sizes_for_exit_and_entry_are_those_of_the_guide(code: str) -> None:
    """354 to 480 by 472 to 640, three to four; the rules of the guide in millimetres, its 48 mm being the height."""
    standard = next(standard for standard in PORTRAITS if standard.code == code)
    assert 354 <= standard.width <= 480 and 472 <= standard.height <= 640
    assert 4 * standard.width == 3 * standard.height
    assert (standard.bytes_min, standard.bytes_max, standard.dpi) == (30 * 1024, 80 * 1024, 300)
    pixels = standard.height / 48.0
    eyes = 25.4 / 300
    wanted = {
        "head_height_min": 28,
        "head_height_max": 33,
        "hair_top_min": 3,
        "hair_top_max": 5,
        "chin_above_bottom_min": 7,
        "eyes_below_top_min": 176 * eyes,
        "eyes_below_top_max": 251 * eyes,
        "eye_distance_min": 82 * eyes,
        "eye_distance_max": 118 * eyes,
    }
    numbers = asdict(standard)
    assert {name: numbers[name] for name in wanted} == pytest.approx(
        {name: millimetres * pixels for name, millimetres in wanted.items()}, abs=1.0
    )
    assert standard.face_width - standard.face_width_tolerance == pytest.approx(15 * pixels, abs=1.5)
    assert standard.face_width + standard.face_width_tolerance == pytest.approx(22 * pixels, abs=1.5)


@pytest.mark.parametrize("standard", PORTRAITS, ids=lambda standard: standard.code)
@pytest.mark.parametrize("number", ["1031", "1122", "1270"])
def test_every_product_keeps_the_rules_of_its_office(looker: Looker, number: str, standard: PortraitStandard) -> None:
    scale = 1.2 if standard.width > 400 else 0.95
    frame = in_frame(portrait(number), scale=scale)
    seen = looker.look(frame, standard)
    assert seen.cut is not None and seen.face is not None
    assert seen.crossed == ()
    data = encode(cut_out(frame, seen.cut, standard), standard)
    measured = geometry(seen.cut, standard, seen.face, seen.mesh)
    assert measured is not None
    assert meets(standard, measured, len(data)) == ()
    assert measured.hair_top is not None
    picture = Pillow.open(io.BytesIO(data))
    assert picture.size == (standard.width, standard.height)
    assert picture.info["dpi"] == (standard.dpi, standard.dpi)
    assert picture.info["icc_profile"] == srgb_profile()
    assert picture.mode == "RGB"


@pytest.mark.parametrize("standard", HEADS, ids=lambda standard: standard.code)
def test_without_a_plain_wall_the_crown_is_inferred_and_says_so(looker: Looker, standard: PortraitStandard) -> None:
    frame = in_frame(portrait("1031"), scale=0.95)
    seen = looker.look(frame, standard)
    assert seen.face is not None
    known = plan(standard, seen.face, seen.mesh, crown_row(frame, seen.face, seen.mesh))
    guessed = plan(standard, seen.face, seen.mesh, None)
    assert known is not None and guessed is not None
    assert known.crown is not None and known.inferred_crown is None
    assert guessed.crown is None and guessed.inferred_crown is not None
    measured = geometry(guessed, standard, seen.face, seen.mesh)
    assert measured is not None and measured.hair_top is None and measured.head_height is not None
    assert {name: quality for name, _, quality in measured.listed()}["ProductCrown"] == 0
    assert guessed.scale == pytest.approx(known.scale, rel=0.12)


def test_the_file_is_as_good_as_its_size_allows(looker: Looker) -> None:
    """The next better quality would be too large."""
    _, _, data = product_of(looker, frame_of("1031"))
    assert len(data) > 0.85 * S.bytes_max


def test_an_even_picture_is_written_as_well_as_can_be_and_never_filled_up() -> None:
    """What is still too small then is named, and a person judges: bytes that show nothing help no office."""
    across = np.linspace(150, 190, S.width)[None, :, None] + np.linspace(0, 20, S.height)[:, None, None]
    grain = np.random.default_rng(3).normal(0, 0.5, (S.height, S.width, 1))
    even = np.clip(np.repeat(across + grain, 3, axis=2), 0, 255).astype(np.uint8)
    large = replace(S, bytes_min=60_000, bytes_max=400_000)
    data = encode(even, large)
    with Pillow.open(io.BytesIO(data)) as picture:
        assert "comment" not in picture.info
        found = np.asarray(picture.convert("RGB"), dtype=np.int16)[:, :, ::-1]
    # Quality 100: no pixel is off by more than rounding makes it.
    assert int(np.abs(found - even).max()) <= 3
    assert len(data) < large.bytes_max
    whole = Geometry(300.0, 179.0, 207.0, 14.0)
    assert any("bytes" in breach for breach in meets(large, whole, 100))


def test_resampling_keeps_light_not_codes() -> None:
    """A fine pattern of black and white is half the light: code 188, where averaged codes would give 128."""
    board = np.indices((100, 100)).sum(axis=0) % 2 * 255
    picture = np.repeat(board[:, :, None], 3, axis=2).astype(np.uint8)
    assert int(resample(picture, 50, 50)[25, 25, 0]) == 188
    plain = np.random.default_rng(2).integers(0, 255, (60, 60, 3), dtype=np.uint8)
    assert np.array_equal(resample(plain, 60, 60), plain)
