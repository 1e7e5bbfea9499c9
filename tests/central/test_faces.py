"""The sandbox's face comparison on the drawn cast: it measures, or says that it cannot."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from central.agencies.faces import DlibEngine, SandboxFaceMatching, load_dlib
from central.handle import FACES
from kiosk.people.synthetic import CAST, Situation, chip_photo
from tests.central.office import Filled, Office, someone

pytestmark = pytest.mark.skipif(not FACES.is_dir(), reason="the drawn cast is not in this checkout")


@pytest.fixture(scope="module")
def engine() -> DlibEngine:
    loaded = load_dlib()
    if loaded is None:
        pytest.skip("the extra `face` is not installed")
    return loaded


@pytest.fixture(scope="module")
def matching(engine: DlibEngine) -> SandboxFaceMatching:
    return SandboxFaceMatching(FACES, lambda: engine)


def live(name: str) -> bytes:
    return (FACES / f"cast_{name}.jpg").read_bytes()


def test_everybody_is_themselves_and_nobody_else(matching: SandboxFaceMatching) -> None:
    for index, name in enumerate(CAST):
        same = matching.compare(live(name), name, b"")
        assert same.verdict == "same" and same.sandbox and 0 <= same.distance < same.threshold, (name, same)
        if index % 2:
            continue
        other = matching.compare(live(name), CAST[(index + 5) % len(CAST)], b"")
        assert other.verdict == "different" and other.distance > other.threshold, (name, other)


def test_the_chip_photo_names_its_own_face(matching: SandboxFaceMatching) -> None:
    assert matching.compare(live(CAST[0]), CAST[1], chip_photo(CAST[0])).verdict == "same"
    assert matching.compare(live(CAST[1]), CAST[1], chip_photo(CAST[0])).verdict == "different"
    assert matching.compare(live(CAST[1]), CAST[1], b"WLf\x00" + bytes(1020)).verdict == "same"


@pytest.mark.parametrize("picture", [b"", b"no picture", b"\xff\xd8\xff\xe0 torn"])
def test_what_is_no_picture_of_a_face_passes_nobody(matching: SandboxFaceMatching, picture: bytes) -> None:
    assert matching.compare(picture, CAST[0], b"").verdict == "no-face"


def test_an_unknown_photograph_is_not_available(matching: SandboxFaceMatching) -> None:
    for name in ("9999", "../cast_1027", ""):
        assert matching.compare(live(CAST[0]), name, b"").verdict == "not-available"
    assert matching.compare(live(CAST[0]), CAST[0], b"KIOSK-SIM-PHOTO\0../x").verdict == "not-available"


def test_without_the_engine_it_is_not_available() -> None:
    answer = SandboxFaceMatching(FACES, lambda: None).compare(live(CAST[0]), CAST[0], b"")
    assert answer.verdict == "not-available" and answer.sandbox


@pytest.fixture
def facing(filled: Filled, tmp_path: Path, matching: SandboxFaceMatching) -> Iterator[Office]:
    office = filled.office(tmp_path / "c", faces=matching)
    yield office
    office.close()


def ask(office: Office, number: str, picture: bytes, chip: bytes = b"") -> Any:
    message = {
        "case": "C",
        "number": number,
        "live": base64.b64encode(picture).decode(),
        "chip_photo": base64.b64encode(chip).decode(),
    }
    return office.send("POST", "/v1/faces", message)


def test_headquarters_compares_with_its_library(facing: Office) -> None:
    person = someone(Situation.CARD_LOST)
    other = next(name for name in CAST if name != person.face)
    assert ask(facing, person.number, live(person.face))[1]["verdict"] == "same"
    assert ask(facing, person.number, live(other))[1]["verdict"] == "different"
    assert ask(facing, person.number, live(person.face), person.photo())[1]["sandbox"] is True


def test_a_library_that_fails_is_never_a_silent_pass(facing: Office) -> None:
    person = someone(Situation.CARD_LOST)
    for agency in ("face-matching", "population"):
        for fault in ("down", "error-500", "garbage"):
            facing.fault(agency, fault)
            status, reply = ask(facing, person.number, live(person.face))
            assert status == 200 and reply["verdict"] == "not-available"
        facing.fault(agency, None)
    assert ask(facing, "150203199001010011", live(person.face))[1]["verdict"] == "not-available"


def test_what_is_not_base64_is_422(facing: Office) -> None:
    message = {"case": "C", "number": "x", "live": "***", "chip_photo": ""}
    assert facing.send("POST", "/v1/faces", message)[0] == 422
