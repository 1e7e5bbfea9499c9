"""What a program shows in somebody's place: a token with some of their roles, for some time.

A token is 256 random bits behind its number; the books keep its SHA-256, which is enough for what nobody can guess.
It lets in for as long as its person may come in, and for no role that they do not hold any more. It is given and
revoked at headquarters' own command line; pages that change anything take none.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from central.console.record import record
from central.console.rights import May, rights
from central.desks.desk import BEIJING
from central.model_console import ConsoleToken, ConsoleUser, Role
from central.ports import Ids
from central.problems import Declined, unknown

LONGEST_DAYS = 366
USUAL_DAYS = 90
_LONGEST_PURPOSE = 60
_SCHEME = "bearer"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class NewToken:
    """What is told once."""

    number: str
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose token was shown, and what it lets a program do."""

    number: str
    user: str
    rights: frozenset[May]
    noted: bool
    """Whether its use today is in the books."""


def give(
    db: Session, now: datetime, ids: Ids, user: str, purpose: str, roles: frozenset[Role], days: int
) -> NewToken:
    """A token in somebody's place. Raises Declined: 404, or 422 "roles", "text" or "name"."""
    row = db.get(ConsoleUser, user)
    if row is None or row.disabled:
        raise unknown("user")
    if not roles or not roles <= row.held:
        raise Declined(422, "roles", "at least one role, and only those that this person has")
    if not 1 <= days <= LONGEST_DAYS:
        raise Declined(422, "text", f"a token holds for 1 to {LONGEST_DAYS} days")
    if not 0 < len(purpose) <= _LONGEST_PURPOSE:
        raise Declined(422, "text", f"what it is for, in at most {_LONGEST_PURPOSE} characters")
    number, secret = "T" + ids.nonce()[:12], ids.key().hex()
    expires = now + timedelta(days=days)
    db.add(
        ConsoleToken(
            number=number,
            digest=_digest(secret),
            user=user,
            purpose=purpose,
            roles=",".join(sorted(roles)),
            made_at=now,
            expires_at=expires,
        )
    )
    record(db, now, "", "token-given", number, f"{user}: {purpose}")
    return NewToken(number, f"{number}.{secret}", expires)


def bearer(db: Session, now: datetime, header: str) -> Bearer | None:
    """Who shows a token in an Authorization header (RFC 6750, 2.1), where it lets in now. Writes nothing."""
    number, secret = _halves(header)
    row = db.get(ConsoleToken, number) if number else None
    if row is None or not hmac.compare_digest(row.digest, _digest(secret)) or not holds(row, now):
        return None
    user = db.get(ConsoleUser, row.user)
    if user is None or user.disabled:
        return None
    return Bearer(number, row.user, rights(row.held & user.held), _day(row.used_at) == _day(now))


def number_of(db: Session, header: str) -> str:
    """The number of the token that an Authorization header names, where it was ever given; else ""."""
    number, _ = _halves(header)
    return number if number and db.get(ConsoleToken, number) is not None else ""


def note_use(db: Session, now: datetime, shown: Bearer) -> None:
    """It was used today: the first use of a day is on record, as a person's coming in is."""
    row = db.get(ConsoleToken, shown.number, with_for_update=True)
    if row is not None and _day(row.used_at) != _day(now):
        row.used_at = now
        record(db, now, shown.user, "token-used", shown.number)


def revoke(db: Session, now: datetime, by: str, number: str) -> None:
    """It lets nobody in any more. Raises Declined 404."""
    row = db.get(ConsoleToken, number)
    if row is None:
        raise unknown("token")
    if row.revoked_at is None:
        row.revoked_at = now
        record(db, now, by, "token-revoked", number)


def revoke_all(db: Session, now: datetime, user: str) -> None:
    """Every one of somebody's."""
    living = ConsoleToken.user == user, ConsoleToken.revoked_at.is_(None)
    _ = db.execute(update(ConsoleToken).where(*living).values(revoked_at=now))


def tokens(db: Session) -> list[ConsoleToken]:
    """All that were ever given, the newest first."""
    return list(db.scalars(select(ConsoleToken).order_by(ConsoleToken.made_at.desc(), ConsoleToken.number)))


def holds(row: ConsoleToken, now: datetime) -> bool:
    """Whether it lets in now, as far as it is its own."""
    return row.revoked_at is None and now < row.expires_at


def _halves(header: str) -> tuple[str, str]:
    """Number and secret of a token; the number "" where there is none."""
    scheme, _, token = header[:_LONGEST].partition(" ")
    number, _, secret = token.strip().partition(".")
    plain = scheme.lower() == _SCHEME and number.isascii() and number.isalnum()
    return number if plain else "", secret


def _day(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(BEIJING):%Y-%m-%d}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
