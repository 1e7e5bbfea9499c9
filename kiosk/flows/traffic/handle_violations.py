"""JG01 交通违法处理: camera records decided by simple procedure, with every right told first."""

from __future__ import annotations

from kiosk.flows.common import Citizen, come_in, give, refuse, sign
from kiosk.flows.effects import NotFiled, PaperKind, Pending, Print
from kiosk.flows.filing import filing, report
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import LicenceOf, RightsFor, VehiclesOf, ViolationsOf
from kiosk.flows.steps import (
    Choose,
    ChooseMany,
    Declare,
    LookUp,
    Phase,
    Rights,
    RightsAnswer,
)
from kiosk.flows.traffic.hearing import Hearing
from kiosk.flows.traffic.pay_fines import pay_now_or_later
from kiosk.people.records import Refusal
from kiosk.people.vehicle import DrivingLicence, Vehicle, Violation


async def handle_violations(opening: Opening) -> Outcome:
    """JG01 交通违法处理. Order 157 art. 5, 44, 45, 52, 58; order 163 art. 13, 14; Road Traffic Safety Law art. 90."""
    citizen = await come_in(opening, "JG01")
    return citizen if isinstance(citizen, Outcome) else await violations_of(citizen)


async def violations_of(citizen: Citizen) -> Outcome:
    """Everything after the citizen is known."""
    licence = await LookUp(key="licence", phase=Phase.DETAILS, query=LicenceOf(citizen.number))
    if isinstance(licence, Refusal):
        return await refuse(licence)
    vehicles = await LookUp(key="vehicles", phase=Phase.DETAILS, query=VehiclesOf(citizen.number))
    if not vehicles:
        return citizen.leaves(Ending.NOTHING_DUE, "closing-nothing-due")
    vehicle = await Choose(key="vehicle", phase=Phase.DETAILS, topic="choose-vehicle", options=vehicles)
    records = await LookUp(key="records", phase=Phase.DETAILS, query=ViolationsOf(citizen.number, vehicle))
    if not records:
        return citizen.leaves(Ending.NOTHING_DUE, "closing-nothing-due")
    chosen = await ChooseMany(key="which", phase=Phase.DETAILS, topic="choose-violations", options=records)
    return Outcome.gravest([await handle_one(citizen, licence, vehicle, violation) for violation in chosen])


async def handle_one(citizen: Citizen, licence: DrivingLicence, vehicle: Vehicle, violation: Violation) -> Outcome:
    """Facts, law, fine, points and rights; then one of three ways on (行政处罚法 art. 44, 45, 62)."""
    notice = await LookUp(key="rights-of", phase=Phase.CONFIRM, query=RightsFor(citizen.number, violation.record))
    if isinstance(notice, Refusal):
        return await refuse(notice)
    match await Rights(key="rights", phase=Phase.CONFIRM, violation=violation, notice=notice):
        case RightsAnswer.NOT_NOW:
            return citizen.leaves(Ending.NOT_NOW, "closing-not-now")
        case RightsAnswer.STATE_AND_DEFEND:
            return await object_to(citizen, violation)
        case RightsAnswer.NO_OBJECTION:
            _ = await Declare(key="declaration", phase=Phase.CONFIRM, topic="declare-driver", text=notice.declaration)
            return await decide(Hearing(citizen, licence, vehicle, violation, notice))


async def object_to(citizen: Citizen, violation: Violation) -> Outcome:
    """陈述申辩 leaves self-service: filed, answered by the place of violation (order 157 art. 5)."""
    record = ("record", violation.record)
    filed = await report(citizen, "objection", "objection", record, phase=Phase.CONFIRM)
    if isinstance(filed, NotFiled):
        return await refuse(filed.refusal)
    begins = (("number", filed.number), ("status", filed.status), *citizen.on_paper)
    values = (*begins, *violation.on_paper, *filed.told("answer_due"))
    _ = await Print(key="objection-slip", phase=Phase.FINISH, paper=PaperKind.OBJECTION_SLIP, values=values)
    return citizen.leaves(Ending.OBJECTION, "closing-objection", filed.number, "receipt")


async def decide(heard: Hearing) -> Outcome:
    """The decision is headquarters'; its paper is printed here, then paying is offered (order 157 art. 45, 58)."""
    citizen, violation = heard.citizen, heard.violation
    signature = await sign(citizen, "sign-decision")
    if isinstance(signature, Outcome):
        return signature
    filed = await filing(citizen, "decision", "violation-decided", heard.told, signature)
    if isinstance(filed, NotFiled):
        return await refuse(filed.refusal)
    if isinstance(filed, Pending):
        return citizen.leaves(Ending.PENDING, "closing-pending", filed.number)
    values = heard.decision(filed)
    _ = await Print(key="decision-paper", phase=Phase.FINISH, paper=PaperKind.PENALTY_DECISION, values=values)
    facts = (*heard.penalty, *filed.told("pay_by"))
    await give(citizen, "violation-slip", PaperKind.VIOLATION_SLIP, filed.number, *violation.on_paper, *facts)
    done = citizen.leaves(Ending.DONE, "closing-decided", filed.number, "page", "receipt")
    return await pay_now_or_later(citizen, filed.number, violation.fine, done)
