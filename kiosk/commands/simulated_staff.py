"""The technicians of a simulated station: people who do not exist, with PINs that are no secret.

Their verifiers are made as a real station's are, keyed by the station's own key, but cheap to try: what a simulated
terminal guards is nothing. They are made once for a state directory and kept beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from kiosk.people.staff import Role
from kiosk.people.synthetic import PopulationKey, Situation, population
from kiosk.protocol.records import fresh_key_file, public_of
from kiosk.protocol.staff import Cost, card_mark, verifier
from kiosk.store.keys import staff_pepper, write_durably

KEPT = "simulated-staff.json"
CODE_KEY = "maintenance-code.key"
RECORDS_KEY = "records.key"
STICK = "stick"
SECRET = hashlib.sha256(b"a simulated station's secret for one-time codes").digest()
CHEAP = Cost(passes=1, memory_kib=1024, lanes=1)
SINCE, UNTIL = date(2020, 1, 1), date(2099, 12, 31)
SITUATION = Situation.ORDINARY


@dataclass(frozen=True, slots=True)
class Simulated:
    """One of them: the nth ordinary person, and their PIN."""

    number: str
    role: Role
    nth: int
    pin: str


STAFF = (
    Simulated("004170", Role.TECHNICIAN, 50, "70418362"),
    Simulated("004171", Role.ATTENDANT, 51, "58203917"),
    Simulated("004172", Role.LOADER, 52, "31906274"),
    Simulated("004173", Role.LOADER, 53, "86150493"),
    Simulated("004180", Role.SECURITY, 54, "24973058"),
)


def of_role(role: Role, nth: int = 0) -> Simulated:
    """The nth of a role."""
    return [one for one in STAFF if one.role is role][nth]


def entries(key: PopulationKey, station: bytes) -> list[dict[str, Any]]:
    """As the signed configuration has them."""
    pepper, people = staff_pepper(station), population(key)
    found: list[dict[str, Any]] = []
    for one in STAFF:
        mark = card_mark(pepper, people.find(SITUATION, one.nth).number)
        salt = hashlib.sha256(pepper + one.number.encode()).digest()[:16]
        found.append(
            {
                "number": one.number,
                "role": one.role.value,
                "card": mark,
                "verifier": verifier(one.pin, mark, pepper, salt, CHEAP),
                "since": SINCE.isoformat(),
                "until": UNTIL.isoformat(),
            }
        )
    return found


def overlay(found: list[dict[str, Any]], code_key: str, **more: object) -> dict[str, Any]:
    """Over the packaged settings."""
    cost = {"passes": CHEAP.passes, "memory_kib": CHEAP.memory_kib}
    return {"maintenance": {**cost, "staff": found, "code_key": code_key, **more}}


def staff_of(state: Path, given: Path) -> dict[str, Any]:
    """The overlay of a state directory whose world has begun; makes the station's key where there is none yet.

    `given` is what headquarters gave this terminal: both sides find the secret for one-time codes there.
    """
    try:
        key = PopulationKey.from_json((state / "population.json").read_text("utf-8"))
    except OSError:
        return {}
    station = _station_key(state / "terminal" / "station.key")
    secret = given / CODE_KEY
    if not secret.exists():
        secret.parent.mkdir(parents=True, exist_ok=True)
        write_durably(secret, SECRET)
    sticks, records = str(state / STICK), [_records_key(state / "central" / RECORDS_KEY)]
    return overlay(_kept(state / KEPT, key, station), str(secret), sticks=sticks, export_to=records)


def simulated_mounts(state: Path) -> str:
    """A folder of this name in the state directory is a USB stick, mounted as one should be."""
    place = state / STICK
    return f"36 35 8:1 / {place} rw,nosuid,nodev,noexec - vfat /dev/sda1 rw\n" if place.is_dir() else ""


def _records_key(file: Path) -> str:
    """The public part of headquarters' key for records, made where there is none."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        write_durably(file, fresh_key_file().encode())
    return public_of(file.read_text("utf-8"))


def _station_key(file: Path) -> bytes:
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(file, os.urandom(32))
    return file.read_bytes()


def _kept(file: Path, key: PopulationKey, station: bytes) -> list[dict[str, Any]]:
    made_of = repr((key, station, [astuple(one) for one in STAFF])).encode()
    mark = hashlib.sha256(made_of).hexdigest()
    try:
        told = json.loads(file.read_text("utf-8"))
        if told["of"] == mark:
            return cast("list[dict[str, Any]]", told["staff"])
    except (OSError, ValueError, KeyError):
        pass
    found = entries(key, station)
    write_durably(file, json.dumps({"of": mark, "staff": found}).encode())
    return found
