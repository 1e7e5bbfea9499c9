"""How a set reaches the fleet: a few first, more when those are well, nobody further when they are not. Pure values.

one -> 1 % -> 10 % -> 50 % -> all. A stage ends well when enough of its terminals have the set in force, and badly
when too many refused it or took it back, or when its deadline passed without enough good ones: silence neither
counts as good nor holds a stage for ever. Between stages a second person may have to say yes.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction


class Gate(enum.Enum):
    """What stands before a stage."""

    OPEN = "open"
    SECOND_PERSON = "second-person"


@dataclass(frozen=True, slots=True)
class Rest:
    """What is waited for once the terminals have the set: so many visits by citizens, or so much time."""

    visits: int = 0
    time: timedelta = timedelta(0)


RISE = Fraction(1, 5)
"""So much more of the visits than before may go wrong (P: a proposal of 2026-11-23)."""
FEWEST = 5
"""Fewer visits gone wrong are no rise: at night one person who leaves is half of all (P)."""
UNKNOWN_BEFORE = Fraction(1, 2)
"""The share taken for terminals that nobody visited in the week before (P)."""


@dataclass(frozen=True, slots=True)
class Visited:
    """Visits to a stage's terminals since the stage began and in the week before, and how many of them went wrong."""

    visits: int = 0
    wrong: int = 0
    visits_before: int = 0
    wrong_before: int = 0

    @property
    def risen(self) -> bool:
        """Whether more goes wrong than before."""
        if self.wrong < FEWEST:
            return False
        before = Fraction(self.wrong_before, self.visits_before) if self.visits_before else UNKNOWN_BEFORE
        return Fraction(self.wrong, self.visits) > before + RISE


@dataclass(frozen=True, slots=True)
class Stage:
    """`upto`: the share of the fleet that has the set when this stage is done; at least one terminal.

    `success` and `error` are shares of the stage's own terminals. `early`: never two of one hall. `rest` is what is
    waited for before the next stage, so that citizens have met the set; more visits going wrong than before stop it.
    """

    upto: Fraction
    success: Fraction
    error: Fraction
    deadline: timedelta
    gate: Gate = Gate.OPEN
    early: bool = True
    rest: Rest = Rest()


def _hours(hours: int) -> timedelta:
    return timedelta(hours=hours)


def _rest(visits: int, hours: int) -> Rest:
    return Rest(visits, _hours(hours))


# How many visits and hours is a proposal of 2026-11-23 (P): some of a day's visits to the terminals of a stage,
# or its deadline where nobody comes.
PLAN = (
    Stage(Fraction(0), Fraction(1), Fraction(1), _hours(1), rest=_rest(20, 2)),
    Stage(Fraction(1, 100), Fraction(9, 10), Fraction(1, 10), _hours(4), Gate.SECOND_PERSON, rest=_rest(60, 4)),
    Stage(Fraction(1, 10), Fraction(9, 10), Fraction(1, 20), _hours(12), rest=_rest(200, 12)),
    Stage(Fraction(1, 2), Fraction(9, 10), Fraction(1, 20), _hours(24), early=False, rest=_rest(1000, 24)),
    Stage(Fraction(1), Fraction(9, 10), Fraction(1, 20), timedelta(hours=72), Gate.SECOND_PERSON, early=False),
)


class Outcome(enum.Enum):
    """What a terminal said of the set. FAILED: refused, or taken back."""

    IN_FORCE = "in-force"
    FAILED = "failed"


class Progress(enum.Enum):
    """Where the rollout stands. Only while RUNNING is a terminal given the set that has not got it yet."""

    RUNNING = "running"
    WAITING = "waiting"
    """for a second person, before the next stage"""
    PAUSED = "paused"
    """by a person"""
    HALTED = "halted"
    """by its own thresholds"""
    DONE = "done"
    REVERTED = "reverted"


@dataclass(frozen=True, slots=True)
class Counts:
    """How a stage stands: so many of its terminals have the set, so many could not keep it."""

    good: int
    bad: int
    of: int
    visited: Visited = Visited()


class NotAllowed(Exception):
    """That is not possible now, or not for this person; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """`members` are the terminals of each stage of `plan`; `at` is the stage under way, since when `since`."""

    set: int
    plan: tuple[Stage, ...]
    members: tuple[tuple[str, ...], ...]
    by: str
    since: datetime
    at: int = 0
    progress: Progress = Progress.RUNNING
    outcomes: Mapping[str, Outcome] = field(default_factory=dict[str, Outcome])
    why: str = ""

    def gives(self, terminal: str) -> bool:
        """Whether a terminal is to have the set now: it has it, or its stage has come and nothing holds it.

        Who joined the fleet later belongs to the last stage; so does who missed the whole rollout, once it is done.
        """
        outcome = self.outcomes.get(terminal)
        if outcome is not None:
            return outcome is Outcome.IN_FORCE and self.progress is not Progress.REVERTED
        match self.progress:
            case Progress.RUNNING:
                return self.come(terminal)
            case Progress.DONE:
                return True
            case _:
                return False

    def joined(self, terminal: str) -> Rollout:
        """With a terminal that joined the fleet after it began."""
        if any(terminal in stage for stage in self.members):
            return self
        return replace(self, members=(*self.members[:-1], (*self.members[-1], terminal)))

    def come(self, terminal: str) -> bool:
        """Whether this terminal's stage is under way or past."""
        if any(terminal in stage for stage in self.members[: self.at + 1]):
            return True
        return self.at + 1 == len(self.plan) and not any(terminal in stage for stage in self.members)

    def reported(self, terminal: str, outcome: Outcome, now: datetime) -> Rollout:
        """A terminal told how it ended there. Its first word in a stage that has come counts, later ones do too: a
        terminal that took a set back after all is no good one any more."""
        if not self.come(terminal):
            return self
        return replace(self, outcomes={**self.outcomes, terminal: outcome}).at_time(now)

    def at_time(self, now: datetime, visited: Visited = Visited()) -> Rollout:
        """What time and reports bring about: stages that are done, thresholds, deadlines.

        `visited` is about the stage under way; to those that begin now nobody has come yet.
        """
        rollout = self
        while rollout.progress is Progress.RUNNING:
            following = rollout._judged(now, visited)
            if following is rollout:
                break
            rollout, visited = following, Visited()
        return rollout

    def paused(self, by: str) -> Rollout:
        """Anybody may stop it."""
        if self.progress not in (Progress.RUNNING, Progress.WAITING):
            raise NotAllowed(f"it is {self.progress.value}")
        return replace(self, progress=Progress.PAUSED, why=f"paused by {by}")

    def resumed(self, by: str, now: datetime) -> Rollout:
        """Go on: after a pause, a halt or before a gated stage. Who began it does not say yes to it.

        The stage's deadline begins anew; of a halted stage the failures are looked past, as that person decided.
        """
        if self.progress not in (Progress.PAUSED, Progress.WAITING, Progress.HALTED):
            raise NotAllowed(f"it is {self.progress.value}")
        if by == self.by:
            raise NotAllowed("a second person has to say yes")
        if self.progress is Progress.HALTED:
            return self._next(now)
        return replace(self, progress=Progress.RUNNING, since=now, why="").at_time(now)

    def reverted(self) -> Rollout:
        """Nobody is to have this set any more; what they are to have instead is another, newer set."""
        if self.progress is Progress.REVERTED:
            raise NotAllowed("it is reverted")
        return replace(self, progress=Progress.REVERTED, why="")

    def judged(self, stands: Counts, now: datetime) -> Rollout:
        """What becomes of it when the stage under way stands so; itself where nothing does."""
        stage = self.plan[self.at]
        if stands.bad and stands.bad >= stage.error * stands.of:
            return replace(self, progress=Progress.HALTED, why=f"{stands.bad} of {stands.of} could not keep it")
        if stands.visited.risen:
            seen = stands.visited
            told = (
                f"{seen.wrong} of {seen.visits} visits went wrong, before {seen.wrong_before} of {seen.visits_before}"
            )
            return replace(self, progress=Progress.HALTED, why=told)
        enough = stands.good >= stage.success * stands.of
        over = now - self.since >= stage.deadline
        if enough and (over or stands.good + stands.bad == stands.of):
            rested = stands.visited.visits >= stage.rest.visits or now - self.since >= stage.rest.time
            return self._next(now) if rested or not stands.of else self
        if over:
            return replace(self, progress=Progress.HALTED, why=f"only {stands.good} of {stands.of} in time")
        return self

    def _judged(self, now: datetime, visited: Visited) -> Rollout:
        members = self.members[self.at]
        good = sum(self.outcomes.get(each) is Outcome.IN_FORCE for each in members)
        bad = sum(self.outcomes.get(each) is Outcome.FAILED for each in members)
        return self.judged(Counts(good, bad, len(members), visited), now)

    def _next(self, now: datetime) -> Rollout:
        if self.at + 1 == len(self.plan):
            return replace(self, progress=Progress.DONE, why="")
        gate = self.plan[self.at + 1].gate
        # A stage with nobody in it needs nobody's yes.
        waits = gate is Gate.SECOND_PERSON and bool(self.members[self.at + 1])
        progress = Progress.WAITING if waits else Progress.RUNNING
        return replace(self, at=self.at + 1, progress=progress, since=now, why="")


def begin(number: int, halls: Mapping[str, str], by: str, now: datetime, plan: tuple[Stage, ...] = PLAN) -> Rollout:
    """A rollout of a set to these terminals (name -> hall)."""
    return Rollout(number, plan, allotted(number, halls, plan), by, now).at_time(now)


def allotted(number: int, halls: Mapping[str, str], plan: tuple[Stage, ...]) -> tuple[tuple[str, ...], ...]:
    """Who comes when: in an order that is another for each set, so that it is not always the same who come first.

    An early stage takes at most one terminal of a hall; where halls are few it stays smaller than its share.
    """

    def lot(terminal: str) -> str:
        return hashlib.sha256(f"{number}/{terminal}".encode()).hexdigest()

    left = sorted(halls, key=lot)
    stages: list[tuple[str, ...]] = []
    had = 0
    for stage in plan:
        wanted = max(1, -(-stage.upto.numerator * len(halls) // stage.upto.denominator)) - had
        taken: list[str] = []
        for terminal in left:
            if len(taken) >= wanted:
                break
            if not stage.early or halls[terminal] not in [halls[each] for each in taken]:
                taken.append(terminal)
        left = [terminal for terminal in left if terminal not in taken]
        had += len(taken)
        stages.append(tuple(taken))
    return tuple(stages)
