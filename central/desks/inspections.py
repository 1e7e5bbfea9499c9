"""JG08: whose vehicle may have a new inspection mark without an inspection (order 164 art. 54 to 56)."""

from __future__ import annotations

from central.desks.answers import accepted, checked_number, refused
from central.desks.desk import BEIJING, Desk
from central.desks.driving import OFFICE, months_later, not_for_this_desk, years_later
from central.desks.fines import unpaid_fines
from central.model_traffic import TrafficCase, TrafficState
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.traffic import ExemptVehicle, MayHaveMark, Owner, VehicleFile
from kiosk.people.vehicle import PlateKind
from kiosk.protocol.filings import MarkAsked
from kiosk.protocol.messages import Filing, FilingReply

MATTER = "inspection-mark"
_SMALL = (PlateKind.SMALL, PlateKind.SMALL_NEW_ENERGY)


def marks_for(desk: Desk, number: IdNumber) -> MayHaveMark | Refusal:
    """Every own vehicle whose mark is due, or one answer to what stands in the way of the first."""
    refusal = not_for_this_desk(desk, number)
    if refusal is not None:
        return refusal
    own = [file for file in desk.agencies.traffic.vehicle_files(number.text) if file.vehicle.own]
    if not own:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "no-vehicle"))
    private = [file for file in own if file.owner is Owner.PERSON]
    if not private:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "company-vehicle"))
    answers = [_mark(desk, number, file) for file in private]
    free = tuple(answer for answer in answers if isinstance(answer, ExemptVehicle))
    if free:
        return MayHaveMark(free)
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    return next((r for r in refusals if r.code is not RefusalCode.NOT_YET_DUE), refusals[0])


def _mark(desk: Desk, number: IdNumber, file: VehicleFile) -> ExemptVehicle | Refusal:
    rules = desk.tables.rules
    earliest = months_later(file.inspect_by, -rules["mark-months-before-expiry"])
    if desk.today < earliest:
        return Refusal(RefusalCode.NOT_YET_DUE, (("from", earliest.isoformat()),))
    if desk.today > file.inspect_by:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "mark-late"))
    if not _exempt(desk, file):
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "to-inspect"))
    if file.insured_to is None or file.insured_to < desk.today:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "not-insured"))
    if file.tax_year < desk.today.year:
        return desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "tax-unpaid"))
    plate = file.vehicle.plate
    if desk.agencies.traffic.records(plate):
        return Refusal(RefusalCode.UNSETTLED_VIOLATIONS, (("service", "JG01"),))
    if any(fine.plate == plate for fine in unpaid_fines(desk, number)):
        return Refusal(RefusalCode.UNSETTLED_VIOLATIONS, (("service", "JG02"),))
    valid_to = years_later(file.inspect_by, rules["mark-every-years"])
    return ExemptVehicle(file.vehicle, file.insured_to, file.tax_year, valid_to)


def _exempt(desk: Desk, file: VehicleFile) -> bool:
    """Small private cars in their first ten years, but for the years of inspection themselves."""
    rules = desk.tables.rules
    years = file.inspect_by.year - file.registered_on.year
    small = file.vehicle.plate.kind in _SMALL
    return small and years < rules["second-inspection-years"] and years != rules["first-inspection-years"]


def mark_asked(filing: Filing, payload: MarkAsked, desk: Desk) -> FilingReply:
    """Issued at once, electronically; the platform is told."""
    number = checked_number(desk, payload.number)
    due = marks_for(desk, number)
    if isinstance(due, Refusal):
        return refused(due)
    asked = (payload.plate_kind, payload.plate)
    car = next((c for c in due.vehicles if (c.vehicle.plate.kind.value, c.vehicle.plate.number) == asked), None)
    if car is None:
        return refused(desk.sent_to(RefusalCode.OTHER, OFFICE, ("reason", "no-vehicle")))
    case = TrafficCase(
        number=f"B{desk.serial('mark')}",
        matter=MATTER,
        holder=number.text,
        state=TrafficState.READY,
        plate=payload.plate,
        applied_at=desk.now.replace(microsecond=0),
        ready_by=desk.today,
        valid_to=car.valid_to,
        term_years=None,
        visit=filing.case,
        signature=payload.signature,
    )
    desk.db.add(case)
    desk.agencies.traffic.inspected(car.vehicle.plate, case.number, car.valid_to)
    return accepted(case.number, **on_mark(desk, case))


def on_mark(desk: Desk, case: TrafficCase) -> dict[str, str]:
    """What the mark carries besides the vehicle."""
    issued = case.applied_at.astimezone(BEIJING).isoformat()
    valid_to = case.valid_to.isoformat() if case.valid_to else ""
    seal = desk.signer.sign("\n".join(("mark-1", case.number, case.plate, valid_to, issued)).encode())
    return {
        "valid_to": valid_to,
        "issued_at": issued,
        "authority": desk.tables.authority["traffic"],
        "seal": f"SANDBOX {seal[:32]}",
        "verify_url": f"{desk.people_url}/v/{case.number}",
    }
