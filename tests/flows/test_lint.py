"""The check of flows finds what it is for, and finds nothing in the flows we have."""

from __future__ import annotations

from pathlib import Path

import pytest

import kiosk.flows
from kiosk.flows.lint import offences

ROOM = Path(kiosk.flows.__file__).parent
BRANCHES = ("household", "traffic", "exit_entry")


def modules() -> list[Path]:
    found = [path for branch in BRANCHES for path in sorted((ROOM / branch).glob("**/*.py"))]
    return [*found, *(path for name in ("common.py", "catalogue.py", "waiting.py") if (path := ROOM / name).exists())]


def test_there_are_flows_to_check() -> None:
    assert len(modules()) > 3


@pytest.mark.parametrize("module", modules(), ids=lambda path: path.name)
def test_our_flows_only_decide(module: Path) -> None:
    assert offences(module.read_text("utf-8")) == ()


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import asyncio", 1),
        ("from time import sleep", 1),
        ("import uuid as names", 1),
        ("from os.path import join", 1),
        ("async def f():\n    try:\n        pass\n    finally:\n        await g()", 2),
        ("async def f():\n    try:\n        pass\n    except KeyError:\n        await g()", 4),
        ("try:\n    pass\nexcept:\n    pass", 3),
        ("try:\n    pass\nexcept BaseException:\n    pass", 3),
        ("async def f():\n    async with g():\n        pass", 2),
        ("async def f():\n    async for x in g():\n        pass", 2),
        ("async def f():\n    return [x async for x in g()]", 2),
        ("async def f():\n    yield 1", 1),
        ("async def f():\n    await Choose(key=lambda: 1)", 2),
        ("x = {1, 2}", 1),
        ("x = {y for y in z}", 1),
        ("x = set(y)", 1),
        ("def f():\n    global x", 2),
        ("print('x')", 1),
        ("x = datetime.now()", 1),
        ("x = date.today()", 1),
    ],
)
def test_what_a_flow_may_not_do_is_found_at_its_line(source: str, line: int) -> None:
    assert [offence.line for offence in offences(source)] == [line]


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import date",
        "x = opening.today",
        "def f():\n    yield 1",
        "try:\n    x = 1\nexcept ValueError:\n    pass\nfinally:\n    y = 2",
        "x = sorted(y, key=lambda z: z.number)",
        "from . import steps",
    ],
)
def test_what_a_flow_may_do_is_left_alone(source: str) -> None:
    assert offences(source) == ()
