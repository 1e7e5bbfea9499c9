"""JG03 驾驶证换证自助体检: collected here, judged by a doctor of a medical institution; never called "fit" here."""

from __future__ import annotations

from kiosk.flows.common import (
    Citizen,
    ExpiredCard,
    ask_consent,
    declare_and_sign,
    file,
    give,
    identify,
    notify,
    refuse,
)
from kiosk.flows.effects import PaperKind
from kiosk.flows.examining import CheckBooth, items
from kiosk.flows.filing import filing
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayBeExamined
from kiosk.flows.steps import (
    Consent,
    ConsentAnswer,
    LookUp,
    Phase,
    TakePortrait,
    WithoutCard,
)
from kiosk.people.examination import BoothUnfit, MayExamine, Measured, Reading
from kiosk.people.portrait import DRIVING_LICENCE_PORTRAIT
from kiosk.people.records import Refusal, RefusalCode


async def driver_exam(opening: Opening) -> Outcome:
    """JG03 驾驶证换证自助体检. Order 162 art. 14, 15, 63, 85; PIPL art. 28 to 30 for what is measured."""
    await notify("JG03", Phase.IDENTITY)
    booth = await CheckBooth(key="booth", phase=Phase.IDENTITY)
    if isinstance(booth, BoothUnfit):
        return await refuse(Refusal(RefusalCode.EXAM_NOT_HERE, (("reason", booth.why.value),)))
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    may = await LookUp(key="may-be-examined", phase=Phase.IDENTITY, query=MayBeExamined(citizen.number))
    if isinstance(may, Refusal):
        return await refuse(may)
    health = await Consent(key="health-consent", phase=Phase.IDENTITY, topic="consent-health")
    if health is ConsentAnswer.DECLINE:
        return await refuse(Refusal(RefusalCode.EXAM_NOT_HERE, (("reason", "no-consent"),)))
    return await examine(citizen, may)


async def examine(citizen: Citizen, may: MayExamine) -> Outcome:
    """Everything after the citizen is known and has agreed."""
    measured = await measure(may)
    if isinstance(measured, Outcome):
        return measured
    portrait = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=DRIVING_LICENCE_PORTRAIT)
    signature = await declare_and_sign(citizen, "declare-exam", "sign-exam")
    if isinstance(signature, Outcome):
        return signature
    facts = (*measured.filed, *portrait.filed)
    pictures = tuple(picture.sha256 for _, picture in measured.movements.pictures)
    exam = filing(citizen, "exam", "driver-exam", facts, signature, portrait=portrait, beside=pictures)
    filed = await file(citizen, exam)
    if isinstance(filed, Outcome):
        return filed
    facts = (
        ("institution", may.institution),
        *filed.told("answer_by"),
        *measured.on_paper,
        *filed.told("verify_url"),
    )
    await give(citizen, "exam-record", PaperKind.EXAM_RECORD, filed.number, *facts)
    topic = "closing-exam-held" if filed["state"] == "held" else "closing-exam-sent"
    return citizen.leaves(Ending.DONE, topic, filed.number, "page")


async def measure(may: MayExamine) -> Measured | Outcome:
    """Item by item; the first that is below its limit sends to the institution, and nothing is kept or filed.

    本次自助检测未通过，请到医疗机构: never that somebody is unfit.
    """
    readings: list[Reading] = []
    for item in items(may):
        reading = await item
        if missed := may.limits.missed(reading):
            return await refuse(Refusal(RefusalCode.EXAM_NOT_PASSED_HERE, (("reason", missed),)))
        readings.append(reading)
    return Measured.of(readings)
