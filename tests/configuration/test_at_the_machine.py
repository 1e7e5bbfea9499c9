"""What a technician may do about the configuration: a few values within limits, and the way back. Never more."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.configuration.book import ConfigurationBook
from kiosk.configuration.judging import Judge
from kiosk.configuration.keeper import Keeper
from kiosk.configuration.own_values import FILE, OwnValues
from kiosk.configuration.shelf import Shelf
from kiosk.protocol.configuration import SetStage
from kiosk.settings.editable import EDITABLE
from kiosk.settings.loading import NEVER_PUSHED, Source, load_settings, load_sources
from kiosk.settings.model import Settings
from tests.configuration.repository import Clock, Hall, Machine, Office, Published, virtually

NIGHT = "appearance.night_from"
STATION = 'profile = "enquiry"\n[terminal]\nname = "KDL-001"\n'


@pytest.fixture
def station(tmp_path: Path) -> Path:
    file = tmp_path / "station.toml"
    file.write_text(STATION, "utf-8")
    return file


def book(folder: Path, station: Path | None = None) -> ConfigurationBook:
    own = OwnValues(folder)
    return ConfigurationBook(Judge("KDL-001", station, own_values=own), own, None)


def in_force(folder: Path) -> Settings:
    return Judge("KDL-001", None, own_values=OwnValues(folder)).own()


def test_every_value_in_force_says_where_it_came_from(station: Path) -> None:
    pushed = {"timeouts": {"idle": 75.0}}
    found = {
        value.key: value
        for value in load_sources(
            station, {"terminal": {"language": "en"}}, pushed=pushed, own_values={NIGHT: 20, "timeouts.idle": 90.0}
        )
    }
    told = {
        ("timeouts", "idle_elder"): (Source.PACKAGED, "terminal.toml"),
        ("display", "width"): (Source.SCREEN, "screens/portrait-27.toml"),
        ("devices", "locker", "driver"): (Source.PROFILE, "profiles/enquiry.toml"),
        ("terminal", "name"): (Source.STATION, str(station)),
        ("appearance", "night_from"): (Source.MACHINE, "what was set at this machine"),
        ("timeouts", "idle"): (Source.PUSH, "the set that headquarters pushed"),
        ("terminal", "language"): (Source.SIMULATION, "the overlay"),
    }
    assert {key: (found[key].source, found[key].file) for key in told} == told
    assert (found[("timeouts", "idle")].text, found[("appearance", "night_from")].text) == ("75.0", "20")


def test_whoever_may_come_in_is_counted_and_not_shown() -> None:
    entry = {"number": "004170", "card": "c" * 32, "verifier": "$argon2id$secret"}
    shown = load_sources(None, {"maintenance": {"staff": [entry, entry]}})
    assert [value.text for value in shown if value.key == ("maintenance", "staff")] == ["[2]"]
    assert not any("argon2id" in value.text for value in shown)


def test_every_value_that_may_be_set_here_is_good_at_each_of_its_limits(tmp_path: Path) -> None:
    for key, one in EDITABLE.items():
        assert tuple(key.split(".")) not in NEVER_PUSHED
        for choice in (one.choices[0], one.choices[-1]):
            _ = load_settings(None, None, own_values={key: choice})
    held = {".".join(value.key): value.text for value in load_sources()}
    assert {key for key, one in EDITABLE.items() if held[key] not in [str(c) for c in one.choices]} == set()


def test_a_value_is_set_within_its_limits_only(tmp_path: Path) -> None:
    at = book(tmp_path)
    assert at.put(NIGHT, "20") == ""
    assert in_force(tmp_path).appearance.night_from == 20
    for key, choice in ((NIGHT, "3"), (NIGHT, "'; rm"), ("terminal.name", "KDL-009"), ("power.command", "sh")):
        assert at.put(key, choice) == "not-here"
    assert in_force(tmp_path).appearance.night_from == 20


def test_what_stands_in_the_file_beyond_that_does_not_count(tmp_path: Path) -> None:
    before = in_force(tmp_path).settings_version
    (tmp_path / FILE).write_text('{"values":{"power.command":"sh","appearance.night_from":3},"before":{}}', "utf-8")
    assert in_force(tmp_path).settings_version == before
    (tmp_path / FILE).write_text("{torn", "utf-8")
    assert in_force(tmp_path).settings_version == before


def test_values_set_here_go_back_to_those_before(tmp_path: Path) -> None:
    at = book(tmp_path)
    assert not at.has_before()
    assert (at.put(NIGHT, "20"), at.put(NIGHT, "19"), at.values_back()) == ("", "", "")
    assert in_force(tmp_path).appearance.night_from == 20


def test_what_headquarters_pushed_is_not_set_here(tmp_path: Path) -> None:
    at = book(tmp_path)
    assert at.choices(("appearance", "night_from"), Source.PACKAGED) != ()
    assert at.choices(("appearance", "night_from"), Source.PUSH) == ()


def test_a_set_is_taken_back_by_hand_for_good_and_headquarters_is_told(tmp_path: Path) -> None:
    published = Published()
    published.publish(1, settings={"services": {"HZ10": {"enabled": False}}})
    machine = Machine(tmp_path, published)
    office, hall = Office(number=1), Hall()
    made: list[Keeper] = []

    async def main() -> None:
        hall.busy.set()
        keeper = machine.keeper(hall, office)
        made.append(keeper)
        _ = keeper.start()
        await keeper.once()
        assert (keeper.standing.in_force, hall.in_force[-1].service("HZ10").enabled) == (1, False)
        keeper.go_back("004170")
        await keeper.by_hand()
        await keeper.once()

    virtually(main())
    assert (made[0].standing.in_force, hall.in_force[-1].service("HZ10").enabled) == (0, True)
    assert Shelf(tmp_path / "configuration").standing().refused[-1].number == 1
    last = office.heard[-1]
    assert (last.number, last.stage, last.why) == (1, SetStage.REVERTED, "taken back at the machine by 004170")
    assert not made[0].standing.wants(1)


def test_a_value_set_here_comes_into_force_when_nobody_is_served_without_a_line(tmp_path: Path) -> None:
    published, hall, office = Published(), Hall(), Office(away=True)
    machine = Machine(tmp_path, published)

    async def main() -> None:
        own = OwnValues(tmp_path / "configuration")
        shelf = Shelf(tmp_path / "configuration")
        judge = Judge("KDL-001", machine.station, own_values=own)
        keeper = Keeper(shelf, published.trust(shelf.metadata, machine.line), judge, hall, office, Clock())
        _ = keeper.start()
        at = ConfigurationBook(judge, own, shelf, lambda: keeper)
        assert (at.at_once(), at.put(NIGHT, "19")) == (True, "")
        hall.busy.set()
        await keeper.by_hand()
        await keeper.by_hand()

    virtually(main())
    assert [settings.appearance.night_from for settings in hall.in_force] == [19]
