"""A technician's readiness report: kept only when the terminal that sends it signed it."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from central.desks.answers import accepted
from central.desks.desk import Desk
from central.model import TerminalRow
from central.problems import Declined
from kiosk.protocol.filings import ReadinessReported
from kiosk.protocol.messages import FilingReply
from kiosk.protocol.readiness import KIND, NotProved, fingerprint_that_signed


class _Said(BaseModel):
    """What a report must say of itself; the rest is kept as it is."""

    kind: str
    terminal: str


def readiness_reported(payload: ReadinessReported, desk: Desk) -> FilingReply:
    """Raises Declined(422) where it is not this terminal's own: another's certificate, or a changed text."""
    try:
        signer = fingerprint_that_signed(payload.text, payload.algorithm, payload.certificate, payload.signature)
    except NotProved as wrong:
        raise Declined(422, "payload", f"signature: {wrong}") from None
    try:
        said = _Said.model_validate_json(payload.text)
    except ValidationError:
        raise Declined(422, "payload", "text: no report") from None
    row = desk.db.get(TerminalRow, desk.terminal)
    known = "" if row is None else row.fingerprint
    if known and signer != known:
        raise Declined(422, "payload", "certificate: not this terminal's")
    if said.kind != KIND or said.terminal != desk.terminal:
        raise Declined(422, "payload", "text: not a report of this terminal")
    return accepted(f"Z{desk.serial('readiness')}")
