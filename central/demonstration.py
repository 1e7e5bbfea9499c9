"""Terminals that are made up, beside those of the tables: for showing the console to somebody.

`central demo` writes how many there are into the server's folder; every process that serves the folder sees it there.
Nothing of it exists where the file does not.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from central.tables import Site, Tables, Terminal

LIMIT = 500
PREFIX = "DEMO-"
BRANCH = "demonstration"
"""No document is collected at a site of this branch."""

_HALL = 3
"""Terminals in one hall."""


class Demonstration(BaseModel):
    """What the file says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    terminals: int = Field(ge=1, le=LIMIT)


def file_of(folder: Path) -> Path:
    """In the server's own folder."""
    return folder / "demonstration.json"


def names(count: int) -> tuple[str, ...]:
    """Of so many terminals."""
    return tuple(f"{PREFIX}{number:03d}" for number in range(1, count + 1))


def write(folder: Path, count: int) -> None:
    """From now on there are so many. Raises ValidationError for none or more than `LIMIT`."""
    part = file_of(folder).with_suffix(".part")
    _ = part.write_text(Demonstration(terminals=count).model_dump_json(), "utf-8")
    _ = part.replace(file_of(folder))


class Shown:
    """The tables as they are, with what is made up now. Looked at often: it reads again only what changed."""

    def __init__(self, tables: Tables, folder: Path) -> None:
        self._plain = self._tables = tables
        self._file = file_of(folder)
        self._read: tuple[int, int] | None = None

    @property
    def tables(self) -> Tables:
        """What stands now."""
        try:
            found = self._file.stat()
        except OSError:
            return self._plain
        seen = (found.st_ino, found.st_mtime_ns)
        if seen != self._read:
            self._tables, self._read = self._with_more(), seen
        return self._tables

    def _with_more(self) -> Tables:
        try:
            said = Demonstration.model_validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return self._plain
        terminals, sites = dict(self._plain.terminals), dict(self._plain.sites)
        for index, name in enumerate(names(said.terminals)):
            hall = index // _HALL + 1
            site = f"demo-hall-{hall}"
            name_shown, nowhere = f"演示大厅{hall}", f"演示大厅{hall}(不存在)"
            sites[site] = Site(id=site, name=name_shown, address=nowhere, telephone="0472-0000000", branch=BRANCH)
            terminals[name] = Terminal(id=name, site=site, board=1, compartments=0)
        return dataclasses.replace(self._plain, terminals=terminals, sites=sites)
