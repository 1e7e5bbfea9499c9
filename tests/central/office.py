"""Headquarters in process, with a clock that stands still until it is moved and ids that count."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import Engine, event

from central.console import tokens
from central.database import open_database, sqlite_url, transaction
from central.desks.desk import Desk
from central.handle import Answer, Headquarters
from central.ledger import cases, documents, ledger
from central.model_console import ConsoleUser, Role
from central.ports import Ids
from kiosk.people.synthetic import Population, PopulationKey, Situation, SyntheticPerson, population

T = TypeVar("T")

TODAY = date(2026, 11, 22)
KEY = PopulationKey(1, TODAY)
PEOPLE: Population = population(KEY)
TERMINAL = "KDL-001"


@dataclass
class StillClock:
    """Time as the test says."""

    moment: datetime = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class SeededIds:
    """Randomness from a seed."""

    source: random.Random = field(default_factory=lambda: random.Random(7))

    def nonce(self) -> str:
        return self.source.randbytes(16).hex()

    def key(self) -> bytes:
        return self.source.randbytes(32)


class NoFaces:
    """A library that is not connected."""

    def compare(self, live: bytes, face: str, chip_photo: bytes) -> Any:
        del live, face, chip_photo
        raise AssertionError("no faces in this test")


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def drawn(about: bytes) -> bytes:
    """A small picture, the same for the same words."""
    out, picture = io.BytesIO(), Image.new("L", (2, 2))
    if about == b"portrait":
        picture.save(out, "JPEG")
    else:
        told = PngInfo()
        told.add_text("about", about.decode())
        picture.save(out, "PNG", pnginfo=told)
    return out.getvalue()


class Office:
    """Speaks to headquarters as terminal KDL-001 and as a browser; keeps count of keys."""

    def __init__(
        self, folder: Path, url: str = "", ids: Ids | None = None, engine: Engine | None = None, **options: Any
    ) -> None:
        self.folder = folder
        self.clock = StillClock()
        self.paused: list[float] = []
        self.url = url or sqlite_url(folder / "central.sqlite3")
        options.setdefault("faces", NoFaces())
        options.setdefault("pause", self.paused.append)
        self.headquarters = Headquarters(
            engine or self.url, self.clock, ids or SeededIds(), state=folder, key=KEY, **options
        )
        self._keys = 0

    def close(self) -> None:
        self.headquarters.close()

    def skip_keys(self, count: int) -> None:
        """So that two of these never use the same key."""
        self._keys += count

    def fresh(self) -> str:
        self._keys += 1
        return f"CASE{self._keys:05d}/step/1"

    def send(self, method: str, path: str, message: Any = None, terminal: str = TERMINAL) -> tuple[int, Any]:
        body = b"" if message is None else json.dumps(message).encode()
        status, reply = self.headquarters.exchange(terminal, method, path, body)
        return status, json.loads(reply) if reply[:1] in (b"{", b"[") else reply

    def post(self, path: str, message: Any) -> Any:
        status, reply = self.send("POST", path, message)
        assert status == 200, (status, reply)
        return reply

    def people(self, method: str, path: str, body: bytes = b"") -> Answer:
        return self.headquarters.people(method, path, body)

    def look_up(self, name: str, person: SyntheticPerson, **arguments: Any) -> Any:
        message = {"name": name, "arguments": {"number": {"text": person.number}, **arguments}, "case": "C"}
        return self.post("/v1/lookups", message)["answer"]

    def blob(self, about: bytes = b"signature") -> str:
        """The name of a picture that headquarters has: a JPEG for a portrait, else a PNG; others for other words."""
        return self.bytes_kept(drawn(about))

    def bytes_kept(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        status, _ = self.headquarters.exchange(TERMINAL, "PUT", f"/v1/blobs/{name}", content)
        assert status in (200, 204)
        return name

    def filing(self, kind: str, payload: dict[str, Any], key: str = "") -> dict[str, Any]:
        key = key or self.fresh()
        return {
            "key": key,
            "digest": digest([kind, payload]),
            "case": key.split("/")[0],
            "kind": kind,
            "payload": payload,
            "blobs": [],
            "at": self.clock.now().isoformat(),
        }

    def file(self, kind: str, payload: dict[str, Any], key: str = "") -> Any:
        return self.post("/v1/filings", self.filing(kind, payload, key))

    def order_request(self, person: SyntheticPerson, bill: str, fen: int, key: str = "") -> dict[str, Any]:
        key = key or self.fresh()
        return {
            "key": key,
            "digest": digest([bill, person.number]),
            "case": key.split("/")[0],
            "bill": bill,
            "payer": person.number,
            "expected_fen": fen,
        }

    def order(self, person: SyntheticPerson, bill: str, fen: int, key: str = "") -> Any:
        return self.post("/v1/orders", self.order_request(person, bill, fen, key))

    def pay(self, order: dict[str, Any], answer: str = "confirm") -> Answer:
        return self.people("POST", f"/pay/{order['url'].rsplit('/', 1)[1]}", f"answer={answer}".encode())

    def fault(self, agency: str, fault: str | None, seconds: float = 60, **more: float) -> None:
        order = {"agency": agency, "fault": fault, "seconds": seconds, **more}
        assert self.people("POST", "/sandbox/faults", json.dumps(order).encode()).status == 200

    def grant_request(self, card: dict[str, Any], key: str = "", nonce: str = "ab" * 16) -> dict[str, Any]:
        key = key or self.fresh()
        return {
            "key": key,
            "digest": digest([card["item"], nonce]),
            "case": key.split("/")[0],
            "item": card["item"],
            "board": card["board"],
            "compartment": card["compartment"],
            "nonce": nonce,
        }

    def use(self, grant: dict[str, Any], outcome: str, nonce: str = "") -> tuple[int, Any]:
        message = {"nonce": nonce or grant["nonce"], "outcome": outcome, "evidence": {"door": "closed"}}
        return self.send("POST", f"/v1/grants/{grant['grant']}/use", message)

    def custody_request(self, person: SyntheticPerson, key: str = "") -> dict[str, Any]:
        key = key or self.fresh()
        return {
            "key": key,
            "digest": digest(["custody", person.number]),
            "case": key.split("/")[0],
            "document": "id-card",
            "number": person.number,
            "nonce": "cd" * 16,
        }

    def application(self, person: SyntheticPerson, ground: str, order: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "number": person.number,
            "ground": ground,
            "portrait": self.blob(b"portrait"),
            "portrait_review": False,
            "fingers": [[11, self.blob(b"finger")]],
            "missing_fingers": [],
            "phone": "13800000000",
            "collect_site": "kiosk-0001",
            "signature": self.blob(b"signature"),
            "order": order["number"],
            **more,
        }

    def decided(self, person: SyntheticPerson, violation: dict[str, Any]) -> dict[str, Any]:
        rights = self.look_up("rights-for", person, record=violation["record"])
        return {
            "number": person.number,
            "record": violation["record"],
            "points_told": violation["points"],
            "fine_told_fen": violation["fine"]["fen"],
            "rights_text": rights["rights"]["text"],
            "signature": self.blob(b"signature"),
        }

    def violations(self, person: SyntheticPerson) -> list[dict[str, Any]]:
        return [
            v for c in self.look_up("vehicles-of", person) for v in self.look_up("violations-of", person, vehicle=c)
        ]

    def ledger(self) -> dict[str, Any]:
        with transaction(self.headquarters.engine) as db:
            return ledger(db)

    def documents(self) -> list[dict[str, Any]]:
        with transaction(self.headquarters.engine) as db:
            return documents(db)

    def case(self, number: str) -> dict[str, Any]:
        with transaction(self.headquarters.engine) as db:
            (case,) = [c for c in cases(db) if c["number"] == number]
        return case

    def place(self, item: str) -> str:
        (place,) = [d["place"] for d in self.documents() if d["id"] == item]
        return place


class Filled:
    """Offices that begin as one that was filled once, one at a time.

    All of them speak through one engine, so that every statement is compiled once; only its file changes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = Path()
        self._engine = open_database(sqlite_url(folder / "central.sqlite3"))
        event.listen(self._engine, "do_connect", self._connect)
        Office(folder).close()

    def _connect(self, _dialect: Any, _record: Any, words: list[Any], _options: Any) -> None:
        words[0] = str(self._file)

    def office(self, folder: Path, **options: Any) -> Office:
        """The one before must be closed."""
        self.copy(folder)
        self._engine.dispose()
        self._file = folder / "central.sqlite3"
        return Office(folder, engine=self._engine, **options)

    def copy(self, folder: Path) -> None:
        """Its files, for whoever opens them otherwise."""
        shutil.copytree(self._folder, folder)


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Every call in a thread of its own, begun together; what they returned, in order."""
    start = threading.Barrier(len(calls))

    def call(act: Callable[[], T]) -> T:
        _ = start.wait(10)
        return act()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result(60) for one in [pool.submit(call, act) for act in calls]]


def someone(situation: Situation, nth: int = 0) -> SyntheticPerson:
    return PEOPLE.find(situation, nth)


def token_of(office: Office, *roles: Role, days: int = 90) -> str:
    """A token of somebody of these roles, who is made where there is nobody of the name yet."""
    name = "tool-" + "-".join(sorted(role.value[:3] for role in roles))

    def made(desk: Desk) -> str:
        if desk.db.get(ConsoleUser, name) is None:
            desk.db.add(
                ConsoleUser(name=name, shown=name, roles=",".join(roles), password="", secret="", made_at=desk.now)
            )
            desk.db.flush()
        return tokens.give(desk.db, desk.now, desk.ids, name, "a tool", frozenset(roles), days).token

    return office.headquarters.by_a_person(made)
