"""The tasks that are whole: paper in, a fault mended, the machine handed back."""

from __future__ import annotations

from kiosk.flows.effects import PaperKind, Print
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase
from kiosk.maintenance.steps import (
    Agreed,
    Exchange,
    Exchanged,
    Findings,
    HandBack,
    Mend,
    Mended,
    NotExchanged,
    Seen,
    SelfTest,
    TryOut,
    Uncounted,
)


async def exchange_supply(opening: Opening) -> Outcome:
    """Counted exchange (XFS4IoT Storage.StartExchange, EndExchange). `about`: device/supply/fault."""
    device, supply, fault = opening.about.split("/")
    match await Exchange(key="exchange", phase=Phase.DETAILS, device=device, supply=supply, fault=fault):
        case NotExchanged():
            return Outcome(Ending.NOT_NOW, "task-nothing-changed")
        case Uncounted(left=left):
            return Outcome(Ending.NEEDS_A_PERSON, "task-uncounted", details=(("left", left),))
        case Exchanged():
            return await _tried(device)


async def mend_fault(opening: Opening) -> Outcome:
    """A fault's short way, then the device shows that it works. `about`: device/fault; no fault: only tried out."""
    device, fault = opening.about.split("/")
    if fault and await Mend(key="mend", phase=Phase.DETAILS, device=device, fault=fault) is not Mended.WORKS:
        return Outcome(Ending.NEEDS_A_PERSON, "task-still-broken")
    return await _tried(device)


async def _tried(device: str) -> Outcome:
    match await TryOut(key="try-out", phase=Phase.CONFIRM, device=device):
        case Seen.YES:
            return Outcome(Ending.DONE, "task-seen")
        case Seen.NOT_TRIED:
            return Outcome(Ending.DONE, "task-works")
        case Seen.NO:
            return Outcome(Ending.NEEDS_A_PERSON, "task-not-seen")


async def hand_back(opening: Opening) -> Outcome:
    """交接: the machine proves itself; what stays out is said, agreed to, and goes home on paper.

    `about`: what was done, a line each.
    """
    findings = await SelfTest(key="self-test", phase=Phase.CONFIRM)
    if await HandBack(key="hand-back", phase=Phase.FINISH, findings=findings) is Agreed.STAY:
        return Outcome(Ending.NOT_NOW, "task-stays")
    if "receipt-printer" not in findings.stays_out:
        values = summary(opening, findings)
        _ = await Print(key="summary", phase=Phase.FINISH, paper=PaperKind.MAINTENANCE_SLIP, values=values)
    details = (("stays_out", ",".join(findings.stays_out)), ("seconds", f"{findings.seconds:.1f}"))
    return Outcome(Ending.DONE, "task-handed-back", details=details)


def summary(opening: Opening, findings: Findings) -> tuple[tuple[str, str], ...]:
    """The slip's values, in the words devices and tasks are called by everywhere."""
    well = sum(finding.verdict == "works" for finding in findings.findings)
    said = [f"OK {well}/{len(findings.findings)} ({findings.seconds:.1f} s)"]
    said += [f"OUT {name}" for name in findings.stays_out]
    values = [("number", f"M{opening.now:%y%m%d%H%M%S}"), ("findings", "\n".join(said))]
    values.append(("staff", ", ".join(opening.staff)))
    if opening.about:
        values.append(("done", opening.about))
    return tuple(values)
