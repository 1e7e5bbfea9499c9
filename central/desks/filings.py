"""Acts of terminals, exactly once by key and digest (rule 8), each with its effects in one transaction."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from datetime import timedelta

from pydantic import BaseModel, ValidationError
from sqlalchemy import select

from central.desks.answers import accepted as _accepted
from central.desks.answers import checked_number as _number
from central.desks.answers import refused as _refused
from central.desks.cards import may_apply
from central.desks.certificates import certificate_asked
from central.desks.commands import command_ended
from central.desks.criminal_records import record_asked
from central.desks.crossings import crossings_asked
from central.desks.desk import BEIJING, Desk, working_days_later
from central.desks.doors import entry_reported
from central.desks.driving import applied
from central.desks.endorsements import endorsement_ended, endorsements_requested
from central.desks.exams import exam_taken
from central.desks.grants import REJECTED, RETAINED, latest_grant, outcome_state, report
from central.desks.inspections import mark_asked
from central.desks.loading import document_loaded, document_unloaded, loading_ended, unloading_ended
from central.desks.lookups import faulty_fields
from central.desks.losses import loss_reported
from central.desks.notifying import notify
from central.desks.orders import find, money_back, refund, settled, use_order
from central.desks.permits import permit_endorsed
from central.desks.plates import plate_asked
from central.desks.pre_registrations import pre_registered
from central.desks.readiness import readiness_reported
from central.desks.residence import residence_filed
from central.desks.reviews import licence_reviewed
from central.desks.settling import Reason, settle_effect, written
from central.desks.temporary_filings import temporary_applied
from central.desks.tickets import opened
from central.desks.traffic import decidable, is_rights_text
from central.desks.travel_applications import travel_applied
from central.desks.travel_collecting import travel_collected
from central.desks.unresolved import slip_reported
from central.model import (
    CardCase,
    CardState,
    Decision,
    Document,
    DocumentKind,
    FilingKey,
    FilingRow,
    GrantKind,
    GrantRow,
    GrantState,
    HelpCall,
    Objection,
    PaymentOrder,
    Place,
    Report,
)
from central.pictures import Kind, is_picture
from central.problems import Declined, digest_differs
from kiosk.people.records import Ground, Refusal, RefusalCode
from kiosk.people.synthetic import case_number
from kiosk.protocol.commands import CommandEnded
from kiosk.protocol.filings import (
    PAYLOADS,
    BinEmptied,
    CardApplication,
    CardCollected,
    CrossingsAsked,
    DoubtSettled,
    EffectReport,
    EndorsementEnded,
    EndorsementRequested,
    EntryReported,
    ExamTaken,
    HouseholdCertificateAsked,
    LicenceReviewed,
    LossReported,
    MaintenanceEnded,
    MarkAsked,
    ObjectionFiled,
    OldCardTakenIn,
    PermitEndorsed,
    PlateAsked,
    PreRegistered,
    ReadinessReported,
    RecordAsked,
    RecordsSent,
    RefundAsked,
    ResidenceFiled,
    ServiceRated,
    SlipReported,
    TemporaryCardApplication,
    TrafficApplication,
    TravelApplication,
    TravelCollected,
    ViolationDecided,
)
from kiosk.protocol.filings import (
    HelpCall as HelpCallPayload,
)
from kiosk.protocol.loading import DocumentLoaded, DocumentUnloaded, LoadingEnded, UnloadingEnded
from kiosk.protocol.messages import Filing, FilingReply, OrderState

_FIRST_SERIAL = 10_000
"""Below it lie the numbers of cases that the sandbox's people brought along."""


_DIGEST = re.compile(r"[0-9a-f]{64}")
_PICTURES = {"portrait": Kind.JPEG, "signature": Kind.PNG}
"""Fields of payloads that name a picture which goes onto a document, and what it has to be."""


def _pictures_are_pictures(payload: BaseModel, desk: Desk) -> None:
    """Raises Declined: 409 "blob-missing", 422 naming the field whose bytes are something else."""
    for field, kind in _PICTURES.items():
        name = getattr(payload, field, "")
        if not _DIGEST.fullmatch(name):
            continue
        content = desk.blobs.get(name)
        if content is None:
            raise Declined(409, "blob-missing", f"{field}: it is not here yet")
        if not is_picture(content, kind):
            raise Declined(422, "payload", f"{field}: no whole {kind.name}")


def file(filing: Filing, desk: Desk) -> FilingReply:
    """Do what is filed, once. Raises Declined: 409 "digest", 409 "blob-missing", 422 naming a field."""
    known = filed(filing.key, desk)
    if known is not None:
        if known.digest != filing.digest:
            raise digest_differs()
        return FilingReply.model_validate_json(known.reply).model_copy(update={"duplicate": True})
    try:
        payload = PAYLOADS[filing.kind].model_validate(filing.payload)
    except ValidationError as error:
        raise Declined(422, "payload", faulty_fields(error)) from None
    missing = [blob for blob in filing.blobs if not desk.blobs.has(blob)]
    if missing:
        raise Declined(409, "blob-missing", f"{len(missing)} of {len(filing.blobs)} blobs are not here yet")
    _pictures_are_pictures(payload, desk)
    reply = _act(filing, payload, desk)
    desk.db.add(FilingKey(key=filing.key, received_at=desk.now))
    desk.db.add(
        FilingRow(
            key=filing.key,
            digest=filing.digest,
            terminal=desk.terminal,
            visit=filing.case,
            kind=filing.kind,
            at=filing.at,
            received_at=desk.now,
            payload=payload.model_dump_json(),
            reply=reply.model_dump_json(),
        )
    )
    desk.db.flush()
    return reply


def filed(key: str, desk: Desk) -> FilingRow | None:
    """What was filed under a key, looked for in the month it came in."""
    known = desk.db.get(FilingKey, key)
    if known is None:
        return None
    row = select(FilingRow).where(FilingRow.key == key, FilingRow.received_at == known.received_at)
    return desk.db.scalars(row).one()


def _act(filing: Filing, payload: object, desk: Desk) -> FilingReply:
    match payload:
        case CardCollected():
            return _card_collected(payload, desk)
        case OldCardTakenIn():
            return _old_card_taken_in(payload, desk)
        case ViolationDecided():
            return _violation_decided(filing, payload, desk)
        case LicenceReviewed():
            return licence_reviewed(filing, payload, desk)
        case TravelApplication():
            return _travel_application(filing, payload, desk)
        case TravelCollected():
            return travel_collected(payload, desk)
        case PlateAsked():
            return _plate(filing, payload, desk)
        case MarkAsked():
            return mark_asked(filing, payload, desk)
        case ExamTaken():
            return exam_taken(filing, payload, desk)
        case TrafficApplication():
            return _traffic_application(filing, payload, desk)
        case ObjectionFiled():
            return _objection(filing, payload, desk)
        case CardApplication():
            return _application(filing, payload, desk)
        case TemporaryCardApplication():
            return temporary_applied(filing, payload, desk)
        case HouseholdCertificateAsked():
            return certificate_asked(filing, payload, desk)
        case RecordAsked():
            return record_asked(filing, payload, desk)
        case EndorsementRequested():
            known = desk.db.get(PaymentOrder, payload.order) is not None
            order = settled(desk, find(desk, payload.order)) if known else None
            reply = endorsements_requested(filing, payload, order, desk)
            if reply.status == "accepted" and order is not None and order.state is OrderState.CAPTURED:
                use_order(order, reply.number)
            return reply
        case EndorsementEnded():
            reply, order_back = endorsement_ended(payload, desk)
            if order_back:
                paid = find(desk, order_back)
                paid.used_by = ""
                money_back(desk, paid, "endorsement-not-written")
            return reply
        case CrossingsAsked():
            return crossings_asked(filing, payload, desk)
        case ResidenceFiled():
            return residence_filed(filing, payload, desk)
        case PermitEndorsed():
            return permit_endorsed(filing, payload, desk)
        case LossReported():
            return loss_reported(filing, payload, desk)
        case PreRegistered():
            return pre_registered(filing, payload, desk)
        case EntryReported():
            return entry_reported(payload, desk)
        case ServiceRated():
            return _accepted(f"P{desk.serial('rating')}")
        case MaintenanceEnded(stays_out=stays_out):
            if stays_out:
                desk.alarm("maintenance-left-out")
            return _accepted(f"M{desk.serial('maintenance')}")
        case DocumentLoaded():
            return document_loaded(filing, payload, desk)
        case DocumentUnloaded():
            return document_unloaded(filing, payload, desk)
        case LoadingEnded():
            return loading_ended(payload, desk)
        case UnloadingEnded():
            return unloading_ended(payload, desk)
        case BinEmptied():
            return _bin_emptied(payload, desk)
        case DoubtSettled():
            return _doubt_settled(payload, desk)
        case RecordsSent():
            return _accepted(f"R{desk.serial('records')}")
        case ReadinessReported():
            return readiness_reported(payload, desk)
        case SlipReported():
            return slip_reported(payload, filing.case, desk)
        case CommandEnded():
            return command_ended(payload, desk)
        case HelpCallPayload():
            return _help(filing, payload, desk)
        case RefundAsked():
            return _refund(payload.order, desk)
        case EffectReport(effect_kind="refund"):
            return _refund(payload.evidence.get("order", ""), desk)
        case EffectReport():
            return _effect_report(filing, payload, desk)
        case _:
            raise Declined(422, "payload", "kind: unknown")


def _card_collected(payload: CardCollected, desk: Desk) -> FilingReply:
    number = _number(desk, payload.number)
    case = desk.db.get(CardCase, payload.case_number, with_for_update=True)
    document = desk.db.get(Document, payload.item, with_for_update=True)
    if case is None or document is None or case.holder != number.text or case.item != payload.item:
        raise Declined(422, "payload", "case_number: not a case of this citizen and item")
    if case.state is CardState.COLLECTED:
        return _accepted(case.number)
    row = (
        desk.db.get(GrantRow, payload.grant)
        if payload.grant
        else latest_grant(desk, payload.item, GrantKind.HAND_OVER)
    )
    if row is None or row.item != payload.item or row.state is GrantState.NOT_USED:
        desk.alarm("collected-without-grant")
        return _refused(desk.sent_to(RefusalCode.OTHER, "household", ("case", case.number), ("reason", "no-grant")))
    if row.state in (GrantState.GRANTED, GrantState.UNCERTAIN):
        report(desk, row, "taken", json.dumps({"filed": payload.certainty}))
    document.place, document.compartment = Place.CITIZEN, None
    case.state, case.state_since = CardState.COLLECTED, desk.now
    case.collected_at, case.certainty, case.signature = desk.now, payload.certainty, payload.signature
    desk.agencies.population.card_issued(number.text, case.valid_to)
    return _accepted(case.number)


def _old_card_taken_in(payload: OldCardTakenIn, desk: Desk) -> FilingReply:
    document = desk.db.get(Document, payload.custody, with_for_update=True)
    row = latest_grant(desk, payload.custody, GrantKind.TAKE_IN)
    if document is None or row is None or row.terminal != desk.terminal:
        raise Declined(422, "payload", "custody: unknown")
    if (row.board, row.compartment) != (payload.board, payload.compartment):
        raise Declined(422, "payload", "compartment: not the one assigned")
    if row.state is GrantState.NOT_USED:
        desk.alarm("custody-contradicted")
        return _refused(desk.sent_to(RefusalCode.OTHER, "household", ("reason", "not-taken-in")))
    if row.state in (GrantState.GRANTED, GrantState.UNCERTAIN, GrantState.VOID):
        report(desk, row, "taken-in", "{}")
    return _accepted(payload.custody)


def _violation_decided(filing: Filing, payload: ViolationDecided, desk: Desk) -> FilingReply:
    number = _number(desk, payload.number)
    found = decidable(desk, number, payload.record)
    if isinstance(found, Refusal):
        return _refused(found)
    if (payload.points_told, payload.fine_told_fen) != (found.points, found.fine_fen):
        return _refused(desk.sent_to(RefusalCode.OTHER, "general-procedure", ("reason", "facts-changed")))
    told = payload.rights_text_sha256 or hashlib.sha256(payload.rights_text.encode()).hexdigest()
    body = f"1502031{desk.today:%y}{desk.next('decision') % 1_000_000:06d}"
    pay_by = desk.today + timedelta(days=desk.tables.rules["fine-due-days"])
    decided_at = desk.now.replace(microsecond=0)
    seal = desk.signer.sign("\n".join(("decision-1", body, payload.record, decided_at.isoformat())).encode())
    desk.db.add(
        Decision(
            number=body,
            record=payload.record,
            holder=number.text,
            visit=filing.case,
            fine_fen=found.fine_fen,
            points=found.points,
            decided_at=decided_at,
            pay_by=pay_by,
            rights_text_sha256=told,
            rights_text_known=is_rights_text(desk, told),
            signature=payload.signature,
            seal=seal,
        )
    )
    desk.agencies.traffic.decide(payload.record, number.text, found.points)
    if found.fine_fen > 0:
        desk.agencies.traffic.fined(body, payload.record, number.text, found.fine_fen, pay_by)
    return _accepted(
        body,
        decision_number=body,
        decided_at=decided_at.astimezone(BEIJING).isoformat(),
        authority=desk.tables.authority["traffic"],
        review_body=desk.tables.authority["review"],
        seal=f"SANDBOX {seal[:32]}",
        verify_url=f"{desk.people_url}/v/{body}",
        pay_by=pay_by.isoformat(),
        bill=f"fine:{body}",
    )


def _objection(filing: Filing, payload: ObjectionFiled, desk: Desk) -> FilingReply:
    number = _number(desk, payload.number)
    known = desk.db.query(Objection).filter(Objection.record == payload.record).one_or_none()
    if known is not None and known.holder == number.text:
        return _accepted(known.number, answer_due=known.answer_due.isoformat())
    record = desk.agencies.traffic.record(payload.record)
    if record is None or record.plate not in {v.plate for v in desk.agencies.traffic.vehicles(number.text)}:
        return _refused(desk.sent_to(RefusalCode.OTHER, "general-procedure", ("reason", "not-own-vehicle")))
    if desk.db.query(Decision).filter(Decision.record == payload.record).one_or_none() is not None:
        return _refused(desk.sent_to(RefusalCode.OTHER, "general-procedure", ("reason", "already-decided")))
    due = working_days_later(desk.today, desk.tables.rules["objection-working-days"])
    row = Objection(
        number=f"Y{desk.serial('objection')}",
        record=payload.record,
        holder=number.text,
        visit=filing.case,
        filed_at=desk.now,
        answer_due=due,
    )
    desk.db.add(row)
    desk.agencies.traffic.objected(payload.record)
    return _accepted(row.number, answer_due=due.isoformat())


def _application(filing: Filing, payload: CardApplication, desk: Desk) -> FilingReply:
    number = _number(desk, payload.number)
    site = desk.tables.sites.get(payload.collect_site)
    if site is None or site.branch not in ("", "household"):
        raise Declined(422, "payload", "collect_site: unknown")
    ground = Ground(payload.ground)
    eligible = may_apply(desk, number, ground)
    if isinstance(eligible, Refusal):
        return _refused(eligible)
    order = settled(desk, find(desk, payload.order)) if desk.db.get(PaymentOrder, payload.order) else None
    paid = order is not None and order.state is OrderState.CAPTURED
    by_slip = order is not None and bool(order.slip) and order.slip == payload.unpaid_slip
    if (
        order is None
        or order.payer != number.text
        or not order.bill.startswith("fee:")
        or order.fen != eligible.fee.fen
        or order.used_by
        or not (paid or by_slip)
    ):
        return _refused(desk.sent_to(RefusalCode.PAYMENT_UNSETTLED, "household", ("order", payload.order)))
    serial = (_FIRST_SERIAL + desk.next("case")) % 100_000
    case = CardCase(
        number=case_number(desk.today, serial),
        holder=number.text,
        ground=ground,
        state=CardState.ACCEPTED if paid else CardState.AWAITING_PAYMENT,
        item=f"card-{desk.serial('card')}",
        site=site.id,
        applied_at=desk.now,
        state_since=desk.now,
        ready_by=desk.today + timedelta(days=eligible.ready_in_days),
        visit=filing.case,
        order_number=order.number,
        slip=payload.unpaid_slip,
        phone=payload.phone,
        portrait=payload.portrait,
        portrait_review=payload.portrait_review,
        signature=payload.signature,
    )
    desk.db.add(case)
    desk.db.add(
        Document(
            id=case.item,
            kind=DocumentKind.NEW_CARD,
            case_number=case.number,
            place=Place.PRODUCTION,
            compartment=None,
            site=site.id,
        )
    )
    desk.db.flush()
    if paid:
        use_order(order, case.number)
        desk.agencies.production.order(case.number)
    if ground is Ground.LOSS:
        desk.agencies.population.report_lost(number.text)
    notify(desk, payload.phone, f"身份证申领已受理，受理号{case.number}。", case.number)
    return _accepted(
        case.number,
        ready_by=case.ready_by.isoformat(),
        collect_site=site.name,
        collect_address=site.address,
        verify_url=f"{desk.people_url}/v/{case.number}",
    )


def _traffic_application(filing: Filing, payload: TrafficApplication, desk: Desk) -> FilingReply:
    order = settled(desk, find(desk, payload.order)) if desk.db.get(PaymentOrder, payload.order) else None
    reply = applied(filing, payload, order, desk)
    if reply.status == "accepted" and order is not None and order.state is OrderState.CAPTURED:
        use_order(order, reply.number)
    return reply


def _plate(filing: Filing, payload: PlateAsked, desk: Desk) -> FilingReply:
    order = settled(desk, find(desk, payload.order)) if desk.db.get(PaymentOrder, payload.order) else None
    reply = plate_asked(filing, payload, order, desk)
    if reply.status == "accepted" and order is not None and order.state is OrderState.CAPTURED:
        use_order(order, reply.number)
    return reply


def _travel_application(filing: Filing, payload: TravelApplication, desk: Desk) -> FilingReply:
    order = settled(desk, find(desk, payload.order)) if desk.db.get(PaymentOrder, payload.order) else None
    reply = travel_applied(filing, payload, order, desk)
    if reply.status == "accepted" and order is not None and order.state is OrderState.CAPTURED:
        use_order(order, reply.number)
    return reply


def _help(filing: Filing, payload: HelpCallPayload, desk: Desk) -> FilingReply:
    row = HelpCall(
        number=f"H{desk.serial('help')}",
        terminal=desk.terminal,
        visit=filing.case,
        page=payload.page,
        at=filing.at,
    )
    desk.db.add(row)
    desk.alarm("help")
    opened(filing, payload, row.number, desk)
    return _accepted(row.number)


def _bin_emptied(payload: BinEmptied, desk: Desk) -> FilingReply:
    """Whose the documents are, and where they go, a person here settles with the bag before them."""
    if len(set(payload.staff)) < 2:
        raise Declined(422, "payload", "staff: two people")
    reason = Reason(",".join(payload.staff), f"{payload.device} at {desk.terminal}: counted {payload.counted}")
    for number in payload.custody:
        _ = written(desk, "seen", number[:200], f"bin:{payload.device}", f"bag:{payload.bag}", reason)
    if payload.counted != len(payload.custody):
        desk.alarm("document-missing")
    return _accepted(f"B{desk.serial('bin')}")


def _doubt_settled(payload: DoubtSettled, desk: Desk) -> FilingReply:
    """What two people found at the machine. Where the ledger has to follow, a person here says where to."""
    if len(set(payload.staff)) < 2:
        raise Declined(422, "payload", "staff: two people")
    reason = Reason(",".join(payload.staff), f"two people at {desk.terminal}: {payload.verdict}")
    outcome = {"done": "done", "not-done": "failed"}.get(payload.verdict)
    if payload.kind == "effect" and outcome is not None:
        with contextlib.suppress(Declined):
            return _accepted(f"D{settle_effect(desk, payload.effect, outcome, reason).id}")
    desk.alarm(f"in-doubt:{payload.kind}")
    subject = payload.effect or payload.doubt[:200]
    return _accepted(f"D{written(desk, 'seen', subject, 'in-doubt', payload.verdict, reason).id}")


def _effect_report(filing: Filing, payload: EffectReport, desk: Desk) -> FilingReply:
    row = Report(
        number=f"E{desk.serial('report')}",
        terminal=desk.terminal,
        visit=filing.case,
        effect_key=payload.effect_key,
        effect_kind=payload.effect_kind,
        state=payload.state,
        evidence=json.dumps(payload.evidence, sort_keys=True, ensure_ascii=False),
        at=filing.at,
    )
    desk.db.add(row)
    grant = _grant_of_report(payload, desk)
    outcome = _outcome(payload)
    if outcome_state(outcome) is GrantState.UNCERTAIN:
        desk.alarm(f"in-doubt:{payload.effect_kind}")
    if grant is not None:
        try:
            report(desk, grant, outcome, row.evidence)
        except Declined:
            # What a terminal saw is kept even where it contradicts the books: a person compares them.
            desk.alarm("report-contradicts-books")
    return _accepted(row.number)


def _outcome(payload: EffectReport) -> str:
    """The word for a grant: an effect that is done with its door still open is not settled."""
    match payload.state.replace("_", "-"):
        case "done" if payload.evidence.get("door", "closed") == "closed":
            return "taken-in" if payload.effect_kind == GrantKind.TAKE_IN.value else "taken"
        case "done":
            return "left-open"
        case "failed" if payload.effect_kind == GrantKind.ENDORSE.value and "why" not in payload.evidence:
            # The back was wiped or written with something else: this grant is used up.
            return "taken"
        case "failed" if payload.evidence.get("bin") in (RETAINED, REJECTED):
            return payload.evidence["bin"]
        case "failed":
            return "not-opened"
        case other:
            return other


def _refund(number: str, desk: Desk) -> FilingReply:
    """Accepted when the money is, or will be, back; refused when it paid for something."""
    if desk.db.get(PaymentOrder, number) is None:
        raise Declined(422, "payload", "order: unknown")
    row = refund(desk, number)
    if row.state is OrderState.CAPTURED and row.used_by:
        return _refused(desk.sent_to(RefusalCode.OTHER, "household", ("order", number), ("reason", "order-was-used")))
    return _accepted(number, state="refunded" if row.refund_wanted else row.state.value)


def _grant_of_report(payload: EffectReport, desk: Desk) -> GrantRow | None:
    if payload.effect_kind not in tuple(kind.value for kind in GrantKind):
        return None
    row = desk.db.get(GrantRow, payload.evidence.get("grant", ""))
    if row is None:
        row = desk.db.query(GrantRow).filter(GrantRow.key == payload.effect_key).one_or_none()
    return row if row is not None and row.terminal == desk.terminal else None
