"""What a citizen looks at while they call for help, as a terminal tells it to headquarters, version 1.

    POST /v1/help/sights    Sight    -> SightReply | 404 (the call is not here yet) | 413 (larger than LIMIT)

A page is told by the names of its messages, never by pixels and never by what is written in it: a text that is not a
message of the program, and every argument of a message that is not on the terminal's list, is a gap. Headquarters
keeps the newest of a call until the call is closed, and says with whose eyes it was looked at.
"""

from __future__ import annotations

import enum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kiosk.protocol.messages import Message

VERSION: Literal[1] = 1
LIMIT = 16 * 1024
"""Bytes of one sight at most."""
MOST_BLOCKS = 48
MOST_TERMS = 12
MOST_ARGUMENTS = 6
LARGEST = 999
"""Of the numbers that are told: steps, doors, seconds. Nothing anybody can be told by fits into it."""

Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,79}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,39}$")]
Small = Annotated[int, Field(ge=0, le=LARGEST)]


class Term(Message):
    """A message by its name, or with an empty name a gap: something stands there that is not told.

    `numbers` and `said` are arguments that are told: small counts, and what is made of messages again. Every other
    argument it takes is a gap.
    """

    key: Key | Literal[""] = ""
    part: Key | Literal[""] = ""
    numbers: dict[Key, Small] = Field(default_factory=dict[Key, int], max_length=MOST_ARGUMENTS)
    said: dict[Key, tuple[Term, ...]] = Field(
        default_factory=dict[Key, "tuple[Term, ...]"], max_length=MOST_ARGUMENTS
    )


Said = Annotated[tuple[Term, ...], Field(max_length=MOST_TERMS)]


class BlockKind(enum.StrEnum):
    """How a part of a page is drawn."""

    TEXT = "text"
    FACT = "fact"
    """A label and a value."""
    OPTION = "option"
    """An answer to touch, and its explanation."""
    TILE = "tile"
    """A service."""
    RECORD = "record"
    """A row that is somebody's; nothing of it is told."""
    PICTURE = "picture"
    """A picture or what the camera sees; where it is, not what is in it."""


class Block(Message):
    """A part of a page."""

    kind: BlockKind
    said: Said = ()
    more: Said = ()
    enabled: bool = True


class SeenButton(Message):
    """A button; `leads` is the main one."""

    said: Said = ()
    enabled: bool = True
    leads: bool = False


class SeenField(Message):
    """What has the focus: which field, how many characters stand in it, how many it wants. Never which."""

    name: Word
    characters: Small = 0
    length: Small = 0


class SeenPage(Message):
    """A page. `page` is its kind; `device` what is waited for; `left_out` how many parts did not fit."""

    page: Word
    service: Word | Literal[""] = ""
    step: Small = 0
    steps: Small = 0
    sentence: Said = ()
    hint: Said = ()
    status: Said = ()
    error: Said = ()
    finishing: Said = ()
    advice: Said = ()
    blocks: Annotated[tuple[Block, ...], Field(max_length=MOST_BLOCKS)] = ()
    left_out: Small = 0
    field: SeenField | None = None
    ways: Annotated[tuple[SeenButton, ...], Field(max_length=MOST_TERMS)] = ()
    actions: Annotated[tuple[SeenButton, ...], Field(max_length=MOST_TERMS)] = ()
    device: Word | Literal[""] = ""
    seconds: Small | None = None
    more_time: Small | None = None


class Sight(Message):
    """What is on the glass, by the key of the call's filing. `turn` counts sights: an older one is passed over.

    `beneath` is the page the citizen comes back to where help covers it. Without a `page` whoever called is gone, and
    headquarters forgets what it has.
    """

    version: Literal[1]
    key: Annotated[str, Field(max_length=200)]
    turn: Annotated[int, Field(ge=0, le=2**31 - 1)]
    language: Word | Literal[""] = ""
    size: Word | Literal[""] = ""
    theme: Word | Literal[""] = ""
    elder: bool = False
    reach: bool = False
    page: SeenPage | None = None
    beneath: SeenPage | None = None


class SightReply(Message):
    """Whether the call is still open; after `closed` nothing more is told."""

    state: Literal["open", "closed"]
