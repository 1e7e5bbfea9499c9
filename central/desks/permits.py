"""HZ09: the yearly endorsement of a residence permit (Residence Permit Regulations art. 10).

Within the month before each full year; later, the permit's use is suspended until it is made up, and the years count
anew from that day. The register holds the endorsement: nothing is written on the permit here.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from central.agencies.residence_contract import Permit, PermitState
from central.desks.answers import accepted, checked_number, refused
from central.desks.cards import months_before
from central.desks.desk import Desk
from central.desks.residence import newcomer
from central.model_residence import PermitEndorsement
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal, RefusalCode
from kiosk.people.residence import EndorsementTime, MayEndorsePermit
from kiosk.protocol.filings import PermitEndorsed
from kiosk.protocol.messages import Filing, FilingReply

_OTHER_DAYS = 3


def may_endorse(desk: Desk, number: IdNumber) -> MayEndorsePermit | Refusal:
    """One answer to everything that could stand in the way."""
    person = newcomer(desk, number)
    if isinstance(person, Refusal):
        return person
    permit = desk.agencies.residence.permit(number.text)
    here = desk.agencies.residence.residence(number.text)
    if permit is None or here is None or permit.state is not PermitState.VALID:
        return Refusal(RefusalCode.NO_PERMIT, (("service", "HZ08"),))
    opens = months_before(permit.full_year, desk.tables.rules["endorsement-months"])
    if desk.today < opens:
        return desk.sent_to(RefusalCode.ENDORSEMENT_TOO_EARLY, "household", ("date", opens.isoformat()))
    late = desk.today > permit.full_year
    return MayEndorsePermit(
        time=EndorsementTime.LATE if late else EndorsementTime.IN_TIME,
        full_year=permit.full_year,
        until=months_before(desk.today if late else permit.full_year, -12),
        place=desk.tables.community(here.community),
        issue_days=_among_others(number.text, permit, desk.today),
        if_moved=desk.sent_to(RefusalCode.PERMIT_MOVED, "household"),
        if_another=desk.sent_to(RefusalCode.PERMIT_ANOTHER, "household"),
    )


def _among_others(number: str, permit: Permit, today: date) -> tuple[date, ...]:
    """The day of issue among days that are not, always the same ones for a permit."""
    draw = hashlib.sha256(f"{number}/{permit.issued_on}".encode()).digest()
    days = {permit.issued_on}
    for nth, byte in enumerate(draw):
        if len(days) > _OTHER_DAYS:
            break
        span = timedelta(days=7 + byte % 160)
        other = permit.issued_on - span if nth % 2 or permit.issued_on + span > today else permit.issued_on + span
        days.add(other)
    return tuple(sorted(days))


def permit_endorsed(filing: Filing, payload: PermitEndorsed, desk: Desk) -> FilingReply:
    """On the register at once. Refused where the permit in the citizen's hand says another day of issue."""
    number = checked_number(desk, payload.number)
    due = may_endorse(desk, number)
    if isinstance(due, Refusal):
        return refused(due)
    permit = desk.agencies.residence.permit(number.text)
    if permit is None or payload.issued != permit.issued_on.isoformat():
        return refused(due.if_another)
    row = PermitEndorsement(
        number=f"Q{desk.serial('endorsement')}",
        holder=number.text,
        visit=filing.case,
        endorsed_at=desk.now,
        time=due.time.value,
        full_year=due.full_year,
        until=due.until,
        signature=payload.signature,
    )
    desk.db.add(row)
    desk.agencies.residence.endorse(row.number, number.text, due.until)
    return accepted(row.number, **endorsement_values(desk, row))


def endorsement_values(desk: Desk, row: PermitEndorsement) -> dict[str, str]:
    """What a 签注凭条 carries beside the person."""
    return {
        "endorsement_time": row.time,
        "full_year": row.full_year.isoformat(),
        "endorsed_until": row.until.isoformat(),
        "verify_url": f"{desk.people_url}/v/{row.number}",
    }
