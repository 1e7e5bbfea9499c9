"""What no machine can know is settled by a person who looked: where a document is, how an effect ended.

Only what is in doubt is settled, once, with who and why beside it; everything else on the books follows from events.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.desks.desk import Desk
from central.desks.plates import plate_moved
from central.desks.travel_collecting import over
from central.model import (
    CardCase,
    CardState,
    Document,
    DocumentKind,
    GrantKind,
    GrantRow,
    GrantState,
    Place,
    Report,
    Settlement,
)
from central.model_exit_entry import TravelCase
from central.problems import Declined, unknown

_IN_DOUBT = "in-doubt"
_LONGEST_NAME, _LONGEST_REASON = 40, 400


@dataclass(frozen=True, slots=True)
class Reason:
    """Who settles it, as a staff number, and what they saw."""

    by: str
    because: str

    def __post_init__(self) -> None:
        if not 0 < len(self.by.strip()) <= _LONGEST_NAME or not 0 < len(self.because.strip()) <= _LONGEST_REASON:
            raise Declined(422, "reason", "a settlement says who settles it, and why")


@dataclass(frozen=True, slots=True)
class Where:
    """A place as the ledger writes it, taken apart."""

    place: Place
    compartment: str | None = None
    site: str = ""

    @staticmethod
    def parse(desk: Desk, text: str) -> Where:
        """citizen, depot:SITE, cabinet:TERMINAL:BOARD:LOCK or custody:TERMINAL:BOARD:LOCK. Raises Declined(422)."""
        kind, _, rest = text.partition(":")
        match kind:
            case "citizen" if not rest:
                return Where(Place.CITIZEN)
            case "depot" if rest in desk.tables.sites:
                return Where(Place.DEPOT, site=rest)
            case "cabinet" | "custody":
                name, _, position = rest.partition(":")
                terminal = desk.tables.terminals.get(name)
                locks = (
                    () if terminal is None else (f"{terminal.board}:{n + 1}" for n in range(terminal.compartments))
                )
                if position in locks:
                    return Where(Place(kind), compartment=rest)
            case _:
                pass
        raise Declined(
            422, "place", "citizen, depot:SITE, cabinet:TERMINAL:BOARD:LOCK or custody:TERMINAL:BOARD:LOCK"
        )


def settle_document(desk: Desk, item: str, text: str, reason: Reason) -> Settlement:
    """A person found the document.

    Raises Declined: 404, 409 "not-in-doubt", "live-grant" or "occupied", 422 "place".
    """
    document = desk.db.get(Document, item, with_for_update=True)
    if document is None:
        raise unknown("document")
    if document.place not in (Place.IN_DOUBT, Place.RETAINED):
        raise Declined(409, "not-in-doubt", f"the books say {document.place_text}")
    was, where = document.place_text, Where.parse(desk, text)
    wrong = Place.CABINET if document.kind is DocumentKind.OLD_CARD else Place.CUSTODY
    made = document.kind is DocumentKind.TEMPORARY_PLATE
    if where.place is wrong or (made and where.place is Place.CABINET):
        raise Declined(422, "place", f"a {document.kind.value} does not belong there")
    if where.compartment is not None:
        there = select(Document).where(Document.compartment == where.compartment, Document.id != item)
        holder = desk.db.scalars(there).first()
        if holder is not None:
            raise Declined(409, "occupied", f"{holder.id} is in that compartment")
    _settle_grants(desk, document, where)
    document.place, document.compartment, document.site = where.place, where.compartment, where.site or document.site
    if document.kind is DocumentKind.NEW_CARD:
        _settle_case(desk, document, where)
    if document.kind is DocumentKind.TEMPORARY_PLATE:
        plate_moved(desk, document)
    if document.kind is DocumentKind.TRAVEL_DOCUMENT:
        _settle_travel_case(desk, document, where)
    return written(desk, "document", item, was, document.place_text, reason)


def _settle_grants(desk: Desk, document: Document, where: Where) -> None:
    """A permission about which nobody knew: it was used if the document is where it led to."""
    rows = desk.db.scalars(
        select(GrantRow)
        .where(GrantRow.item == document.id, GrantRow.state.in_((GrantState.GRANTED, GrantState.UNCERTAIN)))
        .with_for_update()
    )
    for row in rows.all():
        if row.state is GrantState.GRANTED and row.expires > desk.now:
            raise Declined(409, "live-grant", "a terminal is busy with this document")
        row.state = GrantState.USED if _led_there(row.kind, where.place) else GrantState.NOT_USED
        row.outcome, row.used_at = "settled", desk.now


def _led_there(kind: GrantKind, place: Place) -> bool:
    """Whether a document that was found there came there by such a permission."""
    match kind:
        case GrantKind.HAND_OVER:
            return place is Place.CITIZEN
        case GrantKind.LOAD:
            return place is Place.CABINET
        case GrantKind.UNLOAD:
            return place is Place.DEPOT
        case GrantKind.TAKE_IN | GrantKind.ENDORSE:
            return place is not Place.CITIZEN


def _settle_case(desk: Desk, document: Document, where: Where) -> None:
    case = desk.db.get(CardCase, document.case_number, with_for_update=True)
    if case is None:
        return
    match where.place:
        case Place.CITIZEN if case.state is not CardState.COLLECTED:
            case.state, case.collected_at, case.certainty = CardState.COLLECTED, desk.now, "settled"
            desk.agencies.population.card_issued(case.holder, case.valid_to)
        case Place.CABINET:
            case.state, case.collected_at, case.certainty = CardState.TO_COLLECT, None, ""
        case Place.DEPOT:
            case.state, case.collected_at, case.certainty = CardState.STOCKED, None, ""
        case _:
            return
    case.state_since = desk.now


def _settle_travel_case(desk: Desk, document: Document, where: Where) -> None:
    case = desk.db.get(TravelCase, document.case_number, with_for_update=True)
    if case is None:
        return
    match where.place:
        case Place.CITIZEN if case.state is not CardState.COLLECTED:
            over(desk, case, "settled")
        case Place.CABINET:
            case.state, case.collected_at, case.certainty = CardState.TO_COLLECT, None, ""
        case Place.DEPOT:
            case.state, case.collected_at, case.certainty = CardState.STOCKED, None, ""
        case _:
            return
    case.state_since = desk.now


def settle_effect(desk: Desk, key: str, outcome: str, reason: Reason) -> Settlement:
    """A person found out how an effect ended: done or failed.

    Raises Declined: 404, 409 "not-in-doubt", 409 "document" where the document itself is to be settled.
    """
    if outcome not in ("done", "failed"):
        raise Declined(422, "outcome", "done or failed")
    latest = _latest_reports(desk.db).get(key)
    if latest is None:
        raise unknown("effect")
    if _word(latest.state) != _IN_DOUBT:
        raise Declined(409, "not-in-doubt", f"the books say {latest.state}")
    if latest.effect_kind in {kind.value for kind in GrantKind}:
        raise Declined(409, "document", "a person settles where the document is; the effect follows")
    desk.db.add(
        Report(
            number=f"E{desk.serial('report')}",
            terminal=latest.terminal,
            visit=latest.visit,
            effect_key=key,
            effect_kind=latest.effect_kind,
            state=outcome,
            evidence="{}",
            at=desk.now,
        )
    )
    return written(desk, "effect", key, _IN_DOUBT, outcome, reason)


def doubts(db: Session) -> dict[str, list[dict[str, str]]]:
    """What waits for a person: documents nobody can find, and effects of which nobody knows the end."""
    documents = db.scalars(
        select(Document).where(Document.place.in_((Place.IN_DOUBT, Place.RETAINED))).order_by(Document.id)
    )
    grants = {kind.value for kind in GrantKind}
    return {
        "documents": [
            {"id": d.id, "kind": d.kind.value, "case": d.case_number, "perhaps": d.compartment or ""}
            for d in documents
        ],
        "effects": [
            {"key": key, "kind": row.effect_kind, "terminal": row.terminal, "evidence": row.evidence}
            for key, row in sorted(_latest_reports(db).items())
            if _word(row.state) == _IN_DOUBT and row.effect_kind not in grants
        ],
    }


def _latest_reports(db: Session) -> dict[str, Report]:
    """The last word on each effect that was reported on; report numbers grow with time."""
    rows = db.scalars(select(Report).order_by(Report.number))
    return {row.effect_key: row for row in rows}


def _word(state: str) -> str:
    return state.replace("_", "-")


def written(desk: Desk, kind: str, subject: str, was: str, now: str, reason: Reason) -> Settlement:
    """The row that says who found or did what, and why."""
    row = Settlement(
        kind=kind,
        subject=subject,
        was=was,
        now=now,
        by=reason.by.strip(),
        because=reason.because.strip(),
        at=desk.now,
    )
    desk.db.add(row)
    desk.db.flush()
    return row
