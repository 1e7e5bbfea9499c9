"""One to one: the same person is recognised, another is not, and what cannot be compared passes nobody.

The drawn people test the way and the thresholds; they say nothing about error rates on real faces.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kiosk.devices.camera.contract import Advice, Comparison, FaceScore
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.proofs import people
from kiosk.vision import simulated_photos
from kiosk.vision.coach import Coach, Limits
from kiosk.vision.comparison import (
    Descriptor,
    DlibEngine,
    Engine,
    Line,
    Recogniser,
    SFaceEngine,
    compare,
    five_points,
    known_face,
    load_engine,
)
from kiosk.vision.decoders import DecoderMissing, PhotoDecoder, decode_photo, load_decoder
from kiosk.vision.look import Looker
from kiosk.vision.models import SFACE, YUNET, installed
from kiosk.vision.picture import Image, decode, encode_jpeg, resize
from kiosk.vision.settings import DecoderChoice, EngineChoice, models_folder
from tests.vision.people import CAST, chip, empty_room, folder, frame_of
from tests.vision.small_network import tiles_of_a_face

THRESHOLD = 0.55
DOUBT = 0.05
MARGIN = 0.5
"""What the cast keeps: the same person below it, different people above it."""


@pytest.fixture(scope="module")
def engine(looker: Looker) -> Engine:
    found = load_engine(EngineChoice.DLIB, looker.finder, models_folder(os.environ))
    if found is None:
        pytest.skip("dlib is not installed")
    return found


@pytest.fixture(scope="module")
def live(engine: Engine) -> dict[str, Descriptor]:
    return {number: described(engine, frame_of(number)) for number in CAST}


@pytest.fixture(scope="module")
def chips(engine: Engine) -> dict[str, Descriptor]:
    return {number: described(engine, opened(chip(number))) for number in CAST}


@pytest.fixture(scope="module")
def astronaut() -> Image:
    """NASA's portrait in the public domain that comes with scikit-image: the one real face in the project."""
    data = pytest.importorskip("skimage.data")
    return np.ascontiguousarray(data.astronaut()[:, :, ::-1])


def described(engine: Engine, picture: Image) -> Descriptor:
    found = engine.describe(picture)
    assert found is not None
    return found


def opened(data: bytes) -> Image:
    found = decode(data)
    assert found is not None
    return found


def simulated() -> tuple[PhotoDecoder, ...]:
    options = (("faces", str(folder())),)
    return (load_decoder(DecoderChoice("kiosk.vision.simulated_photos:decoder", options)),)


def scored(
    engine: Engine | None, decoders: Sequence[PhotoDecoder], threshold: float, live: bytes, reference: bytes
) -> FaceScore:
    return compare(engine, known_face(engine, decoders, reference), Line(threshold, DOUBT), live)


def jpeg(number: str) -> bytes:
    return encode_jpeg(frame_of(number), 92)


def test_the_same_person_is_below_the_margin(
    engine: Engine, live: dict[str, Descriptor], chips: dict[str, Descriptor]
) -> None:
    assert max(engine.distance(live[number], chips[number]) for number in CAST) < MARGIN


def test_different_people_are_above_the_margin(
    engine: Engine, live: dict[str, Descriptor], chips: dict[str, Descriptor]
) -> None:
    distances = [engine.distance(live[one], chips[other]) for one in CAST for other in CAST if one != other]
    assert min(distances) > MARGIN
    assert float(np.median(distances)) > 0.6


def test_the_chips_photograph_is_decoded_and_compared(engine: Engine) -> None:
    photo = (simulated_photos.MARKER + b"1031").ljust(1024, b"\0")
    same = scored(engine, simulated(), THRESHOLD, jpeg("1031"), photo)
    other = scored(engine, simulated(), THRESHOLD, jpeg("1122"), photo)
    assert (same.verdict, same.engine, same.threshold) == (Comparison.SAME, "dlib", THRESHOLD)
    assert same.distance < THRESHOLD < other.distance
    assert other.verdict is Comparison.DIFFERENT


def test_a_jpeg_reference_needs_no_decoder(engine: Engine) -> None:
    assert scored(engine, (), THRESHOLD, jpeg("1129"), chip("1129")).verdict is Comparison.SAME


@pytest.mark.parametrize(
    "reference",
    [b"", b"WLf" + bytes(1021), b"\xff\xd8\xff broken", simulated_photos.MARKER + b"9999", simulated_photos.MARKER],
)
def test_a_reference_nobody_can_read_passes_nobody(engine: Engine, reference: bytes) -> None:
    score = scored(engine, simulated(), THRESHOLD, jpeg("1031"), reference)
    assert score.verdict is Comparison.NOT_AVAILABLE
    assert score.distance > 1


def test_without_an_engine_headquarters_compares() -> None:
    assert scored(None, (), THRESHOLD, jpeg("1031"), chip("1031")).verdict is Comparison.NOT_AVAILABLE


def test_an_empty_room_is_no_face(engine: Engine) -> None:
    score = scored(engine, (), THRESHOLD, encode_jpeg(empty_room(), 90), chip("1031"))
    assert score.verdict is Comparison.NO_FACE
    assert score.distance > 1
    assert scored(engine, (), THRESHOLD, b"no picture", chip("1031")).verdict is Comparison.NO_FACE


def test_a_reference_without_a_face_is_not_the_citizens_fault(engine: Engine) -> None:
    score = scored(engine, (), THRESHOLD, jpeg("1031"), encode_jpeg(empty_room(), 90))
    assert score.verdict is Comparison.NOT_AVAILABLE


def test_a_threshold_of_zero_recognises_nobody(engine: Engine) -> None:
    assert scored(engine, (), 0.0, jpeg("1031"), jpeg("1031")).verdict is Comparison.DIFFERENT


def test_a_decoder_that_is_not_installed_is_named() -> None:
    for name in ("no-such-decoder", "no.such.module:decoder", "kiosk.vision.simulated_photos:nothing"):
        with pytest.raises(DecoderMissing, match=name.split(":", maxsplit=1)[0]):
            load_decoder(DecoderChoice(name))


def test_the_simulated_decoder_leaves_real_chips_alone() -> None:
    assert decode_photo(b"WLf" + bytes(1021), simulated()) is None
    assert decode_photo(simulated_photos.MARKER + b"../x", simulated()) is None


def test_a_model_file_that_was_changed_is_not_used(models: Path, tmp_path: Path) -> None:
    data = bytearray((models / YUNET.name).read_bytes())
    data[1000] ^= 1
    (tmp_path / YUNET.name).write_bytes(data)
    assert installed(models, YUNET) is not None
    assert installed(tmp_path, YUNET) is None
    assert Looker(tmp_path).finder.name == "cascade"


def test_a_real_face_is_recognised_at_the_size_of_a_chip(engine: Engine, astronaut: Image) -> None:
    head = np.ascontiguousarray(astronaut[20:272, 122:326])
    small = encode_jpeg(resize(head, 102, 126), 85)
    score = scored(engine, (), THRESHOLD, encode_jpeg(astronaut, 92), small)
    assert score.verdict is Comparison.SAME
    assert score.distance < 0.35


def test_a_real_face_is_nobody_of_the_cast(engine: Engine, astronaut: Image, chips: dict[str, Descriptor]) -> None:
    real = described(engine, astronaut)
    assert min(engine.distance(real, drawn) for drawn in chips.values()) > THRESHOLD


def test_a_real_face_is_found_and_measured(looker: Looker, astronaut: Image) -> None:
    large = cast(Image, cv2.resize(astronaut, None, fx=2.4, fy=2.4, interpolation=cv2.INTER_CUBIC))
    frame = np.ascontiguousarray(large[:720, :])
    seen = looker.look(frame, ID_CARD_PORTRAIT)
    assert len(seen.faces) == 1
    assert abs(seen.measures["HeadPoseYaw"].native) < 10 and abs(seen.measures["HeadPoseRoll"].native) < 8
    assert seen.measures["EyesOpen"].quality >= 80
    guidance = Coach(ID_CARD_PORTRAIT, Limits()).see(0.0, 1, seen)
    assert guidance.advice is Advice.CLOSE_MOUTH, "she smiles"


def test_the_fallback_finds_the_face_too(fallback: Looker, engine: Engine) -> None:
    assert isinstance(engine, DlibEngine)
    cascade = load_engine(EngineChoice.DLIB, fallback.finder, models_folder(os.environ))
    assert cascade is not None
    distances = [
        cascade.distance(described(cascade, frame_of(number)), described(cascade, opened(chip(number))))
        for number in ("1031", "1129", "1270", "1317")
    ]
    assert max(distances) < MARGIN


@pytest.mark.parametrize(
    ("one", "other", "share", "verdict"),
    [
        ("1031", "1122", 0.5, Comparison.NOT_DECIDED),
        ("1027", "1244", 0.45, Comparison.NOT_DECIDED),
        ("1027", "1244", 0.5, Comparison.DIFFERENT),
        ("1263", "1314", 0.6, Comparison.DIFFERENT),
    ],
)
def test_look_alikes_are_refused_or_referred(
    engine: Engine, looker: Looker, one: str, other: str, share: float, verdict: Comparison
) -> None:
    """Somebody drawn between two people, with the first one's card. Nearer ones cannot be told by a face alone."""
    alike = people.blended(people.drawn(looker, one), people.drawn(looker, other), share)
    live = encode_jpeg(people.in_frame(alike.picture), 92)
    score = scored(engine, (), THRESHOLD, live, chip(one))
    assert score.verdict is verdict
    assert dict(score.evidence) == {
        "doubt": "0.05",
        "threshold-set-on": "unknown",
        "threshold-validated": "not validated",
    }


def test_the_line_has_a_middle_where_nothing_is_decided() -> None:
    line = Line(0.55, 0.05)
    assert [line.judge(d) for d in (0.49, 0.51, 0.549, 0.551)] == [
        Comparison.SAME,
        Comparison.NOT_DECIDED,
        Comparison.NOT_DECIDED,
        Comparison.DIFFERENT,
    ]


def test_sface_is_used_only_when_its_model_is_installed(looker: Looker, models: Path, tmp_path: Path) -> None:
    assert load_engine(EngineChoice.SFACE, looker.finder, tmp_path) is None
    (tmp_path / SFACE.name).write_bytes(b"something else")
    assert load_engine(EngineChoice.SFACE, looker.finder, tmp_path) is None
    assert compare(None, None, Line(0.637, 0.06), b"").verdict is Comparison.NOT_AVAILABLE


class Colours:
    """Stands in for the recogniser, whose model is not installed here: the mean colour of each third of a crop."""

    def __init__(self) -> None:
        self.rows: list[list[float]] = []

    def alignCrop(self, src_img: Image, face_box: NDArray[np.float32]) -> Image:  # noqa: N802
        self.rows.append([float(value) for value in face_box.ravel()])
        x, y, width, height = (max(0, round(float(value))) for value in face_box.ravel()[:4])
        return np.ascontiguousarray(src_img[y : y + height, x : x + width])

    def feature(self, aligned_img: Image) -> NDArray[np.float32]:
        thirds = np.array_split(aligned_img.astype(np.float32), 3, axis=0)
        return np.asarray([part.mean(axis=(0, 1)) for part in thirds], dtype=np.float32).reshape(1, -1)


def test_sface_gets_five_points_and_answers_with_an_angle(looker: Looker) -> None:
    """The way to the recogniser and back, not what it would say."""
    stand_in = Colours()
    engine = SFaceEngine(looker.finder, stand_in)
    one, other = (described(engine, frame_of(number)) for number in ("1031", "1278"))
    assert engine.distance(one, one) == pytest.approx(0.0, abs=1e-6)
    assert 0 < engine.distance(one, other) < 2
    assert engine.describe(empty_room()) is None
    assert all(len(row) == 15 for row in stand_in.rows)
    left, right, nose = stand_in.rows[0][4:6], stand_in.rows[0][6:8], stand_in.rows[0][8:10]
    assert left[0] < nose[0] < right[0] and left[1] < nose[1] < stand_in.rows[0][11]
    face = looker.finder.find(frame_of("1031"))[0]
    assert five_points(replace(face, mouth=None)) is None


def test_opencvs_own_recogniser_takes_the_five_points_and_sets_a_tilted_face_upright(
    looker: Looker, tmp_path: Path
) -> None:
    """SFace's class and alignment with a network that has learned nothing: where the face lies, not whose it is."""
    path = tmp_path / "tiles.onnx"
    path.write_bytes(tiles_of_a_face())
    engine = SFaceEngine(looker.finder, cast(Recogniser, cv2.FaceRecognizerSF.create(str(path), "")))
    upright = frame_of("1031")
    height, width = upright.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 12.0, 0.9)
    tilted = cast(Image, cv2.warpAffine(upright, turn, (width, height), borderMode=cv2.BORDER_REPLICATE))
    one, leaning, other = (described(engine, picture) for picture in (upright, tilted, frame_of("1278")))
    assert one.shape == (768,)
    assert engine.distance(one, one) == pytest.approx(0.0, abs=1e-6)
    assert engine.distance(one, leaning) < engine.distance(one, other) / 2
