"""Vehicles that people who do not exist have just bought: papers, insurance, plates they had before.

`purchase_of` is pure like `population`. Numbers have the known lengths and are made up.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.people.new_vehicles import NewVehicle, PurchasePapers
from kiosk.people.synthetic import Situation, SyntheticPerson

BOUGHT = (
    Situation.NEW_CAR,
    Situation.NEW_CAR_INSURED_SHORT,
    Situation.NEW_CAR_NOT_INSURED,
    Situation.NEW_CAR_PLATED,
    Situation.NEW_CAR_PLATES_USED,
)
_VIN = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
_MODELS = (("示例牌SL7150", "小型轿车"), ("示例牌SL6470EV", "小型普通客车"), ("样品牌YP7200", "小型轿车"))


@dataclass(frozen=True, slots=True)
class SyntheticPurchase:
    """`plates`: days of issue and expiry of the temporary plates the vehicle had."""

    papers: PurchasePapers
    vehicle: NewVehicle
    bought_on: date
    insured_to: date | None
    plates: tuple[tuple[date, date], ...]


def purchase_of(person: SyntheticPerson, as_of: date) -> SyntheticPurchase | None:
    """What this person bought, if anything."""
    if person.situation not in BOUGHT:
        return None
    rng = random.Random(f"purchase {person.index} {as_of.isoformat()}")
    model, vehicle_type = rng.choice(_MODELS)
    vin = "L" + "".join(rng.choice(_VIN) for _ in range(10)) + f"{person.index:06d}"
    vehicle = NewVehicle(vin, model, vehicle_type, f"E{rng.randrange(10**7):07d}")
    papers = PurchasePapers(
        invoice=f"15002{rng.randrange(10**7):07d}{person.index:08d}",
        certificate=f"WAC{person.index:04d}{rng.randrange(10**8):08d}",
        policy=f"PDZA2026{person.index:04d}{rng.randrange(10**10):010d}",
    )
    plates: tuple[tuple[date, date], ...] = ()
    match person.situation:
        case Situation.NEW_CAR_PLATED:
            plates = ((as_of - timedelta(days=5), as_of + timedelta(days=25)),)
        case Situation.NEW_CAR_PLATES_USED:
            ends = (as_of - timedelta(days=days) for days in (70, 36, 2))
            plates = tuple((end - timedelta(days=30), end) for end in ends)
        case _:
            pass
    insured: date | None = as_of + timedelta(days=360)
    if person.situation is Situation.NEW_CAR_INSURED_SHORT:
        insured = as_of + timedelta(days=12)
    if person.situation is Situation.NEW_CAR_NOT_INSURED:
        insured = None
    bought = as_of - timedelta(days=110 if person.situation is Situation.NEW_CAR_PLATES_USED else 6)
    return SyntheticPurchase(papers, vehicle, bought, insured, plates)
