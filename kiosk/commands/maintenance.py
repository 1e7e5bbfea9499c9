"""`kiosk maintenance enrol` and `kiosk maintenance report`.

`enrol` makes somebody's entry for this station: it reads an identity number and a PIN, each on a line of standard
input and never echoed, and prints the entry as TOML for headquarters to sign. It holds neither of both. The station's
key must be there: the entry is worth nothing elsewhere.

`report` writes what `kiosk doctor` finds, signed by the terminal's own key, so that headquarters' certificate shows
which machine said it. Exit status as `kiosk doctor`'s; 3 when it could not be made.
"""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.clock import Clock
from kiosk.people.staff import Role
from kiosk.protocol.readiness import NotSigned, canonical, report_of, sign
from kiosk.protocol.staff import SALT_BYTES, Cost, PoorPin, card_mark, verifier
from kiosk.settings import Settings, SettingsError, load_settings
from kiosk.store.keys import staff_pepper
from kiosk.times import SystemClock, no_offset


def run(argv: Sequence[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="kiosk maintenance", description="technicians and readiness")
    parser.add_argument("--state", type=Path, default=Path("var"), help="a state directory")
    parser.add_argument("--station", type=Path, help="a station file")
    parts = parser.add_subparsers(dest="what", required=True)
    enrolling = parts.add_parser("enrol", help="make somebody's entry for this station")
    enrolling.add_argument("--number", required=True, help="staff number, six digits")
    enrolling.add_argument("--role", required=True, choices=[role.value for role in Role])
    enrolling.add_argument("--since", type=date.fromisoformat, required=True, help="first day, YYYY-MM-DD")
    enrolling.add_argument("--until", type=date.fromisoformat, required=True, help="last day, YYYY-MM-DD")
    reporting = parts.add_parser("report", help="what works on this machine, signed")
    reporting.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    try:
        settings = None if options.station is None else load_settings(options.station)
    except SettingsError as wrong:
        print(f"kiosk maintenance: {wrong}", file=sys.stderr)
        return 3
    return _enrol(options, settings) if options.what == "enrol" else _report(options)


# -- enrolling -----------------------------------------------------------------------------------------------------


def _enrol(options: argparse.Namespace, settings: Settings | None) -> int:
    given = (load_settings() if settings is None else settings).maintenance
    file = options.state / "terminal" / "station.key"
    try:
        pepper = staff_pepper(file.read_bytes())
    except OSError:
        print("kiosk maintenance: this station has no key yet: start the terminal once", file=sys.stderr)
        return 3
    number, pin = _line("identity number: "), _line("PIN: ")
    mark = card_mark(pepper, number)
    cost = Cost(passes=given.passes, memory_kib=given.memory_kib)
    try:
        kept = verifier(pin, mark, pepper, os.urandom(SALT_BYTES), cost)
    except PoorPin as poor:
        print(f"kiosk maintenance: {poor}", file=sys.stderr)
        return 1
    entry = {"number": options.number, "role": options.role, "card": mark, "verifier": kept}
    print("[[maintenance.staff]]")
    for name, value in entry.items():
        print(f'{name} = "{value}"')
    print(f"since = {options.since.isoformat()}\nuntil = {options.until.isoformat()}")
    return 0


def _line(ask: str) -> str:
    """From a terminal without an echo, else a line of what is piped in."""
    return (getpass.getpass(ask) if sys.stdin.isatty() else sys.stdin.readline()).strip()


# -- the readiness report ------------------------------------------------------------------------------------------


def _report(options: argparse.Namespace) -> int:
    from kiosk.commands.doctor import Verdict, examine, settings_of

    findings = list(examine(options.state.resolve(), options.station, dict(os.environ)))
    failing = any(finding.verdict is Verdict.FAILS for finding in findings)
    try:
        settings = settings_of(options.state.resolve(), options.station)
        report = signed(readiness(settings, [f.as_json() for f in findings], SystemClock(no_offset)), settings)
    except (SettingsError, NotSigned) as wrong:
        print(f"kiosk maintenance: {wrong}", file=sys.stderr)
        return 3
    options.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps({"out": options.out.name, "works": not failing, "findings": len(findings)}))
    return 1 if failing else 0


def readiness(settings: Settings, findings: list[dict[str, str]], clock: Clock) -> dict[str, Any]:
    """What is signed."""
    return report_of(
        terminal=settings.terminal.name,
        at=clock.now(),
        settings_version=settings.settings_version,
        findings=findings,
    )


def signed(report: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """With the terminal's signature over the canonical text of the report. Raises NotSigned."""
    try:
        key = settings.headquarters.file(settings.headquarters.key).read_bytes()
    except OSError as failure:
        raise NotSigned(f"the terminal's key cannot be read ({type(failure).__name__})") from None
    algorithm, signature = sign(canonical(report), key)
    return {"report": report, "algorithm": algorithm, "signature": signature}
