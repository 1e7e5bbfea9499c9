"""The notebook a case is written into, as the engine needs it; the store keeps it.

Everything here is plain data, so that whoever keeps the book need not know flows. Each coroutine is one durable
write: when it returns, a power cut loses nothing of it; when it raises, nothing of it was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

StartResult = Literal["started", "known", "other-digest"]
"""Written now; known already with the same digest; or refused, because known with another digest (rule 8)."""

CloseReason = Literal["finished", "stopped", "in-doubt"]
"""The flow came to its end; it stopped because nobody was there; or a person must settle what is in doubt."""


class Letter(Protocol):
    """A message for the outbox; kiosk.flows.performing.OutboxItem is one."""

    @property
    def key(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def blobs(self) -> tuple[str, ...]: ...


class EffectRow(Protocol):
    """An effect on disk. `state` is a value of EffectState; `stages` are names in order."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def evidence(self) -> Mapping[str, str]: ...
    @property
    def stages(self) -> tuple[str, ...]: ...


class OpenCase(Protocol):
    """A case that was not closed: its transcript, and its effects in the order they were begun."""

    @property
    def case(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def lines(self) -> tuple[str, ...]: ...
    @property
    def effects(self) -> Sequence[EffectRow]: ...


class Book(Protocol):
    """What the engine writes down, and reads after a restart."""

    async def start_effect(
        self,
        *,
        case: str,
        service: str,
        key: str,
        kind: str,
        digest: str,
        subject: str,
        evidence: Mapping[str, str],
        lines: Sequence[str],
        outbox: Letter | None,
    ) -> StartResult:
        """The started row, the transcript since the last write and the message to send, in one transaction.

        The first effect of a case makes the case. `subject` is an identity number or "", kept as a pseudonym only.
        """
        ...

    async def stage_effect(self, *, key: str, name: str, evidence: Mapping[str, str], certainty: str) -> None:
        """One stage of a started effect; `certainty` is sensed or inferred."""
        ...

    async def finish_effect(
        self,
        *,
        case: str,
        key: str,
        state: str,
        evidence: Mapping[str, str],
        facts: Mapping[str, str],
        lines: Sequence[str],
        outbox: Sequence[Letter],
        held: Sequence[Letter],
    ) -> None:
        """What became of it (done, failed, in_doubt), the answer's line and messages that follow from it.

        `held` messages are sent only if the effect's own message turns out refused, and dropped if accepted.

        `facts` are what the citizen may be told later: the fact `number` is the one to quote.
        """
        ...

    async def close_case(self, *, case: str, how: CloseReason, outbox: Sequence[Letter]) -> None:
        """Effects still started become in doubt; the transcript and its key are destroyed."""
        ...

    def forget_case(self, case: str) -> None:
        """The visit is over: drop what is held of it in memory, whether or not it reached the disk. Never fails."""
        ...

    async def open_cases(self) -> Sequence[OpenCase]:
        """Every case not closed, oldest first."""
        ...

    async def begin_recovery(self, case: str) -> int:
        """Count a try, durably, before anything is tried; the number of this try, from 1."""
        ...


class Letters(Protocol):
    """Messages to headquarters that follow from how effects ended."""

    def refund(self, *, case: str, key: str, order: str) -> Letter:
        """Ask that a captured order be refunded: the filing with effect key `key`, paid by it, surely failed."""
        ...

    def report(self, *, case: str, key: str, kind: str, state: str, evidence: Mapping[str, str]) -> Letter:
        """Say how an effect stands: left to a person, or found out later. Its key is made of `key` and `state`."""
        ...
