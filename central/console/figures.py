"""Figures of visits: how many in each hour, how many succeeded, how long, and why the others did not."""

from __future__ import annotations

import csv
import io
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from central.desks.desk import BEIJING, Desk
from central.model_watch import FINISHED, Visit


def finished(ending: str) -> bool:
    """Whether the citizen got what they came for, by the word of the terminal's chain."""
    return ending in FINISHED


@dataclass(frozen=True, slots=True)
class Service:
    """One service's visits; `median` and `ninth` decile in seconds, None without a measured visit."""

    code: str
    visits: int
    succeeded: int
    median: int | None
    ninth: int | None

    @property
    def share(self) -> int:
        """Percent that succeeded."""
        return round(100 * self.succeeded / self.visits) if self.visits else 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, in its units: where it stands, how high, how much of it succeeded."""

    label: str
    x: float
    total: int
    good: int
    height: float
    good_height: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything a report shows of a span of days, both included."""

    first: date
    last: date
    terminal: str
    visits: int
    succeeded: int
    services: tuple[Service, ...]
    reasons: tuple[tuple[str, str, str, int], ...]
    """Service, ending and topic of what did not succeed, how often; most often first."""
    hours: tuple[Bar, ...]
    highest: int

    @property
    def share(self) -> int:
        """Percent that succeeded."""
        return round(100 * self.succeeded / self.visits) if self.visits else 0


CHART_HEIGHT, CHART_STEP = 140.0, 30.0
"""Of a chart, in the units of its viewBox."""


def visits_of(desk: Desk, first: date, last: date, terminal: str) -> Sequence[Visit]:
    """The visits that ended on these days in Beijing, in order."""
    query = select(Visit).where(
        Visit.ended_at >= datetime.combine(first, time(), BEIJING),
        Visit.ended_at < datetime.combine(last + timedelta(days=1), time(), BEIJING),
    )
    if terminal:
        query = query.where(Visit.terminal == terminal)
    return desk.db.scalars(query.order_by(Visit.ended_at, Visit.terminal, Visit.row)).all()


def figures(desk: Desk, first: date, last: date, terminal: str) -> Figures:
    """Counted."""
    rows = visits_of(desk, first, last, terminal)
    by_service: dict[str, list[Visit]] = {}
    for row in rows:
        by_service.setdefault(row.service, []).append(row)
    reasons = Counter((row.service, row.ending, row.topic) for row in rows if not finished(row.ending))
    total = Counter(row.ended_at.astimezone(BEIJING).hour for row in rows)
    good = Counter(row.ended_at.astimezone(BEIJING).hour for row in rows if finished(row.ending))
    highest = max([*total.values(), 1])
    return Figures(
        first=first,
        last=last,
        terminal=terminal,
        visits=len(rows),
        succeeded=sum(finished(row.ending) for row in rows),
        services=tuple(_service(code, of) for code, of in sorted(by_service.items())),
        reasons=tuple((*key, times) for key, times in reasons.most_common(20)),
        hours=tuple(
            Bar(
                f"{hour:02d}",
                hour * CHART_STEP,
                total[hour],
                good[hour],
                CHART_HEIGHT * total[hour] / highest,
                CHART_HEIGHT * good[hour] / highest,
            )
            for hour in range(24)
        ),
        highest=highest,
    )


def _service(code: str, rows: Sequence[Visit]) -> Service:
    times = sorted(row.seconds for row in rows if row.seconds and finished(row.ending))
    ninth = (
        statistics.quantiles(times, n=10, method="inclusive")[-1] if len(times) > 1 else (times[0] if times else None)
    )
    return Service(
        code=code,
        visits=len(rows),
        succeeded=sum(finished(row.ending) for row in rows),
        median=round(statistics.median(times)) if times else None,
        ninth=None if ninth is None else round(ninth),
    )


def as_csv(rows: Sequence[Visit]) -> bytes:
    """One line a visit, nobody's name; UTF-8 with a mark, so that a spreadsheet reads it as such."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["ended_at", "terminal", "service", "ending", "topic", "seconds"])
    for row in rows:
        at = row.ended_at.astimezone(BEIJING).isoformat(timespec="seconds")
        cells = [at, row.terminal, row.service, row.ending, row.topic, row.seconds]
        writer.writerow([_harmless(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula is none (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
