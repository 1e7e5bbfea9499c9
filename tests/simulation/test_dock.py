"""The dock from a shell: everything the world can do has a line, and errors say what to do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.people.synthetic import PopulationKey, Situation
from kiosk.simulation import dock_words
from kiosk.simulation.client import WorldClient, start_world
from kiosk.simulation.commands import Commands
from kiosk.simulation.dock import COMMANDS, run
from kiosk.simulation.dock_view import dock_view, refusal
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind, MemoryStore, Network, WorldState

TODAY = date(2026, 11, 22)


def a_scene() -> Scene:
    key = PopulationKey(1, TODAY)
    return Scene(WorldState(seed=key.seed, as_of=key.as_of), MemoryStore())


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    status = run(words)
    return status, json.loads(capsys.readouterr().out)


def test_every_command_of_the_world_has_its_line() -> None:
    listed = {line.name for line in COMMANDS}
    here = {"ports", "start", "end", "pay", "pay-decline", "kill-terminal", "faults"}
    assert listed == set(Commands(a_scene()).names) | here


def test_help_names_every_command_situation_and_device(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(["--help"])
    text = capsys.readouterr().out
    assert ended.value.code == 0
    for name in (*(line.usage for line in COMMANDS), *(s.value for s in Situation), *(d.value for d in Device)):
        assert name in text


def test_no_world_says_how_to_start_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = typed(capsys, "state", "--state", str(tmp_path))
    assert (status, said["ok"]) == (3, False)
    assert f"kiosk run --state {tmp_path}" in said["error"]


def test_a_wrong_name_is_answered_with_the_right_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("--state", str(tmp_path))
    assert "did you mean lay-card?" in typed(capsys, "lay-cart", *where)[1]["error"]
    assert "card-lost" in typed(capsys, "person-arrives", "situation=rich", *where)[1]["error"]
    assert "page-printer" in typed(capsys, "unplug", "device=toaster", *where)[1]["error"]
    assert "media-jam" in typed(capsys, "fault", "device=page-printer", "fault=dirty", *where)[1]["error"]
    assert "usage: door-close compartment=N" in typed(capsys, "door-close", "7", *where)[1]["error"]


def test_paying_without_headquarters_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, said = typed(capsys, "pay", "order=last", "--state", str(tmp_path))
    assert status == 1
    assert "kiosk run" in said["error"]


def test_what_the_world_refuses_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_world(folder)
    status, said = typed(capsys, "take-card", "--state", str(folder))
    assert (status, said["error"]) == (1, "no card lies on the reader")
    status, said = typed(capsys, "door-close", "--state", str(folder))
    assert (status, said["error"]) == (1, "door-close needs compartment; usage: door-close compartment=N [board=1]")
    status, said = typed(capsys, "person-arrives", "situation=card-lost", "nth=2", "--state", str(folder))
    assert (status, said["person"]["situation"]) == (0, "card-lost")
    assert WorldClient(folder).state()["person"]["situation"] == "card-lost"


def test_the_window_has_words_for_everything() -> None:
    assert set(dock_words.SITUATIONS) == set(Situation)
    assert [s for _, group in dock_words.GROUPS for s in group].__len__() == len(Situation)
    assert {s for _, group in dock_words.GROUPS for s in group} == set(Situation)
    assert set(dock_words.DEVICES) == set(Device)
    assert set(dock_words.FAULTS) == set(FaultKind)
    assert set(dock_words.NETWORKS) == set(Network)


class TestView:
    """What the window shows of a world."""

    def world(self) -> tuple[Scene, Commands]:
        scene = a_scene()
        return scene, Commands(scene)

    def view(self, commands: Commands) -> Any:
        people = commands.call("people", {})["people"]
        return dock_view(commands.call("state", {}), people, Path("/papers"))

    def test_no_world_is_shown_as_none(self) -> None:
        assert not dock_view(None, (), Path("/papers")).world

    def test_a_visitor_has_cards_to_lay_until_one_lies_there(self) -> None:
        _, commands = self.world()
        assert self.view(commands).person is None
        commands.call("person-arrives", {"situation": "card-finished-renewal"})
        held = {card.id for card in self.view(commands).cards if card.in_hand}
        assert held == {"own", "foreign", "damaged", "counterfeit"}
        assert self.view(commands).person.new_card == "第 1 格"
        commands.call("lay-card", {"card": "own"})
        after = self.view(commands)
        assert after.card_there
        assert not next(card for card in after.cards if card.id == "own").in_hand
        assert after.reader == "本人旧证，还没有读"

    def test_broken_and_unplugged_devices_say_so(self) -> None:
        _, commands = self.world()
        commands.call("fault", {"device": "receipt-printer", "fault": "paper-out"})
        commands.call("fault", {"device": "locker", "fault": "stuck", "compartment": 5})
        commands.call("unplug", {"device": "camera"})
        shown = {device.id: device for device in self.view(commands).devices}
        assert shown["receipt-printer"].broken == "缺纸"
        assert shown["locker"].broken == "锁打不开（第 5 格）"
        assert not shown["camera"].plugged
        assert Device.HEADQUARTERS.value not in shown

    def test_open_doors_are_counted_and_their_contents_named(self) -> None:
        scene, commands = self.world()
        scene.state.open_doors.append((1, 3))
        view = self.view(commands)
        assert view.open_doors == 1
        assert (view.compartments[2].open, view.compartments[2].contents) == (True, "新证")
        assert view.compartments[23].contents == ""

    def test_the_clock_says_how_far_it_is_off(self) -> None:
        _, commands = self.world()
        assert self.view(commands).clock == "准"
        commands.call("clock", {"offset_seconds": -90_061})
        assert self.view(commands).clock == "慢 1 天 1 小时 1 分 1 秒"

    def test_refusals_are_told_in_chinese(self) -> None:
        assert refusal("nobody stands there").startswith("机前没有人")
        assert refusal("something new") == "something new"
