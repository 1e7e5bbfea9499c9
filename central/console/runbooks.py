"""What to do at each alarm: runbooks.toml, read once and checked."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

_FILE = Path(__file__).parent / "runbooks.toml"


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Told(_Entry):
    """In one language."""

    title: str
    means: str
    do: tuple[str, ...]


class Runbook(_Entry):
    """One page. `press`: how much it presses."""

    id: str
    codes: tuple[str, ...]
    press: Literal["urgent", "soon", "look"]
    zh: Told
    en: Told

    def covers(self, code: str) -> bool:
        """Whether this is the page of an alarm; what follows a colon is a value."""
        name = code.partition(":")[0]
        return any(code.startswith(each[:-1]) if each.endswith("*") else each in (name, code) for each in self.codes)

    def told(self, language: str) -> Told:
        """In a reader's language."""
        return self.en if language == "en" else self.zh


@cache
def runbooks() -> tuple[Runbook, ...]:
    """All of them; the last covers whatever no other does."""
    return TypeAdapter(tuple[Runbook, ...]).validate_python(tomllib.loads(_FILE.read_text("utf-8"))["runbook"])


def runbook_of(code: str) -> Runbook:
    """The page of an alarm."""
    return next((each for each in runbooks() if each.covers(code)), runbooks()[-1])
