"""HZ07 无犯罪记录证明: a certificate of no criminal record, or a receipt; never a word about a record."""

from __future__ import annotations

from kiosk.flows.common import (
    come_in,
    declare_and_sign,
    file,
    give,
    one_of,
    refuse,
)
from kiosk.flows.effects import PaperKind
from kiosk.flows.filing import filing
from kiosk.flows.household.certificates import hand_out
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayAskForRecord
from kiosk.flows.steps import FillForm, LookUp, Phase
from kiosk.people.household import RECORD_PURPOSES, RECORD_RECIPIENTS
from kiosk.people.records import Refusal


async def no_record_certificate(opening: Opening) -> Outcome:
    """HZ07 无犯罪记录证明. Rules on criminal record queries (公通字〔2021〕19号)."""
    citizen = await come_in(opening, "HZ07")
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
    asked = (("purpose", form["record_purpose"]), ("recipient", form["record_recipient"]))
    filed = await file(citizen, filing(citizen, "record-query", "record-query", asked, signature))
    if isinstance(filed, Outcome):
        return filed
    if not filed.told("due"):
        return await hand_out(citizen, PaperKind.NO_RECORD_CERTIFICATE, filed)
    # A person looks at it; for whatever reason that is, the words are the same.
    purpose = ("record_purpose", f"record-purpose-{form['record_purpose']}")
    await give(citizen, "record-receipt", PaperKind.RECORD_RECEIPT, filed.number, purpose, *filed.extras)
    return citizen.leaves(Ending.DONE, "closing-record-accepted", filed.number, "receipt")
