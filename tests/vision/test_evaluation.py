"""Error rates with their limits. Run on drawn people it shows that the counting works: plumbing, not accuracy."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from kiosk.proofs import people
from kiosk.simulation import heads
from kiosk.vision.evaluation import Limits, at_rate, samples_in, trade_off
from kiosk.vision.face_cli import run
from kiosk.vision.look import Looker
from kiosk.vision.picture import decode

LABEL = "plumbing: drawn people, no accuracy"


@pytest.mark.parametrize(
    ("errors", "trials", "low", "high"),
    [
        (0, 30, 0.0, 0.1157),
        (1, 10, 0.0025, 0.4450),
        (5, 100, 0.0164, 0.1128),
        (30, 30, 0.8843, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_limits_are_the_exact_ones_of_the_tables(errors: int, trials: int, low: float, high: float) -> None:
    found = Limits.of(errors, trials)
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_the_threshold_keeps_the_wished_rate() -> None:
    genuine = np.sort(np.asarray([0.1, 0.2, 0.3, 0.55]))
    impostor = np.sort(np.linspace(0.4, 0.9, 100))
    at = at_rate(genuine, impostor, 0.05)
    assert at.fmr.share == pytest.approx(0.05)
    assert at.fnmr.share == pytest.approx(0.25)
    assert at.supported
    assert not at_rate(genuine, impostor, 0.001).supported, "a hundred pairs cannot show one in a thousand"
    assert at_rate(genuine, impostor, 0.001).fmr.share == 0.0
    assert at_rate(genuine, np.asarray([]), 0.1).fmr.high == 1.0


def test_the_curve_goes_one_way() -> None:
    rng = np.random.default_rng(1)
    curve = trade_off(np.sort(rng.normal(0.3, 0.1, 200)), np.sort(rng.normal(0.7, 0.1, 500)))
    assert all(b.fmr >= a.fmr and b.fnmr <= a.fnmr for a, b in itertools.pairwise(curve))


@pytest.fixture(scope="module")
def album(looker: Looker, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two groups of three drawn people, three pictures each, and one picture of nobody."""
    folder = tmp_path_factory.mktemp("album")
    for number, name in enumerate(("1031", "1129", "1181", "1244", "1270", "1317")):
        place = folder / ("first" if number < 3 else "second") / name
        place.mkdir(parents=True)
        figure = people.drawn(looker, name)
        for shot, one in enumerate((figure, heads.turned(figure, yaw=12), people.lit_from(figure, 1))):
            cv2.imwrite(str(place / f"{shot}.jpg"), one.picture)
    cv2.imwrite(str(folder / "first" / "1031" / "nobody.png"), np.full((400, 500, 3), 190, np.uint8))
    return folder


def test_an_album_is_evaluated_by_group_with_a_plot(
    album: Path, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", str(album), "--label", LABEL, "--models", str(models), "--out", str(tmp_path)]
    assert run([*arguments, "--fmr", "0.05", "--fmr", "0.0001"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["label"] == LABEL
    everybody, first, second = told["results"]
    assert [r["group"] for r in told["results"]] == ["everybody", "first", "second"]
    assert (everybody["people"], everybody["pictures"]) == (6, 19)
    assert everybody["failure_to_acquire"]["share"] == pytest.approx(1 / 19, abs=1e-5)
    assert (everybody["genuine_pairs"], everybody["impostor_pairs"]) == (18, 135)
    assert first["genuine_pairs"] == second["genuine_pairs"] == 9
    wished, rare = everybody["at"]
    assert wished["supported"] and not rare["supported"]
    assert wished["fmr"]["share"] <= 0.05 < wished["fmr"]["high_95"]
    assert wished["fnmr"]["low_95"] <= wished["fnmr"]["share"] <= wished["fnmr"]["high_95"]
    assert len(everybody["det"]) == 20
    assert json.loads((tmp_path / "evaluation.json").read_text()) == told
    drawn = decode((tmp_path / "det.png").read_bytes())
    assert drawn is not None and drawn.std() > 10


def test_what_cannot_be_evaluated_is_said(tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(tmp_path / "absent"), "--models", str(models)]) == 2
    assert run(["evaluate", str(tmp_path), "--models", str(models)]) == 2
    assert run(["evaluate", str(tmp_path), "--models", str(models), "--engine", "sface"]) == 1
    assert "not installed" in capsys.readouterr().err
    with pytest.raises(ValueError, match="two people"):
        samples_in(tmp_path)
