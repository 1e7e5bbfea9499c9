"""CRJ03: a record of crossings of the border, for the person themselves (出入境记录查询)."""

from __future__ import annotations

from datetime import date

from central.desks.answers import accepted, checked_number, refused
from central.desks.desk import BEIJING, Desk
from central.desks.travel_cases import unknown_here
from central.model_exit_entry import CrossingQuery
from central.problems import Declined
from kiosk.people.exit_entry import Crossing, Direction, MayQueryCrossings, TravelDocumentKind, years_before
from kiosk.people.household import CertificateText
from kiosk.people.id_number import IdNumber, Sex
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.filings import CrossingsAsked
from kiosk.protocol.messages import Filing, FilingReply

_DIRECTIONS = {Direction.EXIT: "出境", Direction.ENTRY: "入境"}
_KINDS = {
    TravelDocumentKind.PASSPORT: "普通护照",
    TravelDocumentKind.HK_MACAO_PASS: "往来港澳通行证",
    TravelDocumentKind.TAIWAN_PASS: "往来台湾通行证",
}


def may_query_crossings(desk: Desk, number: IdNumber) -> MayQueryCrossings | Refusal:
    """So many years back from today. Lists of any kind do not stand in the way of one's own record."""
    refusal = unknown_here(desk, number)
    if refusal is not None:
        return refusal
    return MayQueryCrossings(years_before(desk.today, desk.tables.rules["crossing-years"]), desk.today)


def crossings_asked(filing: Filing, payload: CrossingsAsked, desk: Desk) -> FilingReply:
    """Issued at once, from what the authority has now."""
    number = checked_number(desk, payload.number)
    allowed = may_query_crossings(desk, number)
    if isinstance(allowed, Refusal):
        return refused(allowed)
    first, last = _day(payload.first, "first"), _day(payload.last, "last")
    if not allowed.first <= first <= last <= allowed.last:
        raise Declined(422, "payload", "first: not within the days that can be asked for")
    person = desk.agencies.population.person(number.text)
    assert person is not None, "asked a moment ago"
    found = desk.agencies.exit_entry.crossings(number.text, first, last)
    lines = "\n".join(_line(crossing) for crossing in found)
    asked_at = desk.now.replace(microsecond=0)
    record = f"S{desk.serial('crossings')}"
    signed = "\n".join(("crossings-1", record, number.text, payload.first, payload.last, lines, asked_at.isoformat()))
    desk.db.add(
        CrossingQuery(
            number=record,
            holder=number.text,
            visit=filing.case,
            asked_at=asked_at,
            first=first,
            last=last,
            purpose=desk.tables.wording["crossing-purpose"][payload.purpose],
            name=person.name,
            lines=lines,
            authority=desk.tables.authority["crossings"],
            signature=payload.signature,
            seal=desk.signer.sign(signed.encode()),
        )
    )
    desk.db.flush()
    return accepted(record)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Declined(422, "payload", f"{name}: not a day") from None


def _line(crossing: Crossing) -> str:
    at = crossing.at.astimezone(BEIJING)
    return "|".join(
        (
            f"{at:%Y-%m-%d}",
            _DIRECTIONS[crossing.direction],
            crossing.port,
            crossing.document,
            _KINDS[crossing.kind],
        )
    )


def crossings_text(desk: Desk, number: IdNumber, record: str) -> CertificateText | Refusal:
    """What a record of this citizen's says; nobody hears what another's does."""
    row = desk.db.get(CrossingQuery, record)
    if row is None or row.holder != number.text:
        return desk.sent_to(RefusalCode.OTHER, "exit-entry")
    return CertificateText(tuple(printed_crossings(desk, row).items()))


def printed_crossings(desk: Desk, row: CrossingQuery) -> dict[str, str]:
    """What the paper carries beside its number."""
    holder = IdNumber(row.holder)
    return {
        "name": row.name,
        "id_number": row.holder,
        "sex": "男" if holder.sex is Sex.MALE else "女",
        "birth": holder.birth.isoformat(),
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "purpose": row.purpose,
        **({"crossings": row.lines} if row.lines else {}),
        "authority": row.authority,
        "issued_at": row.asked_at.astimezone(BEIJING).isoformat(),
        "seal": f"SANDBOX {row.seal[:32]}",
        "verify_url": f"{desk.people_url}/v/{row.number}",
    }
