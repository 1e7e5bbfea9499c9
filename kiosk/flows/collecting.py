"""The stretch that HZ02 and CRJ07 share: the old document in, the new one out of its compartment, a slip."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows.common import Citizen
from kiosk.flows.custody import hand_in
from kiosk.flows.effects import (
    Certainty,
    Filed,
    GivenBack,
    HandOver,
    HandOverInDoubt,
    LeftOpen,
    NotFetched,
    NotFiled,
    NotOpened,
    PaperKind,
    Pending,
    Print,
    Retained,
    Submit,
    TakeInInDoubt,
    TakeInRefused,
    Taken,
    TakenIn,
)
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import CheckNewCard, NewCardCheck, NotSigned, Phase, Sign, Signature
from kiosk.people.records import FinishedCard
from kiosk.people.travel_applications import FinishedTravelDocument

Finished = FinishedCard | FinishedTravelDocument


async def collect(citizen: Citizen, new: Finished) -> Outcome:
    """Everything after headquarters has said that it lies here."""
    old: TakenIn | None = None
    if new.old_is_due:
        taken_in = await hand_in_old(citizen, new)
        if isinstance(taken_in, Outcome):
            return taken_in
        old = taken_in
    match await Sign(key="signature", phase=Phase.CONFIRM, topic="sign-collect"):
        case NotSigned():
            left = Outcome(Ending.NOT_NOW, "closing-given-back" if old else "closing-not-now", take=citizen.brought)
            return await give_back(citizen, new, old, left)
        case Signature() as signature:
            return await hand_over(citizen, new, old, signature)


async def hand_in_old(citizen: Citizen, new: Finished) -> TakenIn | Outcome:
    """Without the old document the new one stays where it is."""
    match await hand_in(citizen, new.document, new.case_number, Phase.DETAILS):
        case TakenIn() as held:
            return held
        case GivenBack():
            return Outcome(Ending.NOT_NOW, "closing-not-now", take=citizen.brought)
        case TakeInRefused():
            return Outcome(Ending.NEEDS_A_PERSON, "closing-needs-a-person", take=citizen.brought)
        case TakeInInDoubt(custody=custody):
            return Outcome(Ending.NEEDS_A_PERSON, "closing-document-in-doubt", custody)


async def hand_over(citizen: Citizen, new: Finished, old: TakenIn | None, signature: Signature) -> Outcome:
    """发证 once, then the document itself is looked at where it can be read and was not (rules 11, 12)."""
    match await HandOver(key="new-card", phase=Phase.FINISH, number=citizen.number, card=new):
        case Taken(certainty=Certainty.SENSED):
            # Read inside the machine, and seen to be taken.
            return await collected(citizen, new, signature, NewCardCheck.IT_IS_THE_NEW_CARD)
        case Taken():
            return await collected(citizen, new, signature, await check(citizen, new))
        case LeftOpen():
            # Behind an open door it may still lie there: only the document itself says that it was taken.
            seen = await check(citizen, new)
            if seen is NewCardCheck.IT_IS_THE_NEW_CARD:
                return await collected(citizen, new, signature, seen)
            return Outcome(Ending.NEEDS_A_PERSON, "closing-left-open", new.case_number)
        case NotOpened():
            return await give_back(citizen, new, old, Outcome(Ending.NEEDS_A_PERSON, "closing-not-opened"))
        case NotFetched():
            left = Outcome(Ending.NEEDS_A_PERSON, "closing-not-fetched", new.case_number)
            return await give_back(citizen, new, old, left)
        case Retained():
            left = Outcome(Ending.NEEDS_A_PERSON, "closing-document-retained", new.case_number)
            return await give_back(citizen, new, old, left)
        case HandOverInDoubt():
            return Outcome(Ending.NEEDS_A_PERSON, "closing-document-in-doubt", new.case_number)


async def check(citizen: Citizen, new: Finished) -> NewCardCheck:
    """试读 in the citizen's hand (rule 12)."""
    return await CheckNewCard(key="new-card-check", phase=Phase.FINISH, number=citizen.number, expected=new)


async def collected(citizen: Citizen, new: Finished, signature: Signature, seen: NewCardCheck) -> Outcome:
    """The new card on the reader makes the claim a sensed one; headquarters marks it collected; slip."""
    certainty = Certainty.SENSED if seen is NewCardCheck.IT_IS_THE_NEW_CARD else Certainty.INFERRED
    filed = await Submit(
        key="collected",
        phase=Phase.FINISH,
        filing="card-collected" if isinstance(new, FinishedCard) else "travel-collected",
        payload=(
            ("number", citizen.number.text),
            ("item", new.item),
            ("case_number", new.case_number),
            ("certainty", certainty.value),
            ("signature", signature.picture.sha256),
        ),
        blobs=(signature.picture.sha256, signature.strokes.sha256),
    )
    match filed:
        case Filed() | Pending():
            _ = await Print(
                key="collection-slip",
                phase=Phase.FINISH,
                paper=PaperKind.COLLECTION_SLIP,
                values=(
                    ("number", filed.number),
                    ("status", "filed" if isinstance(filed, Filed) else "pending"),
                    ("case_number", new.case_number),
                    *citizen.on_paper,
                    ("document", new.document),
                    ("valid_to", new.valid_to.isoformat() if new.valid_to else "long"),
                    ("certainty", certainty.value),
                ),
            )
            ending = Ending.DONE if isinstance(filed, Filed) else Ending.PENDING
            topic = "closing-collected" if certainty is Certainty.SENSED else "closing-collected-unread"
            # An identity card that is replaced was handed in, or was not there; for a passport it came along.
            take = ("new-card",) if isinstance(new, FinishedCard) else ("new-document", *citizen.brought)
            details = tuple(("still-here", document) for document in new.beside)
            return Outcome(ending, topic, new.case_number, take=(*take, "receipt"), details=details)
        case NotFiled(refusal=refusal):
            return Outcome(Ending.NEEDS_A_PERSON, "closing-needs-a-person", new.case_number, refusal=refusal)


async def give_back(citizen: Citizen, new: Finished, old: TakenIn | None, outcome: Outcome) -> Outcome:
    """Nothing was collected: the old document goes back to its owner, if it can."""
    if old is None:
        return outcome
    held = replace(new, item=old.custody, board=old.board, compartment=old.compartment)
    match await HandOver(key="old-card-back", phase=Phase.FINISH, number=citizen.number, card=held):
        case Taken() | LeftOpen():
            return outcome
        case NotOpened() | NotFetched() | Retained() | HandOverInDoubt():
            return Outcome(Ending.NEEDS_A_PERSON, "closing-old-card-held", old.custody, take=("receipt",))
