"""How a terminal really stands: what it said last, when that was, and what headquarters knows better.

A service counts as open only where the terminal says so, said it lately, and every agency it needs answers: nothing
is shown as well that a citizen could not bring to its end now.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from central.agencies.contract import Agency
from central.agencies.sandbox_model import SandboxFault
from central.desks.desk import Desk
from central.desks.incidents import SILENT
from central.model import TerminalRow
from kiosk.protocol.messages import DeviceReport, Heartbeat

_BRANCHES = {"HZ": (Agency.POPULATION,), "JG": (Agency.POPULATION, Agency.TRAFFIC), "CRJ": (Agency.EXIT_ENTRY,)}
_MORE = {
    "HZ01": (Agency.PAYMENT, Agency.FACE_MATCHING),
    "HZ02": (Agency.FACE_MATCHING,),
    "HZ05": (Agency.PAYMENT,),
    "HZ06": (Agency.HOUSEHOLD,),
    "HZ07": (Agency.CRIMINAL_RECORDS,),
    "HZ08": (Agency.RESIDENCE,),
    "HZ09": (Agency.RESIDENCE,),
    "HZ10": (Agency.NAMES,),
    "JG02": (Agency.PAYMENT,),
    "JG03": (Agency.MEDICAL,),
    "JG04": (Agency.PAYMENT, Agency.MEDICAL),
    "JG05": (Agency.PAYMENT,),
    "JG07": (Agency.PAYMENT,),
    "JG09": (Agency.PAYMENT,),
    "CRJ01": (Agency.PAYMENT,),
    "CRJ02": (Agency.PAYMENT,),
    "CRJ04": (Agency.PAYMENT,),
    "CRJ05": (Agency.PAYMENT,),
    "CRJ06": (Agency.PAYMENT,),
}


class Light(enum.Enum):
    """In one word, from best to worst but for OFF: never heard."""

    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Closed:
    """A service that cannot be completed now; `why` is a message key of the console or of the terminal."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One terminal. `since_seconds` since it was last heard, None where it never was."""

    id: str
    site: str
    kind: str
    light: Light
    says: str
    """The word beside the light, a message key."""
    seen_at: datetime | None
    since_seconds: int | None
    silent: bool
    open: tuple[str, ...]
    closed: tuple[Closed, ...]
    devices: tuple[DeviceReport, ...]
    troubles: tuple[DeviceReport, ...]
    """Devices that are away or have a code against them."""
    alarms: tuple[str, ...]
    visiting: bool
    waiting: int
    """Messages that have not come up yet."""
    version: str
    settings: str
    readings: tuple[tuple[str, str], ...] = ()
    """The machine's own, by name."""
    out_of_service: str = ""
    """Why the whole machine is closed, as it says itself; "" while it is not."""


def agencies_down(desk: Desk) -> frozenset[Agency]:
    """Who does not answer now."""
    rows = desk.db.scalars(select(SandboxFault).where(SandboxFault.until > desk.now))
    return frozenset(Agency(row.agency) for row in rows if row.fault != "slow")


def needed(code: str) -> tuple[Agency, ...]:
    """The agencies without which a service does not come to its end."""
    branch = code.rstrip("0123456789")
    return (*_BRANCHES.get(branch, ()), *_MORE.get(code, ()))


def standings(desk: Desk) -> tuple[Standing, ...]:
    """Every terminal of the fleet, worst first, then by name."""
    rows = {row.id: row for row in desk.db.scalars(select(TerminalRow))}
    down = agencies_down(desk)
    made = [_standing(desk, name, rows.get(name), down) for name in {*desk.tables.terminals, *rows}]
    order = {Light.BAD: 0, Light.ATTENTION: 1, Light.OFF: 2, Light.GOOD: 3}
    return tuple(sorted(made, key=lambda one: (order[one.light], one.id)))


def standings_of(desk: Desk, names: Sequence[str]) -> tuple[Standing, ...]:
    """Some terminals, in the order they are named."""
    rows = {row.id: row for row in desk.db.scalars(select(TerminalRow).where(TerminalRow.id.in_(names)))}
    down = agencies_down(desk)
    return tuple(_standing(desk, name, rows.get(name), down) for name in names)


def standing(desk: Desk, name: str) -> Standing | None:
    """One terminal; None where there is none of this name."""
    row = desk.db.get(TerminalRow, name)
    if row is None and name not in desk.tables.terminals:
        return None
    return _standing(desk, name, row, agencies_down(desk))


def _standing(desk: Desk, name: str, row: TerminalRow | None, down: frozenset[Agency]) -> Standing:
    known = desk.tables.terminals.get(name)
    site = desk.tables.sites.get(known.site if known else row.site if row else "")
    beat = Heartbeat.model_validate_json(row.heartbeat) if row is not None and row.heartbeat else None
    seen = row.seen_at if row is not None else None
    since = None if seen is None else max(0, int((desk.now - seen).total_seconds()))
    silent = seen is not None and desk.now - seen >= SILENT
    offered = () if beat is None or silent else beat.services_open
    missing = {code: _missing(code, down) for code in offered}
    closed = [Closed(code, why) for code, why in missing.items() if why]
    if beat is not None:
        said = beat.closed | (dict.fromkeys(beat.services_open, "closed-offline") if silent else {})
        closed += [Closed(code, why) for code, why in said.items()]
    devices = () if beat is None else beat.devices
    troubles = tuple(d for d in devices if d.code or d.state not in ("online", "busy", "starting"))
    open_ = tuple(code for code in offered if not missing[code])
    kind = known.kind if known is not None else "terminal"
    light, says = _light(kind, beat, silent, open_, closed, troubles)
    return Standing(
        id=name,
        site=site.name if site is not None else "",
        kind=kind,
        light=light,
        says=says,
        seen_at=seen,
        since_seconds=since,
        silent=silent,
        open=tuple(sorted(open_)),
        closed=tuple(sorted(closed, key=lambda one: one.code)),
        devices=devices,
        troubles=troubles,
        alarms=() if beat is None else beat.alarms,
        visiting=beat is not None and beat.visiting and not silent,
        waiting=0 if beat is None else beat.outbox_waiting,
        version="" if beat is None else beat.version,
        settings="" if beat is None else beat.settings_version,
        readings=() if beat is None or silent else tuple(sorted(beat.readings.items())),
        out_of_service="" if beat is None or silent else beat.out_of_service,
    )


def _missing(code: str, down: frozenset[Agency]) -> str:
    """Why headquarters knows that this does not come to its end; "" where it knows nothing of the kind."""
    if Agency.HEADQUARTERS in down:
        return "agency-headquarters"
    return next((f"agency-{agency.value}" for agency in needed(code) if agency in down), "")


def _light(
    kind: str,
    beat: Heartbeat | None,
    silent: bool,
    open_: Iterable[str],
    closed: Iterable[Closed],
    troubles: Iterable[DeviceReport],
) -> tuple[Light, str]:
    if beat is None:
        return Light.OFF, "light-never"
    if silent:
        return Light.BAD, "light-silent"
    if kind != "door" and not any(True for _ in open_):
        return Light.BAD, "light-closed"
    if any(True for _ in closed):
        return Light.ATTENTION, "light-some"
    if beat.alarms or any(True for _ in troubles):
        return Light.ATTENTION, "light-trouble"
    return Light.GOOD, "light-all"
