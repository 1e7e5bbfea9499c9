"""HZ02 身份证取证: a finished identity card leaves the cabinet."""

from __future__ import annotations

from kiosk.flows.common import Citizen, ExpiredCard, identify, notify_and_ask_consent, refuse
from kiosk.flows.effects import (
    Certainty,
    Filed,
    GivenBack,
    HandOver,
    HandOverInDoubt,
    LeftOpen,
    NotFiled,
    NotOpened,
    PaperKind,
    Pending,
    Print,
    Submit,
    TakeIn,
    TakeInInDoubt,
    TakeInRefused,
    Taken,
    TakenIn,
)
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import CardToCollect
from kiosk.flows.steps import CheckNewCard, LookUp, NewCardCheck, NotSigned, Phase, Sign, Signature, WithoutCard
from kiosk.people.records import FinishedCard, Ground, OldCard, Refusal


async def collect_id_card(opening: Opening) -> Outcome:
    """HZ02 身份证取证. Resident Identity Card Law art. 8 and 11: on renewal the old card is handed in."""
    consent = await notify_and_ask_consent("HZ02")
    citizen = await identify(opening, consent, WithoutCard.OFFERED, ExpiredCard.ACCEPTED)
    if isinstance(citizen, Outcome):
        return citizen
    return await collect_for(citizen)


async def collect_for(citizen: Citizen) -> Outcome:
    """Everything after the citizen is known."""
    card = await LookUp(key="finished-card", phase=Phase.DETAILS, query=CardToCollect(citizen.number))
    if isinstance(card, Refusal):
        return await refuse(card)
    old: TakenIn | None = None
    if card.ground is not Ground.LOSS and card.old_card is OldCard.DUE:
        taken_in = await hand_in_old_card(citizen, card)
        if isinstance(taken_in, Outcome):
            return taken_in
        old = taken_in
    match await Sign(key="signature", phase=Phase.CONFIRM, topic="sign-collect"):
        case NotSigned():
            left = Outcome(Ending.NOT_NOW, "closing-given-back" if old else "closing-not-now", take=citizen.brought)
            return await give_back(citizen, card, old, left)
        case Signature() as signature:
            return await hand_over(citizen, card, old, signature)


async def hand_in_old_card(citizen: Citizen, card: FinishedCard) -> TakenIn | Outcome:
    """收旧证: into a compartment headquarters assigns, with a custody slip at once (rule 10)."""
    match await TakeIn(key="old-card", phase=Phase.DETAILS, number=citizen.number, document="id-card"):
        case TakenIn() as held:
            _ = await Submit(
                key="old-card-filed",
                phase=Phase.DETAILS,
                filing="old-card-taken-in",
                payload=(
                    ("number", citizen.number.text),
                    ("custody", held.custody),
                    ("board", held.board),
                    ("compartment", held.compartment),
                ),
            )
            _ = await Print(
                key="custody-slip",
                phase=Phase.DETAILS,
                paper=PaperKind.CUSTODY_SLIP,
                values=(
                    ("number", held.custody),
                    ("case_number", card.case_number),
                    *citizen.on_paper,
                    ("document", "id-card"),
                    ("place", f"{held.board}-{held.compartment}"),
                ),
            )
            return held
        case GivenBack():
            return Outcome(Ending.NOT_NOW, "closing-not-now", take=citizen.brought)
        case TakeInRefused():
            return Outcome(Ending.NEEDS_A_PERSON, "closing-needs-a-person", take=citizen.brought)
        case TakeInInDoubt(custody=custody):
            return Outcome(Ending.NEEDS_A_PERSON, "closing-document-in-doubt", custody)


async def hand_over(citizen: Citizen, card: FinishedCard, old: TakenIn | None, signature: Signature) -> Outcome:
    """发证: open the compartment once, then look at the card itself (rules 11, 12)."""
    match await HandOver(key="new-card", phase=Phase.FINISH, number=citizen.number, card=card):
        case Taken():
            return await collected(citizen, card, signature, await check_new_card(citizen, card))
        case LeftOpen():
            # Behind an open door the card may still lie there: only the card itself says that it was taken.
            check = await check_new_card(citizen, card)
            if check is NewCardCheck.IT_IS_THE_NEW_CARD:
                return await collected(citizen, card, signature, check)
            return Outcome(Ending.NEEDS_A_PERSON, "closing-left-open", card.case_number)
        case NotOpened():
            return await give_back(citizen, card, old, Outcome(Ending.NEEDS_A_PERSON, "closing-not-opened"))
        case HandOverInDoubt():
            return Outcome(Ending.NEEDS_A_PERSON, "closing-document-in-doubt", card.case_number)


async def check_new_card(citizen: Citizen, card: FinishedCard) -> NewCardCheck:
    """Look at the card itself (rule 12)."""
    return await CheckNewCard(key="new-card-check", phase=Phase.FINISH, number=citizen.number, expected=card)


async def collected(citizen: Citizen, card: FinishedCard, signature: Signature, check: NewCardCheck) -> Outcome:
    """The new card on the reader makes the claim a sensed one; headquarters marks it collected; slip."""
    certainty = Certainty.SENSED if check is NewCardCheck.IT_IS_THE_NEW_CARD else Certainty.INFERRED
    filed = await Submit(
        key="collected",
        phase=Phase.FINISH,
        filing="card-collected",
        payload=(
            ("number", citizen.number.text),
            ("item", card.item),
            ("case_number", card.case_number),
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
                    ("case_number", card.case_number),
                    *citizen.on_paper,
                    ("document", "id-card"),
                    ("valid_to", card.valid_to.isoformat() if card.valid_to else "long"),
                    ("certainty", certainty.value),
                ),
            )
            ending = Ending.DONE if isinstance(filed, Filed) else Ending.PENDING
            topic = "closing-collected" if certainty is Certainty.SENSED else "closing-collected-unread"
            return Outcome(ending, topic, card.case_number, take=("new-card", "receipt"))
        case NotFiled(refusal=refusal):
            return Outcome(Ending.NEEDS_A_PERSON, "closing-needs-a-person", card.case_number, refusal=refusal)


async def give_back(citizen: Citizen, card: FinishedCard, old: TakenIn | None, outcome: Outcome) -> Outcome:
    """Nothing was collected: the old card goes back to its owner, if it can."""
    if old is None:
        return outcome
    held = FinishedCard(
        item=old.custody,
        case_number=card.case_number,
        board=old.board,
        compartment=old.compartment,
        ground=card.ground,
        issue_date=card.issue_date,
        valid_to=card.valid_to,
        authority=card.authority,
    )
    match await HandOver(key="old-card-back", phase=Phase.FINISH, number=citizen.number, card=held):
        case Taken() | LeftOpen():
            return outcome
        case NotOpened() | HandOverInDoubt():
            return Outcome(Ending.NEEDS_A_PERSON, "closing-old-card-held", old.custody, take=("receipt",))
