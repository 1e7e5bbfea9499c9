"""HZ05 临时居民身份证申领: a temporary identity card while the real one is made."""

from __future__ import annotations

from kiosk.flows.common import file_paid, give, identify_by_number, notify_and_ask_consent, pay, refuse, sign
from kiosk.flows.effects import Bill, PaperKind
from kiosk.flows.filing import filing
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayApplyForTemporaryCard
from kiosk.flows.steps import LookUp, Phase, TakePortrait
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.people.records import Refusal

SUBJECT = "bill-temporary-id-card"


async def temporary_id_card(opening: Opening) -> Outcome:
    """HZ05 临时居民身份证申领. Resident Identity Card Law art. 12; rules on temporary cards art. 2, 7, 9 to 13.

    No machine for these cards stands here: the window hands it out against the slip.
    """
    consent = await notify_and_ask_consent("HZ05")
    citizen = await identify_by_number(opening, consent)
    if isinstance(citizen, Outcome):
        return citizen
    eligible = await LookUp(key="may-apply", phase=Phase.DETAILS, query=MayApplyForTemporaryCard(citizen.number))
    if isinstance(eligible, Refusal):
        return await refuse(eligible)
    portrait = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=ID_CARD_PORTRAIT)
    signature = await sign(citizen, "sign-temporary")
    if isinstance(signature, Outcome):
        return signature
    paid = await pay(citizen, Bill(eligible.fee_reference, citizen.number, eligible.fee), SUBJECT)
    if isinstance(paid, Outcome):
        return paid
    filed = await file_paid(
        citizen,
        filing(citizen, "temporary-card", "temporary-card", portrait.filed, signature, portrait=portrait, paid=paid),
        paid,
        SUBJECT,
    )
    if isinstance(filed, Outcome):
        return filed
    facts = (("case_number", eligible.case_number), ("fee", eligible.fee.yuan), *paid.on_paper, *filed.extras)
    await give(citizen, "temporary-slip", PaperKind.TEMPORARY_SLIP, filed.number, *facts)
    return citizen.leaves(Ending.DONE, "closing-temporary", filed.number, "receipt")
