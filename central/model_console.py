"""Headquarters' tables of the people who look: who they are, their sessions, and the chain of what they looked at."""

from __future__ import annotations

import enum
from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from central.model import Base, Instant, words


class Role(enum.StrEnum):
    """What somebody is at headquarters. A person may be several, never both of a change's two pairs of eyes."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    CONFIGURATOR = "configurator"
    APPROVER = "approver"
    SECURITY_AUDITOR = "security-auditor"


class Stage(enum.Enum):
    """How far somebody has come in: the password was right; the code too, and a password of their own is due; in."""

    CODE = "code"
    CHANGE = "change"
    IN = "in"


class ConsoleUser(Base):
    """A person who may look. `password` is an Argon2id hash, `secret` of the codes in base32 (RFC 6238).

    `used_step` is the newest step of 30 s whose code was taken: no code is taken twice.
    """

    __tablename__ = "console_user"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    shown: Mapped[str] = mapped_column(String(60))
    roles: Mapped[str] = mapped_column(String(120))
    password: Mapped[str] = mapped_column(String(200))
    secret: Mapped[str] = mapped_column(String(64))
    used_step: Mapped[int] = mapped_column(Integer, default=0)
    to_change: Mapped[bool] = mapped_column(default=True)
    disabled: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Instant)
    last_in: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def held(self) -> frozenset[Role]:
        """The roles."""
        return frozenset(Role(word) for word in self.roles.split(",") if word)


class ConsoleTries(Base):
    """Failed tries in a row under a name, whether or not anybody has it: the answer to both is the same."""

    __tablename__ = "console_tries"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


class ConsoleSession(Base):
    """Somebody signed in with one browser; `id` is the SHA-256 of what its cookie holds."""

    __tablename__ = "console_session"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(String(40), index=True)
    stage: Mapped[Stage] = mapped_column(words(Stage))
    token: Mapped[str] = mapped_column(String(64))
    """What every form of this session carries: a page of another site cannot know it."""
    began_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class ConsoleKey(Base):
    """A security key or passkey of somebody; `id` is the credential's, base64url. `sign_count` only grows."""

    __tablename__ = "console_key"
    id: Mapped[str] = mapped_column(String(400), primary_key=True)
    user: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(40))
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class ConsoleChallenge(Base):
    """What a session's browser was asked last, in hexadecimal; gone when it is answered."""

    __tablename__ = "console_challenge"
    session: Mapped[str] = mapped_column(String(64), primary_key=True)
    challenge: Mapped[str] = mapped_column(String(64))


class ConsoleToken(Base):
    """What a program shows in somebody's place; `digest` is the SHA-256 of its secret half."""

    __tablename__ = "console_token"
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    user: Mapped[str] = mapped_column(String(40), index=True)
    purpose: Mapped[str] = mapped_column(String(60))
    roles: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def held(self) -> frozenset[Role]:
        """The roles."""
        return frozenset(Role(word) for word in self.roles.split(",") if word)


class ConsoleRecord(Base):
    """One row of the chain of what people did and looked at; rows are only ever added.

    hash = SHA-256 of (hash before, newline, text), as in a terminal's chain; before the first row stand 64 zeros.
    """

    __tablename__ = "console_record"
    row: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
