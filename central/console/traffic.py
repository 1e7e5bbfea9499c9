"""What whoever checks a paper of the traffic desk is told: what it must say, and nobody's name."""

from __future__ import annotations

from central.desks.desk import BEIJING, Desk
from central.model_traffic import TrafficCase


def mark_facts(desk: Desk, case: TrafficCase) -> tuple[tuple[str, str], ...]:
    """机动车检验合格标志: the plate is on every road, and is what the mark is compared with."""
    return (
        ("文书", "机动车检验合格标志"),
        ("号牌号码", f"{case.plate[:2]}·{case.plate[2:]}"),
        ("检验有效期至", f"{case.valid_to:%Y-%m-%d}"),
        ("核发日期", f"{case.applied_at.astimezone(BEIJING):%Y-%m-%d}"),
        ("机关", desk.tables.authority["traffic"]),
    )
