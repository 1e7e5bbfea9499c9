"""One made-up terminal: no devices and no pages, but the terminal's own line to headquarters, outbox and audit chain.

It speaks as a real one does, with people of the synthetic population. What citizens do before it is drawn by lot.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.backend.exchange import Exchange, Rejected, Unreachable
from kiosk.backend.headquarters import Headquarters
from kiosk.backend.link import Link, LinkWatch
from kiosk.backend.outbox import FILINGS, Outbox
from kiosk.clock import Clock, Ids
from kiosk.flows.outcome import Ending
from kiosk.people.records import RefusalCode
from kiosk.people.satisfaction import Satisfaction
from kiosk.people.synthetic import Population, Situation
from kiosk.protocol.filings import HelpCall, ServiceRated
from kiosk.protocol.messages import (
    AuditBatch,
    AuditRow,
    CloseOrder,
    CloseReason,
    DeviceReport,
    Filing,
    FilingKind,
    FilingReply,
    Heartbeat,
    HelpAsk,
    Message,
    OrderRequest,
)
from kiosk.protocol.sight import VERSION, SeenButton, SeenField, SeenPage, Sight, Term
from kiosk.store.audit import chained

NO_HASH = "0" * 64
DEVICES = ("id-reader", "camera", "fingerprint", "receipt-printer", "page-printer", "scanner", "locker")
SERVICES = ("HZ01", "HZ02", "HZ03", "HZ04", "HZ06", "HZ07", "HZ10", "JG01", "JG02", "JG06", "JG08", "CRJ03", "CRJ08")
FEE, FEE_FEN = "fee:id-card-renewal:2004-01-01", 2000
HELP_ASKED_SECONDS = 2.0
HELP_WAITED_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What breaks: a device with a code against it, what cannot be done meanwhile, and what rings."""

    device: str
    code: str
    closes: tuple[str, ...] = ()
    alarm: str = ""


TROUBLES = (
    Trouble("page-printer", "media-jam", ("HZ06", "HZ07", "CRJ03")),
    Trouble("receipt-printer", "paper-low"),
    Trouble("page-printer", "toner-out", ("HZ06", "HZ07", "CRJ03")),
    Trouble("locker", "door-open", ("HZ02",), "alarm-door-open"),
    Trouble("camera", "dark", ("HZ01",)),
    Trouble("id-reader", "no-answer", alarm="alarm-power"),
)

WHO = (Situation.CARD_BEING_MADE, Situation.RENEWAL_DUE, Situation.VIOLATION_SIMPLE)

ENDS = (
    (Ending.DONE.value, "", 70),
    ("left", "", 12),
    (Ending.REFUSED.value, RefusalCode.NOT_YET_FINISHED.value, 6),
    (Ending.REFUSED.value, RefusalCode.FACE_NOT_MATCHED.value, 4),
    (Ending.REFUSED.value, RefusalCode.TOO_EARLY.value, 4),
    (Ending.NEEDS_A_PERSON.value, "", 4),
)
"""How visits end, why, and how many of a hundred."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How busy it is: mean seconds between visits, faults, calls for help at one terminal, and of a visit."""

    visit: float = 90.0
    fault: float = 900.0
    help: float = 1200.0
    inside: float = 40.0


@dataclass(frozen=True, slots=True)
class MadeRow:
    """A row of its outbox."""

    key: str
    body: str
    path: str = FILINGS
    blobs: tuple[str, ...] = ()
    attempt: int = 0


class MadeBook:
    """The outbox's book, in memory: a made-up terminal that ends has nothing to keep."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[MadeRow, datetime | None]] = {}
        self._news = asyncio.Event()

    @property
    def waiting(self) -> int:
        return len(self._rows)

    def add(self, row: MadeRow) -> None:
        """One more to be sent."""
        self._rows[row.key] = (row, None)
        self._news.set()

    async def outbox_due(self, now: datetime, latest: datetime) -> Sequence[MadeRow]:
        return [row for row, at in self._rows.values() if at is None or at <= now or at > latest]

    async def blob(self, sha256: str) -> bytes:
        raise KeyError(sha256)

    async def mark_sent(self, key: str, reply_json: str) -> None:
        _ = FilingReply.model_validate_json(reply_json)
        del self._rows[key]

    async def mark_refused(self, key: str, reply_json: str) -> None:
        del reply_json
        del self._rows[key]

    async def mark_failed(self, key: str, reason: str, next_at: datetime) -> None:
        del reason
        row, _ = self._rows[key]
        self._rows[key] = (MadeRow(row.key, row.body, attempt=row.attempt + 1), next_at)

    async def wait_for_work(self) -> None:
        _ = await self._news.wait()
        self._news.clear()


@dataclass(slots=True)
class _Chain:
    """The audit chain, kept in a file: begun again it goes on, as a real one does."""

    file: Path
    rows: int = 0
    head: str = NO_HASH
    unsent: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])

    @staticmethod
    def opened(file: Path) -> _Chain:
        if not file.is_file():
            return _Chain(file)
        said = json.loads(file.read_bytes())
        return _Chain(file, said["rows"], said["head"], [(r, t, h) for r, t, h in said["unsent"]])

    def keep(self) -> None:
        part = self.file.with_suffix(".part")
        _ = part.write_text(json.dumps({"rows": self.rows, "head": self.head, "unsent": self.unsent}), "utf-8")
        _ = part.replace(self.file)

    def append(self, at: datetime, event: str, case: str, details: dict[str, str]) -> None:
        self.rows += 1
        told = {
            "at": at.isoformat(),
            "case": case,
            "details": details,
            "event": event,
            "row": self.rows,
            "subject": "",
        }
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        self.head = chained(self.head, text)
        self.unsent.append((self.rows, text, self.head))
        self.keep()


def typing(key: str, service: str, language: str, turn: int) -> Sight:
    """Somebody who calls for help over a telephone number, one digit after the other."""
    characters = turn % 12
    return Sight(
        version=VERSION,
        key=key,
        turn=turn,
        language=language,
        page=SeenPage(
            page="FormPage",
            service=service,
            sentence=(Term(key="field-phone"),),
            field=SeenField(name="phone", characters=characters, length=11),
            actions=(SeenButton(said=(Term(key="action-next"),), enabled=characters == 11, leads=True),),
        ),
    )


def _shown_to_nobody(link: Link) -> None:
    """A made-up terminal has no page that says whether there is a line."""
    del link


class MadeUp:
    """One terminal until it is cancelled. `done` counts what it made, under names that are told."""

    def __init__(
        self,
        *,
        headquarters: Headquarters,
        exchange: Exchange,
        people: Population,
        folder: Path,
        clock: Clock,
        ids: Ids,
        chance: random.Random,
        pace: Pace,
        done: Counter[str],
    ) -> None:
        self._headquarters = headquarters
        self._people = people
        self._clock = clock
        self._ids = ids
        self._chance = chance
        self._pace = pace
        self._done = done
        self._book = MadeBook()
        self._outbox = Outbox(exchange, self._book, clock, ids)
        self._chain = _Chain.opened(folder / "demonstration-chain.json")
        self._link = LinkWatch(headquarters, clock, self._report, _shown_to_nobody)
        self._troubles: list[Trouble] = []
        self._visiting = False

    async def run(self) -> None:
        """Beat, send, and let things happen. Ends by cancellation only."""
        async with asyncio.TaskGroup() as tasks:
            for part in (self._link.run(), self._outbox.run(), self._visits(), self._faults(), self._calls()):
                _ = tasks.create_task(part)

    async def _report(self) -> Heartbeat:
        wrong = {trouble.device: trouble.code for trouble in self._troubles}
        closed = {code: f"closed-{each.device}" for each in self._troubles for code in each.closes}
        return Heartbeat(
            at=self._clock.now(),
            version="demonstration",
            settings_version="demonstration",
            devices=tuple(DeviceReport(device=each, state="online", code=wrong.get(each, "")) for each in DEVICES),
            services_open=tuple(code for code in SERVICES if code not in closed),
            outbox_waiting=self._book.waiting,
            audit_rows=self._chain.rows,
            audit_head=self._chain.head,
            alarms=tuple(sorted({each.alarm for each in self._troubles if each.alarm})),
            closed=closed,
            visiting=self._visiting,
        )

    async def _after(self, mean: float) -> None:
        await asyncio.sleep(self._chance.expovariate(1 / mean))

    async def _visits(self) -> None:
        await self._push()
        while True:
            await self._after(self._pace.visit)
            await self._visit()

    async def _visit(self) -> None:
        case, service = self._ids.case_id(), self._chance.choice(SERVICES)
        ending, topic, _ = self._chance.choices(ENDS, [weight for *_, weight in ENDS])[0]
        self._visiting = True
        self._link.beat_now()
        began = self._clock.monotonic()
        try:
            await self._asks(case, service)
        except (Unreachable, Rejected):
            ending, topic = Ending.NOT_NOW.value, ""
        await self._after(self._pace.inside)
        seconds = round(self._clock.monotonic() - began)
        details = {"service": service, "ending": ending, "topic": topic, "seconds": str(seconds)}
        self._chain.append(self._clock.now(), "visit-ended", case, details)
        self._visiting = False
        self._done["visits"] += 1
        if ending == Ending.DONE.value and self._chance.random() < 0.4:
            rating = self._chance.choices(list(Satisfaction), (40, 30, 18, 8, 4))[0]
            self._file(case, FilingKind.SERVICE_RATING, ServiceRated(service=service, rating=rating))
        self._link.beat_now()
        await self._push()

    async def _asks(self, case: str, service: str) -> None:
        """What a visit of this service asks headquarters before anything is decided."""
        situation = self._chance.choice(
            (Situation.CARD_BEING_MADE, Situation.RENEWAL_DUE, Situation.VIOLATION_SIMPLE)
        )
        person = self._people.find(situation)
        number: dict[str, Any] = {"number": {"text": person.number}}
        _ = await self._headquarters.lookup("progress-of-card", number, case, Any)
        if service.startswith("JG"):
            _ = await self._headquarters.lookup("licence-of", number, case, Any)
        if service == "HZ01" and situation is Situation.RENEWAL_DUE:
            order = await self._headquarters.order(
                OrderRequest(
                    key=f"{case}/fee/1", digest=case, case=case, bill=FEE, payer=person.number, expected_fen=FEE_FEN
                )
            )
            await self._after(self._pace.inside / 4)
            _ = await self._headquarters.close_order(order.number, CloseOrder(reason=CloseReason.LEFT))

    async def _push(self) -> None:
        """What headquarters has not of the chain yet; without a line it goes with the next visit's."""
        rows = tuple(AuditRow(row=row, text=text, hash=hash_) for row, text, hash_ in self._chain.unsent)
        if not rows:
            return
        try:
            reply = await self._headquarters.push_audit(AuditBatch(rows=rows))
        except (Unreachable, Rejected):
            return
        self._chain.unsent = [each for each in self._chain.unsent if each[0] > reply.row]
        self._chain.keep()

    async def _faults(self) -> None:
        while True:
            await self._after(self._pace.fault)
            trouble = self._chance.choice(TROUBLES)
            self._troubles.append(trouble)
            self._done["faults"] += 1
            self._link.beat_now()
            await self._after(self._pace.fault / 6)
            self._troubles.remove(trouble)
            self._link.beat_now()

    async def _calls(self) -> None:
        """Somebody presses help and waits as long as the page of help would."""
        while True:
            await self._after(self._pace.help)
            case = self._ids.case_id()
            service, language = self._chance.choice(SERVICES), self._chance.choice(("zh-CN", "zh-CN", "en"))
            key = self._file(case, FilingKind.HELP_CALL, HelpCall(page="confirm", service=service, language=language))
            self._done["calls for help"] += 1
            until, turn = self._clock.monotonic() + HELP_WAITED_SECONDS, 0
            while self._clock.monotonic() < until:
                await asyncio.sleep(HELP_ASKED_SECONDS)
                try:
                    answer = await self._headquarters.help_answer(HelpAsk(key=key))
                    _ = await self._headquarters.show(typing(key, service, language, turn))
                    turn += 1
                except (Unreachable, Rejected):
                    continue
                if answer.state != "waiting":
                    self._done["answered"] += 1
                    break

    def _file(self, case: str, kind: FilingKind, payload: Message) -> str:
        key = f"{case}/{kind.value}/1"
        filing = Filing(
            key=key,
            digest=case,
            case=case,
            kind=kind,
            payload=payload.model_dump(mode="json"),
            at=self._clock.now(),
        )
        self._book.add(MadeRow(key, filing.model_dump_json()))
        return key
