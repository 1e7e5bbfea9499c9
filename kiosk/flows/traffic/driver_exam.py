"""JG03 驾驶证换证自助体检: collected here, judged by a doctor of a medical institution; never called "fit" here."""

from __future__ import annotations

from kiosk.flows.common import (
    Citizen,
    ExpiredCard,
    ask_consent,
    declare_and_sign,
    file,
    identify,
    notify,
    refuse,
)
from kiosk.flows.effects import Filed, PaperKind, Print, Submit
from kiosk.flows.examining import (
    AskConditions,
    CheckBooth,
    HearTones,
    MeasureHeight,
    ReadChart,
    ReadPlates,
    RecordMovements,
)
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayBeExamined
from kiosk.flows.steps import (
    Consent,
    ConsentAnswer,
    LookUp,
    Phase,
    Portrait,
    PortraitForReview,
    Signature,
    TakePortrait,
    WithoutCard,
)
from kiosk.people.examination import BoothUnfit, MayExamine, Measured, Side
from kiosk.people.eyesight import Eye
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
    exam = await LookUp(key="may-be-examined", phase=Phase.IDENTITY, query=MayBeExamined(citizen.number))
    if isinstance(exam, Refusal):
        return await refuse(exam)
    health = await Consent(key="health-consent", phase=Phase.IDENTITY, topic="consent-health")
    if health is ConsentAnswer.DECLINE:
        return await refuse(Refusal(RefusalCode.EXAM_NOT_HERE, (("reason", "no-consent"),)))
    return await examine(citizen, exam)


async def examine(citizen: Citizen, exam: MayExamine) -> Outcome:
    """Everything after the citizen is known and has agreed."""
    measured = await measure(exam)
    if isinstance(measured, Outcome):
        return measured
    portrait = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=DRIVING_LICENCE_PORTRAIT)
    signature = await declare_and_sign(citizen, "declare-exam", "sign-exam")
    if isinstance(signature, Outcome):
        return signature
    filed = await file(citizen, application(citizen, measured, portrait, signature))
    if isinstance(filed, Outcome):
        return filed
    _ = await Print(
        key="exam-record",
        phase=Phase.FINISH,
        paper=PaperKind.EXAM_RECORD,
        values=record(citizen, exam, measured, filed),
    )
    topic = "closing-exam-held" if dict(filed.extras)["state"] == "held" else "closing-exam-sent"
    return Outcome(Ending.DONE, topic, filed.number, take=("page", *citizen.brought))


async def measure(exam: MayExamine) -> Measured | Outcome:
    """Item by item; the first that is below its limit sends to the institution, and nothing is kept or filed."""
    limits = exam.limits
    declared = await AskConditions(
        key="conditions", phase=Phase.DETAILS, conditions=exam.conditions, basis=exam.basis
    )
    if not declared.clear:
        return await to_the_institution("declared")
    height = await MeasureHeight(key="height", phase=Phase.DETAILS)
    if height.mm < limits.height_mm:
        return await to_the_institution("height")
    right = await ReadChart(key="right-eye", phase=Phase.DETAILS, eye=Eye.RIGHT)
    if right.level < limits.vision:
        return await to_the_institution("vision")
    left = await ReadChart(key="left-eye", phase=Phase.DETAILS, eye=Eye.LEFT)
    if left.level < limits.vision:
        return await to_the_institution("vision")
    plates = await ReadPlates(key="plates", phase=Phase.DETAILS, plates=limits.plates)
    if plates.right < limits.plates_right:
        return await to_the_institution("colours")
    tones = await HearTones(key="tones", phase=Phase.DETAILS)
    if min(tones.right(Side.LEFT), tones.right(Side.RIGHT)) < limits.tones_right:
        return await to_the_institution("hearing")
    movements = await RecordMovements(key="movements", phase=Phase.DETAILS, movements=exam.movements)
    return Measured(declared, height, right, left, plates, tones, movements)


async def to_the_institution(item: str) -> Outcome:
    """本次自助检测未通过，请到医疗机构: never that somebody is unfit."""
    return await refuse(Refusal(RefusalCode.EXAM_NOT_PASSED_HERE, (("reason", item),)))


def application(
    citizen: Citizen, measured: Measured, portrait: Portrait | PortraitForReview, signature: Signature
) -> Submit:
    """What goes to the institution, with the pictures beside it."""
    return Submit(
        key="exam",
        phase=Phase.FINISH,
        filing="driver-exam",
        payload=(
            ("number", citizen.number.text),
            ("declaration", measured.declaration),
            ("height", measured.height),
            ("right", measured.right),
            ("left", measured.left),
            ("plates", measured.plates),
            ("tones", measured.tones),
            ("movements", measured.movements),
            ("portrait", portrait.picture.sha256),
            ("portrait_review", isinstance(portrait, PortraitForReview)),
            ("signature", signature.picture.sha256),
        ),
        blobs=(
            portrait.picture.sha256,
            signature.picture.sha256,
            signature.strokes.sha256,
            *(picture.sha256 for _, picture in measured.movements.pictures),
        ),
    )


def record(citizen: Citizen, exam: MayExamine, measured: Measured, filed: Filed) -> tuple[tuple[str, str], ...]:
    """自助体检采集记录: the citizen's copy of what was measured. It certifies nothing and says so."""
    extras = dict(filed.extras)
    return (
        ("number", filed.number),
        *citizen.on_paper,
        ("institution", exam.institution),
        ("answer_by", extras["answer_by"]),
        *measured.on_paper,
        ("verify_url", extras["verify_url"]),
    )
