"""Residences and permits of people from elsewhere who do not exist, by their situation; pure like `population`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.people.synthetic import Population, Situation, SyntheticPerson

_REGISTERED_DAYS_AGO = {
    Situation.NEWCOMER_REGISTERED: 61,
    Situation.RESIDENT_HALF_YEAR: 245,
    Situation.RESIDENT_NO_PROOF: 245,
    Situation.PERMIT_DUE: 700,
    Situation.PERMIT_LATE: 700,
    Situation.PERMIT_TOO_EARLY: 700,
}
_PROOFS = (("lease",), ("labour-contract", "lease"), ("school-roll",))
"""Of those who have any, by turns."""
_FULL_YEAR_IN_DAYS: dict[Situation, tuple[int, ...]] = {
    Situation.PERMIT_DUE: (12, 25, 3),
    Situation.PERMIT_LATE: (-40, -5),
    Situation.PERMIT_TOO_EARLY: (100,),
}
"""By turns; the permit was issued a year before that day."""
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ResidenceFile:
    """What the register has of somebody: since when, which proofs; the permit's day of issue and its full year."""

    since: date
    proofs: tuple[str, ...]
    issued_on: date | None
    full_year: date | None


def residence_of(people: Population, person: SyntheticPerson) -> ResidenceFile | None:
    """None for whoever is not registered as living here."""
    ago = _REGISTERED_DAYS_AGO.get(person.situation)
    if ago is None:
        return None
    today = people.key.as_of
    nth = people.all_of(person.situation).index(person)
    proofs = _PROOFS[nth % len(_PROOFS)] if person.situation is Situation.RESIDENT_HALF_YEAR else ()
    turns = _FULL_YEAR_IN_DAYS.get(person.situation)
    full_year = None if turns is None else today + timedelta(days=turns[nth % len(turns)])
    issued = None if full_year is None else full_year - _YEAR
    return ResidenceFile(today - timedelta(days=ago), proofs, issued, full_year)
