"""Every fault of every device has its name, what it is, and words for each move; drivers say nothing unknown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.devices.classes import DeviceClass
from kiosk.devices.words import DeviceState
from kiosk.flows.lint import offences
from kiosk.maintenance.faults import COUNTED, DEVICES, STATES, every_fault, fault_of
from tests.screens.words_reading import LANGUAGES, strict_words

DEVICES_ROOM = Path(__file__).parents[2] / "kiosk" / "devices"
HEALTH_CODE = re.compile(r"Health\(DeviceState\.[A-Z_]+, \"([a-zA-Z]+)\"")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_has_a_technicians_text(language: str) -> None:
    words = strict_words()[language]
    missing = [f.text for f in every_fault() if not (words.has(f.text) and words.has(f.text, "technician"))]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_move_of_every_fault_has_words(language: str) -> None:
    words = strict_words()[language]
    missing = [
        (fault.text, move.value)
        for fault in every_fault()
        for move in fault.moves
        if not (words.has(fault.text, move.value) or words.has(f"move-{move.value}"))
    ]
    assert missing == []


def test_every_fault_has_a_way() -> None:
    assert [fault.text for fault in every_fault() if not fault.moves] == []


def test_every_class_of_device_is_described() -> None:
    assert {device.value for device in DeviceClass} == set(DEVICES)


def test_every_state_that_keeps_a_device_from_working_is_a_fault() -> None:
    working = {DeviceState.ONLINE}
    assert {state.value for state in DeviceState if state not in working} <= set(STATES)


def test_what_drivers_write_out_as_a_code_is_described() -> None:
    known = {(fault.device, fault.name) for fault in every_fault()}
    found: list[tuple[str, str]] = []
    for file in DEVICES_ROOM.glob("*/*.py"):
        device = file.parent.name.replace("_", "-")
        found += [(device, code) for code in HEALTH_CODE.findall(file.read_text("utf-8"))]
    assert found
    assert [one for one in found if one not in known and one[1] not in STATES] == []


@pytest.mark.parametrize(
    ("device", "constants"),
    [
        ("receipt-printer", "receipt_printer/status_bytes.py"),
        ("page-printer", "page_printer/states.py"),
        ("plate-printer", "making.py"),
        ("dispenser", "dispenser/meanings.py"),
        ("exam-booth", "exam_booth/contract.py"),
    ],
)
def test_the_words_of_each_class_are_described(device: str, constants: str) -> None:
    text = (DEVICES_ROOM / constants).read_text("utf-8")
    words = re.findall(r"^[A-Z_]+ = \"([a-z]+[A-Za-z]*)\"$", text, re.M)
    assert words
    undescribed = [word for word in words if fault_of(device, word).name == "other"]
    assert set(undescribed) <= OF_A_COMMAND


OF_A_COMMAND = {"noMedia", "readFailed", "nobodyThere"}
"""Words for how a command ended, which no device reports as its own state."""


def test_a_fault_nobody_described_has_the_way_that_is_right_for_any() -> None:
    assert fault_of("scanner", "somethingNew").text == "defect-some-other"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_supply_that_is_counted_has_words(language: str) -> None:
    words = strict_words()[language]
    keys = [f"exchange-{device}-{supply}" for device, supplies in COUNTED.items() for supply in supplies]
    assert [key for key in keys if not (words.has(key) and words.has(key, "technician"))] == []


def test_tasks_do_nothing_a_flow_may_not() -> None:
    tasks = Path(__file__).parents[2] / "kiosk" / "maintenance"
    found = {file.name: offences(file.read_text("utf-8")) for file in sorted(tasks.glob("*.py"))}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
