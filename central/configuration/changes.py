"""What a set says otherwise than another, key by key: read before somebody sends it on its way. Pure values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from kiosk.protocol.configuration import ConfigurationSet, PartFile, Tree

FLEET = "fleet"
GROUP = "group"
TERMINAL = "terminal"
FILE = "file"


@dataclass(frozen=True, slots=True)
class Change:
    """One key of one scope. None: not said there, so that what lies below it holds: `delivered` where that is known.

    `scope` is FLEET, GROUP, TERMINAL or FILE, `name` whose; `was` and `now` are written as JSON, a file's as its
    size and the beginning of its digest.
    """

    scope: str
    name: str
    key: str
    was: str | None
    now: str | None
    delivered: str | None = None


def changes(before: ConfigurationSet | None, after: ConfigurationSet, delivered: Tree) -> tuple[Change, ...]:
    """Every difference: the fleet's first, then groups and terminals by name, then files."""
    found = list(_between(FLEET, "", {} if before is None else before.settings, after.settings, delivered))
    old, new = _groups(before), _groups(after)
    for name in sorted(old.keys() | new.keys()):
        found += _between(GROUP, name, old.get(name, {}), new.get(name, {}), {})
    mine, its = ({} if before is None else before.terminals), after.terminals
    for name in sorted(mine.keys() | its.keys()):
        found += _between(TERMINAL, name, mine.get(name, {}), its.get(name, {}), {})
    files, its_files = ({} if before is None else before.parts), after.parts
    for path in sorted(files.keys() | its_files.keys()):
        if files.get(path) != its_files.get(path):
            found.append(Change(FILE, "", path, _told(files.get(path)), _told(its_files.get(path))))
    return tuple(found)


def _told(file: PartFile | None) -> str | None:
    """How large it is, and the first digits of its SHA-256: two files of one size are two files."""
    if file is None:
        return None
    return f"{file.size:,} B, {file.sha256[:12]}"


def _groups(document: ConfigurationSet | None) -> dict[str, Tree]:
    """A group's settings, and who is in it, as if that were one of them."""
    if document is None:
        return {}
    return {group.name: {**group.settings, "(terminals)": list(group.terminals)} for group in document.groups}


def _between(scope: str, name: str, was: Tree, now: Tree, delivered: Tree) -> Iterator[Change]:
    old, new, base = dict(_leaves(was)), dict(_leaves(now)), dict(_leaves(delivered))
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield Change(scope, name, key, old.get(key), new.get(key), base.get(key))


def _leaves(tree: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        here = f"{at}.{key}" if at else str(key)
        if isinstance(value, Mapping):
            yield from _leaves(cast("Mapping[str, Any]", value), here)
        else:
            yield here, json.dumps(value, ensure_ascii=False, default=str)
