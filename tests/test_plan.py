"""The pages of docs/plan name only what exists: every row is shown by something that can be run, or is open."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk.cli import COMMANDS

REPOSITORY = Path(__file__).parents[1]
PLANS = sorted((REPOSITORY / "docs" / "plan").glob("*.md"))
CENTRAL = (
    "serve",
    "demo",
    "config",
    "ledger",
    "cases",
    "doubts",
    "reconcile",
    "user",
    "record",
    "records",
    "retention",
    "technician",
)
ROW = re.compile(r"^\| (?P<sentence>.+) \| (?P<state>(?:shown by `(?P<command>[^`]+)`|open: .+)) \|$")


def rows(plan: Path) -> list[str]:
    lines = plan.read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith("|") and line not in ("| sentence | state |", "|---|---|")]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_every_row_is_shown_or_open(plan: Path) -> None:
    assert [row for row in rows(plan) if not ROW.match(row)] == []


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.stem)
def test_what_a_row_names_exists(plan: Path) -> None:
    commands = [found["command"] for row in rows(plan) if (found := ROW.match(row)) and found["command"]]
    assert commands
    assert [command for command in commands if not exists(command)] == []


def exists(command: str) -> bool:
    """Whether this could be run: a test that is there, a target of the Makefile, a subcommand."""
    what, _, rest = command.partition(" ")
    match what:
        case "pytest":
            path, _, name = rest.partition("::")
            file = REPOSITORY / path
            return file.is_file() and (
                not name or re.search(rf"^\s*(async )?def {name}\(", file.read_text(), re.M) is not None
            )
        case "make":
            return re.search(rf"^{rest}:", (REPOSITORY / "Makefile").read_text(), re.M) is not None
        case "kiosk":
            return rest.split()[0] in COMMANDS
        case "central":
            return rest.split()[0] in CENTRAL
        case _:
            return (REPOSITORY / what).is_file()
