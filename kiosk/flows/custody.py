"""The stretch that everything shares in which an old document is handed in (rule 10)."""

from __future__ import annotations

from kiosk.flows.common import Citizen
from kiosk.flows.effects import (
    GivenBack,
    PaperKind,
    Print,
    Submit,
    TakeIn,
    TakeInInDoubt,
    TakeInRefused,
    TakenIn,
)
from kiosk.flows.steps import Phase


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
