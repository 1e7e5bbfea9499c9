"""What no type checker sees in a flow: clocks, randomness, sets, clean-up that awaits (rules 1, 2, 5).

Run over the modules that hold flows, not over the engine. It reads source text and imports nothing of it.
"""

from __future__ import annotations

import ast
from collections.abc import Generator, Iterable
from dataclasses import dataclass

_MODULES = frozenset(
    (
        "asyncio",
        "concurrent",
        "contextvars",
        "io",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "random",
        "secrets",
        "socket",
        "subprocess",
        "sys",
        "threading",
        "time",
        "uuid",
    )
)
_CLOCKS = frozenset(("now", "today", "utcnow", "fromtimestamp", "monotonic"))
_CALLS = {
    "set": "a set has no order that lasts",
    "frozenset": "a set has no order that lasts",
    "hash": "differs from process to process",
    "id": "differs from process to process",
    "open": "reads or writes",
    "print": "reads or writes",
    "input": "reads or writes",
}


@dataclass(frozen=True, slots=True)
class Offence:
    """What a flow may not do, and the line where it does."""

    line: int
    why: str


def offences(source: str) -> tuple[Offence, ...]:
    """All of them in one module's text, by line."""
    found = [Offence(line, why) for node in ast.walk(ast.parse(source)) for line, why in _in_node(node)]
    return tuple(sorted(found, key=lambda offence: (offence.line, offence.why)))


def _in_node(node: ast.AST) -> Generator[tuple[int, str]]:
    match node:
        case ast.Import(names=names):
            for name in names:
                yield from _module(node.lineno, name.name)
        case ast.ImportFrom(module=str(name)):
            yield from _module(node.lineno, name)
        case ast.Try(finalbody=final, handlers=handlers):
            if _awaits(final):
                yield node.lineno, "awaits in finally: closing the flow would run it"
            for handler in handlers:
                yield from _handler(handler)
        case ast.AsyncWith():
            yield node.lineno, "async with: closing the flow would run its end"
        case ast.AsyncFor() | ast.comprehension(is_async=1):
            yield getattr(node, "lineno", getattr(getattr(node, "iter", None), "lineno", 0)), "async for"
        case ast.AsyncFunctionDef() if _yields(node):
            yield node.lineno, "an asynchronous generator"
        case ast.Await(value=value) if any(isinstance(part, ast.Lambda) for part in ast.walk(value)):
            yield node.lineno, "a function in a step has no lasting identity"
        case ast.Set() | ast.SetComp():
            yield node.lineno, "a set has no order that lasts"
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield node.lineno, f"state outside the flow: {', '.join(names)}"
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            yield node.lineno, f"{name}(): {_CALLS[name]}"
        case ast.Call(func=ast.Attribute(attr=name)) if name in _CLOCKS:
            yield node.lineno, f".{name}() reads a clock: time comes from the opening"
        case _:
            return


def _module(line: int, name: str) -> Generator[tuple[int, str]]:
    if name.split(".")[0] in _MODULES:
        yield line, f"imports {name}"


def _handler(handler: ast.ExceptHandler) -> Generator[tuple[int, str]]:
    if handler.type is None or ast.unparse(handler.type) == "BaseException":
        yield handler.lineno, "catches everything, the flow's own end included"
    if _awaits(handler.body):
        yield handler.lineno, "awaits in except: closing the flow would run it"


def _awaits(body: Iterable[ast.stmt]) -> bool:
    return any(isinstance(part, ast.Await) for statement in body for part in ast.walk(statement))


def _yields(function: ast.AsyncFunctionDef) -> bool:
    return any(isinstance(part, ast.Yield) for part in ast.walk(function))
