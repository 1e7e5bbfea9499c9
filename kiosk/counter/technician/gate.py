"""Who is it, and may they come in: a card and a PIN against verifiers of this station, or a code by telephone.

It works without the network. Every try is counted on disk before it is judged; from the fifth on one waits, twice as
long with each, and after the fifteenth that way is closed until headquarters sends another verifier or somebody of
the station's security signs in. A card nobody knows is asked for a PIN like any other, and answered as slowly.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.clock import Clock, Ids, Worker
from kiosk.counter.ports import Audit
from kiosk.people.id_card import IdCard
from kiosk.people.staff import Role, Staff
from kiosk.protocol.staff import Cost, card_mark, challenge, response, verifies, weaker

UNKNOWN = "unknown"
"""Who it is, where no entry is theirs; they share one slot of tries."""


class Way(enum.Enum):
    """How somebody shows who they are."""

    CARD = "card"
    CODE = "code"
    """By telephone, where the reader itself is what is broken: only behind the key switch."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody the signed configuration knows. `since` and `until` are both days on which they may."""

    number: str
    role: Role
    card: str
    verifier: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class GateRules:
    """See kiosk.settings.model.Maintenance. `code_secret` is None where the station has none: no codes then."""

    entries: tuple[Entry, ...]
    least: Cost
    tries: int
    first_wait: float
    last_try: int
    code_secret: bytes | None


class Tries(Protocol):
    """Durable counters: kiosk.store.staff.StaffBook."""

    async def tries(self, slot: str) -> int: ...

    async def count_try(self, slot: str) -> int: ...

    async def forgive(self, slot: str) -> None: ...


class Verdict(enum.Enum):
    """How a try ended. Which of card and PIN was wrong is told to nobody."""

    RIGHT = "right"
    WRONG = "wrong"
    WAIT = "wait"
    """Too soon after wrong ones; it was not even looked at, and not counted."""
    CLOSED = "closed"
    """Tried for the last time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a try: somebody, where it was right; else how long to wait."""

    verdict: Verdict
    staff: Staff | None = None
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who wants in: an entry and the slot its tries are counted in. Nobody's number stands here."""

    entry: Entry | None
    slot: str
    mark: str

    @property
    def who(self) -> str:
        """For the records."""
        return UNKNOWN if self.entry is None else self.entry.number


class Gate:
    """Judges tries. `pepper` keys cards and PINs; `worker` does what takes a tenth of a second on purpose."""

    def __init__(
        self,
        rules: GateRules,
        pepper: bytes,
        book: Tries,
        audit: Audit,
        clock: Clock,
        ids: Ids,
        worker: Worker,
        terminal: str,
    ) -> None:
        self._rules = rules
        self._pepper = pepper
        self._book = book
        self._audit = audit
        self._clock = clock
        self._ids = ids
        self._worker = worker
        self._terminal = terminal
        self._opens_at: dict[str, float] = {}

    @property
    def codes(self) -> bool:
        """Whether codes by telephone can be judged here."""
        return self._rules.code_secret is not None

    # -- card and PIN ------------------------------------------------------------------------------------------------

    def candidate(self, card: IdCard) -> Candidate:
        """Whose card this is. A card past its date is nobody's."""
        mark = card_mark(self._pepper, card.number)
        today = self._clock.now().date()
        found = next((e for e in self._rules.entries if hmac.compare_digest(e.card, mark)), None)
        if found is None or card.expired_on(today) or not self._stands(found, today):
            return Candidate(None, UNKNOWN, mark)
        return Candidate(found, _slot(found), mark)

    async def pin(self, candidate: Candidate, pin: str) -> Answer:
        """Judge a PIN."""
        held = await self._held_back(candidate.slot)
        if held is not None:
            return await self._told(candidate.who, Way.CARD, held, candidate.slot)
        _ = await self._book.count_try(candidate.slot)
        kept = _nobodys(self._rules.least) if candidate.entry is None else candidate.entry.verifier
        mark, pepper = candidate.mark, self._pepper
        right = await self._worker.run(lambda: verifies(kept, pin, mark, pepper))
        return await self._judged(candidate.who, Way.CARD, candidate.slot, candidate.entry, right)

    # -- a code by telephone -----------------------------------------------------------------------------------------

    def ask(self) -> str:
        """A fresh challenge, good for one try."""
        return challenge(self._ids.nonce())

    async def code(self, asked: str, number: str, code: str) -> Answer:
        """Judge a one-time code for a member of the staff, who gives their number to headquarters' voice."""
        entry = next((e for e in self._rules.entries if e.number == number), None)
        if entry is not None and not self._stands(entry, self._clock.now().date()):
            entry = None
        held = await self._held_back(_CODE_SLOT)
        if held is not None:
            return await self._told(UNKNOWN if entry is None else entry.number, Way.CODE, held, _CODE_SLOT)
        _ = await self._book.count_try(_CODE_SLOT)
        secret = self._rules.code_secret
        right = (
            entry is not None
            and secret is not None
            and hmac.compare_digest(response(secret, self._terminal, asked, entry.number), code)
        )
        return await self._judged(UNKNOWN if entry is None else entry.number, Way.CODE, _CODE_SLOT, entry, right)

    # -- tries -------------------------------------------------------------------------------------------------------

    async def _held_back(self, slot: str) -> Answer | None:
        tries = await self._book.tries(slot)
        if tries >= self._rules.last_try:
            return Answer(Verdict.CLOSED)
        if tries < self._rules.tries:
            return None
        # After a restart nobody knows how much of the pause has passed: it begins anew.
        opens = self._opens_at.setdefault(slot, self._clock.monotonic() + self._pause(tries))
        left = opens - self._clock.monotonic()
        return Answer(Verdict.WAIT, wait=left) if left > 0 else None

    def _pause(self, tries: int) -> float:
        return self._rules.first_wait * 2.0 ** (tries - self._rules.tries)

    async def _judged(self, who: str, way: Way, slot: str, entry: Entry | None, right: bool) -> Answer:
        if right and entry is not None:
            self._opens_at.pop(slot, None)
            await self._book.forgive(slot)
            if entry.role is Role.SECURITY:
                await self._forgive_all()
            return await self._told(who, way, Answer(Verdict.RIGHT, Staff(entry.number, entry.role)), slot)
        tries = await self._book.tries(slot)
        if tries >= self._rules.last_try:
            return await self._told(who, way, Answer(Verdict.CLOSED), slot)
        wait = 0.0
        if tries >= self._rules.tries:
            wait = self._pause(tries)
            self._opens_at[slot] = self._clock.monotonic() + wait
        return await self._told(who, way, Answer(Verdict.WRONG, wait=wait), slot)

    async def _forgive_all(self) -> None:
        for slot in (UNKNOWN, _CODE_SLOT, *(_slot(entry) for entry in self._rules.entries)):
            self._opens_at.pop(slot, None)
            await self._book.forgive(slot)

    async def _told(self, who: str, way: Way, answer: Answer, slot: str) -> Answer:
        details: Mapping[str, str] = {
            "who": who,
            "way": way.value,
            "outcome": answer.verdict.value,
            "tries": str(await self._book.tries(slot)),
        }
        await self._audit.write("staff-try", "", details)
        return answer

    def _stands(self, entry: Entry, today: date) -> bool:
        dated = entry.since <= today <= entry.until
        return dated and not weaker(entry.verifier, self._rules.least)


_CODE_SLOT = "code"


def _nobodys(cost: Cost) -> str:
    """Fits no PIN, and costs what a real one costs: a stranger's card is answered as slowly as one that is known."""
    parameters = f"m={cost.memory_kib},t={cost.passes},p={cost.lanes}"
    return f"$argon2id$v=19${parameters}${'A' * 22}${'A' * 43}"


def _slot(entry: Entry) -> str:
    """A new verifier begins with no tries: that is how headquarters lets somebody in again."""
    return f"{entry.number}/{hashlib.sha256(entry.verifier.encode()).hexdigest()[:8]}"
