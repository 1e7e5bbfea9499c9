"""`kiosk dock COMMAND key=value ... --state DIR`: the world's commands from a shell, JSON on stdout."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kiosk.simulation.client import WorldClient, WorldError, WorldGone, start_world

_HELP = """commands and their arguments:
  state | ports | papers | phone | end
  people [situation=NAME]            find situation=NAME [nth=N]
  person-arrives citizen=NUMBER|INDEX | situation=NAME [nth=N]
  person-leaves
  lay-card [card=own|new|foreign|damaged|counterfeit|ID]      take-card
  touch-finger [finger=right-thumb|left-thumb|...] [of=INDEX]
  door-close compartment=N [board=1]
  put-in compartment=N [board=1] [item=own|new|ID]            take-out compartment=N [board=1]
  take-paper [number=N]
  fault device=NAME fault=NAME [after=COMMANDS] [times=N] [bytes=N] [seconds=S] [board=B compartment=C]
  clear device=NAME                  unplug device=NAME       plug device=NAME
  network state=up|down|slow|drop-after-request|wrong-certificate|garbage
  upstream address=HOST:PORT
  clock offset_seconds=S
  pay url=URL                        pay-decline url=URL
  kill-terminal
  start                              start the world of this directory if it is not there
"""


def _value(text: str) -> Any:
    """Numbers stay numbers, except identity numbers and whatever begins with a zero."""
    if text.lstrip("-").isdigit() and len(text) < 12 and (text == "0" or not text.startswith("0")):
        return int(text)
    return text


def run(argv: Sequence[str]) -> int:
    """0: done; 1: the world says it cannot; 2: wrong usage; 3: no world there."""
    parser = argparse.ArgumentParser(
        prog="kiosk dock", description=__doc__, epilog=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command")
    parser.add_argument("arguments", nargs="*", metavar="key=value")
    parser.add_argument("--state", type=Path, required=True, help="the state directory")
    given = parser.parse_intermixed_args(argv)
    arguments: dict[str, Any] = {}
    for text in given.arguments:
        key, equals, value = str(text).partition("=")
        if not equals or not key:
            parser.print_usage(sys.stderr)
            print(f"not key=value: {text}", file=sys.stderr)
            return 2
        arguments[key] = _value(value)
    try:
        if given.command == "start":
            reply: dict[str, Any] = dict(start_world(given.state, **arguments))
        else:
            reply = WorldClient(given.state).call(given.command, **arguments)
    except WorldError as why:
        print(json.dumps({"ok": False, "error": str(why)}, ensure_ascii=False))
        return 1
    except (WorldGone, TimeoutError) as why:
        print(json.dumps({"ok": False, "error": str(why)}, ensure_ascii=False))
        return 3
    print(json.dumps({"ok": True, **reply}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
