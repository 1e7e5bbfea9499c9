"""Grants to open one compartment once (rule 11), and places for old documents (rule 10)."""

from __future__ import annotations

import json

from sqlalchemy import select

from central.desks.cards import open_case_of
from central.desks.desk import Desk
from central.desks.endorsements import may_write
from central.desks.kept_shut import is_kept_shut, kept_shut
from central.desks.plates import may_be_made, plate_moved
from central.desks.travel_cases import open_travel_case
from central.limits import GRANT_LIFETIME, PLACE_FORGOTTEN
from central.model import CardCase, CardState, Document, DocumentKind, GrantKind, GrantRow, GrantState, Place
from central.model_exit_entry import TravelCase
from central.problems import Declined, digest_differs, unknown
from kiosk.people.exit_entry import TravelDocumentKind
from kiosk.protocol.messages import (
    CustodyReply,
    CustodyRequest,
    Grant,
    GrantRequest,
    GrantUse,
)

REQUEST = "Q"
"""What numbers of requests for endorsements begin with."""
_HAPPENED = {"taken", "taken-in"}
RETAINED = "retained"
"""A dispenser held the proved document out, nobody took it, and it lies in the machine's bin."""
REJECTED = "rejected"
"""What lay at the position is in the bin and was not proved to be this document: nobody knows where that is."""
_DID_NOT = {"not-opened", "given-back", "take-in-refused", "not-taken", "refused", "cancelled", RETAINED}


def grant(request: GrantRequest, desk: Desk) -> Grant:
    """One live grant for each item; the same key, the same grant. Raises Declined(409) with the reason."""
    known = _known(desk, request.key, request.digest)
    if known is not None:
        return as_message(known)
    if request.item.startswith(REQUEST) and (request.board, request.compartment) == (0, 0):
        return _to_endorse(request, desk)
    document = desk.db.get(Document, request.item, with_for_update=True)
    if document is None:
        raise unknown("item")
    made_here = document.kind is DocumentKind.TEMPORARY_PLATE and may_be_made(desk, document)
    match document.place:
        case Place.CABINET | Place.CUSTODY:
            pass
        case Place.PRODUCTION if made_here:
            pass
        case Place.RETAINED:
            raise Declined(409, "retained", "this item lies in a machine's bin; a person hands it over")
        case Place.IN_DOUBT:
            raise Declined(409, "in-doubt", "nobody can say where this item is; a person settles it")
        case Place.CITIZEN | Place.DEPOT | Place.PRODUCTION:
            raise Declined(409, "gone", "this item lies in no compartment")
    if not made_here and document.compartment != f"{desk.terminal}:{request.board}:{request.compartment}":
        raise Declined(409, "place", "this item lies in another compartment")
    if is_kept_shut(desk.db, f"{desk.terminal}:{request.board}:{request.compartment}"):
        raise Declined(409, "kept-shut", "this compartment is kept shut; a person hands out what lies in it")
    if document.place is Place.CABINET and not _may_go(desk, document):
        raise Declined(409, "blocked", "this document may not be handed over")
    for other in desk.db.scalars(
        select(GrantRow).where(GrantRow.item == request.item, GrantRow.state == GrantState.GRANTED)
    ):
        if other.expires > desk.now:
            raise Declined(409, "live-grant", "another grant for this item is open")
    row = _sign(
        desk,
        GrantKind.HAND_OVER,
        request.key,
        request.digest,
        request.case,
        request.item,
        (request.board, request.compartment),
        request.nonce,
    )
    return as_message(row)


def _may_go(desk: Desk, document: Document) -> bool:
    """Whether a finished document waits for its holder."""
    if document.kind is DocumentKind.TRAVEL_DOCUMENT:
        travel = desk.db.get(TravelCase, document.case_number)
        return travel is not None and travel.state is CardState.TO_COLLECT
    case = desk.db.get(CardCase, document.case_number)
    return case is not None and not case.blocked and case.state is CardState.TO_COLLECT


def _case_of_old(desk: Desk, document: str, number: str) -> str:
    """The application an old document is handed in for, or ""."""
    if document == "id-card":
        card = open_case_of(desk, number)
        return card.number if card is not None else ""
    try:
        kind = TravelDocumentKind(document)
    except ValueError:
        raise Declined(422, "payload", "document: unknown") from None
    travel = open_travel_case(desk, number, kind)
    return travel.number if travel is not None else ""


def _to_endorse(request: GrantRequest, desk: Desk) -> Grant:
    """To write the back of a pass once, for an approved request; one live or used grant for each."""
    may_write(desk, request.item)
    for other in desk.db.scalars(select(GrantRow).where(GrantRow.item == request.item)):
        if other.state is not GrantState.NOT_USED:
            raise Declined(409, "live-grant", "another grant for this request was given")
    key, digest, place = request.key, request.digest, (request.board, request.compartment)
    row = _sign(desk, GrantKind.ENDORSE, key, digest, request.case, request.item, place, request.nonce)
    return as_message(row)


def custody_place(request: CustodyRequest, desk: Desk) -> CustodyReply:
    """Reserve the last empty compartment for an old document. Raises Declined(409) "no-place"."""
    known = _known(desk, request.key, request.digest)
    if known is not None:
        return CustodyReply(custody=known.item, grant=as_message(known))
    terminal = desk.tables.terminals[desk.terminal]
    taken = set(desk.db.scalars(select(Document.compartment).where(Document.compartment.is_not(None))))
    taken |= kept_shut(desk.db, desk.terminal)
    for number in range(terminal.compartments, 0, -1):
        compartment = f"{terminal.id}:{terminal.board}:{number}"
        if compartment not in taken:
            break
    else:
        raise Declined(409, "no-place", "no compartment of this terminal is empty")
    custody = f"C{desk.serial('custody')}"
    _ = _old_card(desk, custody, _case_of_old(desk, request.document, request.number), compartment)
    row = _sign(
        desk,
        GrantKind.TAKE_IN,
        request.key,
        request.digest,
        request.case,
        custody,
        (terminal.board, number),
        request.nonce,
    )
    return CustodyReply(custody=custody, grant=as_message(row))


def _old_card(desk: Desk, custody: str, case_number: str, compartment: str | None) -> Document:
    """In its owner's hand, with a compartment reserved; off the books again if it never comes."""
    document = Document(
        id=custody,
        kind=DocumentKind.OLD_CARD,
        case_number=case_number,
        place=Place.CITIZEN,
        compartment=compartment,
    )
    desk.db.add(document)
    desk.db.flush()
    return document


def _known(desk: Desk, key: str, digest: str) -> GrantRow | None:
    row = desk.db.scalars(select(GrantRow).where(GrantRow.key == key)).first()
    if row is not None and (row.digest != digest or row.terminal != desk.terminal):
        raise digest_differs()
    return row


def _sign(
    desk: Desk,
    kind: GrantKind,
    key: str,
    digest: str,
    case: str,
    item: str,
    place: tuple[int, int],
    nonce: str,
) -> GrantRow:
    now = desk.now.replace(microsecond=0)
    row = GrantRow(
        id=f"G{desk.serial('grant')}",
        key=key,
        digest=digest,
        kind=kind,
        state=GrantState.GRANTED,
        visit=case,
        item=item,
        terminal=desk.terminal,
        board=place[0],
        compartment=place[1],
        nonce=nonce,
        granted_at=now,
        expires=now + GRANT_LIFETIME,
        signature="",
    )
    row.signature = desk.signer.sign(as_message(row).signed_text())
    desk.db.add(row)
    desk.db.flush()
    return row


def as_message(row: GrantRow) -> Grant:
    """What a terminal is told; its signature is over these very fields."""
    return Grant(
        grant=row.id,
        case=row.visit,
        item=row.item,
        terminal=row.terminal,
        board=row.board,
        compartment=row.compartment,
        nonce=row.nonce,
        expires=row.expires,
        signature=row.signature,
    )


def use_grant(grant_id: str, use: GrantUse, desk: Desk) -> None:
    """Record what came of a grant, once; a report of doubt may be followed by a certain one.

    Raises Declined(409) "nonce" for a replay, "settled" for another outcome than the one on record.
    """
    row = desk.db.get(GrantRow, grant_id, with_for_update=True)
    if row is None or row.terminal != desk.terminal:
        raise unknown("grant")
    if row.nonce != use.nonce:
        desk.alarm("grant-replayed")
        raise Declined(409, "nonce", "this grant was given for another nonce")
    report(desk, row, use.outcome, json.dumps(use.evidence, sort_keys=True, ensure_ascii=False))


def report(desk: Desk, row: GrantRow, outcome: str, evidence: str) -> None:
    """Apply an outcome to the grant and to its document."""
    state = outcome_state(outcome)
    match row.state:
        case GrantState.USED | GrantState.NOT_USED:
            if state is row.state or state is GrantState.UNCERTAIN:
                return
            raise Declined(409, "settled", "this grant was reported with another outcome")
        case GrantState.VOID:
            if state in (GrantState.NOT_USED, GrantState.UNCERTAIN):
                return
            desk.alarm("void-grant-used")
        case GrantState.GRANTED | GrantState.UNCERTAIN:
            pass
    row.state = state
    row.outcome = outcome
    row.evidence = evidence
    row.used_at = desk.now
    _move(desk, row)
    desk.db.flush()


def outcome_state(outcome: str) -> GrantState:
    """Certain words settle a grant; every other word leaves it uncertain."""
    if outcome in _HAPPENED:
        return GrantState.USED
    return GrantState.NOT_USED if outcome in _DID_NOT else GrantState.UNCERTAIN


def _move(desk: Desk, row: GrantRow) -> None:
    document = desk.db.get(Document, row.item, with_for_update=True)
    if document is None:
        if row.kind is not GrantKind.TAKE_IN or row.state is GrantState.NOT_USED:
            return
        document = _old_card(desk, row.item, "", None)
    if document.kind is DocumentKind.TEMPORARY_PLATE:
        _move_plate(desk, row, document)
        return
    place = f"{row.terminal}:{row.board}:{row.compartment}"
    holder = desk.db.scalars(select(Document).where(Document.compartment == place, Document.id != row.item)).first()
    if holder is not None and row.state is not GrantState.NOT_USED and row.kind is GrantKind.TAKE_IN:
        document.place, document.compartment = Place.IN_DOUBT, None
        desk.alarm("compartment-claimed-twice")
        return
    match row.kind, row.state:
        case GrantKind.HAND_OVER, GrantState.USED:
            document.place, document.compartment = Place.CITIZEN, None
        case GrantKind.HAND_OVER, GrantState.NOT_USED if row.outcome == RETAINED:
            document.place, document.compartment = Place.RETAINED, None
            desk.alarm("document-retained")
        case GrantKind.HAND_OVER, GrantState.NOT_USED:
            if document.place is Place.IN_DOUBT:
                old = document.kind is DocumentKind.OLD_CARD
                document.place = Place.CUSTODY if old else Place.CABINET
                document.compartment = place
        case GrantKind.TAKE_IN, GrantState.USED:
            document.place, document.compartment = Place.CUSTODY, place
        case GrantKind.TAKE_IN, GrantState.NOT_USED:
            desk.db.delete(document)
        case _, GrantState.UNCERTAIN:
            document.place, document.compartment = Place.IN_DOUBT, place
            desk.alarm("document-in-doubt")
            if row.outcome == REJECTED:
                desk.alarm("another-document-at-its-place")
        case _, _:
            pass


def _move_plate(desk: Desk, row: GrantRow, document: Document) -> None:
    """A plate came out, or was surely not made or handed out (people do it then), or nobody knows."""
    match row.state:
        case GrantState.USED:
            document.place = Place.CITIZEN
        case GrantState.NOT_USED:
            document.place = Place.DEPOT
        case GrantState.UNCERTAIN:
            document.place = Place.IN_DOUBT
            desk.alarm("document-in-doubt")
        case GrantState.GRANTED | GrantState.VOID:
            return
    plate_moved(desk, document)


def release_unused_places(desk: Desk, on_the_books: tuple[str, ...]) -> None:
    """Places that were assigned, never reported on, and that a terminal with nothing left to report does not know."""
    rows = desk.db.scalars(
        select(GrantRow)
        .where(
            GrantRow.terminal == desk.terminal,
            GrantRow.kind == GrantKind.TAKE_IN,
            GrantRow.state == GrantState.GRANTED,
            GrantRow.expires <= desk.now - PLACE_FORGOTTEN,
        )
        .order_by(GrantRow.id)
    )
    for row in rows.all():
        document = desk.db.get(Document, row.item)
        if row.item in on_the_books or document is None or document.place is not Place.CITIZEN:
            continue
        row.state = GrantState.VOID
        desk.db.delete(document)
    desk.db.flush()


def latest_grant(desk: Desk, item: str, kind: GrantKind) -> GrantRow | None:
    """The newest grant for an item."""
    return desk.db.scalars(
        select(GrantRow)
        .where(GrantRow.item == item, GrantRow.kind == kind)
        .order_by(GrantRow.granted_at.desc(), GrantRow.id.desc())
    ).first()
