"""Where the finished document of an application lies: in the asking terminal, or what to do instead."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from central.desks.desk import Desk
from central.desks.kept_shut import is_kept_shut
from central.model import CardCase, CardState, Document, DocumentKind, Place
from central.model_exit_entry import TravelCase
from kiosk.people.records import Refusal, RefusalCode


@dataclass(frozen=True, slots=True)
class InCabinet:
    """A document behind a door of the asking terminal, and the old one it replaces where a terminal holds that."""

    document: Document
    board: int
    compartment: int
    old: Document | None


def where_it_lies(desk: Desk, application: CardCase | TravelCase, office: str) -> InCabinet | Refusal:
    """One answer for cards, passports and passes; `office` names the desk a refusal sends to."""
    document = desk.db.get(Document, application.item)
    if document is None:
        return desk.sent_to(RefusalCode.NOTHING_TO_COLLECT, office)
    match document.place:
        case Place.PRODUCTION:
            return _not_yet(desk, application, office)
        case Place.DEPOT:
            return _at_site(desk, application, document.site)
        case Place.CABINET:
            return _in_a_cabinet(desk, application, document, office)
        case Place.RETAINED:
            return _retained(desk, application, office)
        case Place.IN_DOUBT:
            return _in_doubt(desk, application, office)
        case Place.CITIZEN | Place.CUSTODY:
            return desk.sent_to(RefusalCode.NOTHING_TO_COLLECT, office)


def _not_yet(desk: Desk, application: CardCase | TravelCase, office: str) -> Refusal:
    return desk.sent_to(
        RefusalCode.NOT_YET_FINISHED,
        office,
        ("case", application.number),
        ("stage", application.state.value),
        ("date", application.ready_by.isoformat()),
    )


def _in_a_cabinet(
    desk: Desk, application: CardCase | TravelCase, document: Document, office: str
) -> InCabinet | Refusal:
    if application.state is CardState.STOCKED:
        # Behind a door, and the pair that laid it there has not counted yet.
        return _not_yet(desk, application, office)
    old = _old_document(desk, application)
    if old is not None and old.place is Place.IN_DOUBT:
        return _in_doubt(desk, application, office)
    terminal, board, compartment = (document.compartment or "").split(":")
    if terminal != desk.terminal:
        return _at_site(desk, application, desk.tables.terminals[terminal].site)
    if is_kept_shut(desk.db, document.compartment or ""):
        return _kept_shut(desk, application, office)
    return InCabinet(document, int(board), int(compartment), old)


def _old_document(desk: Desk, application: CardCase | TravelCase) -> Document | None:
    """The old document of an application, if a terminal holds it or may hold it."""
    return desk.db.scalars(
        select(Document)
        .where(
            Document.case_number == application.number,
            Document.kind == DocumentKind.OLD_CARD,
            Document.place.in_((Place.CUSTODY, Place.IN_DOUBT)),
        )
        .order_by(Document.place, Document.id)
    ).first()


def _in_doubt(desk: Desk, application: CardCase | TravelCase, office: str) -> Refusal:
    """Nobody can say where a document of this application is: a person settles it first."""
    return desk.sent_to(RefusalCode.OTHER, office, ("case", application.number), ("reason", "in-doubt"))


def _retained(desk: Desk, application: CardCase | TravelCase, office: str) -> Refusal:
    """It was held out, nobody took it, and it lies in a machine's bin: people hand it over."""
    return desk.sent_to(RefusalCode.OTHER, office, ("case", application.number), ("reason", "retained"))


def _kept_shut(desk: Desk, application: CardCase | TravelCase, office: str) -> Refusal:
    """Its compartment is kept shut by headquarters: people hand it over."""
    return desk.sent_to(RefusalCode.OTHER, office, ("case", application.number), ("reason", "kept-shut"))


def _at_site(desk: Desk, application: CardCase | TravelCase, site_id: str) -> Refusal:
    """It lies somewhere else."""
    site = desk.tables.sites[site_id]
    return Refusal(
        RefusalCode.AT_ANOTHER_SITE,
        (
            ("place", site.name),
            ("address", site.address),
            ("telephone", site.telephone),
            ("case", application.number),
        ),
    )
