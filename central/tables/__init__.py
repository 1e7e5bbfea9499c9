"""Dated and sourced tables headquarters decides by: law, fees, behaviours, places. Data files beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kiosk.people.examination import Condition
from kiosk.people.exit_entry import Destination, EndorsementKind
from kiosk.people.money import Money
from kiosk.people.records import Ground, LawText
from kiosk.people.residence import Street
from kiosk.people.vehicle import LicenceClass

FOLDER = Path(__file__).parent


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Site(_Entry):
    """Where citizens go. `branch`: whose documents can be collected there, "" for all. Degrees are WGS 84."""

    id: str
    name: str
    address: str
    telephone: str
    branch: str = ""
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class Terminal(_Entry):
    """One machine: its site, its one board of compartments, numbered from 1, and whether it is a door."""

    id: str
    site: str
    board: int
    compartments: int
    kind: Literal["terminal", "door"] = "terminal"


class Desk(_Entry):
    """A counter staffed by people."""

    name: str
    address: str
    telephone: str


class Fee(_Entry):
    """One dated fee."""

    id: str
    ground: Ground | None = None
    valid_from: date
    fen: int
    source: str
    as_of: date

    @property
    def reference(self) -> str:
        """The bill's name: which entry, of which date."""
        return f"fee:{self.id}:{self.valid_from.isoformat()}"

    @property
    def money(self) -> Money:
        """The amount."""
        return Money(self.fen)


class Behaviour(_Entry):
    """A violation by code: what it is, its law, its points and the band of its fine."""

    code: str
    behaviour: str
    broken: str
    basis: str
    points: int
    fine_min_fen: int
    fine_max_fen: int
    general_procedure: bool
    source: str
    as_of: date


class Rule(_Entry):
    """A number the law sets."""

    id: str
    value: int
    source: str
    as_of: date


class Certificate(_Entry):
    """A kind of certificate that is issued."""

    id: str
    title: str
    source: str
    as_of: date


class OpenClasses(_Entry):
    """The classes of licence whose holders are examined in a booth."""

    open: frozenset[LicenceClass]
    source: str
    as_of: date


class Offer(_Entry):
    """An endorsement that is made at a machine; `scope` names regions by their beginning, or everywhere."""

    id: str
    destination: Destination
    kind: EndorsementKind
    months: int
    entries: int
    stay_days: int
    fee: str
    scope: tuple[str, ...]
    source: str
    as_of: date


class Basis(_Entry):
    """What the list of conditions rests on."""

    reference: str
    source: str
    as_of: date


class Movements(_Entry):
    """What is recorded, in this order."""

    asked: tuple[str, ...]
    source: str
    as_of: date


class Examination(_Entry):
    """What is asked and recorded of a driver."""

    classes: OpenClasses
    basis: Basis
    condition: tuple[Condition, ...]
    movements: Movements


class Text(_Entry):
    """A text the law demands on a page or a paper."""

    id: str
    reference: str
    text: str
    source: str
    as_of: date

    @property
    def law_text(self) -> LawText:
        """As it is shown."""
        return LawText(self.reference, self.text, self.source, self.as_of)


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables, read once."""

    sites: dict[str, Site]
    terminals: dict[str, Terminal]
    desks: dict[str, Desk]
    authority: dict[str, str]
    fees: tuple[Fee, ...]
    behaviours: dict[str, Behaviour]
    rules: dict[str, int]
    texts: dict[str, Text]
    production_hours: dict[str, float]
    streets: tuple[Street, ...]
    certificates: dict[str, Certificate]
    wording: dict[str, dict[str, str]]
    examination: Examination
    offers: tuple[Offer, ...]

    def sites_of(self, branch: str) -> tuple[tuple[str, str], ...]:
        """Ids and names of the sites where documents of a branch can be collected."""
        return tuple((site.id, site.name) for site in self.sites.values() if site.branch in ("", branch))

    def community(self, id_: str) -> str:
        """Subdistrict and community in words, or "" where there is none of this id."""
        for street in self.streets:
            for community, name in street.communities:
                if community == id_:
                    return f"{street.name}{name}"
        return ""

    def fee(self, ground: Ground, day: date) -> Fee:
        """The entry in force on a day. Raises LookupError when there is none."""
        entries = [f for f in self.fees if f.ground is ground and f.valid_from <= day]
        if not entries:
            raise LookupError(ground.value)
        return max(entries, key=lambda f: f.valid_from)

    def fee_of(self, id_: str, day: date) -> Fee:
        """The entry of this id in force on a day. Raises LookupError when there is none."""
        entries = [f for f in self.fees if f.id == id_ and f.valid_from <= day]
        if not entries:
            raise LookupError(id_)
        return max(entries, key=lambda f: f.valid_from)


def _read(name: str) -> dict[str, Any]:
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file)


@cache
def load_tables() -> Tables:
    """Read and check every table. Raises ValueError on an entry that lacks its source or date."""
    places, law = _read("sites.toml"), _read("law.toml")
    papers = _read("certificates.toml")
    words = {name: table for name, table in papers.items() if name != "certificate"}
    fees = [{("valid_from" if k == "from" else k): v for k, v in fee.items()} for fee in _read("fees.toml")["fee"]]
    return Tables(
        sites={s.id: s for s in TypeAdapter(list[Site]).validate_python(places["site"])},
        terminals={t.id: t for t in TypeAdapter(list[Terminal]).validate_python(places["terminal"])},
        desks=TypeAdapter(dict[str, Desk]).validate_python(places["desk"]),
        authority=TypeAdapter(dict[str, str]).validate_python(places["authority"]),
        fees=tuple(TypeAdapter(list[Fee]).validate_python(fees)),
        behaviours={
            b.code: b for b in TypeAdapter(list[Behaviour]).validate_python(_read("violations.toml")["violation"])
        },
        rules={r.id: r.value for r in TypeAdapter(list[Rule]).validate_python(law["rule"])},
        streets=TypeAdapter(tuple[Street, ...]).validate_python(_read("communities.toml")["street"]),
        texts={t.id: t for t in TypeAdapter(list[Text]).validate_python(law["text"])},
        certificates={c.id: c for c in TypeAdapter(list[Certificate]).validate_python(papers["certificate"])},
        offers=tuple(TypeAdapter(list[Offer]).validate_python(_read("endorsements.toml")["offer"])),
        wording=TypeAdapter(dict[str, dict[str, str]]).validate_python(words),
        examination=Examination.model_validate(_read("medical.toml")),
        production_hours=TypeAdapter(dict[str, float]).validate_python(_read("production.toml")["hours"]),
    )
