"""The tasks of one person: paper in, a fault mended, the machine proved, the machine handed back."""

from __future__ import annotations

from kiosk.flows.effects import Filed, NotFiled, PaperKind, Pending, Print, Submit
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Phase
from kiosk.maintenance.faults import Ends, fault_of
from kiosk.maintenance.steps import (
    Agreed,
    Calibrate,
    Calibrated,
    ChooseAdjusted,
    Exchange,
    Exchanged,
    Findings,
    HandBack,
    Mend,
    Mended,
    NotCalibrated,
    NotExchanged,
    Seen,
    SelfTest,
    Signed,
    SignReport,
    Tried,
    TryOut,
    Uncounted,
    Unsigned,
)
from kiosk.people.calibration import Adjusted

EXERCISED = (
    "receipt-printer",
    "page-printer",
    "endorsement-writer",
    "plate-printer",
    "dispenser",
    "id-reader",
    "document-reader",
    "fingerprint",
    "scanner",
    "locker",
    "audio",
    "help-button",
    "presence",
)
"""Devices that show a person something, in the order a person walks along the machine."""


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
    if not fault:
        return await _tried(device)
    match await Mend(key="mend", phase=Phase.DETAILS, device=device, fault=fault):
        case Mended.NOT_YET:
            return Outcome(Ending.NEEDS_A_PERSON, "task-still-broken")
        case Mended.WORKS if fault_of(device, fault).ends is Ends.TRIAL:
            return Outcome(Ending.DONE, "task-seen")
        case Mended.WORKS:
            return await _tried(device)
        case Mended.TO_MEASURE:
            return await _measured()


async def _measured() -> Outcome:
    """What was set straight is right when its measure is within the tolerance, and not before."""
    what = Adjusted.CAMERA_AIM
    match await Calibrate(key=f"calibrate-{what.value}", phase=Phase.CONFIRM, what=what):
        case Calibrated():
            return Outcome(Ending.DONE, "task-calibrated")
        case NotCalibrated(left=left):
            return Outcome(Ending.NEEDS_A_PERSON, "task-still-broken", details=(("left", left),))


async def _tried(device: str) -> Outcome:
    match await TryOut(key="try-out", phase=Phase.CONFIRM, device=device):
        case Seen.YES:
            return Outcome(Ending.DONE, "task-seen")
        case Seen.NOT_TRIED:
            return Outcome(Ending.DONE, "task-works")
        case Seen.NO:
            return Outcome(Ending.NEEDS_A_PERSON, "task-not-seen")


async def prove_readiness(opening: Opening) -> Outcome:
    """开机检查: every device shows what it does, what is due is calibrated, and the signed report goes home.

    Ends well only when everything works, everything that was shown was seen, and the report went out.
    """
    tried: tuple[Tried, ...] = ()
    for device in EXERCISED:
        seen = await TryOut(key=f"try-out-{device}", phase=Phase.DETAILS, device=device)
        tried = (*tried, Tried(device, seen))
    while (what := (await ChooseAdjusted(key="which", phase=Phase.DETAILS)).what) is not None:
        match await Calibrate(key=f"calibrate-{what.value}", phase=Phase.DETAILS, what=what):
            case NotCalibrated(left=left) if left:
                return Outcome(Ending.NEEDS_A_PERSON, "task-not-calibrated", details=(("left", left),))
            case NotCalibrated() | Calibrated():
                pass
    findings = await SelfTest(key="self-test", phase=Phase.CONFIRM)
    number, topic = await _sent(opening, findings, tried)
    if "receipt-printer" not in findings.stays_out:
        values = readiness(opening, findings, tried, number)
        _ = await Print(key="report-paper", phase=Phase.FINISH, paper=PaperKind.MAINTENANCE_SLIP, values=values)
    unseen = any(one.seen is Seen.NO for one in tried)
    open_ones = ",".join((*findings.stays_out, *(one.device for one in tried if one.seen is Seen.NO)))
    details = (("number", number), ("open", open_ones), ("seconds", f"{findings.seconds:.1f}"))
    if topic == "task-report-sent" and (unseen or findings.stays_out):
        return Outcome(Ending.NEEDS_A_PERSON, "task-report-open", details=details)
    ending = Ending.DONE if topic in ("task-report-sent", "task-report-waits") else Ending.NEEDS_A_PERSON
    return Outcome(ending, topic, details=details)


async def _sent(opening: Opening, findings: Findings, tried: tuple[Tried, ...]) -> tuple[str, str]:
    """Its number, and what is to be said of it."""
    match await SignReport(key="sign", phase=Phase.FINISH, findings=findings, tried=tried):
        case Unsigned():
            return own_number(opening), "task-report-unsigned"
        case Signed(text=text, algorithm=algorithm, certificate=certificate, signature=signature):
            payload = (
                ("text", text),
                ("algorithm", algorithm),
                ("certificate", certificate),
                ("signature", signature),
            )
    match await Submit(key="report", phase=Phase.FINISH, filing="readiness", payload=payload):
        case Filed(number=number):
            return number, "task-report-sent"
        case Pending(number=number):
            return number, "task-report-waits"
        case NotFiled():
            return own_number(opening), "task-report-refused"


async def calibrate(opening: Opening) -> Outcome:
    """校准. `about`: what to measure first; where it names nothing, the person chooses."""
    right = 0
    named = next((kind for kind in Adjusted if kind.value == opening.about), None)
    while True:
        what = named
        if what is None:
            what = (await ChooseAdjusted(key="which", phase=Phase.DETAILS)).what
        if what is None:
            ending = Ending.DONE if right else Ending.NOT_NOW
            return Outcome(ending, _said_of(right), details=(("right", str(right)),))
        match await Calibrate(key=f"calibrate-{what.value}", phase=Phase.CONFIRM, what=what):
            case Calibrated():
                right += 1
            case NotCalibrated(left=left) if left:
                return Outcome(Ending.NEEDS_A_PERSON, "task-not-calibrated", details=(("left", left),))
            case NotCalibrated() if named is not None:
                return Outcome(Ending.NEEDS_A_PERSON, "task-not-calibrated")
            case NotCalibrated():
                pass
        if named is not None:
            return Outcome(Ending.DONE, "task-calibrated", details=(("right", "1"),))


def _said_of(right: int) -> str:
    return "task-calibrated" if right else "task-nothing-changed"


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
    values = [("number", own_number(opening)), ("findings", "\n".join(_said(findings)))]
    values.append(("staff", ", ".join(opening.staff)))
    if opening.about:
        values.append(("done", opening.about))
    return tuple(values)


def readiness(
    opening: Opening, findings: Findings, tried: tuple[Tried, ...], number: str
) -> tuple[tuple[str, str], ...]:
    """The report's slip: the self-test, and what a person saw of each device."""
    said = [*_said(findings), *(f"{one.device}: {one.seen.value}" for one in tried)]
    return (("number", number), ("findings", "\n".join(said)), ("staff", ", ".join(opening.staff)))


def own_number(opening: Opening) -> str:
    """The terminal's own number for a paper, where headquarters gave none."""
    return f"M{opening.now:%y%m%d%H%M%S}"


def _said(findings: Findings) -> list[str]:
    well = sum(finding.verdict == "works" for finding in findings.findings)
    counted = f"OK {well}/{len(findings.findings)} ({findings.seconds:.1f} s)"
    return [counted, *(f"OUT {name}" for name in findings.stays_out)]
