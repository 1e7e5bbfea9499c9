"""Rollouts and the repository's files as rows; what happens to them is decided in `rollout` and by signatures."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from central.configuration.rollout import PLAN, Gate, Outcome, Progress, Rollout, Stage, begin
from central.model_configuration import ConfigurationFile, RolloutRow, RolloutTerminal
from central.pushing.books import push
from kiosk.protocol.events import EventKind

STAGED = "staged"
AT_ONCE = "at-once"
PLANS: dict[str, tuple[Stage, ...]] = {
    STAGED: PLAN,
    # For what was in force before: everybody is to have it back, and has had it.
    AT_ONCE: (Stage(Fraction(1), Fraction(9, 10), Fraction(1, 2), timedelta(hours=72), Gate.OPEN, early=False),),
}


class FileRows:
    """The repository's files in a database; written when the transaction is."""

    def __init__(self, db: Session) -> None:
        self._db = db

    def get(self, path: str) -> bytes | None:
        """A file's bytes, None where there is none."""
        row = self._db.get(ConfigurationFile, path)
        return None if row is None else row.content

    def put(self, path: str, content: bytes) -> None:
        """In place of what was there."""
        row = self._db.get(ConfigurationFile, path)
        if row is None:
            self._db.add(ConfigurationFile(path=path, content=content))
        else:
            row.content = content
        self._db.flush()


def started(db: Session, number: int, halls: dict[str, str], by: str, now: datetime, plan: str) -> Rollout:
    """A new rollout, written down."""
    rollout = begin(number, halls, by, now, PLANS[plan])
    db.add(
        RolloutRow(
            set_number=number,
            plan=plan,
            by=by,
            since=rollout.since,
            stage=rollout.at,
            progress=rollout.progress.value,
            why=rollout.why,
        )
    )
    for stage, members in enumerate(rollout.members):
        for terminal in members:
            db.add(
                RolloutTerminal(
                    set_number=number, terminal=terminal, stage=stage, outcome="", told="", why="", told_at=None
                )
            )
    db.flush()
    _tell(db, rollout, now)
    return rollout


def read(db: Session, number: int) -> Rollout | None:
    """A rollout as it is written down; None where the set has none."""
    row = db.get(RolloutRow, number)
    if row is None:
        return None
    plan = PLANS[row.plan]
    rows = db.scalars(
        select(RolloutTerminal).where(RolloutTerminal.set_number == number).order_by(RolloutTerminal.terminal)
    ).all()
    return Rollout(
        set=number,
        plan=plan,
        members=tuple(tuple(each.terminal for each in rows if each.stage == stage) for stage in range(len(plan))),
        by=row.by,
        since=row.since,
        at=row.stage,
        progress=Progress(row.progress),
        outcomes={each.terminal: Outcome(each.outcome) for each in rows if each.outcome},
        why=row.why,
    )


def joined(db: Session, rollout: Rollout, terminal: str) -> Rollout:
    """A terminal that joined the fleet later is a member of the last stage from now on."""
    later = rollout.joined(terminal)
    if later is not rollout:
        stage = len(rollout.plan) - 1
        row = RolloutTerminal(
            set_number=rollout.set, terminal=terminal, stage=stage, outcome="", told="", why="", told_at=None
        )
        db.add(row)
        db.flush()
    return later


def write(db: Session, rollout: Rollout, now: datetime) -> None:
    """What changed of a rollout that is there; those whose turn has come by it are told."""
    row = db.get_one(RolloutRow, rollout.set)
    moved = (row.stage, row.progress) != (rollout.at, rollout.progress.value)
    row.since, row.stage = rollout.since, rollout.at
    row.progress, row.why = rollout.progress.value, rollout.why
    for terminal, outcome in rollout.outcomes.items():
        db.get_one(RolloutTerminal, (rollout.set, terminal)).outcome = outcome.value
    db.flush()
    if moved:
        _tell(db, rollout, now)


def at_time(db: Session, now: datetime) -> None:
    """What time brings about in the rollouts that are under way."""
    running = select(RolloutRow.set_number).where(RolloutRow.progress == Progress.RUNNING.value)
    for number in db.scalars(running).all():
        rollout = read(db, number)
        assert rollout is not None
        later = rollout.at_time(now)
        if later != rollout:
            write(db, later, now)


def _tell(db: Session, rollout: Rollout, now: datetime) -> None:
    """Those who are to have the set and have not said anything of it may look at once."""
    members = (terminal for stage in rollout.members for terminal in stage)
    waiting = [each for each in members if each not in rollout.outcomes and rollout.gives(each)]
    push(db, EventKind.CONFIGURATION, waiting, now)


def rollouts(db: Session) -> list[int]:
    """Sets that are or were on their way, the newest first."""
    return list(db.scalars(select(RolloutRow.set_number).order_by(RolloutRow.set_number.desc())))
