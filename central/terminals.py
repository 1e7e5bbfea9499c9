"""`central terminal invite|list|revoke`: who belongs to the fleet."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from central.limits import CODE_LIFETIME
from central.model_enrolment import KeyWanted

if TYPE_CHECKING:
    from central.desks.desk import Desk

_HOURS = CODE_LIFETIME / timedelta(hours=1)
_LONGEST_HOURS = 30 * 24.0
_COLUMNS = ("terminal", "status", "heard", "last_seen", "key", "certificate_until", "invited_until")


def add_arguments(parser: argparse.ArgumentParser, books: Callable[[argparse.ArgumentParser], None]) -> None:
    """The words of the command; `books` adds where the books are."""
    doings = parser.add_subparsers(dest="doing", required=True)
    inviting = doings.add_parser("invite", help="a code that lets this terminal in, once; told here only")
    _ = inviting.add_argument("name", help="the terminal, as headquarters names it")
    _ = inviting.add_argument("--by", required=True, help="staff number of whoever invites")
    _ = inviting.add_argument("--hours", type=_hours, default=_HOURS, help=f"how long it holds (default: {_HOURS:g})")
    _ = inviting.add_argument(
        "--key", type=KeyWanted, default=KeyWanted.ANY, help="hardware: only with a key in a module; any (default)"
    )
    listing = doings.add_parser("list", help="every terminal: its standing, when it was heard, its certificate's end")
    _ = listing.add_argument("--json", action="store_true", help="instead of a table")
    revoking = doings.add_parser("revoke", help="put a terminal out, from its next request on")
    _ = revoking.add_argument("name", help="the terminal")
    _ = revoking.add_argument("--by", required=True, help="staff number of whoever revokes")
    _ = revoking.add_argument("--because", "--reason", required=True, help="why; no personal data")
    for doing in (inviting, listing, revoking):
        books(doing)


def _hours(text: str) -> float:
    hours = float(text)
    if not 0 < hours <= _LONGEST_HOURS:
        raise argparse.ArgumentTypeError(f"more than 0 and at most {_LONGEST_HOURS:g}")
    return hours


def run(options: argparse.Namespace) -> int:
    """0 and what came of it; 1 and why not."""
    from central.database import sqlite_url
    from central.desks.desk import BEIJING
    from central.handle import Headquarters
    from central.problems import Declined
    from central.state import State
    from central.system import SystemClock, SystemIds, no_pause
    from kiosk.people.synthetic import PopulationKey

    state, clock = State(options.state.resolve()), SystemClock()
    headquarters = Headquarters(
        options.database or sqlite_url(state.database),
        clock,
        SystemIds(),
        state=state.central,
        key=PopulationKey(1, clock.now().astimezone(BEIJING).date()),
        pause=no_pause,
    )
    try:
        told = headquarters.by_a_person(lambda desk: _done(options, desk))
    except Declined as declined:
        print(f"{declined.problem.code}: {declined.problem.detail}", file=sys.stderr)
        return 1
    finally:
        headquarters.close()
    if options.doing == "list" and not options.json:
        print(table(told["terminals"]))
    else:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def _done(options: argparse.Namespace, desk: Desk) -> dict[str, Any]:
    from central.desks.settling import Reason
    from central.fleet import enrolling

    match options.doing:
        case "invite":
            life = timedelta(hours=options.hours)
            return enrolling.invite(desk, options.name, options.by, life, options.key).as_json()
        case "revoke":
            ended = enrolling.revoke(desk, options.name, Reason(options.by, options.because))
            return {"terminal": options.name, "certificates_ended": ended}
        case _:
            return enrolling.terminals(desk.db, desk.tables, desk.now)


def table(rows: list[dict[str, Any]]) -> str:
    """The list for people: a line a terminal, columns as wide as they need to be."""
    lines = [_COLUMNS, *(tuple(str(row[column] or "-") for column in _COLUMNS) for row in rows)]
    widths = [max(len(line[at]) for line in lines) for at in range(len(_COLUMNS))]
    return "\n".join(
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
