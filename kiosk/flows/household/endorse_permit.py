"""HZ09 居住证签注: the yearly endorsement of a residence permit, on the register."""

from __future__ import annotations

from kiosk.flows.common import ExpiredCard, ask_consent, file, give, identify, refuse, sign
from kiosk.flows.effects import PaperKind
from kiosk.flows.filing import filing
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
        key="due",
        phase=Phase.DETAILS,
        topic=f"result-permit-{due.time.value}",
        sections=(Section("", place_and_time(due)),),
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
    facts = (("issued", issued["permit_issued"]),)
    filed = await file(citizen, filing(citizen, "endorsement", "permit-endorsement", facts, signature))
    if isinstance(filed, Outcome):
        return filed
    await give(citizen, "permit-slip", PaperKind.PERMIT_SLIP, filed.number, *filed.extras)
    return citizen.leaves(Ending.DONE, "closing-endorsed", filed.number, "receipt")


def place_and_time(due: MayEndorsePermit) -> tuple[tuple[str, str], ...]:
    """Where, by when, and until when it will be good."""
    return (
        ("residence_place", due.place),
        ("full_year", due.full_year.isoformat()),
        ("endorsed_until", due.until.isoformat()),
    )


def days(due: MayEndorsePermit) -> tuple[tuple[str, str], ...]:
    """The days to choose from, and none of them."""
    return (*((day.isoformat(), day.isoformat()) for day in due.issue_days), (NONE_OF_THEM, "permit-issued-none"))
