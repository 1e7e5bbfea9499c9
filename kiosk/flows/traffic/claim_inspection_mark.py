"""JG08 免检车辆检验合格标志申领: an exempt vehicle's mark, electronic at once, on paper if wished."""

from __future__ import annotations

from kiosk.flows.common import Citizen, ExpiredCard, ask_consent, declare_and_sign, file, identify, refuse
from kiosk.flows.effects import Filed, PaperKind, Print
from kiosk.flows.filing import filing
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MarksFor
from kiosk.flows.steps import (
    AfterReading,
    Choose,
    LookUp,
    OnPaper,
    Phase,
    Section,
    ShowResult,
    WithoutCard,
)
from kiosk.people.records import Refusal
from kiosk.people.traffic import ExemptVehicle


async def claim_inspection_mark(opening: Opening) -> Outcome:
    """JG08 免检车辆检验合格标志申领. Order 164 art. 54 to 56: insurance and tax are checked, not asked for."""
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    due = await LookUp(key="marks", phase=Phase.DETAILS, query=MarksFor(citizen.number))
    if isinstance(due, Refusal):
        return await refuse(due)
    offered = {car.vehicle: car for car in due.vehicles}
    vehicle = await Choose(key="vehicle", phase=Phase.DETAILS, topic="choose-own-vehicle", options=tuple(offered))
    car = offered[vehicle]
    signature = await declare_and_sign(citizen, "declare-inspection-mark", "sign-inspection-mark")
    if isinstance(signature, Outcome):
        return signature
    plate = car.vehicle.plate
    facts = (("plate_kind", plate.kind.value), ("plate", plate.number))
    filed = await file(citizen, filing(citizen, "inspection-mark", "inspection-mark", facts, signature))
    if isinstance(filed, Outcome):
        return filed
    return await hand_out(citizen, car, filed)


async def hand_out(citizen: Citizen, car: ExemptVehicle, filed: Filed) -> Outcome:
    """The electronic mark counts as much as the paper (art. 56): paper only for whoever wants it."""
    model, plate = ("vehicle", car.vehicle.model), car.vehicle.plate
    insured, taxed = ("insured_to", car.insured_to.isoformat()), ("tax_paid", str(car.tax_year))
    shown = Section(plate.spaced, (model, ("inspect_by", filed["valid_to"]), insured, taxed))
    read = await ShowResult(
        key="shown",
        phase=Phase.FINISH,
        topic="result-inspection-mark",
        sections=(shown,),
        on_paper=OnPaper.OFFERED,
    )
    if read is AfterReading.ENOUGH:
        return citizen.leaves(Ending.DONE, "closing-mark-issued", filed.number)
    values = (("number", filed.number), ("plate", plate.spaced), ("plate_kind", plate.kind.value), model)
    printed = (*values, *filed.extras)
    _ = await Print(key="mark", phase=Phase.FINISH, paper=PaperKind.INSPECTION_MARK, values=printed)
    return citizen.leaves(Ending.DONE, "closing-mark-printed", filed.number, "page")
