"""The signed list of what belongs into a terminal's cabinet and out of it, as the books have it now."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from central.desks.desk import Desk
from central.limits import LOADING_LIST_LIFETIME
from central.model import CardCase, CardState, Document, DocumentKind, GrantKind, GrantRow, Place
from central.model_exit_entry import TravelCase
from central.problems import Declined
from kiosk.protocol.loading import (
    ListedCard,
    ListedDocument,
    LoadingList,
    LoadingListRequest,
    Standing,
    ToUnload,
    card_mark,
    holder_mark,
)

COLLECTED_LISTED = timedelta(days=30)
"""For so long a list knows that a document was collected: one that turns up again is recognised."""


def loading_list(request: LoadingListRequest, desk: Desk) -> LoadingList:
    """For the terminal that asks. Raises Declined(409) "no-cabinet" where it has none."""
    here = desk.tables.terminals.get(desk.terminal)
    if here is None or not here.compartments:
        raise Declined(409, "no-cabinet", "this terminal has no compartments")
    salt = desk.ids.nonce()
    made = [document for document in _documents(desk) if document.kind in _FINISHED]
    cases = {c.number: c for c in desk.db.scalars(select(CardCase))} if made else {}
    travels = {c.number: c for c in desk.db.scalars(select(TravelCase))} if made else {}
    cards: list[ListedCard] = []
    documents: list[ListedDocument] = []
    for document in made:
        card, travel = cases.get(document.case_number), travels.get(document.case_number)
        if document.kind is DocumentKind.NEW_CARD and card is not None:
            cards += _card(desk, here.site, document, card, salt)
        if document.kind is DocumentKind.TRAVEL_DOCUMENT and travel is not None:
            documents += _travel_document(desk, here.site, document, travel)
    taken = set(desk.db.scalars(select(Document.compartment).where(Document.compartment.is_not(None))))
    now = desk.now.replace(microsecond=0)
    made_list = LoadingList(
        number=f"L{desk.serial('loading-list')}",
        nonce=request.nonce,
        terminal=desk.terminal,
        issued=now,
        expires=now + LOADING_LIST_LIFETIME,
        salt=salt,
        free=tuple(
            (here.board, n) for n in range(1, here.compartments + 1) if f"{here.id}:{here.board}:{n}" not in taken
        ),
        cards=tuple(cards),
        documents=tuple(documents),
        unload=tuple(_to_unload(desk, cases, travels, salt)),
    )
    return made_list.model_copy(update={"signature": desk.signer.sign(made_list.signed_text())})


_FINISHED = (DocumentKind.NEW_CARD, DocumentKind.TRAVEL_DOCUMENT)


def _documents(desk: Desk) -> list[Document]:
    return list(desk.db.scalars(select(Document).where(Document.place != Place.PRODUCTION).order_by(Document.id)))


def _standing(desk: Desk, site: str, document: Document, case: CardCase | TravelCase) -> Standing | None:
    """How it stands for a loader of this terminal; None for what no loader can hold any more."""
    blocked = isinstance(case, CardCase) and case.blocked
    match document.place:
        case Place.PRODUCTION:
            return None
        case Place.CITIZEN:
            return Standing.COLLECTED if case.state_since >= desk.now - COLLECTED_LISTED else None
        case Place.CABINET | Place.CUSTODY:
            mine = (document.compartment or "").startswith(f"{desk.terminal}:")
            return Standing.HERE if mine else Standing.ELSEWHERE
        case Place.DEPOT | Place.RETAINED | Place.IN_DOUBT:
            if blocked or case.state is CardState.VOID:
                return Standing.BLOCKED
            if case.state is CardState.COLLECTED:
                return Standing.COLLECTED
            if document.site != site:
                return Standing.ELSEWHERE
            if document.place is not Place.DEPOT:
                return Standing.IN_DOUBT
            return Standing.TO_LOAD if case.state is CardState.STOCKED else Standing.RETURNED


def _card(desk: Desk, site: str, document: Document, case: CardCase, salt: str) -> list[ListedCard]:
    standing = _standing(desk, site, document, case)
    if standing is None or case.issue_date is None:
        return []
    mark = card_mark(salt, case.holder, case.issue_date, case.valid_to, case.authority)
    named = _site(desk, document) if standing is Standing.ELSEWHERE else ""
    return [
        ListedCard(item=document.id, standing=standing, mark=mark, holder=holder_mark(salt, case.holder), site=named)
    ]


def _travel_document(desk: Desk, site: str, document: Document, case: TravelCase) -> list[ListedDocument]:
    standing, holder = _standing(desk, site, document, case), desk.number(case.holder)
    if standing is None or holder is None or not case.document:
        return []
    return [
        ListedDocument(
            item=document.id,
            standing=standing,
            kind=case.kind.value,
            number=case.document,
            birth=holder.birth,
            valid_to=case.valid_to,
            site=_site(desk, document) if standing is Standing.ELSEWHERE else "",
        )
    ]


def _site(desk: Desk, document: Document) -> str:
    terminal = desk.tables.terminals.get((document.compartment or "").partition(":")[0])
    found = desk.tables.sites.get(document.site if terminal is None else terminal.site)
    return "" if found is None else found.name


# -- out of the cabinet ------------------------------------------------------------------------------------------


def _to_unload(desk: Desk, cases: dict[str, CardCase], travels: dict[str, TravelCase], salt: str) -> list[ToUnload]:
    found: list[ToUnload] = []
    for document in _documents(desk):
        case = cases.get(document.case_number) or travels.get(document.case_number)
        position, why = _where(desk, document), _why(desk, document, case)
        if position is None or why is None:
            continue
        number = "" if case is None else case.holder
        marked = isinstance(case, CardCase) and case.issue_date is not None and document.kind is DocumentKind.NEW_CARD
        found.append(
            ToUnload.model_validate(
                {
                    "item": document.id,
                    "kind": _kind(document, case),
                    "board": position[0],
                    "compartment": position[1],
                    "why": why,
                    "mark": card_mark(salt, number, case.issue_date, case.valid_to, case.authority)
                    if marked and isinstance(case, CardCase) and case.issue_date is not None
                    else "",
                    "holder": holder_mark(salt, number) if isinstance(case, CardCase) else "",
                }
            )
        )
    return found


def _kind(document: Document, case: CardCase | TravelCase | None) -> str:
    if document.kind is DocumentKind.OLD_CARD:
        return "old-card"
    return case.kind.value if isinstance(case, TravelCase) else "id-card"


def _where(desk: Desk, document: Document) -> tuple[int, int] | None:
    """Board and number of its compartment here; (0, 0) for the bin of this machine; None where it is not here."""
    if document.place is Place.RETAINED:
        last = desk.db.scalars(
            select(GrantRow)
            .where(GrantRow.item == document.id, GrantRow.kind == GrantKind.HAND_OVER)
            .order_by(GrantRow.granted_at.desc(), GrantRow.id.desc())
        ).first()
        return (0, 0) if last is not None and last.terminal == desk.terminal else None
    if document.place not in (Place.CABINET, Place.CUSTODY):
        return None
    terminal, board, number = (document.compartment or "::").split(":")
    return (int(board), int(number)) if terminal == desk.terminal else None


def _why(desk: Desk, document: Document, case: CardCase | TravelCase | None) -> str | None:
    """Why it leaves; None where it stays."""
    match document.place:
        case Place.RETAINED:
            return "retracted"
        case Place.CUSTODY:
            # While an application is open its old document stays: it may still have to be given back.
            over = case is None or case.state in (CardState.COLLECTED, CardState.VOID)
            return "recovered" if over else None
        case Place.CABINET:
            if case is None or case.state is CardState.VOID or (isinstance(case, CardCase) and case.blocked):
                return "recalled"
            kept = timedelta(days=desk.tables.rules["uncollected-days"])
            return "expired" if case.state is CardState.TO_COLLECT and case.state_since < desk.now - kept else None
        case Place.PRODUCTION | Place.DEPOT | Place.CITIZEN | Place.IN_DOUBT:
            return None
