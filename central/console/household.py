"""What whoever checks a paper of the household desk is told: what it must say, and nobody's name."""

from __future__ import annotations

from central.desks.desk import BEIJING, Desk
from central.model_household import CertificateRow, LossReport, RecordCase, TemporaryCard
from central.model_residence import PermitEndorsement, ResidenceCase


def household_facts(desk: Desk, number: str) -> tuple[tuple[str, str], ...]:
    """The facts of a paper of that number; none where it is no paper of this desk."""
    report = desk.db.get(LossReport, number)
    if report is not None:
        return (
            ("文书", "居民身份证挂失申报回执"),
            ("申报日期", f"{report.reported_at.astimezone(BEIJING):%Y-%m-%d}"),
        )
    certificate = desk.db.get(CertificateRow, number)
    if certificate is not None:
        return (
            ("文书", desk.tables.certificates[certificate.kind].title),
            ("出具日期", f"{certificate.issued_at.astimezone(BEIJING):%Y-%m-%d}"),
            ("用途", certificate.purpose),
            ("机关", certificate.authority),
        )
    temporary = desk.db.get(TemporaryCard, number)
    if temporary is not None:
        return (
            ("文书", "临时居民身份证领取单"),
            ("受理日期", f"{temporary.applied_at.astimezone(BEIJING):%Y-%m-%d}"),
        )
    residence = desk.db.get(ResidenceCase, number)
    if residence is not None:
        return (
            ("文书", "居住登记/居住证受理回执"),
            ("受理日期", f"{residence.applied_at.astimezone(BEIJING):%Y-%m-%d}"),
        )
    endorsed = desk.db.get(PermitEndorsement, number)
    if endorsed is not None:
        return (
            ("文书", "居住证签注凭条"),
            ("签注日期", f"{endorsed.endorsed_at.astimezone(BEIJING):%Y-%m-%d}"),
            ("签注至", endorsed.until.isoformat()),
        )
    case = desk.db.get(RecordCase, number)
    if case is not None:
        return (
            ("文书", "无犯罪记录证明受理回执"),
            ("受理日期", f"{case.asked_at.astimezone(BEIJING):%Y-%m-%d}"),
        )
    return ()
