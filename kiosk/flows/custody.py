"""The stretches in which a document of the citizen's is inside the machine (rule 10): handed in, or in the slot."""

from __future__ import annotations

from kiosk.flows.common import Citizen
from kiosk.flows.effects import (
    GivenBack,
    PaperKind,
    PassInside,
    PassNotTaken,
    PassStuck,
    PassTaken,
    Print,
    ReturnPass,
    Submit,
    TakeIn,
    TakeInInDoubt,
    TakeInRefused,
    TakenIn,
    TakePass,
)
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase
from kiosk.people.exit_entry import MayEndorsePass


async def hand_in(
    citizen: Citizen, document: str, case_number: str, phase: Phase
) -> TakenIn | GivenBack | TakeInRefused | TakeInInDoubt:
    """收旧证: into a compartment headquarters assigns, with a custody slip at once."""
    held = await TakeIn(key="old-card", phase=phase, number=citizen.number, document=document)
    if not isinstance(held, TakenIn):
        return held
    _ = await Submit(
        key="old-card-filed",
        phase=phase,
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
        phase=phase,
        paper=PaperKind.CUSTODY_SLIP,
        values=(
            ("number", held.custody),
            ("case_number", case_number),
            *citizen.on_paper,
            ("document", document),
            ("place", f"{held.board}-{held.compartment}"),
        ),
    )
    return held


async def take_pass_in(citizen: Citizen, may: MayEndorsePass) -> PassInside | Outcome:
    """The pass that headquarters said yes to, drawn into the slot; another one comes out again by itself."""
    match await TakePass(
        key="pass",
        phase=Phase.PAY,
        number=citizen.number,
        document=may.document,
        opens=(f"{citizen.number.birth:%y%m%d}", f"{may.valid_to:%y%m%d}"),
    ):
        case PassInside() as inside:
            return inside
        case PassNotTaken() as none:
            return citizen.leaves(Ending.NOT_NOW, f"closing-pass-{none.told}")
        case PassStuck(custody=custody):
            return citizen.leaves(Ending.NEEDS_A_PERSON, "closing-pass-stuck", custody)


async def pass_back_and(citizen: Citizen, inside: PassInside, outcome: Outcome) -> Outcome:
    """The pass first; if it cannot go back, that is what must be said."""
    returned = await pass_back(citizen, inside)
    if isinstance(returned, PassTaken):
        return outcome
    return citizen.leaves(Ending.NEEDS_A_PERSON, "closing-pass-held", returned.custody)


def pass_back(citizen: Citizen, inside: PassInside) -> ReturnPass:
    """还通行证."""
    return ReturnPass(key="pass-back", phase=Phase.FINISH, number=citizen.number, custody=inside.custody)
