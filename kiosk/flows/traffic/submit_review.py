"""JG10 驾驶证审验和提交身体条件证明: what is on file already is confirmed, declared and signed."""

from __future__ import annotations

from kiosk.flows.common import ExpiredCard, ask_consent, declare_and_sign, file, give, identify, refuse
from kiosk.flows.effects import PaperKind
from kiosk.flows.filing import filing
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayHaveReviewed
from kiosk.flows.steps import LookUp, Phase, WithoutCard
from kiosk.people.records import Refusal


async def submit_review(opening: Opening) -> Outcome:
    """JG10 驾驶证审验/提交身体条件证明. Order 162 art. 72 to 74, 85."""
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    due = await LookUp(key="may-review", phase=Phase.DETAILS, query=MayHaveReviewed(citizen.number))
    if isinstance(due, Refusal):
        return await refuse(due)
    signature = await declare_and_sign(citizen, "declare-licence-review", "sign-licence-review")
    if isinstance(signature, Outcome):
        return signature
    found = ("report", due.report)
    asked = (("review", due.kind.value), found)
    filed = await file(citizen, filing(citizen, "review", "licence-review", asked, signature))
    if isinstance(filed, Outcome):
        return filed
    facts = (("review", due.kind.value), ("cycle_ended", due.cycle_ended.isoformat()))
    facts = (*facts, *((found,) if due.report else ()), *filed.told("verify_url"))
    await give(citizen, "review-slip", PaperKind.REVIEW_SLIP, filed.number, *facts)
    return citizen.leaves(Ending.DONE, "closing-reviewed", filed.number, "receipt")
