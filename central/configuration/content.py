"""A folder that somebody edited, read as a set, and judged by the terminals' own judge.

settings.toml            what is pushed to all
groups/NAME.toml         `terminals = [...]` and what differs for them
terminals/NAME.toml      what differs for one
texts/ assets/ models/   files, that the table `brought` of any of these names
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from central.configuration.repository import pinned
from kiosk.parts.asking import Wanted, judged
from kiosk.protocol.configuration import LARGEST_PART, ConfigurationSet, GroupOverlay, PartRole, Tree
from kiosk.settings.brought import unnamed
from kiosk.settings.loading import SettingsError, delivered_tree, load_settings

_FILES = tuple(role.value for role in PartRole if role is not PartRole.SETTINGS)
_KNOWN = frozenset({"settings.toml", "groups", "terminals", *_FILES})
_LARGEST_SET = 64 * 1024 * 1024
"""All files together, in bytes: terminals take no more."""
_MOST_FILES = 100
"""Each is a request of its own, and the metadata want some too."""
_DEEPEST = 160
"""Characters of a path."""


@dataclass(frozen=True, slots=True)
class Content:
    """A set that was checked, and its files by path."""

    document: ConfigurationSet
    parts: Mapping[str, bytes]


class NotGood(Exception):
    """A folder that is no set terminals could use; `complaints` has all that was found."""

    def __init__(self, complaints: tuple[str, ...]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


def read_set(folder: Path, number: int, fleet: Collection[str]) -> Content:
    """The set in a folder, checked: every terminal of the fleet could use it, over the packaged settings.

    Its files are judged as terminals will judge them.

    A station's own file is not here; what it makes wrong is found by its terminal, which then refuses the set.
    Raises NotGood.
    """
    try:
        parts, complaints = _parts(folder)
        document = _read(folder, number, parts)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as wrong:
        raise NotGood((f"{folder}: {wrong}",)) from None
    complaints += _strangers(folder, document, fleet)
    files = {path: (part.sha256, part.size) for path, part in document.parts.items()}
    judged_already: dict[str, Tree] = {}
    wanted: list[Wanted] = []
    for terminal in sorted(fleet):
        overlay = document.overlay(terminal)
        if repr(overlay) in judged_already:
            continue
        judged_already[repr(overlay)] = overlay
        try:
            settings = load_settings(pushed=overlay, files=files)
        except SettingsError as wrong:
            complaints += [f"as {terminal} would have it: {complaint}" for complaint in wrong.complaints]
        else:
            asked = Wanted(*settings.brought.uses())
            if asked not in wanted:
                wanted.append(asked)
    overlays = (*judged_already.values(), *(group.settings for group in document.groups))
    complaints += [f"{path}: nothing names it. Name it under [brought]." for path in unnamed(overlays, tuple(files))]
    for asked in wanted:
        complaints += [each for each in judged(asked, parts) if each not in complaints]
    if complaints:
        raise NotGood(tuple(complaints))
    return Content(document, parts)


@cache
def delivered() -> Tree:
    """What holds where no set says anything."""
    return delivered_tree()


def _parts(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    """The files below the folders of parts by path, and what is wrong with them before anybody looks into them."""
    found: dict[str, bytes] = {}
    complaints: list[str] = []
    for role in _FILES:
        for file in sorted((folder / role).rglob("*")):
            path = file.relative_to(folder).as_posix()
            if file.is_symlink() or not (file.is_file() or file.is_dir()):
                complaints.append(f"{path}: is no plain file. Put the file itself here.")
            elif file.is_file() and file.stat().st_size > LARGEST_PART:
                complaints.append(f"{path}: has {file.stat().st_size} bytes. Terminals take at most {LARGEST_PART}.")
            elif file.is_file() and not file.stat().st_size:
                complaints.append(f"{path}: is empty. Remove it.")
            elif file.is_file() and len(path) > _DEEPEST:
                complaints.append(f"{path}: has a longer name than {_DEEPEST} characters. Shorten it.")
            elif file.is_file():
                found[path] = file.read_bytes()
    size = sum(len(content) for content in found.values())
    if len(found) > _MOST_FILES:
        complaints.append(f"there are {len(found)} files. Terminals fetch at most {_MOST_FILES}.")
    if size > _LARGEST_SET:
        complaints.append(f"all files together have {size} bytes. Terminals take at most {_LARGEST_SET}.")
    return found, complaints


def _read(folder: Path, number: int, parts: Mapping[str, bytes]) -> ConfigurationSet:
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
        parts=pinned(parts),
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
