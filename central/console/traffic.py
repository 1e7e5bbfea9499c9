"""What whoever checks a paper of the traffic desk is told: what it must say, and nobody's name."""

from __future__ import annotations

from central.desks.desk import BEIJING, Desk
from central.model_medical import DriverExam
from central.model_plates import PlateCase, PlateState
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


def exam_facts(desk: Desk, number: str) -> tuple[tuple[str, str], ...]:
    """自助体检采集记录: when it was taken and who judges it, and not a word of what was measured."""
    exam = desk.db.get(DriverExam, number)
    if exam is None:
        return ()
    return (
        ("文书", "驾驶人自助体检采集记录（不是身体条件证明）"),
        ("采集日期", f"{exam.taken_at.astimezone(BEIJING):%Y-%m-%d}"),
        ("体检机构", desk.tables.desks["medical"].name),
    )


def plate_facts(desk: Desk, number: str) -> tuple[tuple[str, str], ...]:
    """临时行驶车号牌; none where it is no plate of ours."""
    case = desk.db.get(PlateCase, number)
    if case is None or case.state in (PlateState.VOID, PlateState.AWAITING_PAYMENT):
        return ()
    return (
        ("文书", "临时行驶车号牌"),
        ("号牌号码", case.plate),
        ("有效期至", f"{case.valid_to:%Y-%m-%d}"),
        ("机关", desk.tables.authority["traffic"]),
    )
