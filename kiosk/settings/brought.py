"""Which files of a set its settings name: only those belong to a terminal's settings, and to their version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

Tree = dict[str, Any]

TABLE = "brought"
"""The table of the settings that names files."""

FILES = "files"
"""Its key that holds what is known of them."""


def with_files(pushed: Mapping[str, Any], files: Mapping[str, tuple[str, int]]) -> Tree:
    """The pushed tree with what is known of the files that it names: path -> SHA-256 and length in bytes."""
    tree = dict(pushed)
    table = tree.get(TABLE)
    if not isinstance(table, Mapping):
        return tree
    named = tuple(_strings({k: v for k, v in cast("Tree", table).items() if k != FILES}))
    held = {
        path: {"sha256": sha256, "size": size}
        for path, (sha256, size) in sorted(files.items())
        if any(path == name or path.startswith(f"{name}/") for name in named)
    }
    tree[TABLE] = {**cast("Tree", table), FILES: held}
    return tree


def unnamed(trees: Sequence[Mapping[str, Any]], files: Sequence[str]) -> tuple[str, ...]:
    """Files that none of these trees names: nobody would use them."""
    pairs = dict.fromkeys(files, ("", 0))
    used = {path for tree in trees for path in with_files(tree, pairs).get(TABLE, {}).get(FILES, {})}
    return tuple(path for path in files if path not in used)


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for each in cast("Mapping[str, object]", value).values():
                yield from _strings(each)
        case list() | tuple():
            for each in cast("Sequence[object]", value):
                yield from _strings(each)
        case _:
            pass
