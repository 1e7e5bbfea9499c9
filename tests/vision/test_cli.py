"""Commands a technician calls: JSON on standard output, files where they were asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.people.portrait import PORTRAITS
from kiosk.vision.cli import camera_command, run
from kiosk.vision.picture import decode
from tests.vision.people import folder


def test_a_sheet_is_laid_open(models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = folder() / "cast_1031.jpg"
    assert run(["sheet", str(image), "--out", str(tmp_path / "sheet"), "--models", str(models)]) == 0
    answer = json.loads(capsys.readouterr().out)
    card = answer["products"]["id-card"]
    assert card["breaks"] == [] and card["geometry"]["ProductEyesAboveBottom"] >= 207
    for standard in PORTRAITS:
        told = answer["products"][standard.code]
        product = decode((tmp_path / "sheet" / f"{standard.code}.jpg").read_bytes()) if told["bytes"] else None
        if product is not None:
            assert product.shape == (standard.height, standard.width, 3)
            assert told["crown"] == "seen"
    assert not answer["products"]["driving-licence"]["confirmed"]
    sheet = decode((tmp_path / "sheet" / "sheet.png").read_bytes())
    assert sheet is not None and sheet.shape[0] == 876


def test_what_is_no_picture_is_said_without_a_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"nothing")
    assert run(["sheet", str(broken), "--out", str(tmp_path)]) == 2
    assert run(["sheet", str(tmp_path / "absent.jpg"), "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 2


def test_the_camera_is_tried_by_hand(models: Path, tmp_path: Path) -> None:
    settings = {"source": str(folder() / "cast_1031.jpg"), "models": str(models), "out": str(tmp_path)}
    answer = camera_command("shoot", settings)
    assert answer["acceptable"] and json.dumps(answer)
    assert [Path(name).name for name in answer["files"]] == ["frame.jpg", "product.jpg"]
    assert "not validated" in answer["detail"]


def test_a_camera_that_is_not_there_says_so() -> None:
    assert camera_command("health", {"source": "/dev/v4l/by-id/none"})["state"] == "powerOff"


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        ("dance", {"source": "0"}),
        ("shoot", {}),
        ("shoot", {"source": "0", "colour": "red"}),
        ("shoot", {"source": "0", "standard": "passport"}),
        ("shoot", {"source": "0", "engine": "magic"}),
    ],
)
def test_unknown_words_are_refused(command: str, settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"unknown|magic"):
        camera_command(command, settings)
