"""Who may look: a name, a password of their own, a code of their telephone, and a session that ends.

Passwords are kept as Argon2id (RFC 9106, second recommended set: 64 MiB, three passes). Codes are TOTP (RFC 6238:
SHA-1, six digits, 30 s), each taken once. Whoever fails five times in a row waits, whether or not they have a name
here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from central.console.guessing import easy
from central.console.record import record
from central.console.tokens import revoke_all
from central.model import Setting
from central.model_console import ConsoleKey, ConsoleSession, ConsoleTries, ConsoleUser, Role, Stage
from central.ports import Ids
from central.problems import Declined, unknown

STEP_SECONDS = 30
TRIES = 5
LOCKED = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
"""A session nobody uses ends; what a page fetches by itself is no use."""
LONGEST = timedelta(hours=12)
"""A shift."""
FRESH = timedelta(minutes=5)
"""So long after signing in somebody may change their keys and end their sessions; later they sign in again."""
MOST_SESSIONS = 5
"""Of one person at a time; one more ends the one that was used least lately."""
CODE_WAITS = timedelta(minutes=5)
"""Between password and code."""
SHORTEST, LONGEST_PASSWORD = 12, 128
"""Of a password, in characters; no rule on which (NIST SP 800-63B-4, 3.1.1.2), but it is hard to guess."""

_KNOWN_KEY = "known-browser-key"
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_ROOM = threading.Semaphore(2)
"""Each check takes 64 MiB: so many at a time."""
_NOBODY = _HASHER.hash("nobody has this password")
"""Checked where there is no such name, so that the answer takes as long."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """What a new person is told once: the first password, to be changed, and what their telephone reads."""

    name: str
    password: str
    address: str

    def as_json(self) -> dict[str, str]:
        """For the command line."""
        return {"user": self.name, "password": self.password, "otpauth": self.address}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as pages need them."""

    name: str
    shown: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Seated:
    """A session that holds: whose, how far, and what its forms must carry."""

    id: str
    person: Person
    stage: Stage
    token: str
    began_at: datetime
    """When both factors were shown; before the code, when the password was."""

    def fresh(self, now: datetime) -> bool:
        """Whether they signed in just now: what guards the way in is changed by nobody else."""
        return self.stage is Stage.IN and now - self.began_at <= FRESH


def add_user(db: Session, now: datetime, ids: Ids, name: str, shown: str, roles: frozenset[Role]) -> NewUser:
    """A new person. Raises Declined: 409 where the name is taken, 422 where it is none or without a role."""
    if not name.isascii() or not name.replace("-", "").isalnum() or not 0 < len(name) <= 40 or name != name.lower():
        raise Declined(422, "name", "a name is made of a-z, 0-9 and hyphens, at most 40")
    if not roles:
        raise Declined(422, "roles", "at least one role")
    if {Role.CONFIGURATOR, Role.APPROVER} <= roles:
        raise Declined(422, "roles", "who configures does not approve")
    if db.get(ConsoleUser, name) is not None:
        raise Declined(409, "name", "this name is taken")
    row = ConsoleUser(
        name=name, shown=shown or name, roles=",".join(sorted(roles)), password="", secret="", made_at=now
    )
    db.add(row)
    record(db, now, "", "user-added", name, row.roles)
    return _fresh(row, ids)


def reset_user(db: Session, now: datetime, ids: Ids, name: str) -> NewUser:
    """A new password and a new secret for somebody who lost one; every session, security key and token ends."""
    row = _known(db, name)
    revoke_all(db, now, name)
    _ = db.execute(delete(ConsoleKey).where(ConsoleKey.user == name))
    row.disabled = False
    _ = db.execute(delete(ConsoleTries).where(ConsoleTries.name == name))
    end_sessions(db, name)
    record(db, now, "", "user-reset", name)
    return _fresh(row, ids)


def disable_user(db: Session, now: datetime, by: str, name: str) -> None:
    """Nobody comes in by this name any more. Their deeds stay in the record."""
    row = _known(db, name)
    revoke_all(db, now, name)
    row.disabled = True
    end_sessions(db, name)
    record(db, now, by, "user-disabled", name)


def _known(db: Session, name: str) -> ConsoleUser:
    row = db.get(ConsoleUser, name)
    if row is None:
        raise unknown("user")
    return row


def _fresh(row: ConsoleUser, ids: Ids) -> NewUser:
    password = base64.b32encode(ids.key())[:20].decode().lower()
    row.secret = base64.b32encode(ids.key()[:20]).decode()
    row.password, row.to_change, row.used_step = hashed(password), True, 0
    label = quote(f"Headquarters:{row.name}", safe=":")
    address = f"otpauth://totp/{label}?secret={row.secret}&issuer=Headquarters"
    return NewUser(row.name, password, address)


def hashed(password: str) -> str:
    """An Argon2id hash with its parameters and salt."""
    with _ROOM:
        return _HASHER.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether this password made this hash; takes the same time where there is none."""
    possible = len(password) <= LONGEST_PASSWORD
    with _ROOM:
        try:
            return _HASHER.verify(password_hash or _NOBODY, password if possible else "") and bool(password_hash)
        except (VerificationError, InvalidHashError):
            return False


def password_hash(db: Session, name: str) -> str:
    """Of somebody who may come in, or ""."""
    row = db.get(ConsoleUser, name)
    return "" if row is None or row.disabled else row.password


def known_browser(db: Session, ids: Ids, name: str) -> str:
    """What a browser keeps that this person came in with: it lets nobody in, but strangers' tries do not lock it."""
    nonce = ids.nonce()
    return f"{nonce}.{_known_mark(db, ids, name, nonce)}"


def _known_mark(db: Session, ids: Ids | None, name: str, nonce: str) -> str:
    row = db.get(Setting, _KNOWN_KEY)
    if row is None:
        if ids is None:
            return ""
        row = Setting(name=_KNOWN_KEY, value=ids.key().hex())
        db.add(row)
        db.flush()
    return hmac.new(bytes.fromhex(row.value), f"{name}\n{nonce}".encode(), hashlib.sha256).hexdigest()


def locked(db: Session, now: datetime, name: str, known: str = "") -> bool:
    """Whether nobody is let try under this name now; in a browser that is known, by what was tried there alone."""
    row = db.get(ConsoleTries, _tried(db, name, known))
    return row is not None and row.locked_until is not None and row.locked_until > now


def failed(db: Session, now: datetime, name: str, known: str = "") -> None:
    """One more failure in a row; at the fifth the name waits, or the known browser."""
    key = _tried(db, name, known)
    row = db.get(ConsoleTries, key, with_for_update=True)
    if row is None:
        row = ConsoleTries(name=key, failures=0)
        db.add(row)
    row.failures += 1
    if row.failures >= TRIES:
        row.failures, row.locked_until = 0, now + LOCKED
        record(db, now, "", "name-locked", key if key.startswith("#") else name)


def _tried(db: Session, name: str, known: str) -> str:
    """What somebody typed as a name may be their password: only its digest is kept where it is no name's form.

    Of a browser that this person came in with before, what it is known by.
    """
    nonce, _, mark = known.partition(".")
    if nonce and mark and same(mark, _known_mark(db, None, name, nonce)):
        return f"@{nonce[:32]}"
    plain = name if name.isascii() and name.replace("-", "").isalnum() and len(name) <= 40 else ""
    return plain or "#" + hashlib.sha256(name.encode()).hexdigest()[:38]


def begin(db: Session, now: datetime, ids: Ids, name: str) -> str:
    """The password was right: a session that waits for the code; what its cookie holds."""
    return _session(db, now, ids, name, Stage.CODE)


def take_code(db: Session, now: datetime, ids: Ids, seated: Seated, code: str, known: str = "") -> str | None:
    """The second factor: a new session in place of the waiting one, or None when the code is not right now."""
    name = seated.person.name
    row = db.get(ConsoleUser, name, with_for_update=True)
    step = None if row is None or row.disabled else _step(row, code, now)
    if row is None or step is None:
        failed(db, now, name, known)
        return None
    row.used_step = step
    return enter(db, now, ids, seated, known)


def enter(db: Session, now: datetime, ids: Ids, seated: Seated, known: str = "") -> str | None:
    """Both factors were right: a new session in place of the waiting one; None for whom nobody lets in any more."""
    name = seated.person.name
    row = db.get(ConsoleUser, name)
    if row is None or row.disabled:
        return None
    row.last_in = now
    _ = db.execute(delete(ConsoleTries).where(ConsoleTries.name == _tried(db, name, known)))
    _ = db.execute(delete(ConsoleSession).where(ConsoleSession.id == seated.id))
    record(db, now, name, "signed-in")
    return _session(db, now, ids, name, Stage.CHANGE if row.to_change else Stage.IN)


def _step(row: ConsoleUser, code: str, now: datetime) -> int | None:
    """The step this code is of: the one now or the one before or after, and newer than every one used."""
    totp = TOTP(base64.b32decode(row.secret), 6, SHA1(), STEP_SECONDS, enforce_key_length=False)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in (current, current - 1, current + 1):
        if step <= row.used_step:
            continue
        try:
            totp.verify(code.encode("ascii", "replace"), step * STEP_SECONDS)
        except InvalidToken:
            continue
        return step
    return None


def code_now(secret: str, at: datetime) -> str:
    """What a telephone with this secret shows."""
    totp = TOTP(base64.b32decode(secret), 6, SHA1(), STEP_SECONDS, enforce_key_length=False)
    return totp.generate(int(at.timestamp())).decode()


def wrong_password(name: str, password: str) -> str:
    """Why this is no password to choose, as a message key; "" when it is."""
    if not SHORTEST <= len(password) <= LONGEST_PASSWORD:
        return "password-length"
    if name in password.lower():
        return "password-is-name"
    return "password-easy" if easy(password, name) else ""


def change_password(db: Session, now: datetime, ids: Ids, seated: Seated, password_hash: str) -> str:
    """Their own from now on; every session of theirs ends, and what the cookie of the new one holds is returned."""
    row = _known(db, seated.person.name)
    row.password, row.to_change = password_hash, False
    end_sessions(db, row.name)
    record(db, now, row.name, "password-changed")
    return _session(db, now, ids, row.name, Stage.IN, seated.began_at)


def seated(db: Session, now: datetime, cookie: str, *, used: bool) -> Seated | None:
    """The session of a cookie, unless it ended. `used`: a person did something, which keeps it."""
    row = db.get(ConsoleSession, _digest(cookie))
    user = None if row is None else db.get(ConsoleUser, row.user)
    if row is None or user is None or user.disabled:
        return None
    waits = CODE_WAITS if row.stage is Stage.CODE else LONGEST
    if now - row.began_at > waits or now - row.seen_at > IDLE:
        db.delete(row)
        return None
    if used and now - row.seen_at > IDLE / 30:
        row.seen_at = now
    return Seated(row.id, Person(user.name, user.shown, user.held), row.stage, row.token, row.began_at)


def leave(db: Session, now: datetime, seated: Seated) -> None:
    """Signed out."""
    _ = db.execute(delete(ConsoleSession).where(ConsoleSession.id == seated.id))
    record(db, now, seated.person.name, "signed-out")


def end_sessions(db: Session, name: str) -> None:
    """Everywhere at once."""
    _ = db.execute(delete(ConsoleSession).where(ConsoleSession.user == name))


def sessions(db: Session, now: datetime, name: str) -> list[ConsoleSession]:
    """Those of somebody that hold, the newest first."""
    held = select(ConsoleSession).where(ConsoleSession.user == name, ConsoleSession.stage != Stage.CODE)
    rows = db.scalars(held.order_by(ConsoleSession.began_at.desc(), ConsoleSession.id)).all()
    return [row for row in rows if now - row.began_at <= LONGEST and now - row.seen_at <= IDLE]


def end_others(db: Session, now: datetime, seated: Seated, session: str = "") -> None:
    """Every session of theirs but this one; or the one that is named."""
    theirs = ConsoleSession.user == seated.person.name, ConsoleSession.id != seated.id
    which = (*theirs, ConsoleSession.id == session) if session else theirs
    _ = db.execute(delete(ConsoleSession).where(*which))
    record(db, now, seated.person.name, "sessions-ended")


def same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def users(db: Session) -> list[ConsoleUser]:
    """Everybody, by name."""
    return list(db.scalars(select(ConsoleUser).order_by(ConsoleUser.name)))


def _session(db: Session, now: datetime, ids: Ids, name: str, stage: Stage, began_at: datetime | None = None) -> str:
    cookie, token, began = ids.key().hex(), ids.key().hex(), now if began_at is None else began_at
    of_theirs = select(ConsoleSession).where(ConsoleSession.user == name).order_by(ConsoleSession.seen_at.desc())
    for row in db.scalars(of_theirs.offset(MOST_SESSIONS - 1)).all():
        db.delete(row)
    db.add(ConsoleSession(id=_digest(cookie), user=name, stage=stage, token=token, began_at=began, seen_at=now))
    db.flush()
    return cookie


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
