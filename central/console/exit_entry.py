"""What whoever checks a paper of the exit-entry desk is told: what it must say, and nobody's name."""

from __future__ import annotations

from central.desks.desk import BEIJING, Desk
from central.model import CardState
from central.model_exit_entry import CrossingQuery, EndorsementCase, TravelCase


def exit_entry_facts(desk: Desk, number: str) -> tuple[tuple[str, str], ...]:
    """The facts of a paper of that number; none where it is no paper of this desk."""
    query = desk.db.get(CrossingQuery, number)
    if query is not None:
        return (
            ("文书", "出入境记录查询结果"),
            ("查询日期", f"{query.asked_at.astimezone(BEIJING):%Y-%m-%d}"),
            ("查询期间", f"{query.first.isoformat()} 至 {query.last.isoformat()}"),
            ("记录条数", str(len(query.lines.splitlines()))),
            ("机关", query.authority),
        )
    request = desk.db.get(EndorsementCase, number)
    if request is not None:
        return (
            ("文书", "签注凭条"),
            ("受理日期", f"{request.asked_at.astimezone(BEIJING):%Y-%m-%d}"),
        )
    case = desk.db.get(TravelCase, number)
    if case is None or case.state is CardState.VOID:
        return ()
    return (
        ("文书", "出入境证件受理回执"),
        ("受理日期", f"{case.applied_at.astimezone(BEIJING):%Y-%m-%d}"),
        ("缴费", "未缴" if case.state is CardState.AWAITING_PAYMENT else "已缴"),
        ("领取地点", desk.tables.sites[case.site].name),
    )
