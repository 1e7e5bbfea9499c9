"""A folder that somebody edited, read as a set, and judged by the terminals' own judge.

settings.toml            what is pushed to all
groups/NAME.toml         `terminals = [...]` and what differs for them
terminals/NAME.toml      what differs for one
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from kiosk.protocol.configuration import ConfigurationSet, GroupOverlay, Tree
from kiosk.settings.loading import SettingsError, delivered_tree, load_settings

_KNOWN = frozenset({"settings.toml", "groups", "terminals"})


class NotGood(Exception):
    """A folder that is no set terminals could use; `complaints` has all that was found."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


def read_set(folder: Path, number: int, fleet: Collection[str]) -> ConfigurationSet:
    """The set in a folder, checked: every terminal of the fleet could use it, over the packaged settings.

    A station's own file is not here; what it makes wrong is found by its terminal, which then refuses the set.
    Raises NotGood.
    """
    try:
        document = _read(folder, number)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as wrong:
        raise NotGood((f"{folder}: {wrong}",)) from None
    complaints = _strangers(folder, document, fleet)
    judged: set[str] = set()
    for terminal in sorted(fleet):
        overlay = document.overlay(terminal)
        if repr(overlay) in judged:
            continue
        judged.add(repr(overlay))
        try:
            _ = load_settings(pushed=overlay)
        except SettingsError as wrong:
            complaints += [f"as {terminal} would have it: {complaint}" for complaint in wrong.complaints]
    if complaints:
        raise NotGood(tuple(complaints))
    return document


@cache
def delivered() -> Tree:
    """What holds where no set says anything."""
    return delivered_tree()


def _read(folder: Path, number: int) -> ConfigurationSet:
    groups: list[GroupOverlay] = []
    for file in sorted((folder / "groups").glob("*.toml")):
        tree = _tree(file)
        terminals = tree.pop("terminals", [])
        groups.append(GroupOverlay(name=file.stem, terminals=terminals, settings=tree))
    own = folder / "settings.toml"
    document = ConfigurationSet(
        number=number,
        settings=_tree(own) if own.is_file() else {},
        groups=tuple(groups),
        terminals={file.stem: _tree(file) for file in sorted((folder / "terminals").glob("*.toml"))},
    )
    # As terminals will read it: JSON knows no dates.
    return ConfigurationSet.model_validate_json(document.model_dump_json())


def _strangers(folder: Path, document: ConfigurationSet, fleet: Collection[str]) -> list[str]:
    named = {name for group in document.groups for name in group.terminals} | set(document.terminals)
    complaints = [f"{name} is no terminal of the fleet" for name in sorted(named - set(fleet))]
    if not folder.is_dir():
        return [f"{folder} is no folder"]
    found = {each.name for each in folder.iterdir()}
    return complaints + [f"{name} is nothing terminals take" for name in sorted(found - _KNOWN)]


def _tree(file: Path) -> Tree:
    return tomllib.loads(file.read_text("utf-8"))
