"""The words of `central config`, apart from what they do: reading the books needs no signatures."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Of each of its subcommands."""
    books, keys, by, number = (argparse.ArgumentParser(add_help=False) for _ in range(4))
    _ = books.add_argument("--state", type=Path, default=Path("var"))
    _ = books.add_argument("--database", default="", help="SQLAlchemy URL; SQLite in the state folder if absent")
    _ = keys.add_argument("--keys", type=Path, action="append", help="a folder of keys; a sandbox has its own")
    _ = by.add_argument("--by", required=True, help="staff number of whoever does it")
    _ = number.add_argument("number", type=int, help="of the set")

    doings = command.add_subparsers(dest="doing", required=True)
    init = doings.add_parser("init", parents=[books], help="make keys and an empty signed repository, once")
    _ = init.add_argument("--offline", type=Path, required=True, help="where root's and targets' keys go: a medium")
    _ = init.add_argument("--online", type=Path, required=True, help="where the daily keys go")
    _ = init.add_argument("--root", type=Path, required=True, help="the file that machines are given by hand")
    check = doings.add_parser("check", parents=[books], help="whether every terminal could use what is in a folder")
    _ = check.add_argument("folder", type=Path)
    publish = doings.add_parser(
        "publish", parents=[books, keys], help="check, sign and lay down a set; nobody has it yet"
    )
    _ = publish.add_argument("folder", type=Path)
    rollout = doings.add_parser("rollout", parents=[books, number, by], help="send a set on its way")
    _ = rollout.add_argument(
        "--plan", choices=("staged", "at-once"), default="staged", help="a few terminals first, or all in one stage"
    )
    for name, parents, words in (
        ("refresh", [keys], "sign anew that nothing is withheld; every day"),
        ("pause", [number, by], "give it to nobody further"),
        ("resume", [number, by], "go on, as a second person"),
        ("revert", [number, keys, by], "take a set back: what was before comes under a new number"),
        ("status", [], "sets on their way, and how far each terminal is"),
    ):
        _ = doings.add_parser(name, parents=[books, *parents], help=words)
