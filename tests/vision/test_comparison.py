"""One to one: the same person is recognised, another is not, and what cannot be compared passes nobody.

The drawn people test the way and the thresholds; they say nothing about error rates on real faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest

from kiosk.devices.camera.contract import Advice, Comparison, FaceScore
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.vision import simulated_photos
from kiosk.vision.coach import Coach, Limits
from kiosk.vision.comparison import Descriptor, DlibEngine, Engine, compare, known_face, load_engine
from kiosk.vision.decoders import DecoderMissing, PhotoDecoder, decode_photo, load_decoder
from kiosk.vision.look import Looker
from kiosk.vision.models import YUNET, installed
from kiosk.vision.picture import Image, decode, encode_jpeg, resize
from kiosk.vision.settings import DecoderChoice, EngineChoice
from tests.vision.people import CAST, chip, empty_room, folder, frame_of

THRESHOLD = 0.55
MARGIN = 0.5
"""What the cast keeps: the same person below it, different people above it."""


@pytest.fixture(scope="module")
def engine(looker: Looker) -> Engine:
    found = load_engine(EngineChoice.DLIB, looker.finder)
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
    return np.ascontiguousarray(cast(Any, data).astronaut()[:, :, ::-1])


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
    return compare(engine, known_face(engine, decoders, reference), threshold, live)


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
    cascade = load_engine(EngineChoice.DLIB, fallback.finder)
    assert cascade is not None
    distances = [
        cascade.distance(described(cascade, frame_of(number)), described(cascade, opened(chip(number))))
        for number in ("1031", "1129", "1270", "1317")
    ]
    assert max(distances) < MARGIN
