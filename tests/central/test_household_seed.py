"""Households of the synthetic population: for whatever seed, nobody has another's number."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from central.agencies.household_model import SandboxMember
from central.agencies.seed_household import seed_households
from central.model import Base
from kiosk.people.synthetic import PopulationKey, population


@pytest.mark.parametrize("seed", range(1, 13))
def test_every_member_of_every_household_has_a_number_of_their_own(seed: int) -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        seed_households(db, population(PopulationKey(seed=seed, as_of=date(2026, 11, 22))))
        db.commit()
        counted = db.scalar(select(func.count()).select_from(SandboxMember))
    engine.dispose()
    assert counted is not None
    assert counted > 200
