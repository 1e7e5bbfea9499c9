"""Headquarters as one object: routes a request to its desk inside a transaction.

`exchange` is what a terminal's request comes to, and `people` what a browser's comes to. HTTP calls them from its
routes, simulation calls them in process under the virtual clock: the same code path, without sockets or threads.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from cryptography.x509 import Certificate
from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from central import model_command, model_console, model_enrolment, model_help, model_push, model_watch
from central.agencies import sandbox_model
from central.agencies.contract import Agency, AgencyFailed, FaceMatching, Fault
from central.agencies.exit_entry_sandbox import SandboxExitEntry
from central.agencies.faces import SandboxFaceMatching, load_dlib
from central.agencies.household_sandbox import (
    SandboxCriminalRecords,
    SandboxHouseholdRegister,
    SandboxTemporaryCardWorks,
)
from central.agencies.medical_sandbox import SandboxMedicalExams
from central.agencies.new_vehicles_sandbox import SandboxNewVehicles
from central.agencies.residence_sandbox import SandboxNameRegister, SandboxResidenceRegister
from central.agencies.sandbox import (
    Gate,
    SandboxFingerMatching,
    SandboxMedical,
    SandboxNotification,
    SandboxPaymentProvider,
    SandboxPopulationLibrary,
    SandboxProductionWorks,
    SandboxRefunds,
    SandboxTraffic,
)
from central.agencies.seed import seed
from central.blobs import Blobs
from central.console.routes import PEOPLE
from central.cupboards import CupboardFailed, open_cupboard
from central.database import alone, clashed, looking, migrate, open_database, transaction
from central.demonstration import Shown
from central.desks.desk import Agencies, Desk, masked_phone
from central.desks.hour import look_at_the_clock
from central.desks.lookups import faulty_fields
from central.duties import Alone, Duties
from central.fleet.authority import Authority
from central.fleet.enrolling import suspect
from central.fleet.roll import Enrolled, Nonces, enrolled, enter_made, used_already
from central.limits import BODY_LIMIT, CLASH_PAUSE_SECONDS, CLASH_TRIES, TICK_SECONDS, TWIN_TRIES
from central.model import Setting
from central.paging import Cursors
from central.partitions import make_months
from central.ports import Clock, Ids, Pause
from central.problems import Declined, problem
from central.routes import TERMINALS, Answer, Office, Routes
from central.signing import GrantSigner, Unsealing
from central.tables import Tables, load_tables
from kiosk.people.synthetic import PopulationKey
from kiosk.protocol.records import fresh_key_file

__all__ = ["FACES", "Answer", "Headquarters"]

_ = sandbox_model, model_command, model_console, model_enrolment, model_help, model_push, model_watch

T = TypeVar("T")

_LOG = logging.getLogger(__name__)

FACES = Path(__file__).resolve().parent.parent / "assets" / "simulation" / "faces"
"""The drawn cast, in a checkout."""

_GRANT_KEY = "grant-key"
_SEAL_KEY = "seal-key"
_STATUS = {Fault.DOWN: 503, Fault.SLOW: 504, Fault.ERROR_500: 502, Fault.GARBAGE: 502}


@dataclass(slots=True)
class _Counted:
    delay: float = 0.0


class Headquarters:
    """One database, one clock; any number of callers.

    `database` is SQLAlchemy's URL, or an engine of `open_database`; `state` is this server's folder; `blobs` is the
    folder or s3://BUCKET/PREFIX of pictures and signatures, which servers of one database share, by default in
    `state`; `key` names the synthetic people of a first start; `pause` lets the delays of slow agencies pass, after
    the transaction and before the reply; `people_url` stands in payment codes and on papers; `faces` compares faces,
    by default the sandbox with its drawn cast; `duties` says whether this process looks at the clock, by default it
    does; `seal_key` makes, once for a database, the key file that opens what terminals sealed without a line.
    """

    def __init__(
        self,
        database: str | Engine,
        clock: Clock,
        ids: Ids,
        *,
        state: Path,
        key: PopulationKey,
        pause: Pause,
        people_url: str = "https://headquarters.invalid",
        faces: FaceMatching | None = None,
        blobs: str | Path | None = None,
        duties: Duties | None = None,
        authority: Authority | None = None,
        seal_key: Callable[[], str] = fresh_key_file,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._pause = pause
        self._authority = authority
        self.people_url = people_url
        self._shown = Shown(load_tables(), state)
        self.blobs = Blobs(open_cupboard(state / "blobs" if blobs is None else blobs))
        self._faces = faces if faces is not None else SandboxFaceMatching(FACES, load_dlib)
        self.engine = open_database(database) if isinstance(database, str) else database
        with alone(self.engine):
            migrate(self.engine)
            _ = make_months(self.engine, clock.now())
            with transaction(self.engine) as db:
                row = db.get(Setting, _GRANT_KEY)
                if row is None:
                    row = Setting(name=_GRANT_KEY, value=ids.key().hex())
                    db.add(row)
                self.signer = GrantSigner(bytes.fromhex(row.value))
                sealing = db.get(Setting, _SEAL_KEY)
                if sealing is None:
                    sealing = Setting(name=_SEAL_KEY, value=seal_key())
                    db.add(sealing)
                self.unsealing = Unsealing(sealing.value)
                self.nonces = Nonces.of(db, ids)
                self.cursors = Cursors(self.nonces.another("cursors"))
                seed(db, key, self.tables)
        self.duties: Duties = duties if duties is not None else Alone()
        self._looked_at: datetime | None = None

    @property
    def tables(self) -> Tables:
        """Law, fees, places, terminals, as they stand now."""
        return self._shown.tables

    def close(self) -> None:
        """Let the duties and the database go."""
        self.duties.close()
        self.engine.dispose()

    def exchange(self, terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """A request of a terminal known by its certificate: HTTP status and body. Never raises for what is asked."""
        answer = self.answer(terminal, method, path, body)
        return answer.status, answer.body

    def answer(self, terminal: str, method: str, path: str, body: bytes) -> Answer:
        """As `exchange`, with the media type."""
        if terminal not in self.tables.terminals:
            return _problem(403, "terminal", "no terminal of this name")
        return self._serve(TERMINALS, terminal, method, path, body)

    def people(self, method: str, path: str, body: bytes) -> Answer:
        """A request of a browser or of the sandbox's operator."""
        return self._serve(PEOPLE, "", method, path, body)

    def by_a_person(self, act: Callable[[Desk], T]) -> T:
        """What somebody of the staff does on the books, in one transaction. Raises what `act` raises."""

        def once() -> T:
            with self._desk("", _Counted()) as desk:
                return act(desk)

        return self._repeated(once)

    def looked_at(self, act: Callable[[Desk], T]) -> T:
        """What `act` reads, which waits for no writer; each of its questions sees its own moment, and it writes
        nothing. Raises what `act` raises.
        """
        with self._desk("", _Counted(), looking(self.engine)) as desk:
            return act(desk)

    def enrolled(self, fingerprint: str) -> Enrolled | None:
        """Whose certificate it is now; None for one that lets nobody in. Raises OperationalError, PoolExhausted."""

        with transaction(looking(self.engine)) as db:
            known = used_already(db, fingerprint, self._clock.now())
        if known is not None:
            return known

        def look() -> Enrolled | None:
            with transaction(self.engine) as db:
                return enrolled(db, fingerprint, self._clock.now())

        return self._repeated(look)

    def enter_made(self, made: Sequence[tuple[str, Certificate]]) -> None:
        """Certificates that a sandbox made for terminals of its own come on the roll."""

        def enter() -> None:
            with transaction(self.engine) as db:
                for terminal, certificate in made:
                    enter_made(db, terminal, certificate, self._clock.now())

        self._repeated(enter)

    def suspect(self, fingerprint: str) -> None:
        """Somebody who may not showed this certificate."""
        self.by_a_person(partial(suspect, fingerprint=fingerprint))

    def look_at_the_clock(self) -> None:
        """What is due by now happens. Whoever has the duties does it before requests too, at most once a second."""
        with self._desk("", _Counted()) as desk:
            look_at_the_clock(desk)

    def tick(self) -> None:
        """The same from a server's own clock, in the one process that has the duties.

        A database that does not answer now is asked at the next tick.
        """
        if not self.duties.look():
            return
        with suppress(OperationalError, PoolExhausted, IntegrityError):
            self.look_at_the_clock()

    def fault_of_headquarters(self) -> tuple[Fault, float] | None:
        """The fault commanded for this server itself, with its seconds."""
        with transaction(looking(self.engine)) as db:
            row = Gate(db, self._clock.now()).fault(Agency.HEADQUARTERS)
            return None if row is None else (Fault(row.fault), row.seconds)

    def _serve(self, routes: Routes, terminal: str, method: str, path: str, body: bytes) -> Answer:
        if len(body) > BODY_LIMIT:
            return _problem(413, "size", "this body is larger than headquarters takes")
        try:
            return self._repeated(lambda: self._try_to_serve(routes, terminal, method, path, body))
        except (DataError, OverflowError):
            # SQLite's driver says OverflowError of a number that PostgreSQL calls wrong data.
            return _problem(422, "message", "a value is more than the books can hold")
        except (IntegrityError, PoolExhausted):
            return _problem(503, "busy", "try again")
        except CupboardFailed as failed:
            _LOG.error("what holds the pictures does not answer")
            return _problem(503, "storage", str(failed))
        except OperationalError as error:
            if clashed(error):
                return _problem(503, "busy", "try again")
            # Its message may hold the database's address and what was asked: TLS that failed, a password, a socket.
            _LOG.error("the database does not answer: %s", type(error.orig or error).__name__)
            return _problem(503, "database", "the database does not answer")

    def _repeated(self, act: Callable[[], T]) -> T:
        """Done again from the beginning when it was undone because of others; the last try raises what it met."""
        tried = 0
        while True:
            tried += 1
            try:
                return act()
            except IntegrityError:
                # Another replica wrote the same key first: asked again, its answer is found.
                if tried >= TWIN_TRIES:
                    raise
            except OperationalError as error:
                if not clashed(error) or tried >= CLASH_TRIES:
                    raise
            # Apart in time, or the same requests would meet again.
            share = int(self._ids.nonce()[:4], 16) / 0xFFFF
            self._pause(CLASH_PAUSE_SECONDS * min(tried, 8) * share)

    def _try_to_serve(self, routes: Routes, terminal: str, method: str, path: str, body: bytes) -> Answer:
        counted = _Counted()
        office = Office(lambda: self._desk(terminal, counted), self._faces)
        if terminal:
            wrong = self._own_fault(counted)
            if wrong is not None:
                self._pause(counted.delay)
                return wrong
        self._look_before_a_request()
        answer = _dispatch(routes, office, method, path, body)
        if counted.delay > 0:
            self._pause(counted.delay)
        return answer

    def _look_before_a_request(self) -> None:
        now = self._clock.now()
        fresh = self._looked_at is not None and abs((now - self._looked_at).total_seconds()) < TICK_SECONDS
        if fresh or not self.duties.mine:
            return
        self._looked_at = now
        self.look_at_the_clock()

    def _own_fault(self, counted: _Counted) -> Answer | None:
        found = self.fault_of_headquarters()
        match found:
            case None:
                return None
            case Fault.SLOW, seconds:
                counted.delay += seconds
                return None
            case Fault.GARBAGE, _:
                return Answer(200, b"\x00<html>garbage", "text/html")
            case Fault.DOWN, _:
                return _problem(503, "down", "headquarters is down on command")
            case _:
                return _problem(500, "error", "headquarters fails on command")

    @contextmanager
    def _desk(self, terminal: str, counted: _Counted, engine: Engine | None = None) -> Generator[Desk]:
        with transaction(engine if engine is not None else self.engine) as db:
            gate = Gate(db, self._clock.now())
            try:
                yield Desk(
                    db=db,
                    now=gate.now,
                    ids=self._ids,
                    tables=self.tables,
                    agencies=self._agencies(gate),
                    blobs=self.blobs,
                    signer=self.signer,
                    unsealing=self.unsealing,
                    terminal=terminal,
                    people_url=self.people_url,
                    face_matching_reachable=partial(gate.pass_through, Agency.FACE_MATCHING),
                    authority=self._authority,
                )
            finally:
                counted.delay += gate.delay

    def _agencies(self, gate: Gate) -> Agencies:
        return Agencies(
            population=SandboxPopulationLibrary(gate),
            new_vehicles=SandboxNewVehicles(gate),
            household=SandboxHouseholdRegister(gate),
            temporary=SandboxTemporaryCardWorks(gate, self.tables.production_hours["temporary-card"]),
            names=SandboxNameRegister(gate),
            residence=SandboxResidenceRegister(gate, self.tables.production_hours["residence-permit"]),
            records=SandboxCriminalRecords(gate, self.tables.production_hours["record-review"]),
            traffic=SandboxTraffic(gate, self.tables.rules["fine-late-percent-per-day"]),
            exit_entry=SandboxExitEntry(
                gate, self.tables.production_hours, self.tables.rules["sandbox-approval-seconds"]
            ),
            medical=SandboxMedical(gate),
            exams=SandboxMedicalExams(
                gate, self.tables.desks["medical"].name, self.tables.production_hours["medical-exam"]
            ),
            production=SandboxProductionWorks(gate, self.tables.production_hours),
            payment=SandboxPaymentProvider(gate),
            refunds=SandboxRefunds(gate),
            notification=SandboxNotification(gate, masked_phone),
            fingers=SandboxFingerMatching(gate),
        )


def _dispatch(
    routes: Routes,
    office: Office,
    method: str,
    path: str,
    body: bytes,
) -> Answer:
    for pattern, handler in routes.get("GET" if method == "HEAD" else method, []):
        found = pattern.fullmatch(path)
        if found is None:
            continue
        try:
            return handler(office, found.groupdict(), body)
        except Declined as declined:
            return Answer.problem(declined.problem)
        except ValidationError as error:
            return _problem(422, "message", faulty_fields(error))
        except AgencyFailed as failed:
            return _problem(_STATUS[failed.fault], f"agency-{failed.fault.value}", failed.agency.value)
    methods = sorted(m for m, entries in routes.items() if any(pattern.fullmatch(path) for pattern, _ in entries))
    if methods:
        allowed = ", ".join((*methods, "HEAD") if "GET" in methods else methods)
        return Answer.problem(problem(405, "method", "another method, perhaps"), ("allow", allowed))
    return _problem(404, "unknown", "nothing here answers that")


def _problem(status: int, code: str, detail: str) -> Answer:
    return Answer.problem(problem(status, code, detail))
