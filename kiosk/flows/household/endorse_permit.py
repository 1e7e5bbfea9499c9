"""HZ09 居住证签注: the yearly endorsement of a residence permit, on the register."""

from __future__ import annotations

from kiosk.flows.common import Citizen, ExpiredCard, ask_consent, file, identify, refuse, sign
from kiosk.flows.effects import PaperKind, Print, Submit
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayEndorse
from kiosk.flows.steps import (
    Choose,
    Field,
    FieldKind,
    FillForm,
    LookUp,
    Phase,
    Section,
    ShowResult,
    Signature,
    WithoutCard,
)
from kiosk.people.records import Refusal
from kiosk.people.residence import MayEndorsePermit, StillThere

NONE_OF_THEM = "none"


async def endorse_permit(opening: Opening) -> Outcome:
    """HZ09 居住证签注. Residence Permit Regulations art. 10, 21.

    No reader here reads these permits: their holder says which day of issue (art. 4) stands on the one in their hand.
    """
    consent = await ask_consent()
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    due = await LookUp(key="may-endorse", phase=Phase.DETAILS, query=MayEndorse(citizen.number))
    if isinstance(due, Refusal):
        return await refuse(due)
    _ = await ShowResult(
        key="due", phase=Phase.DETAILS, topic=f"result-permit-{due.time.value}", sections=(Section("", facts(due)),)
    )
    issued = await FillForm(
        key="permit",
        phase=Phase.DETAILS,
        topic="form-permit",
        fields=(Field("permit_issued", FieldKind.OPTION, days(due)),),
    )
    if issued["permit_issued"] == NONE_OF_THEM:
        return await refuse(due.if_another)
    still = await Choose(
        key="still-there", phase=Phase.DETAILS, topic="choose-still-there", options=tuple(StillThere)
    )
    if still is StillThere.MOVED:
        return await refuse(due.if_moved)
    signature = await sign(citizen, "sign-endorsement")
    if isinstance(signature, Outcome):
        return signature
    return await endorse(citizen, issued["permit_issued"], signature)


def facts(due: MayEndorsePermit) -> tuple[tuple[str, str], ...]:
    """Where, by when, and until when it will be good."""
    return (
        ("residence_place", due.place),
        ("full_year", due.full_year.isoformat()),
        ("endorsed_until", due.until.isoformat()),
    )


def days(due: MayEndorsePermit) -> tuple[tuple[str, str], ...]:
    """The days to choose from, and none of them."""
    return (*((day.isoformat(), day.isoformat()) for day in due.issue_days), (NONE_OF_THEM, "permit-issued-none"))


async def endorse(citizen: Citizen, issued: str, signature: Signature) -> Outcome:
    """签注 on the register, and the slip."""
    filed = await file(
        citizen,
        Submit(
            key="endorsement",
            phase=Phase.FINISH,
            filing="permit-endorsement",
            payload=(("number", citizen.number.text), ("issued", issued), ("signature", signature.picture.sha256)),
            blobs=(signature.picture.sha256, signature.strokes.sha256),
        ),
    )
    if isinstance(filed, Outcome):
        return filed
    _ = await Print(
        key="permit-slip",
        phase=Phase.FINISH,
        paper=PaperKind.PERMIT_SLIP,
        values=(("number", filed.number), *citizen.on_paper, *filed.extras),
    )
    return Outcome(Ending.DONE, "closing-endorsed", filed.number, take=("receipt", *citizen.brought))
