"""HZ03 挂失身份证: the holder reports their identity card lost, without any card."""

from __future__ import annotations

import enum

from kiosk.flows.common import (
    Citizen,
    declare_and_sign,
    file,
    give,
    identify_by_number,
    notify,
    notify_and_ask_consent,
    refuse,
)
from kiosk.flows.effects import Filed, PaperKind
from kiosk.flows.filing import filing
from kiosk.flows.household.apply_for_id_card import apply_for
from kiosk.flows.household.loss import loss_questions
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayReportLoss
from kiosk.flows.steps import Choose, FillForm, FormAnswers, LookUp, Phase
from kiosk.people.records import Ground, Refusal


class AfterReport(enum.Enum):
    """What can be done next: the service's code, or nothing."""

    REPLACE = "HZ01"
    ENOUGH = "enough"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


async def report_card_lost(opening: Opening) -> Outcome:
    """HZ03 挂失身份证. Opinion of 2015 on reporting lost cards: in person, at any police station of the country."""
    consent = await notify_and_ask_consent("HZ03")
    citizen = await identify_by_number(opening, consent)
    if isinstance(citizen, Outcome):
        return citizen
    allowed = await LookUp(key="may-report", phase=Phase.DETAILS, query=MayReportLoss(citizen.number))
    if isinstance(allowed, Refusal):
        return await refuse(allowed)
    told = await FillForm(key="form", phase=Phase.DETAILS, topic="form-loss", fields=loss_questions())
    signature = await declare_and_sign(citizen, "declare-report-lost", "sign-report-lost")
    if isinstance(signature, Outcome):
        return signature
    filed = await file(citizen, filing(citizen, "report-of-loss", "report-of-loss", told.values, signature))
    if isinstance(filed, Outcome):
        return filed
    lost = (("loss_place", f"loss-place-{told['loss_place']}"), ("loss_manner", f"loss-manner-{told['loss_manner']}"))
    facts = (*filed.told("reported_at"), ("loss_date", told["loss_date"]), *lost, *filed.told("verify_url"))
    await give(citizen, "report-receipt", PaperKind.LOSS_RECEIPT, filed.number, *facts)
    return await offer_replacement(opening, citizen, told, filed)


async def offer_replacement(opening: Opening, citizen: Citizen, told: FormAnswers, filed: Filed) -> Outcome:
    """补领 at once, with nothing asked twice; the report stands whatever comes of it."""
    done = citizen.leaves(Ending.DONE, "closing-reported-lost", filed.number, "receipt")
    if AfterReport.REPLACE.value not in opening.open_services:
        return done
    chosen = await Choose(key="next", phase=Phase.FINISH, topic="choose-after-report", options=tuple(AfterReport))
    match chosen:
        case AfterReport.ENOUGH:
            return done
        case AfterReport.REPLACE:
            await notify(AfterReport.REPLACE.value, Phase.DETAILS)
            return await apply_for(citizen, Ground.LOSS, told)
