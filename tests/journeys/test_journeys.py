"""Whole visits on the real application: QML offscreen, touch, ptys, HTTPS. `kiosk proof` runs all six."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.commands.simulated import Sandbox
from tests.journeys.places import kiosk

COMPLAINTS = ("Traceback", "WARNING kiosk.screens", "was never awaited", "qml:", "QML ")


@pytest.mark.parametrize(
    ("code", "language", "paper"),
    [
        ("HZ02", "zh-CN", "receipt.txt"),
        ("JG01", "en", "page.pdf"),
        ("HZ01", "zh-CN", "receipt.txt"),
    ],
)
def test_a_citizen_leaves_with_what_they_came_for(
    sandbox: Sandbox, tmp_path: Path, code: str, language: str, paper: str
) -> None:
    out = tmp_path / "out"
    ran = kiosk("journey", code, "--state", sandbox.state, "--out", out, "--language", language, "--json")
    assert ran.status == 0, ran.err[-3000:]
    assert [line for line in ran.err.splitlines() if any(sign in line for sign in COMPLAINTS)] == []
    told = json.loads((out / "journey.json").read_text("utf-8"))
    assert told == ran.told
    assert (told["outcome"], told["agreed"], told["problem"]) == ("done", True, "")
    assert {effect["state"] for effect in told["effects"]} == {"done"}
    assert told["case_number"]
    assert {step["key"] for step in told["steps"]} >= {
        "notice",
        "face-consent",
        "card",
        "face",
        "finger",
        "signature",
    }
    assert all(told["seconds"][whose] >= 0 for whose in ("citizen", "device", "network", "software", "server"))
    pictures = sorted(file.name for file in out.glob("[0-9][0-9]-*.png"))
    assert len(pictures) == len(told["pages"])
    assert pictures[0] == "01-attract.png"
    assert all((out / name).read_bytes().startswith(b"\x89PNG") for name in pictures)
    assert any(name.endswith(paper) for name in told["papers"])
    assert all((out / name).stat().st_size > 0 for name in told["papers"])


def test_a_slip_that_cannot_be_printed_does_not_keep_the_card_back(sandbox: Sandbox, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = kiosk(
        *("journey", "HZ02", "--state", sandbox.state, "--nth", "1", "--out", out, "--json"),
        *("--fault", "receipt-printer:paper-out@collection-slip"),
    )
    sandbox.world.call("clear", device="receipt-printer")
    assert ran.status == 0, ran.err[-3000:]
    told = ran.told
    assert told["outcome"] == "done"
    assert told["pages"][-2:] == ["ClosingPage", "RatingPage"]
    states = {effect["key"].split("/")[1]: effect["state"] for effect in told["effects"]}
    assert states["new-card"] == "done"
    assert states["collection-slip"] == "failed"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("journey", "HZ99"), "invalid choice: 'HZ99'"),
        (("journey", "HZ02", "--fault", "toaster:on-fire@card"), "there is no device toaster"),
        (("journey", "HZ02", "--fault", "locker:paper-out@new-card"), "locker knows no fault paper-out"),
        (("journey", "HZ02", "--fault", "locker"), "a fault is given as DEVICE:FAULT@STEP"),
    ],
)
def test_what_does_not_exist_is_said_in_one_sentence(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        status = main(words)
    except SystemExit as stop:
        status = stop.code
    assert status in (2, 3)
    assert said in capsys.readouterr().err


def test_a_headquarters_that_runs_already_is_used_and_left_running(sandbox: Sandbox) -> None:
    ran = kiosk(
        *("journey", "JG01", "--state", sandbox.state, "--nth", "1"),
        *("--server", sandbox.address.terminals, "--json"),
    )
    assert ran.status == 0, ran.err[-3000:]
    assert ran.told["agreed"]
    assert sandbox.children[0].poll() is None


def test_a_headquarters_of_another_directory_is_refused_with_what_to_do(tmp_path: Path) -> None:
    ran = kiosk("journey", "JG01", "--state", tmp_path / "empty", "--server", "https://127.0.0.1:1", "--json")
    assert ran.status == 3
    assert "give --state the directory" in ran.err
