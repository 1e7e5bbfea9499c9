"""`kiosk journey CODE --case NAME`: what is different in this visit, and how it must end.

A case is a way the visit can go otherwise, with the end that was recorded for this service, or a fault of a device
or of the line. Whatever the case: what is told is told in four parts, a refusal keeps no money, and the books of the
terminal, of headquarters and of the world agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from kiosk.commands.simulated import Sandbox
from kiosk.nights.ends import Case, apart, recorded
from kiosk.nights.offered import service
from kiosk.nights.otherwise import Happening
from kiosk.nights.troubles import EVERYBODYS, LINE, PRINTERS, Trouble, needing, troubles
from kiosk.proofs import books
from kiosk.settings import load_settings
from kiosk.simulation.following import Told
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.ways import WAYS, Way

AUTHORITY_SECONDS = 10.0
ENDINGS_WITHOUT_MONEY = ("refused", "left", "timed-out", "left-unpaid", "nothing-due")


class NoSuchCase(LookupError):
    """The service has no case of that name."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is different: a way with its recorded end, or a fault, from the first step that needs the device."""

    name: str
    way: Way | None = None
    expected: Case | None = None
    happening: Happening | None = None
    profile: str = ""
    """The kind of machine it is played at; "" is any."""

    @property
    def situation(self) -> str:
        """Of whoever comes; "" for the service's own."""
        return "" if self.way is None else self.way.situation

    @property
    def agency(self) -> Mapping[str, Any]:
        """A fault of an authority, as headquarters' sandbox takes it."""
        return {} if self.way is None else self.way.agency


def plan_of(code: str, name: str) -> Plan:
    """Raises NoSuchCase with what to do."""
    case = recorded().get(code, {}).get(name)
    if case is not None and name in WAYS:
        return Plan(name, WAYS[name], case)
    trouble = next((t for t in _faults(code) if t.name == name), None)
    if trouble is None:
        raise NoSuchCase(f"{code} has no case {name}; `kiosk journey {code} --case list` prints those it has")
    do, arguments = trouble.command
    steps = {trouble.step} if trouble.step else needing(trouble.device) or {"look-up"}
    return Plan(name, happening=Happening(frozenset(steps), do, arguments), profile=trouble.profile)


def _faults(code: str) -> Iterator[Trouble]:
    """By its needs in the catalogue, and the pages of its visit: what it prints beyond them is not in the list."""
    pages = {expect.page for expect in SCRIPTS[code][1]}
    line = {"look-up": True, "submit": "SignPage" in pages, "pay": "PayPage" in pages}
    needs = {*service(code).devices, *EVERYBODYS}
    hands_out = "TakePage" in pages
    if service(code).prints and not needs & PRINTERS:
        needs.add("receipt-printer")
    for trouble in troubles():
        if trouble.profile:
            meets = hands_out and code in load_settings(None, {"profile": trouble.profile}).kind.services
        else:
            meets = line[trouble.step] if trouble.device == LINE else trouble.device in needs
        if meets:
            yield trouble


def listed(code: str) -> list[dict[str, str]]:
    """The cases of a service: name, how it must end, what it is. Of ways that end alike the first is enough here."""
    known = recorded().get(code, {})
    ways = [
        {"case": name, "ends": case.words, "what": WAYS[name].told}
        for name, case in (apart(known) if known else {}).items()
    ]
    what = "a fault, from the first step that needs the device"
    faults = [{"case": trouble.name, "ends": "", "what": what} for trouble in _faults(code)]
    return [*ways, *faults]


def tell_authority(sandbox: Sandbox, order: Mapping[str, Any]) -> None:
    """Let an authority fail, or answer again. Raises requests.RequestException."""
    with requests.Session() as session:
        session.trust_env = False
        # The sandbox's own certificate, on this machine.
        answer = session.post(
            f"{sandbox.address.people}/sandbox/faults", json=dict(order), timeout=AUTHORITY_SECONDS, verify=False
        )
        answer.raise_for_status()


def not_as_it_should(plan: Plan, sandbox: Sandbox, ending: str, told: list[Told], visit: str) -> Iterator[str]:
    """Everything about the ended visit that must not be."""
    code = told[-1].code if told else ""
    if plan.expected is not None and (ending, code) != (plan.expected.ending, plan.expected.code):
        yield f"it ended {' '.join(filter(None, (ending, code))) or 'nowhere'}, not {plan.expected.words}"
    for one in told:
        if not one.whole:
            yield f"{one.code} was told without its four parts"
    found = books.read(sandbox)
    yield from books.violations(found)
    if ending in ENDINGS_WITHOUT_MONEY:
        kept = [p for p in found.ledger["payments"] if p["visit"] == visit and p["taken_fen"] > p["refunded_fen"]]
        if kept:
            yield f"it ended {ending}, and money was kept"
