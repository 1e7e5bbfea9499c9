"""Papers of the real process: files that a person can look at."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import serial
from PIL import Image

from kiosk.simulation.client import WorldClient, start_world
from tests.simulation.worlds import PATIENCE, kill_world

_TEST = """{{
    NAME "Print a file" OPERATION {operation}
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR language attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR name requesting-user-name $user
    {more}
    STATUS successful-ok
}}
"""


def test_a_receipt_is_a_picture_and_a_text(folder: Path) -> None:
    ports = start_world(folder, pace=0.1)
    with serial.Serial(ports["receipt-printer"], 115200, timeout=PATIENCE) as line:
        line.write(bytes.fromhex("1B 40 1C 26") + "包头市公安局 王𠮷\n".encode("gb18030"))
        line.write(bytes.fromhex("1D 56 42 00 1D 72 01"))
        assert line.read(1) == b"\x00"
    world = WorldClient(folder)
    (paper,) = world.call("papers")["papers"]
    assert paper["files"] == ["001-receipt.png", "001-receipt.txt"]
    with Image.open(folder / "world" / "papers" / "001-receipt.png") as picture:
        assert picture.width == 576 and picture.convert("L").getextrema() == (0, 255)
    assert (folder / "world" / "papers" / "001-receipt.txt").read_text() == "包头市公安局 王𠮷\n"
    assert world.call("take-paper")["papers"] == [1]
    assert world.call("papers")["papers"][0]["taken"] is True


@pytest.mark.skipif(shutil.which("ipptool") is None, reason="ipptool is not installed")
def test_a_foreign_client_prints_and_a_killed_world_prints_what_it_had_taken(folder: Path, tmp_path: Path) -> None:
    address = start_world(folder, pace=0.1)["page-printer"]
    pdf = tmp_path / "page.pdf"
    Image.new("RGB", (200, 300), "white").save(pdf)
    script = tmp_path / "print.test"

    def ipptool(operation: str, more: str = "") -> None:
        script.write_text(_TEST.format(operation=operation, more=more))
        subprocess.run(
            ["ipptool", "-tf", str(pdf), address, str(script)], check=True, timeout=PATIENCE, capture_output=True
        )

    world = WorldClient(folder)
    ipptool("Get-Printer-Attributes")
    ipptool("Validate-Job")
    ipptool("Print-Job", "FILE $filename")
    state = world.wait(lambda state: bool(state["papers"]), PATIENCE)
    assert "001-page.pdf" in state["papers"][0]["files"]
    assert (folder / "world" / "papers" / "001-page.pdf").read_bytes() == pdf.read_bytes()
    world.call("fault", device="page-printer", fault="media-empty")
    ipptool("Print-Job", "FILE $filename")
    kill_world(folder)
    assert start_world(folder, pace=0.1)["page-printer"] == address
    assert world.wait(lambda state: state["jobs"][1]["state"] == 6, PATIENCE)
    world.call("clear", device="page-printer")
    state = world.wait(lambda state: state["jobs"][1]["state"] == 9, PATIENCE)
    assert [paper["job"] for paper in state["papers"]] == [1, 2]
