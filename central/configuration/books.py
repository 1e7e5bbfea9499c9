"""Rollouts and the repository's files as rows; what happens to them is decided in `rollout` and by signatures."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from central.configuration.rollout import PLAN, Counts, Gate, Outcome, Progress, Rollout, Stage, Visited, begin
from central.model_configuration import ConfigurationFile, RolloutRow, RolloutTerminal
from central.model_watch import FINISHED, Visit
from central.pushing.books import push
from kiosk.protocol.events import EventKind

BEFORE = timedelta(days=7)
"""Visits of so long before a stage say how much goes wrong without the set."""
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


def read(db: Session, number: int, only: str | None = None) -> Rollout | None:
    """A rollout as it is written down; None where the set has none.

    `only`: as if there were no other terminal, which is enough to know what that one is to have.
    """
    row = db.get(RolloutRow, number)
    if row is None:
        return None
    plan = PLANS[row.plan]
    one = RolloutTerminal
    wanted = select(one.terminal, one.stage, one.outcome).where(one.set_number == number).order_by(one.terminal)
    rows = db.execute(wanted if only is None else wanted.where(one.terminal == only)).all()
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


def outcome(db: Session, rollout: Rollout, terminal: str, ended: Outcome) -> None:
    """How it ended at a terminal whose turn has come. What follows for the others is found by `at_time`: of many
    reports at the same time none has to wait for another."""
    if rollout.come(terminal):
        db.get_one(RolloutTerminal, (rollout.set, terminal)).outcome = ended.value
        db.flush()


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
        # Nobody's row is looked at in full where the stage goes on as it is.
        head = read(db, number, only="")
        assert head is not None
        stands = _counts(db, head)
        if head.judged(stands, now) is head:
            continue
        rollout = read(db, number)
        assert rollout is not None
        write(db, rollout.at_time(now, stands.visited), now)


def _counts(db: Session, head: Rollout) -> Counts:
    """How the stage under way stands."""
    one = RolloutTerminal
    rows = db.execute(
        select(one.outcome, func.count())
        .where(one.set_number == head.set, one.stage == head.at)
        .group_by(one.outcome)
    )
    by_outcome = {str(outcome): int(count) for outcome, count in rows}
    return Counts(
        by_outcome.get(Outcome.IN_FORCE.value, 0),
        by_outcome.get(Outcome.FAILED.value, 0),
        sum(by_outcome.values()),
        _visited(db, head),
    )


def _visited(db: Session, head: Rollout) -> Visited:
    """Visits to the terminals of the stage under way that have the set, and before they had it."""
    one = RolloutTerminal
    with_it = select(one.terminal).where(
        one.set_number == head.set, one.stage == head.at, one.outcome == Outcome.IN_FORCE.value
    )
    wrong = func.count().filter(Visit.ending.not_in(FINISHED))

    def between(first: datetime, last: datetime | None) -> tuple[int, int]:
        counted = select(func.count(), wrong).where(Visit.terminal.in_(with_it), Visit.ended_at >= first)
        row = db.execute(counted if last is None else counted.where(Visit.ended_at < last)).one()
        return int(row[0]), int(row[1])

    return Visited(*between(head.since, None), *between(head.since - BEFORE, head.since))


def _tell(db: Session, rollout: Rollout, now: datetime) -> None:
    """Those who are to have the set and have not said anything of it may look at once."""
    members = (terminal for stage in rollout.members for terminal in stage)
    waiting = [each for each in members if each not in rollout.outcomes and rollout.gives(each)]
    push(db, EventKind.CONFIGURATION, waiting, now)


def rollouts(db: Session) -> list[int]:
    """Sets that are or were on their way, the newest first."""
    return list(db.scalars(select(RolloutRow.set_number).order_by(RolloutRow.set_number.desc())))
