"""JG01 交通违法处理: camera records decided by simple procedure, with every right told first."""

from __future__ import annotations

import enum
from dataclasses import replace

from kiosk.flows.common import Citizen, ExpiredCard, identify, notify_and_ask_consent, refuse
from kiosk.flows.effects import Filed, NotFiled, Paid, PaperKind, PayBySlip, Pending, Print, Submit
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import LicenceOf, RightsFor, VehiclesOf, ViolationsOf
from kiosk.flows.steps import (
    Choose,
    ChooseMany,
    Declare,
    LookUp,
    NotSigned,
    Phase,
    Rights,
    RightsAnswer,
    Sign,
    Signature,
    WithoutCard,
)
from kiosk.flows.traffic.pay_fines import pay_fine
from kiosk.people.records import Refusal, RightsNotice
from kiosk.people.vehicle import DrivingLicence, Vehicle, Violation


class WhenToPay(enum.Enum):
    """The offer after a decision."""

    NOW = "now"
    LATER = "later"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


async def handle_violations(opening: Opening) -> Outcome:
    """JG01 交通违法处理. Order 157 art. 5, 44, 45, 52, 58; order 163 art. 13, 14; Road Traffic Safety Law art. 90."""
    consent = await notify_and_ask_consent("JG01")
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    return await violations_of(citizen)


async def violations_of(citizen: Citizen) -> Outcome:
    """Everything after the citizen is known."""
    licence = await LookUp(key="licence", phase=Phase.DETAILS, query=LicenceOf(citizen.number))
    if isinstance(licence, Refusal):
        return await refuse(licence)
    vehicles = await LookUp(key="vehicles", phase=Phase.DETAILS, query=VehiclesOf(citizen.number))
    if not vehicles:
        return Outcome(Ending.NOTHING_DUE, "closing-nothing-due", take=citizen.brought)
    vehicle = await Choose(key="vehicle", phase=Phase.DETAILS, topic="choose-vehicle", options=vehicles)
    records = await LookUp(key="records", phase=Phase.DETAILS, query=ViolationsOf(citizen.number, vehicle))
    if not records:
        return Outcome(Ending.NOTHING_DUE, "closing-nothing-due", take=citizen.brought)
    chosen = await ChooseMany(key="which", phase=Phase.DETAILS, topic="choose-violations", options=records)
    ends = [await handle_one(citizen, licence, vehicle, violation) for violation in chosen]
    return gravest(ends)


def gravest(ends: list[Outcome]) -> Outcome:
    """One closing page for several records: what needs attention most is named, an undone record least."""
    order = [e for e in Ending if e not in (Ending.DONE, Ending.NOT_NOW)] + [Ending.DONE, Ending.NOT_NOW]
    return min(ends, key=lambda o: order.index(o.ending))


async def handle_one(citizen: Citizen, licence: DrivingLicence, vehicle: Vehicle, violation: Violation) -> Outcome:
    """Facts, law, fine, points and rights; then one of three ways on (行政处罚法 art. 44, 45, 62)."""
    notice = await LookUp(key="rights-of", phase=Phase.CONFIRM, query=RightsFor(citizen.number, violation.record))
    if isinstance(notice, Refusal):
        return await refuse(notice)
    match await Rights(key="rights", phase=Phase.CONFIRM, violation=violation, notice=notice):
        case RightsAnswer.NOT_NOW:
            return Outcome(Ending.NOT_NOW, "closing-not-now", take=citizen.brought)
        case RightsAnswer.STATE_AND_DEFEND:
            return await object_to(citizen, violation)
        case RightsAnswer.NO_OBJECTION:
            _ = await Declare(key="declaration", phase=Phase.CONFIRM, topic="declare-driver", text=notice.declaration)
    match await Sign(key="signature", phase=Phase.CONFIRM, topic="sign-decision"):
        case NotSigned():
            return Outcome(Ending.NOT_NOW, "closing-not-now", take=citizen.brought)
        case Signature() as signature:
            return await decide(citizen, licence, vehicle, violation, notice, signature)


def facts(violation: Violation) -> tuple[tuple[str, str], ...]:
    """What every paper about a record says of it."""
    return (
        ("plate", violation.plate.spaced),
        ("at", violation.at.isoformat()),
        ("place", violation.place),
        ("behaviour", violation.behaviour),
        ("code", violation.code),
    )


def due(name: str, filed: Filed | Pending) -> tuple[tuple[str, str], ...]:
    """A date headquarters set with its reply, where it did."""
    value = dict(filed.extras).get(name, "") if isinstance(filed, Filed) else ""
    return ((name, value),) if value else ()


async def object_to(citizen: Citizen, violation: Violation) -> Outcome:
    """陈述申辩 leaves self-service: filed, answered by the place of violation (order 157 art. 5)."""
    filed = await Submit(
        key="objection",
        phase=Phase.CONFIRM,
        filing="objection",
        payload=(("number", citizen.number.text), ("record", violation.record)),
    )
    match filed:
        case NotFiled(refusal=refusal):
            return await refuse(refusal)
        case Filed() | Pending():
            _ = await Print(
                key="objection-slip",
                phase=Phase.FINISH,
                paper=PaperKind.OBJECTION_SLIP,
                values=(
                    ("number", filed.number),
                    ("status", "filed" if isinstance(filed, Filed) else "pending"),
                    *citizen.on_paper,
                    *facts(violation),
                    *due("answer_due", filed),
                ),
            )
            return Outcome(Ending.OBJECTION, "closing-objection", filed.number, take=("receipt", *citizen.brought))


async def decide(
    citizen: Citizen,
    licence: DrivingLicence,
    vehicle: Vehicle,
    violation: Violation,
    notice: RightsNotice,
    signature: Signature,
) -> Outcome:
    """The decision is headquarters'; its paper is printed here, then paying is offered (order 157 art. 45, 58)."""
    filed = await Submit(
        key="decision",
        phase=Phase.FINISH,
        filing="violation-decided",
        payload=(
            ("number", citizen.number.text),
            ("record", violation.record),
            ("points_told", violation.points),
            ("fine_told_fen", violation.fine.fen),
            ("rights_text", notice.rights.text),
            ("signature", signature.picture.sha256),
        ),
        blobs=(signature.picture.sha256, signature.strokes.sha256),
    )
    match filed:
        case NotFiled(refusal=refusal):
            return await refuse(refusal)
        case Pending(number=number):
            return Outcome(Ending.PENDING, "closing-pending", number, take=citizen.brought)
        case Filed(number=number):
            extras = dict(filed.extras)
            _ = await Print(
                key="decision-paper",
                phase=Phase.FINISH,
                paper=PaperKind.PENALTY_DECISION,
                values=decision(citizen, licence, vehicle, violation, notice, number, extras),
            )
            _ = await Print(
                key="violation-slip",
                phase=Phase.FINISH,
                paper=PaperKind.VIOLATION_SLIP,
                values=(
                    ("number", number),
                    *citizen.on_paper,
                    *facts(violation),
                    ("fine", violation.fine.yuan),
                    ("points", str(violation.points)),
                    *due("pay_by", filed),
                ),
            )
            return await offer_to_pay(citizen, violation, number)


async def offer_to_pay(citizen: Citizen, violation: Violation, number: str) -> Outcome:
    """JG02 from here, if wished: the decision stands either way."""
    done = Outcome(Ending.DONE, "closing-decided", number, take=("page", "receipt", *citizen.brought))
    if violation.fine.fen == 0:
        return done
    when = await Choose(key="pay-when", phase=Phase.PAY, topic="choose-pay-when", options=tuple(WhenToPay))
    if when is WhenToPay.LATER:
        return done
    match await pay_fine(citizen, number, violation.fine):
        case Paid():
            return replace(done, topic="closing-paid")
        case PayBySlip():
            return done
        case Outcome() as ended:
            return replace(ended, take=done.take)


def decision(
    citizen: Citizen,
    licence: DrivingLicence,
    vehicle: Vehicle,
    violation: Violation,
    notice: RightsNotice,
    number: str,
    extras: dict[str, str],
) -> tuple[tuple[str, str], ...]:
    """Fields of 《公安交通管理简易程序处罚决定书》 (order 157 art. 45)."""
    return (
        ("number", number),
        ("name", citizen.name),
        ("id_masked", citizen.number.masked),
        ("licence_file", licence.file_number),
        ("licence_classes", "".join(c.value for c in licence.classes)),
        ("licence_office", licence.issuing_office),
        *facts(violation),
        ("plate_kind", violation.plate.kind.value),
        ("vehicle", vehicle.model),
        ("articles_broken", violation.articles_broken),
        ("articles_basis", violation.articles_basis),
        ("fine", violation.fine.yuan),
        ("points", str(violation.points)),
        ("rights_text", notice.rights.text),
        ("payment_text", notice.payment_terms.text),
        ("declaration_text", notice.declaration.text),
        ("authority", extras["authority"]),
        ("decided_at", extras["decided_at"]),
        ("verify_url", extras["verify_url"]),
        ("signed", "yes"),
    )
