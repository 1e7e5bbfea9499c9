"""What a document is by headquarters' list: the chip's own words against salted marks, or the key that opens it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.maintenance.cabinet_steps import Fits, SetAside
from kiosk.people.id_card import IdCard
from kiosk.people.travel_document import ChipKey, InvalidMrz
from kiosk.protocol.loading import ListedDocument, LoadingList, Standing, card_mark, holder_mark
from kiosk.store.loaded import LoadedDocument

ID_CARD = "id-card"
_LOADABLE = (Standing.TO_LOAD, Standing.IN_DOUBT)


def card_by_list(card: IdCard, listed: LoadingList, live: Mapping[str, LoadedDocument]) -> Fits | SetAside:
    """By number, issue date, expiry and authority (rule 12); the old card of the same holder is named as such."""
    mark = mark_of(card, listed)
    found = next((one for one in listed.cards if one.mark == mark), None)
    if found is not None:
        return _by_books(found.item, ID_CARD, found.standing, live)
    holder = holder_mark(listed.salt, card.number.upper())
    return SetAside("old-card" if any(one.holder == holder for one in listed.cards) else "not-listed")


def mark_of(card: IdCard, listed: LoadingList) -> str:
    """As the list would have it."""
    return card_mark(listed.salt, card.number.upper(), card.valid_from, card.valid_to, card.authority)


def document_by_list(found: ListedDocument, live: Mapping[str, LoadedDocument]) -> Fits | SetAside:
    """A passport or pass whose chip opened to what the list has of it."""
    return _by_books(found.item, found.kind, found.standing, live)


def _by_books(item: str, document: str, standing: Standing, live: Mapping[str, LoadedDocument]) -> Fits | SetAside:
    """What was read outside is outside, whatever any books say; only what a pair has counted is then a question."""
    known = live.get(item)
    if known is not None:
        return SetAside("here", item) if known.counted else Fits(item, document)
    return Fits(item, document) if standing in _LOADABLE else SetAside(standing.value, item)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document of the list with what its chip asks for."""

    listed: ListedDocument
    key: ChipKey


def candidates(listed: LoadingList) -> tuple[Candidate, ...]:
    """Whatever can be tried on a chip: those that are to be loaded first, in the order of the list."""
    return tuple(
        Candidate(one, key)
        for one in sorted(listed.documents, key=lambda one: one.standing not in _LOADABLE)
        if (key := _key(one)) is not None
    )


def turned_to(tried: Sequence[Candidate], item: str) -> tuple[Candidate, ...]:
    """Those after `item` first: documents are packed in the order of their list, so the next is the likely one."""
    at = next((n for n, one in enumerate(tried) if one.listed.item == item), -1) + 1
    return (*tried[at:], *tried[:at])


def _key(one: ListedDocument) -> ChipKey | None:
    if one.valid_to is None:
        return None
    try:
        return ChipKey.of(one.number, f"{one.birth:%y%m%d}", f"{one.valid_to:%y%m%d}")
    except InvalidMrz:
        return None
