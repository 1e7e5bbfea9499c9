"""What the certificates of the household desk have in common: a purpose from a list, one A4 paper, one ending."""

from __future__ import annotations

from kiosk.flows.common import Citizen, refuse
from kiosk.flows.effects import Filed, PaperKind, Print
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import IssuedCertificate
from kiosk.flows.steps import LookUp, Phase
from kiosk.people.records import Refusal


async def hand_out(
    citizen: Citizen, paper: PaperKind, filed: Filed, more: tuple[tuple[str, str], ...] = ()
) -> Outcome:
    """Print what headquarters issued, word by word."""
    issued = IssuedCertificate(citizen.number, filed.number)
    text = await LookUp(key="certificate-text", phase=Phase.FINISH, query=issued)
    if isinstance(text, Refusal):
        return await refuse(text)
    _ = await Print(
        key="certificate", phase=Phase.FINISH, paper=paper, values=(("number", filed.number), *more, *text.values)
    )
    return citizen.leaves(Ending.DONE, "closing-certificate", filed.number, "page")
