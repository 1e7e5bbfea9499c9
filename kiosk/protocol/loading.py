"""装柜 and 清柜: the signed list of what belongs into a cabinet and out of it, and what became of each document.

The list is the same with and without a line: headquarters signs it, the terminal keeps the last one sealed, and
until it runs out works by it alone. An identity card is recognised by a salted mark of what its chip must say; of a
passport or pass the list holds what opens its chip, which no mark can.
"""

from __future__ import annotations

import enum
import hashlib
from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from kiosk.protocol.messages import Message

OPENINGS = 3
"""How often one list lets the lock be opened for one document: a door may stick, or be shut too soon."""


class Standing(enum.StrEnum):
    """How headquarters' books have a finished document when the list is written."""

    TO_LOAD = "to-load"
    """In the depot of this station, with an application that waits for it."""
    HERE = "here"
    """Behind a door of this very machine: whoever holds it outside holds what the books have inside."""
    COLLECTED = "collected"
    ELSEWHERE = "elsewhere"
    """Made for another station; `site` is its name."""
    BLOCKED = "blocked"
    RETURNED = "returned"
    """Waited behind a door for too long and was taken out: people hand it over."""
    IN_DOUBT = "in-doubt"
    """Nobody could say where it is; whoever lays it on the reader can."""


class ListedCard(Message):
    """A new identity card, known by `mark` (what its chip must say) and by `holder` (whose card it is)."""

    item: str
    standing: Standing
    mark: str
    holder: str
    site: str = ""


class ListedDocument(Message):
    """A new passport or pass, and what its chip asks to be told before it tells anything (ICAO 9303 part 11)."""

    item: str
    standing: Standing
    kind: str
    number: str
    birth: date
    valid_to: date | None
    site: str = ""


class ToUnload(Message):
    """A document that leaves the cabinet with two members of staff.

    `compartment` 0 is the bin of the machine that hands documents out. `mark` and `holder` as for a card; both ""
    where the reader of identity cards cannot know it again.
    """

    item: str
    kind: str
    board: int
    compartment: int
    why: Literal["expired", "recalled", "retracted", "recovered"]
    mark: str = ""
    holder: str = ""


class LoadingListRequest(Message):
    """Terminal asks for its list. `nonce` comes back in it, so that an old one is not taken for the answer."""

    nonce: str


class LoadingList(Message):
    """What belongs into this terminal's cabinet, and out of it.

    `free` are board and number of compartments nobody's document is in by headquarters' books. `signature` is Ed25519
    over `signed_text()` by the key that signs grants, in hexadecimal.
    """

    number: str
    nonce: str
    terminal: str
    issued: AwareDatetime
    expires: AwareDatetime
    salt: str
    free: tuple[tuple[int, int], ...]
    cards: tuple[ListedCard, ...]
    documents: tuple[ListedDocument, ...]
    unload: tuple[ToUnload, ...]
    signature: str = ""

    def signed_text(self) -> bytes:
        """The bytes that are signed: the list itself without its signature."""
        return b"loading-list-1\n" + self.model_copy(update={"signature": ""}).model_dump_json().encode()


def card_mark(salt: str, number: str, issued: date, valid_to: date | None, authority: str) -> str:
    """What a card's chip must say, as the list has it: number, issue date, expiry and authority (rule 12)."""
    until = "long" if valid_to is None else valid_to.isoformat()
    return _hashed(salt, number, issued.isoformat(), until, authority)


def holder_mark(salt: str, number: str) -> str:
    """Whose card it is."""
    return _hashed(salt, number)


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class DocumentLoaded(Message):
    """装柜: what became of one document and one compartment.

    `staff` are the two numbers. inferred: the door was shut on it; sensed: the compartment's light barrier saw it.
    `permit` is list/item/nth opening, and used once.
    """

    item: str
    board: int
    compartment: int
    outcome: Literal["loaded", "not-loaded", "in-doubt"]
    certainty: Literal["sensed", "inferred"] = "inferred"
    permit: str
    staff: tuple[str, ...]


class DocumentUnloaded(Message):
    """清柜: what became of one document that was to come out.

    sensed: it was read on the reader outside; missing: the compartment was empty.
    """

    item: str
    board: int
    compartment: int
    why: str
    outcome: Literal["unloaded", "not-unloaded", "missing", "in-doubt"]
    certainty: Literal["sensed", "inferred"] = "inferred"
    permit: str
    staff: tuple[str, ...]


class SetAsideDocument(Message):
    """One that was not loaded, and why; `item` is "" where nobody knows which it is."""

    item: str
    why: str


class LoadingEnded(Message):
    """The pair's count agrees with the machine's, or the difference has a reason: only then may citizens come.

    `loaded` are all documents behind doors whose count was open; `left` is how many the pair holds in their hands.
    """

    loading_list: str
    loaded: tuple[str, ...]
    aside: tuple[SetAsideDocument, ...]
    left: int
    explained: Literal["", "twice", "missing", "other"] = ""
    staff: tuple[str, ...]


class UnloadingEnded(Message):
    """What came out, signed for by both on the glass: SHA-256 of each one's signature."""

    loading_list: str
    unloaded: tuple[str, ...]
    not_unloaded: tuple[str, ...]
    staff: tuple[str, ...]
    signatures: tuple[str, ...]
