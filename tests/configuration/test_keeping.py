"""With what a terminal starts that is, or is not, given somebody to believe."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.commands.keeping import FOLDER, keeping
from kiosk.configuration.judging import Judge
from kiosk.configuration.shelf import Shelf
from kiosk.configuration.standing import Standing
from kiosk.protocol.configuration import SetStage
from kiosk.settings import SettingsError
from tests.configuration.repository import STATION, Published


def judge(folder: Path, more: str = "") -> Judge:
    station = folder / "station.toml"
    station.write_text(STATION + more, "utf-8")
    return Judge("KDL-001", station)


def believing(folder: Path) -> Judge:
    (folder / "root.json").write_bytes(Published().root)
    return judge(folder, f'[headquarters]\nfolder = "{folder}"\nroot = "root.json"\n')


def test_who_believes_nobody_keeps_the_stations_own_settings(tmp_path: Path) -> None:
    assert keeping(tmp_path, judge(tmp_path)) is None
    assert not (tmp_path / FOLDER).exists()


def test_the_first_start_is_with_the_stations_own(tmp_path: Path) -> None:
    kept = keeping(tmp_path, believing(tmp_path))
    assert kept is not None and kept.root == Published().root
    assert kept.beginning.settings.terminal.name == "KDL-001" and not kept.beginning.untold


def test_the_last_good_set_is_begun_with_and_a_trial_that_was_cut_is_told(tmp_path: Path) -> None:
    published = Published()
    published.publish(3, settings={"timeouts": {"idle": 41.0}})
    shelf = Shelf(tmp_path / FOLDER)
    shelf.lay(published.fetch(tmp_path / "metadata", 3))
    shelf.write(Standing(in_force=3, trial=4))
    kept = keeping(tmp_path, believing(tmp_path))
    assert kept is not None and kept.beginning.settings.timeouts.idle == 41.0
    assert [(told.number, told.stage) for told in kept.beginning.untold] == [(4, SetStage.CUT_SHORT)]
    assert shelf.standing().trial == 0


def test_a_root_that_was_named_and_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises((OSError, SettingsError)):
        _ = keeping(tmp_path, judge(tmp_path, '[headquarters]\nroot = "/nowhere/root.json"\n'))
