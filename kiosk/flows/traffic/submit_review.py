"""JG10 驾驶证审验和提交身体条件证明: what is on file already is confirmed, declared and signed."""

from __future__ import annotations

from kiosk.flows.common import Citizen, ExpiredCard, ask_consent, declare_and_sign, file, identify, refuse
from kiosk.flows.effects import Filed, PaperKind, Print, Submit
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayHaveReviewed
from kiosk.flows.steps import LookUp, Phase, Signature, WithoutCard
from kiosk.people.records import Refusal
from kiosk.people.traffic import MayReview


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
    filed = await file(citizen, review(citizen, due, signature))
    if isinstance(filed, Outcome):
        return filed
    _ = await Print(
        key="review-slip", phase=Phase.FINISH, paper=PaperKind.REVIEW_SLIP, values=slip(citizen, due, filed)
    )
    return Outcome(Ending.DONE, "closing-reviewed", filed.number, take=("receipt", *citizen.brought))


def review(citizen: Citizen, due: MayReview, signature: Signature) -> Submit:
    """What is filed."""
    return Submit(
        key="review",
        phase=Phase.FINISH,
        filing="licence-review",
        payload=(
            ("number", citizen.number.text),
            ("review", due.kind.value),
            ("report", due.report),
            ("signature", signature.picture.sha256),
        ),
        blobs=(signature.picture.sha256, signature.strokes.sha256),
    )


def slip(citizen: Citizen, due: MayReview, filed: Filed) -> tuple[tuple[str, str], ...]:
    """审验凭条."""
    return (
        ("number", filed.number),
        *citizen.on_paper,
        ("review", due.kind.value),
        ("cycle_ended", due.cycle_ended.isoformat()),
        *((("report", due.report),) if due.report else ()),
        ("verify_url", dict(filed.extras)["verify_url"]),
    )
