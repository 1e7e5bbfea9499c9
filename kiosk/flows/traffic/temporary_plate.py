"""JG09 临时行驶车号牌核发: for a vehicle that was bought and is not registered yet, made and handed out here."""

from __future__ import annotations

from kiosk.flows.common import (
    Citizen,
    come_in,
    declare_and_sign,
    file_paid,
    give,
    pay,
    refuse,
)
from kiosk.flows.effects import (
    Bill,
    Filed,
    MakePlate,
    Paid,
    PaperKind,
    PayBySlip,
    PlateInDoubt,
    PlateNotMade,
    PlateRetained,
    PlateTaken,
)
from kiosk.flows.filing import filing
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import IssuedPlate, MayHaveTemporaryPlate
from kiosk.flows.steps import (
    Field,
    FieldKind,
    FillForm,
    LookUp,
    Phase,
    Scan,
    ScannedCode,
)
from kiosk.people.new_vehicles import CodeShape, MayHavePlate, PlateArea, PurchasePapers
from kiosk.people.records import Refusal, RefusalCode

SUBJECT = "bill-temporary-plate"
AREAS = tuple((area.value, f"plate-area-{area.value}") for area in PlateArea)


async def temporary_plate(opening: Opening) -> Outcome:
    """JG09 临时行驶车号牌核发. Order 164 art. 46, 47: thirty days, three times, never beyond the insurance."""
    citizen = await come_in(opening, "JG09")
    if isinstance(citizen, Outcome):
        return citizen
    papers = await scan_papers()
    if papers is None:
        return await refuse(Refusal(RefusalCode.OTHER, (("reason", "no-code"),)))
    asked = MayHaveTemporaryPlate(citizen.number, papers)
    eligible = await LookUp(key="may-have-plate", phase=Phase.DETAILS, query=asked)
    if isinstance(eligible, Refusal):
        return await refuse(eligible)
    areas = (Field("plate_area", FieldKind.OPTION, AREAS),)
    form = await FillForm(key="form", phase=Phase.DETAILS, topic="form-plate", fields=areas)
    signature = await declare_and_sign(citizen, "declare-temporary-plate", "sign-temporary-plate")
    if isinstance(signature, Outcome):
        return signature
    paid = await pay(citizen, Bill(eligible.fee_reference, citizen.number, eligible.fee), SUBJECT)
    if isinstance(paid, Outcome):
        return paid
    facts = (*papers.filed, ("area", form["plate_area"]))
    application = filing(citizen, "plate", "temporary-plate", facts, signature, paid=paid)
    filed = await file_paid(citizen, application, paid, SUBJECT)
    if isinstance(filed, Outcome):
        return filed
    return await hand_out(citizen, eligible, paid, filed)


async def scan_papers() -> PurchasePapers | None:
    """Invoice, certificate, insurance, one after another; None where one has no code that can be read."""
    codes: list[str] = []
    for shape in (CodeShape.INVOICE, CodeShape.CERTIFICATE, CodeShape.POLICY):
        name = f"scan-{shape.paper}"
        scanned = await Scan(key=name, phase=Phase.DETAILS, topic=name, shape=shape)
        if not isinstance(scanned, ScannedCode):
            return None
        codes.append(scanned.text)
    return PurchasePapers(*codes)


async def hand_out(citizen: Citizen, eligible: MayHavePlate, paid: Paid | PayBySlip, filed: Filed) -> Outcome:
    """Paid here, it is made here, once; whatever else becomes of it, the window makes it."""
    if isinstance(paid, PayBySlip):
        return await at_window(citizen, eligible, paid, filed, "closing-plate-by-slip")
    text = await LookUp(key="plate-text", phase=Phase.FINISH, query=IssuedPlate(citizen.number, filed.number))
    if isinstance(text, Refusal):
        return await at_window(citizen, eligible, paid, filed, "closing-plate-at-window")
    match await MakePlate(key="plate-made", phase=Phase.FINISH, number=citizen.number, plate=text):
        case PlateTaken():
            await slip(citizen, eligible, paid, filed, "handed-out")
            return citizen.leaves(Ending.DONE, "closing-plate", filed.number, "plate", "receipt")
        case PlateNotMade() | PlateRetained():
            return await at_window(citizen, eligible, paid, filed, "closing-plate-at-window")
        case PlateInDoubt():
            return citizen.leaves(Ending.NEEDS_A_PERSON, "closing-document-in-doubt", filed.number)


async def at_window(
    citizen: Citizen, eligible: MayHavePlate, paid: Paid | PayBySlip, filed: Filed, topic: str
) -> Outcome:
    """The slip says where it is made."""
    await slip(citizen, eligible, paid, filed, "at-window")
    return citizen.leaves(Ending.DONE, topic, filed.number, "receipt")


async def slip(citizen: Citizen, eligible: MayHavePlate, paid: Paid | PayBySlip, filed: Filed, handed: str) -> None:
    """核发凭条."""
    facts = (("fee", eligible.fee.yuan), *paid.on_paper, ("handed", handed), *filed.extras)
    await give(citizen, "plate-slip", PaperKind.PLATE_SLIP, filed.number, *facts)
