"""装柜: finished documents are laid into compartments by two members of staff, and are then to be collected.

The row is the proof of which document lies behind which door, where the cabinet cannot read it (services.md 6).
What a pair did at a terminal comes up document by document; citizens hear of it when the pair's count agreed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select

from central.desks.answers import accepted
from central.desks.desk import Desk
from central.desks.notifying import notify
from central.desks.settling import Reason, Where, written
from central.model import (
    CardCase,
    CardState,
    Document,
    DocumentKind,
    GrantKind,
    GrantRow,
    GrantState,
    Place,
    Settlement,
)
from central.model_exit_entry import TravelCase
from central.problems import Declined, unknown
from kiosk.protocol.loading import (
    DocumentLoaded,
    DocumentUnloaded,
    LoadingEnded,
    SetAsideDocument,
    UnloadingEnded,
)
from kiosk.protocol.messages import Filing, FilingReply

_FINISHED = (DocumentKind.NEW_CARD, DocumentKind.TRAVEL_DOCUMENT)
_WAITING = (CardState.STOCKED, CardState.TO_COLLECT)


@dataclass(frozen=True, slots=True)
class Two:
    """Who opens and who lays in: two different staff numbers."""

    first: str
    second: str

    def __post_init__(self) -> None:
        if not self.first.strip() or not self.second.strip() or self.first.strip() == self.second.strip():
            raise Declined(422, "two", "a cabinet is loaded by two different members of staff")

    @staticmethod
    def of(staff: tuple[str, ...]) -> Two:
        """Raises Declined(422) "two"."""
        if len(staff) != 2:
            raise Declined(422, "two", "a cabinet is loaded by two different members of staff")
        return Two(*staff)

    @property
    def names(self) -> str:
        """For the records."""
        return f"{self.first.strip()}, {self.second.strip()}"


# -- by hand, where a machine could not say it -------------------------------------------------------------------


def load_document(desk: Desk, item: str, text: str, by: Two) -> Settlement:
    """From the depot of a station into cabinet:TERMINAL:BOARD:LOCK of the same station; its citizen is told.

    Raises Declined: 404, 409 "not-in-depot", "wrong-station" or "occupied", 422 "place" or "two".
    """
    document = desk.db.get(Document, item, with_for_update=True)
    if document is None or document.kind not in _FINISHED:
        raise unknown("document")
    if document.place is not Place.DEPOT:
        raise Declined(409, "not-in-depot", f"the books say {document.place_text}")
    where = Where.parse(desk, text)
    if where.place is not Place.CABINET or where.compartment is None:
        raise Declined(422, "place", "cabinet:TERMINAL:BOARD:LOCK")
    station = desk.tables.terminals[where.compartment.partition(":")[0]].site
    if document.site != station:
        raise Declined(409, "wrong-station", f"it belongs to {document.site}")
    holder = _holder(desk, where.compartment, item)
    if holder is not None:
        raise Declined(409, "occupied", f"{holder.id} is in that compartment")
    case = _case(desk, document)
    if case is None or case.state is not CardState.STOCKED:
        raise Declined(409, "not-in-depot", "its application is not at that stage")
    was = document.place_text
    document.place, document.compartment = Place.CABINET, where.compartment
    _release(desk, case)
    return written(desk, "document", item, was, document.place_text, Reason(by.names, "loaded"))


def _holder(desk: Desk, compartment: str, item: str) -> Document | None:
    there = select(Document).where(Document.compartment == compartment, Document.id != item)
    return desk.db.scalars(there).first()


def _case(desk: Desk, document: Document) -> CardCase | TravelCase | None:
    if document.kind is DocumentKind.TRAVEL_DOCUMENT:
        return desk.db.get(TravelCase, document.case_number, with_for_update=True)
    return desk.db.get(CardCase, document.case_number, with_for_update=True)


def _release(desk: Desk, case: CardCase | TravelCase) -> None:
    """From now on its holder may come."""
    case.state, case.state_since = CardState.TO_COLLECT, desk.now
    what = "出入境证件" if isinstance(case, TravelCase) else "身份证"
    notify(desk, case.phone, f"受理号{case.number}的{what}已放入自助终端，可随时领取。", case.number)


def to_depot(desk: Desk, item: str) -> None:
    """The sandbox's works: a finished document lies in the depot of its station, and nobody was told yet.

    Raises Declined(404).
    """
    document = desk.db.get(Document, item, with_for_update=True)
    case = None if document is None or document.kind not in _FINISHED else _case(desk, document)
    if document is None or case is None:
        raise unknown("document")
    document.place, document.compartment = Place.DEPOT, None
    case.state, case.state_since = CardState.STOCKED, desk.now


# -- as a terminal reports it ------------------------------------------------------------------------------------


def document_loaded(filing: Filing, payload: DocumentLoaded, desk: Desk) -> FilingReply:
    """One document, one compartment, by two. The terminal says what happened; whatever cannot be is in doubt."""
    by = Two.of(payload.staff)
    document = desk.db.get(Document, payload.item, with_for_update=True)
    if document is None or document.kind not in _FINISHED:
        raise Declined(422, "payload", "item: not a finished document")
    state = {"loaded": GrantState.USED, "not-loaded": GrantState.NOT_USED, "in-doubt": GrantState.UNCERTAIN}
    row = _written_down(filing, payload, GrantKind.LOAD, state[payload.outcome], desk)
    if payload.outcome == "not-loaded":
        return accepted(row.id)
    was = document.place_text
    place = f"{desk.terminal}:{payload.board}:{payload.compartment}"
    problem = _cannot_lie_there(desk, document, place)
    _forget_doubts(desk, row)
    if problem:
        document.place, document.compartment = Place.IN_DOUBT, None
        desk.alarm(problem)
    elif payload.outcome == "in-doubt":
        document.place, document.compartment = Place.IN_DOUBT, place
        desk.alarm("document-in-doubt")
    else:
        _lies_there(desk, document, place)
    desk.db.flush()
    _ = written(desk, "document", payload.item, was, document.place_text, Reason(by.names, payload.outcome))
    return accepted(row.id)


def _lies_there(desk: Desk, document: Document, place: str) -> None:
    document.place, document.compartment = Place.CABINET, place
    document.site = desk.tables.terminals[desk.terminal].site
    case = _case(desk, document)
    if case is not None and case.state in _WAITING:
        # The count is still open: nobody is told, and nobody may fetch it.
        case.state, case.state_since = CardState.STOCKED, desk.now


def _cannot_lie_there(desk: Desk, document: Document, place: str) -> str:
    """The alarm for what contradicts the books; "" for nothing."""
    if _holder(desk, place, document.id) is not None:
        return "compartment-claimed-twice"
    here = desk.tables.terminals[desk.terminal].site
    case = _case(desk, document)
    match document.place:
        case Place.DEPOT | Place.IN_DOUBT | Place.RETAINED:
            wrong = document.site != here or case is None or case.state not in _WAITING
            return "loaded-against-the-books" if wrong else ""
        case Place.CABINET:
            mine = (document.compartment or "").startswith(f"{desk.terminal}:")
            return "" if mine else "document-in-two-places"
        case Place.CITIZEN | Place.CUSTODY | Place.PRODUCTION:
            return "loaded-against-the-books"


def _forget_doubts(desk: Desk, now: GrantRow) -> None:
    """It was read outside before this door opened: what was in doubt about earlier doors did not come to pass."""
    rows = desk.db.scalars(
        select(GrantRow).where(
            GrantRow.item == now.item,
            GrantRow.id != now.id,
            GrantRow.kind.in_((GrantKind.LOAD, GrantKind.UNLOAD)),
            GrantRow.state == GrantState.UNCERTAIN,
        )
    )
    for row in rows.all():
        row.state, row.used_at = GrantState.USED if row.kind is GrantKind.UNLOAD else GrantState.NOT_USED, desk.now


def document_unloaded(filing: Filing, payload: DocumentUnloaded, desk: Desk) -> FilingReply:
    """Out of the cabinet into the hands of two, who bring it to the depot of the station."""
    by = Two.of(payload.staff)
    document = desk.db.get(Document, payload.item, with_for_update=True)
    if document is None:
        raise Declined(422, "payload", "item: not a document")
    match payload.outcome:
        case "unloaded":
            state = GrantState.USED
        case "not-unloaded" | "missing":
            state = GrantState.NOT_USED
        case "in-doubt":
            state = GrantState.UNCERTAIN
    row = _written_down(filing, payload, GrantKind.UNLOAD, state, desk)
    if payload.outcome == "not-unloaded":
        return accepted(row.id)
    was = document.place_text
    if payload.outcome == "unloaded":
        document.place, document.compartment = Place.DEPOT, None
        document.site = desk.tables.terminals[desk.terminal].site
        case = _case(desk, document) if document.kind in _FINISHED else None
        if case is not None and payload.why == "retracted" and case.state in _WAITING:
            case.state, case.state_since = CardState.STOCKED, desk.now
    else:
        document.place = Place.IN_DOUBT
        if payload.outcome == "missing":
            document.compartment = None
        desk.alarm("document-missing" if payload.outcome == "missing" else "document-in-doubt")
    desk.db.flush()
    _ = written(desk, "document", payload.item, was, document.place_text, Reason(by.names, payload.why))
    return accepted(row.id)


def _written_down(
    filing: Filing,
    payload: DocumentLoaded | DocumentUnloaded,
    kind: GrantKind,
    state: GrantState,
    desk: Desk,
) -> GrantRow:
    """The permission was given by the signed list; that it was used, and how, is a row as for every other opening."""
    row = GrantRow(
        id=f"G{desk.serial('grant')}",
        key=filing.key,
        digest=filing.digest,
        kind=kind,
        state=state,
        visit=filing.case,
        item=payload.item,
        terminal=desk.terminal,
        board=payload.board,
        compartment=payload.compartment,
        nonce=payload.permit[-64:],
        granted_at=filing.at,
        expires=filing.at,
        signature="",
        used_at=desk.now,
        outcome=payload.outcome,
        evidence=json.dumps({"certainty": payload.certainty, "permit": payload.permit}, sort_keys=True),
    )
    desk.db.add(row)
    desk.db.flush()
    return row


def loading_ended(payload: LoadingEnded, desk: Desk) -> FilingReply:
    """The pair has counted: what lies behind doors may be fetched, unless one of them may be empty."""
    by = Two.of(payload.staff)
    for aside in payload.aside:
        _set_aside(desk, aside, by)
    if payload.explained in ("missing", "other"):
        desk.alarm("loading-difference")
        return accepted(f"L{desk.serial('loading')}", released="0")
    released = 0
    for item in payload.loaded:
        document = desk.db.get(Document, item, with_for_update=True)
        mine = document is not None and (document.compartment or "").startswith(f"{desk.terminal}:")
        if document is None or document.place is not Place.CABINET or not mine:
            continue
        case = _case(desk, document)
        if case is not None and case.state is CardState.STOCKED:
            _release(desk, case)
            released += 1
    return accepted(f"L{desk.serial('loading')}", released=str(released))


def _set_aside(desk: Desk, aside: SetAsideDocument, by: Two) -> None:
    """What the books have behind a door and two people hold in their hands is in neither for sure."""
    document = desk.db.get(Document, aside.item, with_for_update=True) if aside.item else None
    if document is None or aside.why != "here":
        return
    if document.place is Place.CABINET:
        was = document.place_text
        document.place = Place.IN_DOUBT
        desk.alarm("document-in-two-places")
        _ = written(desk, "document", document.id, was, document.place_text, Reason(by.names, "read outside"))


def unloading_ended(payload: UnloadingEnded, desk: Desk) -> FilingReply:
    """Both have signed for what came out."""
    _ = Two.of(payload.staff)
    if len(payload.signatures) != 2:
        raise Declined(422, "payload", "signatures: two")
    return accepted(f"U{desk.serial('unloading')}")
