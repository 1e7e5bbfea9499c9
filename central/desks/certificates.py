"""HZ06: certificates of what the household register says (Household Registration Regulations art. 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from central.agencies.household_contract import Entry, Member
from central.desks.answers import accepted, checked_number, refused
from central.desks.cards import adult
from central.desks.desk import BEIJING, Desk
from central.model_household import CertificateRow
from central.problems import Declined
from kiosk.people.household import CertificateKind, CertificatesOnOffer, CertificateSubject, CertificateText
from kiosk.people.id_card import masked_name
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.filings import HouseholdCertificateAsked
from kiosk.protocol.messages import Filing, FilingReply

HERE = "1502"
"""Baotou, GB/T 2260: the registers this desk can certify from."""

_HEAD = "head"


def certificates_for(desk: Desk, number: IdNumber) -> CertificatesOnOffer | Refusal:
    """Everything the register bears out, or one answer to what stands in the way."""
    found = _entry(desk, number)
    if isinstance(found, Refusal):
        return found
    subjects = tuple(s for s in _subjects(number, found) if s.kind.value in desk.tables.certificates)
    if not subjects:
        return desk.sent_to(RefusalCode.NOT_ON_REGISTER, "household", ("reason", "nothing-to-certify"))
    return CertificatesOnOffer(subjects)


def _entry(desk: Desk, number: IdNumber) -> Entry | Refusal:
    if number.family is not NumberFamily.RESIDENT:
        return desk.sent_to(RefusalCode.CARD_FOREIGN, "household")
    refusal = adult(desk, number)
    if refusal is not None:
        return refusal
    person = desk.agencies.population.person(number.text)
    if person is None:
        return desk.sent_to(RefusalCode.OTHER, "household", ("reason", "not-on-file"))
    if person.restricted:
        return desk.sent_to(RefusalCode.MANUAL_REVIEW, "household")
    if person.card_reported_lost:
        return desk.sent_to(RefusalCode.CARD_REPORTED_LOST, "household")
    if not person.region.startswith(HERE):
        return desk.sent_to(RefusalCode.OUT_OF_JURISDICTION, "household")
    entry = desk.agencies.household.entry(number.text)
    if entry is None or not entry.electronic:
        return desk.sent_to(RefusalCode.NOT_ON_REGISTER, "household")
    return entry


def _subjects(number: IdNumber, entry: Entry) -> tuple[CertificateSubject, ...]:
    """Kin are head and member: how two members of one head are related the register does not say."""
    own = next(m for m in entry.members if m.number == number.text)
    subjects: list[CertificateSubject] = []
    for place, member in enumerate(entry.members):
        if member.number != own.number and _HEAD in (own.relation, member.relation):
            kin = member.relation if own.relation == _HEAD else _HEAD
            subjects.append(_subject(f"kinship-{place}", CertificateKind.KINSHIP, member, kin))
        if member.cancelled_on is not None:
            subjects.append(_subject(f"cancellation-{place}", CertificateKind.CANCELLATION, member, member.relation))
    subjects += [
        _subject(f"change-{place}", CertificateKind.CHANGE, own, own.relation)
        for place, _ in enumerate(entry.changes)
    ]
    return tuple(subjects)


def _subject(name: str, kind: CertificateKind, member: Member, relation: str) -> CertificateSubject:
    return CertificateSubject(name, kind, masked_name(member.name), relation)


def certificate_asked(filing: Filing, payload: HouseholdCertificateAsked, desk: Desk) -> FilingReply:
    """Issued at once, from what the register says now."""
    number = checked_number(desk, payload.number)
    offered = certificates_for(desk, number)
    if isinstance(offered, Refusal):
        return refused(offered)
    if not any(s.id == payload.subject and s.kind.value == payload.kind for s in offered.subjects):
        raise Declined(422, "payload", "subject: not among what is offered")
    entry = desk.agencies.household.entry(number.text)
    assert entry is not None, "asked a moment ago"
    own = next(m for m in entry.members if m.number == number.text)
    statement = _statement(desk, entry, own, payload.kind, int(payload.subject.rpartition("-")[2]))
    holder = Holder(number.text, own.name, filing.case)
    row = issue(desk, holder, payload.kind, statement, payload.purpose, "", payload.signature)
    desk.agencies.household.issued(row.number, number.text, payload.kind)
    return accepted(row.number)


def _statement(desk: Desk, entry: Entry, own: Member, kind: str, place: int) -> str:
    words = desk.tables.wording
    match CertificateKind(kind):
        case CertificateKind.KINSHIP:
            other = entry.members[place]
            head, member = (own, other) if own.relation == _HEAD else (other, own)
            text = (
                f"{_named(head)}与{_named(member)}登记在同一户口簿，"
                f"户主为{head.name}，{member.name}与户主关系为{words['relation'][member.relation]}。"
            )
        case CertificateKind.CANCELLATION:
            other = entry.members[place]
            assert other.cancelled_on is not None, "offered as cancelled"
            text = (
                f"{_named(other)}的户口，已于{_day(other.cancelled_on)}"
                f"因{words['cancelled'][other.cancelled_why]}注销。"
            )
        case CertificateKind.CHANGE:
            change = entry.changes[place]
            text = (
                f"{_named(own)}的户口登记项目“{change.item}”，已于{_day(change.on)}"
                f"由“{change.before}”变更为“{change.after}”。"
            )
    return f"{text}\n以上内容与户口登记簿的记载一致。"


def _named(member: Member) -> str:
    return f"{member.name}（公民身份号码{member.number}）"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a certificate is issued to, and in which visit."""

    number: str
    name: str
    visit: str


def issue(
    desk: Desk, holder: Holder, kind: str, statement: str, purpose: str, recipient: str, signature: str
) -> CertificateRow:
    """Write a certificate into the books, with headquarters' sign for the authority's seal."""
    words = desk.tables.wording
    number = f"Z{desk.serial('certificate')}"
    issued_at = desk.now.replace(microsecond=0)
    signed = "\n".join(("certificate-1", number, kind, holder.number, statement, issued_at.isoformat()))
    row = CertificateRow(
        number=number,
        kind=kind,
        holder=holder.number,
        visit=holder.visit,
        issued_at=issued_at,
        name=holder.name,
        purpose=words["purpose"][purpose],
        recipient=words["recipient"][recipient] if recipient else "",
        statement=statement,
        authority=desk.tables.authority["household"],
        signature=signature,
        seal=desk.signer.sign(signed.encode()),
    )
    desk.db.add(row)
    desk.db.flush()
    return row


def certificate_text(desk: Desk, number: IdNumber, certificate: str) -> CertificateText | Refusal:
    """What a certificate of this citizen's says; nobody hears what another's does."""
    row = desk.db.get(CertificateRow, certificate)
    if row is None or row.holder != number.text:
        return desk.sent_to(RefusalCode.OTHER, "household")
    return CertificateText(tuple(printed(desk, row).items()))


def printed(desk: Desk, row: CertificateRow) -> dict[str, str]:
    """What the paper carries beside its number and kind."""
    return {
        "name": row.name,
        "id_number": row.holder,
        "purpose": row.purpose,
        **({"recipient": row.recipient} if row.recipient else {}),
        "statement": row.statement,
        "authority": row.authority,
        "issued_at": row.issued_at.astimezone(BEIJING).isoformat(),
        "seal": f"SANDBOX {row.seal[:32]}",
        "verify_url": f"{desk.people_url}/v/{row.number}",
    }
