"""Many visits by random citizens, night after night, each night with people of its own; counted and digested."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kiosk.nights.night import Night, in_virtual_time, nightfall
from kiosk.nights.record import Record
from kiosk.nights.truths import untrue
from kiosk.people.synthetic import Situation
from kiosk.simulation.citizen import Citizen
from kiosk.simulation.scene import Impossible
from kiosk.simulation.state import Device, Network
from kiosk.simulation.wanderer import Temper, Wanderer
from kiosk.virtual import run_virtual

FIRST_DAY = date(2026, 11, 22)
PER_NIGHT = 25
WANDERING = Temper(mischief=0.02)
LANGUAGES = ("zh-CN", "en")

_WANTS: tuple[tuple[str, Situation, int], ...] = (
    ("HZ02", Situation.CARD_FINISHED_RENEWAL, 10),
    ("HZ02", Situation.CARD_FINISHED_LOSS, 6),
    ("HZ02", Situation.CARD_FINISHED_DAMAGE, 2),
    ("HZ02", Situation.CARD_BEING_MADE, 1),
    ("HZ02", Situation.CARD_AT_ANOTHER_SITE, 1),
    ("HZ02", Situation.CARD_BLOCKED, 1),
    ("HZ02", Situation.ORDINARY, 1),
    ("HZ02", Situation.UNDER_16, 1),
    ("HZ01", Situation.RENEWAL_DUE, 10),
    ("HZ01", Situation.RENEWAL_EXPIRED, 3),
    ("HZ01", Situation.CARD_LOST, 8),
    ("HZ01", Situation.CARD_LOST_NO_FINGERS, 1),
    ("HZ01", Situation.RENEWAL_TOO_EARLY, 1),
    ("HZ01", Situation.RENEWAL_CASE_OPEN, 1),
    ("HZ01", Situation.OTHER_PROVINCE, 1),
    ("HZ01", Situation.RARE_NAME, 1),
    ("JG01", Situation.VIOLATION_SIMPLE, 12),
    ("JG01", Situation.VIOLATION_NEW_ENERGY, 4),
    ("JG01", Situation.VIOLATION_SEVERAL_VEHICLES, 4),
    ("JG01", Situation.VIOLATION_GENERAL_PROCEDURE, 1),
    ("JG01", Situation.VIOLATION_TWELVE_POINTS, 1),
    ("JG01", Situation.LICENCE_WITHHELD, 1),
    ("JG01", Situation.NO_LICENCE, 1),
    ("JG01", Situation.NO_VIOLATIONS, 1),
    ("JG01", Situation.FACE_ONLY, 1),
    ("JG01", Situation.FOREIGNER_2017, 1),
    ("JG02", Situation.FINE_UNPAID, 4),
    ("JG02", Situation.FINE_OVERDUE, 2),
    ("JG02", Situation.FINE_PART_PAID, 1),
    ("JG02", Situation.FINE_PAID, 1),
)
"""Who comes for what, and how often."""

_MISCHIEF: tuple[tuple[str, dict[str, Any]], ...] = (
    ("unplug", {"device": "id-reader"}),
    ("unplug", {"device": "fingerprint"}),
    ("unplug", {"device": "camera"}),
    ("unplug", {"device": "locker"}),
    ("unplug", {"device": "receipt-printer"}),
    ("unplug", {"device": "page-printer"}),
    ("fault", {"device": "id-reader", "fault": "card-pulled"}),
    ("fault", {"device": "id-reader", "fault": "corrupt", "bytes": 30}),
    ("fault", {"device": "id-reader", "fault": "fragmented"}),
    ("fault", {"device": "locker", "fault": "silent"}),
    ("fault", {"device": "locker", "fault": "stuck"}),
    ("fault", {"device": "locker", "fault": "late", "seconds": 3.0}),
    ("fault", {"device": "receipt-printer", "fault": "paper-out"}),
    ("fault", {"device": "receipt-printer", "fault": "silent"}),
    ("fault", {"device": "receipt-printer", "fault": "cover-open"}),
    ("fault", {"device": "page-printer", "fault": "media-jam"}),
    ("fault", {"device": "page-printer", "fault": "drop-answer"}),
    ("fault", {"device": "page-printer", "fault": "silent"}),
    ("fault", {"device": "fingerprint", "fault": "dirty"}),
    ("fault", {"device": "fingerprint", "fault": "noise"}),
    ("fault", {"device": "camera", "fault": "two-people"}),
    ("network", {"state": "down"}),
    ("network", {"state": "slow"}),
    ("network", {"state": "drop-after-request"}),
    ("network", {"state": "wrong-certificate"}),
)


class Untrue(AssertionError):
    """Something that must be true after every visit is not; says what, after which visit."""


@dataclass
class Tally:
    """What came of the visits."""

    visits: int = 0
    endings: Counter[str] = field(default_factory=Counter[str])
    services: Counter[str] = field(default_factory=Counter[str])
    virtual_seconds: float = 0.0
    digests: dict[str, str] = field(default_factory=dict[str, str])
    untrue: list[str] = field(default_factory=list[str])


def make_visits(
    folder: Path, visits: int, seed: int, temper: Temper = WANDERING, per_night: int = PER_NIGHT, detail: Any = None
) -> Tally:
    """So many visits. Equal arguments but the folder give equal digests. Raises Untrue at the first false thing."""
    tally = Tally()
    record = Record(detail)
    for number in range((visits + per_night - 1) // per_night):
        count = min(per_night, visits - tally.visits)
        day = FIRST_DAY + timedelta(days=number)
        night_seed = seed * 10_000 + number
        place = folder / f"night-{number:03d}"
        language = LANGUAGES[number % len(LANGUAGES)]
        run_virtual(_a_night(place, night_seed, day, language, count, temper, record, tally), nightfall(day))
        record.database(place / "central" / "central.sqlite3", str(place))
    tally.digests = record.digests()
    return tally


async def _a_night(
    place: Path, seed: int, day: date, language: str, count: int, temper: Temper, record: Record, tally: Tally
) -> None:
    chance = random.Random(f"citizens of {seed}")
    async with Night(place, seed, day, language, record) as night:
        _ = await night.start()
        began = night.clock.monotonic()
        for _ in range(count):
            wants = chance.choices(_WANTS, [w for *_, w in _WANTS])[0]
            await one_visit(night, wants[0], wants[1], chance, temper, tally)
        wrong = untrue(night)
        if wrong:
            raise Untrue(f"after the night of {day}: {'; '.join(wrong)}")
        tally.virtual_seconds += night.clock.monotonic() - began


async def one_visit(
    night: Night, service: str, situation: Situation, chance: random.Random, temper: Temper, tally: Tally
) -> None:
    """One citizen, what they do, and the terminal in order afterwards."""
    assert night.running is not None
    people = night.world.scene.people.all_of(situation)
    person = chance.choice(people)
    night.street.call("person-arrives", citizen=person.index)
    citizen = Citizen(
        night.running.hands, night.street, person.number, person.phone, lambda _: None, night.clock.monotonic
    )
    before = len(night.reports)

    def break_something(dice: random.Random) -> None:
        do, arguments = dice.choice(_MISCHIEF)
        night.street.call(do, **arguments)

    wanderer = Wanderer(citizen, service, chance, temper, _preferences(service, situation, chance), break_something)
    await in_virtual_time(wanderer.visit())
    await in_order(night)
    tally.visits += 1
    tally.services[service] += 1
    for report in night.reports[before:]:
        tally.endings[report.ending] += 1
    wrong = untrue(night, (person,))
    if wrong:
        raise Untrue(
            f"after visit {tally.visits} ({service}, {situation.value}, {', '.join(wanderer.pages)}): "
            + "; ".join(wrong)
        )


def _preferences(service: str, situation: Situation, chance: random.Random) -> Mapping[str, str]:
    by_number = situation in (
        Situation.CARD_FINISHED_LOSS,
        Situation.CARD_FINISHED_DAMAGE,
        Situation.CARD_LOST,
        Situation.CARD_LOST_NO_FINGERS,
    )
    wants = {"ReadCard": "without-card"} if by_number else {}
    if service == "HZ01":
        wants["ChoosePage"] = "choose:loss" if by_number else "choose:renewal"
    elif service == "JG01" and chance.random() < 0.3:
        wants["ChoosePage"] = "choose:later"
    return wants


async def in_order(night: Night) -> None:
    """What an attendant does: shuts doors, mends devices, and lets the terminal send what it promised."""
    for place in night.street.call("state")["compartments"]:
        if place["door"] == "open":
            night.street.call("door-close", board=place["board"], compartment=place["compartment"])
    for do in ("take-card", "take-paper", "person-leaves"):
        try:
            night.street.call(do)
        except Impossible:
            continue
    for device in Device:
        night.street.call("clear", device=device.value)
    night.street.call("network", state=Network.UP.value)
    await night.ready()
    await night.settled()
    await night.empty_outbox()


@dataclass(frozen=True, slots=True)
class Timed:
    """A tally and how long it took on the wall clock."""

    tally: Tally
    wall_seconds: float

    def as_json(self) -> dict[str, Any]:
        """For the command and for proof."""
        return {
            "visits": self.tally.visits,
            "endings": dict(sorted(self.tally.endings.items())),
            "services": dict(sorted(self.tally.services.items())),
            "virtual_seconds": round(self.tally.virtual_seconds, 3),
            "wall_seconds": round(self.wall_seconds, 1),
            "sha256": self.tally.digests,
        }


def timed_visits(folder: Path, visits: int, seed: int) -> Timed:
    """As `make_visits`, timed."""
    began = time.monotonic()
    tally = make_visits(folder, visits, seed)
    return Timed(tally, time.monotonic() - began)
