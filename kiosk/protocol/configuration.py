"""What headquarters and a terminal say about pushed configuration, and what a signed set looks like inside."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Annotated, Any, cast

from pydantic import Field, NonNegativeInt, PositiveInt

from kiosk.protocol.messages import Message

LARGEST_REPLY = 8 * 1024 * 1024
"""Headquarters answers with so many bytes of a file at most; the rest is asked for again, from there on."""

LARGEST_PART = 40 * 1024 * 1024
"""No file of a set is larger, in bytes: a recogniser of faces has up to 39 million."""

LARGEST_BUNDLED = 1024 * 1024
"""A larger file is fetched by its name, in bytes."""

Tree = dict[str, Any]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class PartRole(enum.StrEnum):
    """Who signs a file of a set: the roles that the top-level targets delegate to, by the first part of the path."""

    SETTINGS = "settings"
    TEXTS = "texts"
    ASSETS = "assets"
    MODELS = "models"


class PartFile(Message):
    """A file of a set: what its bytes are, and how many."""

    sha256: Sha256
    size: Annotated[int, Field(ge=0, le=LARGEST_PART)]


class GroupOverlay(Message):
    """What differs for some terminals."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    terminals: tuple[str, ...]
    settings: Tree


class ConfigurationSet(Message):
    """One set, signed by the settings role as `settings/NUMBER.json`.

    Numbers only rise: what is taken back comes again under a new number. In force at a terminal are the settings of
    the fleet, over them those of its groups in this order, over them its own. `parts` pins every other file of the
    set by its path, whose first step names the role that signed it, so that files of two sets cannot be mixed.
    """

    number: PositiveInt
    settings: Tree = Field(default_factory=dict)
    groups: tuple[GroupOverlay, ...] = ()
    terminals: dict[str, Tree] = Field(default_factory=dict)
    parts: dict[str, PartFile] = Field(default_factory=dict)

    def overlay(self, terminal: str) -> Tree:
        """What is pushed to one terminal, merged key by key."""
        merged: Tree = {}
        merge(merged, self.settings)
        for group in self.groups:
            if terminal in group.terminals:
                merge(merged, group.settings)
        merge(merged, self.terminals.get(terminal, {}))
        return merged


def merge(into: Tree, tree: Mapping[str, Any]) -> None:
    """Tables key by key, everything else whole."""
    for key, value in tree.items():
        held = into.get(key)
        if isinstance(value, Mapping):
            table = cast("Tree", held) if isinstance(held, dict) else {}
            into[key] = table
            merge(table, cast("Mapping[str, Any]", value))
        else:
            into[key] = value


def set_path(number: int) -> str:
    """Where a set lies among the targets."""
    return f"{PartRole.SETTINGS.value}/{number}.json"


def part_path(path: str, sha256: str) -> str:
    """Where a part lies among the targets: by its content, so that no set takes another's file away."""
    return f"{path.partition('/')[0]}/{sha256}"


class Assignment(Message):
    """Which set this terminal is to have; 0: none was ever published for it."""

    number: NonNegativeInt


class SetStage(enum.StrEnum):
    """How far a set has come at a terminal. HEALTHY is told before it is final.

    Two say nothing of the set, which is tried again: UNTRUSTED, what came of it was not what was signed; CUT_SHORT,
    the machine went down during the trial.
    """

    UNTRUSTED = "untrusted"
    CUT_SHORT = "cut-short"
    REFUSED = "refused"
    HEALTHY = "healthy"
    IN_FORCE = "in-force"
    REVERTED = "reverted"


class SetReport(Message):
    """One step of a set at a terminal; `why` is a code and words for a technician, nothing personal."""

    number: PositiveInt
    stage: SetStage
    why: Annotated[str, Field(max_length=400)] = ""


class FileRequest(Message):
    """One file of the signed repository; paths have slashes, so they travel in the body.

    Answered with its bytes from `offset` on, LARGEST_REPLY of them at most; fewer are the last.
    """

    path: Annotated[str, Field(min_length=1, max_length=200)]
    offset: Annotated[int, Field(ge=0, le=LARGEST_PART)] = 0


class BundleRequest(Message):
    """What is needed to verify this set, in one reply; whoever asks then fetches by name what is not in it."""

    number: PositiveInt


class Bundle(Message):
    """Files of the signed repository by path, in base64; None for one that is not there."""

    files: dict[str, str | None]
