"""The check of flows finds what it is for, and finds nothing in the flows we have."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

import kiosk.flows
from kiosk.flows.catalogue import FLOWS
from kiosk.flows.lint import offences

ROOM = Path(kiosk.flows.__file__).parent
BRANCHES = ("household", "traffic", "exit_entry")

LINES = 50
LONGER = {"JG01": 60, "CRJ01": 67, "CRJ02": 67}
"""JG01: three ways on from each record, and paying at once. The two: wherever it ends, a pass goes back first."""


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


Name = tuple[str, str]
"""Module and function."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


def source(module: str) -> str:
    """The text of a module of a branch."""
    return ROOM.joinpath(*module.split(".")[2:]).with_suffix(".py").read_text("utf-8")


@cache
def functions() -> dict[Name, Function]:
    """The functions of the branches. The room's own words are no part of a service, nor are the methods of values."""
    modules = [f"kiosk.flows.{branch}.{path.stem}" for branch in BRANCHES for path in (ROOM / branch).glob("*.py")]
    return {
        (module, node.name): node
        for module in sorted(modules)
        for node in ast.parse(source(module)).body
        if isinstance(node, Function)
    }


def calls(name: Name) -> list[Name]:
    """Functions of the branches that this one names, in its own module or imported from another."""
    module, _ = name
    imports = [node for node in ast.parse(source(module)).body if isinstance(node, ast.ImportFrom)]
    imported = {alias.name: str(node.module) for node in imports for alias in node.names}
    said = [node.id for node in ast.walk(functions()[name]) if isinstance(node, ast.Name)]
    return [found for word in said if (found := (imported.get(word, module), word)) in functions()]


def reached(start: Name) -> list[Name]:
    """All a coroutine can come to, itself first."""
    found = [start]
    for name in found:
        found += [one for one in dict.fromkeys(calls(name)) if one not in found]
    return found


def lines(name: Name) -> int:
    """Of the body: no signature, no docstring, no comments, nothing empty."""
    function, text = functions()[name], source(name[0]).splitlines()
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    within = text[body[0].lineno - 1 : body[-1].end_lineno] if body else []
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in within)


def own() -> dict[str, int]:
    """Lines by service: its coroutine and what only it, or its siblings in the same module, come to."""
    begins = {code: (flow.__module__, flow.__qualname__) for code, flow in FLOWS.items()}
    reaches = {code: reached(start) for code, start in begins.items() if start in functions()}
    pairs = {(begins[code][0], name) for code, names in reaches.items() for name in names}
    shared = Counter(name for _, name in pairs)
    return {code: sum(lines(name) for name in names if shared[name] == 1) for code, names in reaches.items()}


def test_a_service_is_no_longer_than_its_paragraph() -> None:
    counted = own()
    assert len(counted) == 28
    assert {code: n for code, n in counted.items() if n > LONGER.get(code, LINES)} == {}


def test_a_stretch_that_services_share_is_no_longer_either() -> None:
    assert {name: n for name in functions() if (n := lines(name)) > LINES} == {}
