"""HZ07 无犯罪记录证明: a certificate of no criminal record, or a receipt; never a word about a record."""

from __future__ import annotations

from kiosk.flows.common import (
    Citizen,
    ExpiredCard,
    declare_and_sign,
    file,
    identify,
    notify_and_ask_consent,
    one_of,
    refuse,
)
from kiosk.flows.effects import Filed, PaperKind, Print, Submit
from kiosk.flows.household.certificates import hand_out
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayAskForRecord
from kiosk.flows.steps import FillForm, FormAnswers, LookUp, Phase, Signature, WithoutCard
from kiosk.people.household import RECORD_PURPOSES, RECORD_RECIPIENTS
from kiosk.people.records import Refusal


async def no_record_certificate(opening: Opening) -> Outcome:
    """HZ07 无犯罪记录证明. Rules on criminal record queries (公通字〔2021〕19号)."""
    consent = await notify_and_ask_consent("HZ07")
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    allowed = await LookUp(key="may-ask", phase=Phase.DETAILS, query=MayAskForRecord(citizen.number))
    if isinstance(allowed, Refusal):
        return await refuse(allowed)
    questions = (one_of("record_purpose", RECORD_PURPOSES), one_of("record_recipient", RECORD_RECIPIENTS))
    form = await FillForm(key="form", phase=Phase.DETAILS, topic="form-record", fields=questions)
    signature = await declare_and_sign(citizen, "declare-record", "sign-record")
    if isinstance(signature, Outcome):
        return signature
    filed = await file(citizen, query(citizen, form, signature))
    if isinstance(filed, Outcome):
        return filed
    if "due" in dict(filed.extras):
        return await give_receipt(citizen, form, filed)
    return await hand_out(citizen, PaperKind.NO_RECORD_CERTIFICATE, filed)


def query(citizen: Citizen, form: FormAnswers, signature: Signature) -> Submit:
    """查询申请."""
    return Submit(
        key="record-query",
        phase=Phase.FINISH,
        filing="record-query",
        payload=(
            ("number", citizen.number.text),
            ("purpose", form["record_purpose"]),
            ("recipient", form["record_recipient"]),
            ("signature", signature.picture.sha256),
        ),
        blobs=(signature.picture.sha256, signature.strokes.sha256),
    )


async def give_receipt(citizen: Citizen, form: FormAnswers, filed: Filed) -> Outcome:
    """受理回执: a person looks at it; for whatever reason that is, the words are the same."""
    _ = await Print(
        key="record-receipt",
        phase=Phase.FINISH,
        paper=PaperKind.RECORD_RECEIPT,
        values=(
            ("number", filed.number),
            *citizen.on_paper,
            ("record_purpose", f"record-purpose-{form['record_purpose']}"),
            *filed.extras,
        ),
    )
    return Outcome(Ending.DONE, "closing-record-accepted", filed.number, take=("receipt", *citizen.brought))
