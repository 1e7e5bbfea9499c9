"""What is filed at headquarters: who, what, under which signature, paid with which order."""

from __future__ import annotations

from typing import Any

from kiosk.flows.common import Citizen
from kiosk.flows.effects import Paid, PayBySlip, Submit
from kiosk.flows.steps import Phase, Portrait, PortraitForReview, Signature


def report(citizen: Citizen, key: str, kind: str, *facts: tuple[str, Any], phase: Phase = Phase.FINISH) -> Submit:
    """Unsigned: what the machine or the citizen tells headquarters beside or after what was signed."""
    return Submit(key=key, phase=phase, filing=kind, payload=(("number", citizen.number.text), *facts))


def filing(
    citizen: Citizen,
    key: str,
    kind: str,
    facts: tuple[tuple[str, Any], ...],
    signature: Signature,
    *,
    portrait: Portrait | PortraitForReview | None = None,
    paid: Paid | PayBySlip | None = None,
    beside: tuple[str, ...] = (),
) -> Submit:
    """Signed by this citizen. `facts` say what; `portrait` and the blobs `beside` go up with it.

    What it was `paid` with is given back when headquarters refuses it (rule 13).
    """
    return Submit(
        key=key,
        phase=Phase.FINISH,
        filing=kind,
        payload=(
            ("number", citizen.number.text),
            *facts,
            ("signature", signature.picture.sha256),
            *(paid.filed if paid else ()),
        ),
        blobs=(*((portrait.picture.sha256,) if portrait else ()), *signature.blobs, *beside),
        undo_orders=paid.undone if paid else (),
    )
