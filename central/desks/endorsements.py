"""CRJ01, CRJ02: endorsements on a pass, asked for, approved, written at the terminal, or finished at the window."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from central.agencies.exit_entry_contract import Approval
from central.desks.answers import accepted, checked_number, refused
from central.desks.cards import months_before
from central.desks.desk import Desk
from central.desks.travel_cases import closed_to
from central.model import PaymentOrder
from central.model_exit_entry import EndorsementCase, EndorsementState
from central.problems import Declined
from central.tables import Offer
from kiosk.people.exit_entry import (
    MULTIPLE,
    ApprovalAnswer,
    ApprovalState,
    Destination,
    DocumentStanding,
    Endorsement,
    EndorsementKind,
    EndorsementLine,
    EndorsementOffer,
    MayEndorsePass,
    TravelDocument,
    TravelDocumentKind,
)
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.records import Refusal, RefusalCode
from kiosk.protocol.filings import EndorsementEnded, EndorsementRequested
from kiosk.protocol.messages import Filing, FilingReply, OrderState

BILL = "endorsement"
_ISSUED_AT = "内蒙古"
_PLACES = {Destination.HONG_KONG: "香港", Destination.MACAO: "澳门", Destination.TAIWAN: "台湾"}
_KINDS = {
    EndorsementKind.INDIVIDUAL: "个人旅游",
    EndorsementKind.GROUP: "团队旅游",
    EndorsementKind.FAMILY: "探亲",
    EndorsementKind.BUSINESS: "商务",
    EndorsementKind.STAY: "逗留",
    EndorsementKind.OTHER: "其他",
    EndorsementKind.TALENT: "人才",
    EndorsementKind.STUDY: "学习",
    EndorsementKind.FRIENDS: "访友",
    EndorsementKind.INVITED: "应邀",
    EndorsementKind.WORK: "就业",
}
_TIMES = {MULTIPLE: "多次", 1: "一次", 2: "二次"}


def may_endorse_pass(desk: Desk, number: IdNumber, kind: TravelDocumentKind) -> MayEndorsePass | Refusal:
    """One answer to everything that could stand in the way."""
    refusal = closed_to(desk, number)
    if refusal is not None:
        return refusal
    held = _usable(desk, number, kind)
    if isinstance(held, Refusal):
        return held
    since = desk.now - timedelta(days=desk.tables.rules["endorsement-pending-days"])
    if desk.agencies.exit_entry.endorsing_since(held.number, since):
        return desk.sent_to(RefusalCode.CASE_ALREADY_OPEN, "exit-entry")
    offers = tuple(_offered(desk, offer) for offer in _offers(desk, number, kind, held))
    if not offers:
        return desk.sent_to(RefusalCode.PASS_NOT_USABLE, "exit-entry", ("reason", "nothing-to-offer"))
    left = tuple(e for e in desk.agencies.exit_entry.endorsements(held.number) if e.usable_on(desk.today))
    return MayEndorsePass(
        document=held.number,
        valid_to=held.valid_to,
        left=left,
        offers=offers,
        approval_seconds=desk.tables.rules["endorsement-approval-seconds"],
        window_days=desk.tables.rules["endorsement-window-days"],
    )


def _usable(desk: Desk, number: IdNumber, kind: TravelDocumentKind) -> TravelDocument | Refusal:
    """The newest pass of this kind, if a machine can work on it."""
    found = [
        d
        for d in desk.agencies.exit_entry.documents(number.text)
        if d.kind is kind and d.standing in (DocumentStanding.IN_FORCE, DocumentStanding.LOST)
    ]
    if not found:
        return desk.sent_to(RefusalCode.PASS_NOT_USABLE, "exit-entry", ("reason", "none"))
    held = found[0]
    if held.standing is DocumentStanding.LOST:
        return desk.sent_to(RefusalCode.PASS_NOT_USABLE, "exit-entry", ("reason", "lost"))
    if not held.usable_on(desk.today):
        return desk.sent_to(RefusalCode.PASS_NOT_USABLE, "exit-entry", ("reason", "expired"))
    if not held.electronic:
        return desk.sent_to(RefusalCode.PASS_NOT_USABLE, "exit-entry", ("reason", "not-electronic"))
    return held


def _offers(desk: Desk, number: IdNumber, kind: TravelDocumentKind, held: TravelDocument) -> list[Offer]:
    """By where somebody is registered, and not beyond the pass itself."""
    person = desk.agencies.population.person(number.text)
    region = "" if person is None else person.region
    return [
        offer
        for offer in desk.tables.offers
        if offer.destination.pass_kind is kind
        and any(scope == "everywhere" or region.startswith(scope) for scope in offer.scope)
        and _until(desk, offer) <= held.valid_to
    ]


def _until(desk: Desk, offer: Offer) -> date:
    """The last day of an endorsement of today."""
    return months_before(desk.today, -offer.months) - timedelta(days=1)


def _offered(desk: Desk, offer: Offer) -> EndorsementOffer:
    fee = desk.tables.fee_of(offer.fee, desk.today).money
    return EndorsementOffer(
        offer.id, offer.destination, offer.kind, offer.months, offer.entries, offer.stay_days, fee
    )


def chosen_offers(desk: Desk, ids: tuple[str, ...]) -> tuple[Offer, ...]:
    """Raises Declined where an id is unknown, or two lead to one place."""
    by_id = {offer.id: offer for offer in desk.tables.offers}
    if not ids or any(i not in by_id for i in ids):
        raise Declined(422, "payload", "offers: unknown")
    chosen = tuple(by_id[i] for i in ids)
    if len({offer.destination for offer in chosen}) != len(chosen):
        raise Declined(422, "payload", "offers: two for one place")
    return chosen


def fee_of_bill(desk: Desk, bill: str) -> Money:
    """What the endorsements of a bill come to today: Hong Kong and Macao each their own. Raises Declined."""
    ids = tuple(bill.partition(":")[2].split("+"))
    total = sum(desk.tables.fee_of(offer.fee, desk.today).fen for offer in chosen_offers(desk, ids))
    return Money(total)


def endorsements_requested(
    filing: Filing, payload: EndorsementRequested, order: PaymentOrder | None, desk: Desk
) -> FilingReply:
    """Asked of the authority once it is paid; with a payment slip the window goes on when the money is there."""
    number = checked_number(desk, payload.number)
    allowed = may_endorse_pass(desk, number, TravelDocumentKind(payload.kind))
    if isinstance(allowed, Refusal):
        return refused(allowed)
    if payload.document != allowed.document or not set(payload.offers) <= {o.id for o in allowed.offers}:
        raise Declined(422, "payload", "offers: not what was offered")
    bill = f"{BILL}:{'+'.join(payload.offers)}"
    paid = order is not None and order.state is OrderState.CAPTURED
    by_slip = order is not None and bool(order.slip) and order.slip == payload.unpaid_slip
    if (
        order is None
        or order.payer != number.text
        or order.bill != bill
        or order.fen != fee_of_bill(desk, bill).fen
        or order.used_by
        or not (paid or by_slip)
    ):
        return refused(desk.sent_to(RefusalCode.PAYMENT_UNSETTLED, "exit-entry", ("order", payload.order)))
    case = EndorsementCase(
        number=f"Q{desk.serial('endorsement')}",
        holder=number.text,
        document=allowed.document,
        offers=",".join(payload.offers),
        state=EndorsementState.ASKED if paid else EndorsementState.AWAITING_PAYMENT,
        terminal=desk.terminal,
        visit=filing.case,
        asked_at=desk.now,
        state_since=desk.now,
        due=desk.today + timedelta(days=allowed.window_days),
        order_number=order.number,
        slip=payload.unpaid_slip,
        fen=order.fen,
        signature=payload.signature,
    )
    desk.db.add(case)
    desk.db.flush()
    if paid:
        wanted = tuple(_endorsement(desk, offer) for offer in chosen_offers(desk, payload.offers))
        _ = desk.agencies.exit_entry.ask_endorsements(case.number, case.document, wanted)
    return accepted(case.number, **slip_values(desk, case))


def _endorsement(desk: Desk, offer: Offer) -> Endorsement:
    return Endorsement(
        offer.destination,
        offer.kind,
        offer.entries,
        0,
        offer.stay_days,
        desk.today,
        _until(desk, offer),
        _ISSUED_AT,
    )


def slip_values(desk: Desk, case: EndorsementCase) -> dict[str, str]:
    """What a slip carries of the case."""
    at = desk.tables.desks["exit-entry"]
    return {
        "due": case.due.isoformat(),
        "place": at.name,
        "verify_url": f"{desk.people_url}/v/{case.number}",
    }


def approval_of(desk: Desk, number: IdNumber, case_number: str) -> ApprovalAnswer:
    """What became of this citizen's own request, with all that is to stand on the pass once it is approved."""
    case = desk.db.get(EndorsementCase, case_number)
    if case is None or case.holder != number.text:
        return ApprovalAnswer(ApprovalState.NOT_YET)
    match desk.agencies.exit_entry.approval(case.number):
        case Approval.APPROVED if case.state in (EndorsementState.ASKED, EndorsementState.APPROVED):
            case.state = EndorsementState.APPROVED
            return ApprovalAnswer(ApprovalState.APPROVED, lines_of(desk, case))
        case Approval.UNDER_REVIEW | Approval.UNKNOWN:
            return ApprovalAnswer(ApprovalState.NOT_YET)
        case Approval.APPROVED | Approval.TO_THE_WINDOW | Approval.WITHDRAWN:
            return ApprovalAnswer(ApprovalState.TO_THE_WINDOW)


def lines_of(desk: Desk, case: EndorsementCase) -> tuple[EndorsementLine, ...]:
    """The back of the pass: what can still be used stays, what is new follows."""
    kept = [e for e in desk.agencies.exit_entry.endorsements(case.document) if e.usable_on(desk.today)]
    new = [_endorsement(desk, offer) for offer in chosen_offers(desk, tuple(case.offers.split(",")))]
    return tuple(_line(e) for e in (*kept, *new))


def _line(endorsement: Endorsement) -> EndorsementLine:
    return EndorsementLine(
        kind=f"{_PLACES[endorsement.destination]} {endorsement.kind.value} {_KINDS[endorsement.kind]}",
        entries=_TIMES.get(endorsement.entries, f"{endorsement.entries}次"),
        valid_to=endorsement.valid_to.isoformat(),
        stay=f"{endorsement.stay_days}天",
        issued_at=endorsement.issued_at,
        issued_on=endorsement.issued_on.isoformat(),
    )


def may_write(desk: Desk, case_number: str) -> None:
    """Whether a grant may be given: approved, and here. Raises Declined(409)."""
    case = desk.db.get(EndorsementCase, case_number, with_for_update=True)
    if case is None or case.terminal != desk.terminal or case.state is not EndorsementState.APPROVED:
        raise Declined(409, "blocked", "this request is not approved, or not for this terminal")


def endorsement_ended(payload: EndorsementEnded, desk: Desk) -> tuple[FilingReply, str]:
    """How it ended, once; and the order whose money goes back, "" where it stays.

    Nothing written and the pass unharmed: the request is withdrawn and the fee goes back. Spoiled, or an approval
    that came too late: the window finishes what was paid for. Unknown: a person looks at pass and books.
    """
    number = checked_number(desk, payload.number)
    case = desk.db.get(EndorsementCase, payload.request, with_for_update=True)
    if case is None or case.holder != number.text or case.terminal != desk.terminal:
        raise Declined(422, "payload", "request: unknown")
    case.pass_place, case.custody = payload.place, payload.custody
    if payload.place != "given-back":
        desk.alarm(f"pass-{payload.place}")
    if case.state not in (EndorsementState.ASKED, EndorsementState.APPROVED):
        return accepted(case.number, **slip_values(desk, case)), ""
    back = ""
    match payload.outcome:
        case "written":
            desk.agencies.exit_entry.endorsed(case.number)
            case.state = EndorsementState.WRITTEN
        case "not-written":
            _ = desk.agencies.exit_entry.withdraw(case.number)
            case.state, back = EndorsementState.WITHDRAWN, case.order_number
        case "spoiled" | "at-window":
            case.state = EndorsementState.AT_WINDOW
        case "unknown":
            case.state = EndorsementState.IN_DOUBT
            desk.alarm("endorsement-in-doubt")
    case.state_since = desk.now
    desk.db.flush()
    return accepted(case.number, **slip_values(desk, case)), back


def slip_of_endorsement(desk: Desk, slip: str) -> EndorsementCase | None:
    """The request that waits for the money of a payment slip."""
    return desk.db.scalars(
        select(EndorsementCase).where(
            EndorsementCase.slip == slip, EndorsementCase.state == EndorsementState.AWAITING_PAYMENT
        )
    ).first()
