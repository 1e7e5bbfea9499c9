"""What whoever checks a paper of the household desk is told: what it must say, and nobody's name."""

from __future__ import annotations

from central.desks.desk import BEIJING, Desk
from central.model_household import LossReport


def household_facts(desk: Desk, number: str) -> tuple[tuple[str, str], ...]:
    """The facts of a paper of that number; none where it is no paper of this desk."""
    report = desk.db.get(LossReport, number)
    if report is not None:
        return (
            ("文书", "居民身份证挂失申报回执"),
            ("申报日期", f"{report.reported_at.astimezone(BEIJING):%Y-%m-%d}"),
        )
    return ()
