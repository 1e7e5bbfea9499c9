"""`kiosk dock [--state DIR] COMMAND key=value ...`: what the dock's window can do, from a shell; JSON on stdout."""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.people.synthetic import Situation
from kiosk.simulation.client import WorldClient, WorldError, WorldGone, start_world
from kiosk.simulation.orders import NoCode, last_code
from kiosk.simulation.state import FAULTS, Device, Network, faults_of

DONE, REFUSED, WRONG_USAGE, NO_WORLD = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the help."""

    name: str
    arguments: str
    meaning: str

    @property
    def usage(self) -> str:
        """As one would type it."""
        return f"{self.name} {self.arguments}".rstrip()


COMMANDS = (
    Line("state", "", "everything as it is now"),
    Line("ports", "", "where every simulated device is"),
    Line("people", "[situation=NAME]", "who lives in this world"),
    Line("find", "situation=NAME [nth=N]", "somebody in a situation"),
    Line("person-arrives", "situation=NAME [nth=N] | citizen=NUMBER|INDEX", "somebody steps up to the terminal"),
    Line("person-leaves", "", "and goes away; what lies there stays there"),
    Line(
        "move",
        "move=turn-left|turn-right|open-mouth|blink|come-nearer|",
        "move the head so, again and again; empty: stand still",
    ),
    Line("lay-card", "[card=own|new|foreign|damaged|counterfeit|ID]", "lay a card on the reader"),
    Line("take-card", "", "take it off the reader"),
    Line("stand", "[up=FRACTION] [nearer=FRACTION]", "move before the camera: up 0.03, nearer -0.05, ..."),
    Line("calibrate-booth", "on=YYYY-MM-DD", "calibrate the examination booth; it holds for a year"),
    Line("stand-gauge", "[mm=1500]", "stand a gauge under the booth's height sensor, or take it away"),
    Line("touch-finger", "[finger=right-thumb|left-thumb|...] [of=INDEX]", "lay a finger on the sensor"),
    Line("door-close", "compartment=N [board=1]", "push a compartment's door shut"),
    Line("put-in", "compartment=N [board=1] [item=own|new|ID]", "lay a card into an open compartment"),
    Line("load-card", "compartment=N [board=1] FIELD=VALUE ...", "put a card that was made into a compartment"),
    Line("deliver", "card=ID", "a finished document is brought in a box to whoever stands there"),
    Line("take-out", "compartment=N [board=1]", "take what lies in an open compartment"),
    Line("turn-key", "to=run|maintenance|supervisor", "turn the technicians' key in the cabinet"),
    Line("help-button", "to=pressed|released", "press the help button beside the screen, or let it go"),
    Line("push-entrance", "", "push the zone's door from outside"),
    Line("leave-by-entrance", "", "open it by its handle from inside"),
    Line("shut-entrance", "", "shut it"),
    Line("show-code", "paper=invoice|certificate|policy | text=TEXT", "hold a code under the scanner"),
    Line("take-plate", "", "take the temporary plate that stands at its exit"),
    Line("take-document", "", "take the new document that the dispenser holds out"),
    Line("dispenser-fault", "fault=jam|stuck-at-exit|refuse|...", "what goes wrong next in the dispenser"),
    Line("swap-documents", "one=N other=N", "two documents lie in each other's positions"),
    Line("plate-fault", "fault=jam|smudge|refuse|...", "what goes wrong next in the plate printer"),
    Line("papers", "", "what the printers gave out"),
    Line("take-paper", "[number=N]", "take one paper, or all"),
    Line("phone", "", "what the telephone did so far"),
    Line("insert-pass", "[kind=hk-macao-pass]", "hold one's pass into the endorsement writer"),
    Line("leave-pass", "situation=NAME [nth=N] [kind=hk-macao-pass]", "somebody's pass is left in its path"),
    Line("take-pass", "", "take the pass that stands at its exit"),
    Line("withdraw-pass", "", "take one's hand with the pass away from its slot"),
    Line("writer-fault", "fault=jam", "what goes wrong next in it"),
    Line("pay", "[order=last | url=URL]", "confirm a payment on the telephone"),
    Line("pay-decline", "[order=last | url=URL]", "decline it"),
    Line(
        "fault", "device=NAME fault=NAME [after=N] [times=N] [bytes=N] [seconds=S] [compartment=N]", "break something"
    ),
    Line("faults", "[device=NAME]", "what can break, and how"),
    Line("clear", "device=NAME", "repair a device, fill its paper, plug it in"),
    Line("unplug", "device=NAME", "pull a device's cable"),
    Line("plug", "device=NAME", "put it back"),
    Line("network", "state=" + "|".join(n.value for n in Network), "the wire to headquarters"),
    Line("upstream", "address=HOST:PORT", "where headquarters listens for terminals"),
    Line("clock", "offset_seconds=S", "how far the terminal's clock is off"),
    Line("kill-terminal", "", "pull the terminal's plug (SIGKILL)"),
    Line(
        "start", "[seed=N] [pace=FACTOR] [upstream=HOST:PORT]", "start the world of this directory if it is not there"
    ),
    Line("end", "", "end the world"),
)
_BY_NAME = {line.name: line for line in COMMANDS}


class _Wrong(Exception):
    """Used wrongly; the text says how it is used."""


def _help() -> str:
    width = max(len(line.usage) for line in COMMANDS if len(line.usage) < 62)
    lines = ["commands:"]
    for line in COMMANDS:
        if len(line.usage) > width:
            lines += [f"  {line.usage}", f"  {'':{width}}  {line.meaning}"]
        else:
            lines.append(f"  {line.usage:{width}}  {line.meaning}")
    situations = [situation.value for situation in Situation]
    rows = [", ".join(situations[i : i + 5]) for i in range(0, len(situations), 5)]
    lines += ["", "situations:", *(f"  {row}" for row in rows)]
    lines += ["", "devices and their faults:"]
    for device in FAULTS:
        lines.append(f"  {device.value}: {', '.join(sorted(faults_of(device))) or '(see network)'}")
    lines += ["", "exit status: 0 done; 1 the world says it cannot; 2 used wrongly; 3 no world there"]
    return "\n".join(lines)


def _value(text: str) -> Any:
    """Numbers stay numbers, except identity numbers and whatever begins with a zero."""
    if text.lstrip("-").isdigit() and len(text) < 12 and (text == "0" or not text.startswith("0")):
        return int(text)
    return text


def _arguments(command: str, texts: Sequence[str]) -> dict[str, Any]:
    """Raises _Wrong."""
    line = _BY_NAME.get(command)
    if line is None:
        near = difflib.get_close_matches(command, _BY_NAME, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise _Wrong(f"there is no command {command}; {meant}kiosk dock --help lists them all")
    arguments: dict[str, Any] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise _Wrong(f"{text} is not key=value; usage: {line.usage}")
        arguments[key] = _value(value)
    _check(arguments)
    return arguments


def _check(arguments: dict[str, Any]) -> None:
    """Names must be names there are. Raises _Wrong with those there are."""
    choices = {"situation": [s.value for s in Situation], "device": [d.value for d in Device]}
    if arguments.get("device") in choices["device"]:
        choices["fault"] = sorted(faults_of(Device(arguments["device"])))
    for key, names in choices.items():
        if key in arguments and arguments[key] not in names:
            raise _Wrong(f"{key}={arguments[key]}: there is no such {key}; there are {', '.join(names)}")


def act(state: Path, command: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Carry out one command. Raises WorldError, WorldGone, NoCode, TimeoutError."""
    match command:
        case "start":
            return dict(start_world(state, **arguments))
        case "faults":
            chosen = [Device(arguments["device"])] if "device" in arguments else list(FAULTS)
            return {"faults": {device.value: sorted(faults_of(device)) for device in chosen}}
        case "pay" | "pay-decline" if "url" not in arguments:
            url = last_code(state)
            return WorldClient(state).call(command, url=url)
        case _:
            return WorldClient(state).call(command, **arguments)


def run(argv: Sequence[str]) -> int:
    """0: done; 1: the world says it cannot; 2: wrong usage; 3: no world there."""
    parser = argparse.ArgumentParser(
        prog="kiosk dock", description=__doc__, epilog=_help(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command")
    parser.add_argument("arguments", nargs="*", metavar="key=value")
    parser.add_argument("--state", type=Path, default=Path("var"), help="the state directory (default: var)")
    given = parser.parse_intermixed_args(argv)
    try:
        arguments = _arguments(given.command, given.arguments)
        reply = act(given.state, given.command, arguments)
    except _Wrong as why:
        return _fail(str(why), WRONG_USAGE)
    except WorldError as why:
        # A sentence about a missing argument is not enough to go by; one about the world is.
        if str(why).startswith(f"{given.command} needs"):
            return _fail(f"{why}; usage: {_BY_NAME[given.command].usage}", REFUSED)
        return _fail(str(why), REFUSED)
    except NoCode as why:
        return _fail(str(why), REFUSED)
    except WorldGone as why:
        start = f"start everything with: kiosk run --state {given.state}"
        return _fail(f"{why}: {given.state}; {start}, or the world alone with: kiosk dock start", NO_WORLD)
    except TimeoutError:
        return _fail("the world did not answer in time; see world/world.log in the state directory", NO_WORLD)
    print(json.dumps({"ok": True, **reply}, ensure_ascii=False))
    return DONE


def _fail(why: str, status: int) -> int:
    print(json.dumps({"ok": False, "error": why}, ensure_ascii=False))
    return status


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
