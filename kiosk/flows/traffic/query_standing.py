"""JG06 驾驶人与机动车记分查询: licence, points, vehicles, what is open; to be read, on paper if wished."""

from __future__ import annotations

from kiosk.flows.common import Citizen, ExpiredCard, ask_consent, identify
from kiosk.flows.effects import PaperKind, Print
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import StandingOf
from kiosk.flows.steps import AfterReading, LookUp, OnPaper, Phase, Section, ShowResult, WithoutCard
from kiosk.people.traffic import TrafficStanding, VehicleStanding
from kiosk.people.vehicle import DrivingLicence

Facts = tuple[tuple[str, str], ...]


async def query_standing(opening: Opening) -> Outcome:
    """JG06 驾驶人与机动车记分查询. Order 163 art. 6."""
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    standing = await LookUp(key="standing", phase=Phase.FINISH, query=StandingOf(citizen.number))
    if standing.licence is None and not standing.vehicles:
        return Outcome(Ending.NOTHING_DUE, "closing-no-traffic-file", take=citizen.brought)
    read = await ShowResult(
        key="shown",
        phase=Phase.FINISH,
        topic="result-traffic-open" if standing.fines or open_records(standing) else "result-traffic",
        sections=sections(standing),
        on_paper=OnPaper.OFFERED,
    )
    if read is AfterReading.ENOUGH:
        return Outcome(Ending.DONE, "closing-looked-up", take=citizen.brought)
    _ = await Print(key="query-slip", phase=Phase.FINISH, paper=PaperKind.QUERY_SLIP, values=slip(citizen, standing))
    return Outcome(Ending.DONE, "closing-looked-up", take=("receipt", *citizen.brought))


def open_records(standing: TrafficStanding) -> int:
    """Records of all vehicles nobody dealt with."""
    return sum(vehicle.records for vehicle in standing.vehicles)


def sections(standing: TrafficStanding) -> tuple[Section, ...]:
    """The licence first, then each vehicle under its plate, then what is to be paid."""
    licence = standing.licence
    driver = () if licence is None else (Section("result-licence", driving(licence, standing.points_limit)),)
    vehicles = tuple(Section(v.vehicle.plate.spaced, vehicle_facts(v)) for v in standing.vehicles)
    due: Facts = (("unpaid_fines", str(standing.fines)), ("amount", standing.fines_due.yuan))
    fines = (Section("result-fines", due),) if standing.fines else ()
    return (*driver, *vehicles, *fines)


def driving(licence: DrivingLicence, limit: int) -> Facts:
    """机动车驾驶证."""
    return (
        ("licence_status", licence.status.value),
        ("licence_classes", " ".join(c.value for c in licence.classes)),
        ("valid_to", licence.valid_to.isoformat() if licence.valid_to else "long"),
        ("points_now", f"{licence.points} / {limit}"),
        ("cycle_ends", licence.cycle_ends.isoformat()),
    )


def vehicle_facts(standing: VehicleStanding) -> Facts:
    """机动车; what is not on file is left out."""
    return (
        ("vehicle", standing.vehicle.model),
        *((("inspect_by", standing.inspect_by.isoformat()),) if standing.inspect_by else ()),
        *((("insured_to", standing.insured_to.isoformat()),) if standing.insured_to else ()),
        ("open_records", str(standing.records)),
    )


def masked_file(number: str) -> str:
    """档案编号 as a slip carries it."""
    return f"{number[:4]}****{number[-4:]}"


def slip(citizen: Citizen, standing: TrafficStanding) -> Facts:
    """查询单: the same, the file number masked."""
    licence = standing.licence
    number = standing.vehicles[0].vehicle.plate.spaced if licence is None else masked_file(licence.file_number)
    driver = () if licence is None else driving(licence, standing.points_limit)
    inspections = "\n".join(
        f"{v.vehicle.plate.spaced} {v.inspect_by.isoformat()}" for v in standing.vehicles if v.inspect_by
    )
    return (
        ("number", number),
        *citizen.on_paper,
        *driver,
        *((("inspections", inspections),) if inspections else ()),
        ("open_records", str(open_records(standing))),
        ("fines_due", standing.fines_due.yuan),
    )
