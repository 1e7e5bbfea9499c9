"""What happened in one visit: every act, every movement of money and documents, with time and evidence.

Two sources stand side by side: headquarters' books, and the chain of the terminal, which says what was shown, asked
and answered. Names and numbers are masked; what a citizen filed is not quoted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import or_, select

from central.agencies.sandbox_model import SandboxPayment, SandboxPerson, SandboxRefund
from central.desks.desk import Desk
from central.model import AuditLine, Document, FilingRow, GrantRow, PaymentOrder, Report, Settlement
from central.model_watch import Visit
from kiosk.people.bills import bill_topic
from kiosk.people.id_card import masked_name
from kiosk.people.money import Money
from kiosk.protocol.filings import EffectReport
from kiosk.protocol.messages import FilingKind, FilingReply

_TELLING = ("certainty", "board", "compartment", "grant", "item", "custody", "record", "page", "place", "outcome")
"""Fields of a filing that say what was done, never to whom."""
_QUOTED = 8
"""So many of the last characters of a case are what a terminal quotes of it."""
_JSON = TypeAdapter(dict[str, Any])
_MOST = 2000
"""Lines of a chain about one case that are shown at most."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line. `source`: books or chain; `what` a word of the group `step`; `state` good, bad, attention or ""."""

    at: datetime
    source: str
    what: str
    number: str = ""
    state: str = ""
    word: str = ""
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Happened:
    """The whole of it."""

    case: str
    terminal: str
    service: str
    ending: str
    topic: str
    seconds: int
    citizens: tuple[tuple[str, str], ...]
    """Masked name and number of whoever the acts name; usually one."""
    steps: tuple[Step, ...]
    documents: tuple[tuple[str, str, str], ...]
    """Id, kind and place of documents concerned."""
    paid_fen: int
    back_fen: int

    @property
    def paid(self) -> str:
        """In yuan."""
        return Money(self.paid_fen).yuan

    @property
    def back(self) -> str:
        """In yuan."""
        return Money(self.back_fen).yuan


def cases_of(desk: Desk, text: str) -> list[str]:
    """The visits a number leads to: a case, or the number on a slip, receipt, order, document or decision."""
    wanted = text.strip()
    if not wanted:
        return []
    found: dict[str, None] = {}
    quoted = len(wanted) >= _QUOTED and wanted.isalnum()
    filed, ended = FilingRow.visit, Visit.case
    whole = select(filed).where(filed.endswith(wanted) if quoted else filed == wanted)
    for case in desk.db.scalars(whole.limit(5)):
        found[case] = None
    replied = select(FilingRow.visit).where(FilingRow.reply.contains(f'"number":"{wanted}"', autoescape=True))
    orders = select(PaymentOrder.visit).where(
        or_(PaymentOrder.number == wanted, PaymentOrder.receipt == wanted, PaymentOrder.slip == wanted)
    )
    grants = select(GrantRow.visit).where(or_(GrantRow.item == wanted, GrantRow.id == wanted))
    visits = select(ended).where(ended.endswith(wanted) if quoted else ended == wanted)
    for query in (replied, orders, grants, visits):
        for case in desk.db.scalars(query.limit(5)):
            if case:
                found[case] = None
    return list(found)


def happened(desk: Desk, case: str) -> Happened | None:
    """Everything on record about a visit; None where nothing is."""
    filings = desk.db.scalars(select(FilingRow).where(FilingRow.visit == case)).all()
    orders = desk.db.scalars(select(PaymentOrder).where(PaymentOrder.visit == case)).all()
    grants = desk.db.scalars(select(GrantRow).where(GrantRow.visit == case)).all()
    visit = desk.db.scalars(select(Visit).where(Visit.case == case)).first()
    if not (filings or orders or grants or visit):
        return None
    terminal = next((row.terminal for row in (*filings, *orders, *grants)), visit.terminal if visit else "")
    steps = [
        *_filed(filings),
        *_paid(desk, orders),
        *_granted(grants),
        *_chain(desk, terminal, case),
    ]
    keys = {row.item for row in grants} | {row.id for row in grants}
    effects = set(desk.db.scalars(select(Report.effect_key).where(Report.visit == case)))
    steps += _settled(desk, keys | effects)
    documents = desk.db.scalars(select(Document).where(Document.id.in_({row.item for row in grants}))).all()
    numbers = {str(each.get("number", "")) for each in map(_payload, filings)} | {row.payer for row in orders}
    people = desk.db.scalars(select(SandboxPerson).where(SandboxPerson.number.in_(numbers))).all()
    taken = [desk.db.get(SandboxPayment, row.number) for row in orders]
    backs = [desk.db.get(SandboxRefund, row.number) for row in orders]
    return Happened(
        case=case,
        terminal=terminal,
        service=visit.service if visit else "",
        ending=visit.ending if visit else "",
        topic=visit.topic if visit else "",
        seconds=visit.seconds if visit else 0,
        citizens=tuple((masked_name(p.name), f"{p.number[:6]}********{p.number[14:]}") for p in people),
        steps=tuple(sorted(steps, key=lambda step: (step.at, step.source == "books"))),
        documents=tuple((d.id, d.kind.value, d.place_text) for d in documents),
        paid_fen=sum(row.fen for row in taken if row is not None and row.captured_at is not None),
        back_fen=sum(row.fen for row in backs if row is not None),
    )


def _payload(row: FilingRow) -> dict[str, Any]:
    return _JSON.validate_json(row.payload)


def _evidence(values: Mapping[str, Any], case: str) -> tuple[tuple[str, str], ...]:
    """By name; keys of effects without the case they all begin with."""
    kept = ((name, str(value).removeprefix(f"{case}/")) for name, value in sorted(values.items()))
    return tuple((name, value) for name, value in kept if value not in ("", "None"))


def _filed(rows: Sequence[FilingRow]) -> Iterator[Step]:
    """When headquarters had it: a filing itself carries the hour in which its visit began."""
    for row in rows:
        reply = FilingReply.model_validate_json(row.reply)
        payload = _payload(row)
        if row.kind is FilingKind.EFFECT_REPORT:
            yield _reported(row, EffectReport.model_validate(payload), reply.number)
            continue
        telling = {name: payload[name] for name in _TELLING if payload.get(name) not in (None, "")}
        if reply.refusal is not None:
            telling["refusal"] = reply.refusal.code.value
        state = "good" if reply.status == "accepted" else "attention"
        yield Step(
            row.received_at, "books", row.kind.value, reply.number, state, reply.status, _evidence(telling, row.visit)
        )


def _reported(row: FilingRow, said: EffectReport, number: str) -> Step:
    word = said.state.replace("_", "-")
    state = {"done": "good", "failed": "attention", "in-doubt": "bad"}.get(word, "")
    evidence = _evidence(said.evidence, row.visit)
    return Step(row.received_at, "terminal", f"effect-{said.effect_kind}", number, state, word, evidence)


def _paid(desk: Desk, rows: Sequence[PaymentOrder]) -> Iterator[Step]:
    for row in rows:
        about = {"bill": bill_topic(row.bill), "yuan": Money(row.fen).yuan}
        yield Step(row.created_at, "books", "order-made", row.number, "", "", _evidence(about, row.visit))
        if row.captured_at is not None:
            telling = {"yuan": about["yuan"], "receipt": row.receipt, "for": row.used_by, "slip": row.slip}
            yield Step(row.captured_at, "books", "order-paid", row.number, "good", "", _evidence(telling, row.visit))
        if row.closed_at is not None:
            yield Step(row.closed_at, "books", "order-closed", row.number, "", row.state.value)
        back = desk.db.get(SandboxRefund, row.number)
        if back is not None:
            yield Step(back.at, "books", "order-back", row.number, "good", "", (("yuan", Money(back.fen).yuan),))


def _granted(rows: Sequence[GrantRow]) -> Iterator[Step]:
    for row in rows:
        place = {"item": row.item, "compartment": f"{row.board}-{row.compartment}"}
        yield Step(row.granted_at, "books", f"granted-{row.kind.value}", row.id, "", "", _evidence(place, row.visit))
        if row.used_at is not None:
            state = {"used": "good", "not-used": "", "uncertain": "bad", "void": "attention"}.get(row.state.value, "")
            telling = _parsed(row.evidence) | {"outcome": row.outcome}
            yield Step(
                row.used_at,
                "books",
                f"used-{row.kind.value}",
                row.id,
                state,
                row.state.value,
                _evidence(telling, row.visit),
            )


def _settled(desk: Desk, subjects: set[str]) -> list[Step]:
    rows = desk.db.scalars(select(Settlement).where(Settlement.subject.in_(subjects)))
    return [
        Step(
            row.at,
            "books",
            "settled",
            row.subject,
            "good",
            row.now,
            (("was", row.was), ("by", row.by), ("because", row.because)),
        )
        for row in rows
    ]


def _chain(desk: Desk, terminal: str, case: str) -> Iterator[Step]:
    if len(case) < 8:
        return
    lines = desk.db.scalars(
        select(AuditLine)
        .where(AuditLine.terminal == terminal, AuditLine.text.contains(case, autoescape=True))
        .order_by(AuditLine.row)
        .limit(_MOST)
    )
    for line in lines:
        said = _parsed(line.text)
        if said.get("case") != case or not isinstance(said.get("details"), dict):
            continue
        details = TypeAdapter(dict[str, str]).validate_python(said["details"])
        # Whole digests prove something to a verifier and nothing to a reader: their beginning tells them apart.
        short = {name: value[:12] if len(value) == 64 else value for name, value in details.items()}
        yield Step(
            datetime.fromisoformat(str(said["at"])),
            "chain",
            str(said["event"]),
            f"#{line.row}",
            "",
            "",
            _evidence(short, case),
        )


def _parsed(text: str) -> dict[str, Any]:
    try:
        return _JSON.validate_python(json.loads(text or "{}"))
    except (ValueError, ValidationError):
        return {}
