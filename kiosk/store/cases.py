"""The engine's book on disk: cases, their sealed transcripts, effects and stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, select, update

from kiosk.clock import Clock
from kiosk.store.audit import AuditChain
from kiosk.store.blobs import SealedFile, Shelf
from kiosk.store.engines import Database
from kiosk.store.failures import StoreUnreadable
from kiosk.store.keys import Keys
from kiosk.store.outbox import Letter, Outbox, add_all
from kiosk.store.schema import cases, effects, stages, transcript
from kiosk.store.words import pairs_in, pairs_of


@dataclass(frozen=True, slots=True)
class KeptEffect:
    """An effect on disk; `evidence` is what was read before it, `stages` are names in order."""

    key: str
    kind: str
    digest: str
    state: str
    number: str
    evidence: Mapping[str, str]
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptCase:
    """A case not closed. `lines` is empty where the transcript cannot be opened any more."""

    case: str
    service: str
    lines: tuple[str, ...]
    effects: tuple[KeptEffect, ...]


class CaseBook:
    """Durable writes, each one transaction."""

    def __init__(
        self, database: Database, keys: Keys, clock: Clock, shelf: Shelf, box: Outbox, chain: AuditChain
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._shelf = shelf
        self._box = box
        self._chain = chain

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
    ) -> Literal["started", "known", "other-digest"]:
        """The started row, the transcript's tail, blobs and the message in one go; the first makes the case.

        Nothing is written when the key is known.
        """
        files = await self._shelf.seal_new()

        def act(connection: Connection) -> Literal["started", "known", "other-digest"]:
            known = connection.execute(select(effects.c.digest).where(effects.c.key == key)).scalar()
            if known is not None:
                return "known" if known == digest else "other-digest"
            self._make_case(connection, case, service, subject)
            self._write_lines(connection, case, lines)
            connection.execute(
                insert(effects).values(
                    key=key,
                    case_id=case,
                    kind=kind,
                    digest=digest,
                    state="started",
                    subject=self._keys.pseudonym(subject),
                    number="",
                    before=pairs_of(evidence),
                    found="{}",
                    facts="{}",
                    started=self._now(),
                )
            )
            self._shelf.add(connection, case, files)
            add_all(self._box, connection, case, () if outbox is None else (outbox,))
            self._chain.append(connection, "effect-started", case, {"key": key, "kind": kind, "digest": digest})
            return "started"

        result = await self._database.write(act)
        if result == "started":
            self._settle_files(files)
        else:
            await self._shelf.unlink(one.file for one in files)
        return result

    async def stage_effect(self, *, key: str, name: str, evidence: Mapping[str, str], certainty: str) -> None:
        """One stage of a started effect."""

        def act(connection: Connection) -> None:
            connection.execute(
                insert(stages).values(
                    key=key, name=name, evidence=pairs_of(evidence), certainty=certainty, at=self._now()
                )
            )

        await self._database.write(act)

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
        """Final state, the answer's line and what follows. Facts told before are kept where none are new."""

        def act(connection: Connection) -> None:
            self._write_lines(connection, case, lines)
            before = connection.execute(select(effects.c.facts).where(effects.c.key == key)).scalar_one()
            known = {**pairs_in(before), **facts}
            connection.execute(
                update(effects)
                .where(effects.c.key == key)
                .values(
                    state=state,
                    number=known.get("number", ""),
                    found=pairs_of(evidence),
                    facts=pairs_of(known),
                    ended=self._now(),
                )
            )
            add_all(self._box, connection, case, outbox)
            add_all(self._box, connection, case, held, after=key)
            details = {"key": key, "state": state, "number": known.get("number", "")}
            self._chain.append(connection, "effect-ended", case, details)

        await self._database.write(act)
        self._box.added()

    async def close_case(
        self, *, case: str, how: Literal["finished", "stopped", "in-doubt"], outbox: Sequence[Letter]
    ) -> None:
        """What is still started is in doubt; transcript, key and blobs nobody waits for are destroyed."""

        def act(connection: Connection) -> tuple[str, ...]:
            connection.execute(
                update(effects)
                .where(effects.c.case_id == case, effects.c.state == "started")
                .values(state="in_doubt", ended=self._now())
            )
            add_all(self._box, connection, case, outbox)
            connection.execute(delete(transcript).where(transcript.c.case_id == case))
            connection.execute(
                update(cases).where(cases.c.case_id == case).values(how=how, closed=self._now(), key=None)
            )
            self._chain.append(connection, "case-closed", case, {"how": how})
            return self._shelf.drop_unneeded(connection)

        files = await self._database.write(act)
        await self._shelf.unlink(files)
        _ = await self._database.shrink_log()
        self._box.added()

    def forget_case(self, case: str) -> None:
        """The visit is over: pictures and templates leave the memory."""
        del case
        self._shelf.forget()

    async def open_cases(self) -> tuple[KeptCase, ...]:
        """Every case not closed, oldest first."""
        return await self._database.read(self._open_cases)

    async def begin_recovery(self, case: str) -> int:
        """Count a try, durably."""

        def act(connection: Connection) -> int:
            tries = connection.execute(select(cases.c.tries).where(cases.c.case_id == case)).scalar_one() + 1
            connection.execute(update(cases).where(cases.c.case_id == case).values(tries=tries))
            self._chain.append(connection, "case-recovery", case, {"try": str(tries)})
            return tries

        return await self._database.write(act)

    # -- within transactions ---------------------------------------------------------------------------------------

    def _make_case(self, connection: Connection, case: str, service: str, subject: str) -> None:
        pseudonym = self._keys.pseudonym(subject)
        found = connection.execute(select(cases.c.subject).where(cases.c.case_id == case)).scalar()
        if found is None:
            connection.execute(
                insert(cases).values(
                    case_id=case,
                    service=service,
                    subject=pseudonym,
                    opened=self._now(),
                    how="open",
                    tries=0,
                    key=self._keys.wrap(self._keys.fresh()),
                )
            )
            self._chain.append(connection, "case-opened", case, {"service": service})
        elif not found and pseudonym:
            connection.execute(update(cases).where(cases.c.case_id == case).values(subject=pseudonym))

    def _write_lines(self, connection: Connection, case: str, lines: Sequence[str]) -> None:
        if not lines:
            return
        key = self._case_key(connection, case)
        first = connection.execute(
            select(func.count()).select_from(transcript).where(transcript.c.case_id == case)
        ).scalar_one()
        for number, line in enumerate(lines, start=first):
            sealed = self._keys.seal(key, line.encode(), f"{case}/{number}")
            connection.execute(insert(transcript).values(case_id=case, number=number, sealed=sealed))

    def _case_key(self, connection: Connection, case: str) -> bytes:
        wrapped = connection.execute(select(cases.c.key).where(cases.c.case_id == case)).scalar()
        if wrapped is None:
            raise StoreUnreadable("the case is closed, or was never opened")
        return self._keys.unwrap(wrapped)

    def _open_cases(self, connection: Connection) -> tuple[KeptCase, ...]:
        found = connection.execute(
            select(cases.c.case_id, cases.c.service)
            .where(cases.c.how == "open")
            .order_by(cases.c.opened, cases.c.case_id)
        ).all()
        return tuple(
            KeptCase(
                row.case_id, row.service, self._lines(connection, row.case_id), _effects(connection, row.case_id)
            )
            for row in found
        )

    def _lines(self, connection: Connection, case: str) -> tuple[str, ...]:
        rows = connection.execute(
            select(transcript.c.number, transcript.c.sealed)
            .where(transcript.c.case_id == case)
            .order_by(transcript.c.number)
        ).all()
        try:
            key = self._case_key(connection, case)
            return tuple(self._keys.open(key, row.sealed, f"{case}/{row.number}").decode() for row in rows)
        except StoreUnreadable:
            return ()

    def _settle_files(self, files: Sequence[SealedFile]) -> None:
        self._shelf.added(files)
        self._box.added()

    def _now(self) -> str:
        return self._clock.now().isoformat()


def _effects(connection: Connection, case: str) -> tuple[KeptEffect, ...]:
    rows = connection.execute(select(effects).where(effects.c.case_id == case).order_by(effects.c.row)).all()
    return tuple(kept_effect(connection, row) for row in rows)


def kept_effect(connection: Connection, row: Any) -> KeptEffect:
    """A row of the table of effects with its stages."""
    names = connection.execute(select(stages.c.name).where(stages.c.key == row.key).order_by(stages.c.row)).scalars()
    return KeptEffect(row.key, row.kind, row.digest, row.state, row.number, pairs_in(row.before), tuple(names))
