"""The exit-entry authority of the sandbox, behind the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from sqlalchemy import delete, select

from central.agencies.contract import Agency, Progress
from central.agencies.exit_entry_contract import Approval, IssuedDocument, Screening
from central.agencies.exit_entry_model import (
    SandboxCrossing,
    SandboxDocumentWorks,
    SandboxEndorsement,
    SandboxEndorsing,
    SandboxEndorsingLine,
    SandboxScreening,
    SandboxSlowReview,
    SandboxTravelDocument,
)
from central.agencies.sandbox import STAGES, Gate
from central.model import CardState
from kiosk.people.exit_entry import (
    Crossing,
    Destination,
    Direction,
    DocumentStanding,
    Endorsement,
    EndorsementKind,
    TravelDocument,
    TravelDocumentKind,
)

_BEIJING = timezone(timedelta(hours=8))
_AUTHORITY = "中华人民共和国国家移民管理局"
_LETTER = {
    TravelDocumentKind.PASSPORT: "E",
    TravelDocumentKind.HK_MACAO_PASS: "C",
    TravelDocumentKind.TAIWAN_PASS: "L",
}
_FIRST_SERIAL = 80_000_000
"""Numbers of documents that the sandbox makes begin here."""
_YEARS = 10
_YEARS_OF_MINORS = 5
_MINOR = 16


@dataclass(frozen=True, slots=True)
class SandboxExitEntry:
    """See ExitEntry. `hours` at each stage of making; an approval takes `approval_seconds` unless a person looks."""

    gate: Gate
    hours: Mapping[str, float]
    approval_seconds: float

    def screening(self, number: str) -> Screening:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self.gate.db.get(SandboxScreening, number)
        return Screening.OPEN if row is None else Screening.BY_A_PERSON

    def documents(self, number: str) -> tuple[TravelDocument, ...]:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        rows = self.gate.db.scalars(
            select(SandboxTravelDocument)
            .where(SandboxTravelDocument.holder == number)
            .order_by(SandboxTravelDocument.issued_on.desc(), SandboxTravelDocument.number)
        )
        return tuple(_document(row) for row in rows.all())

    def document(self, document: str) -> tuple[str, TravelDocument] | None:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self.gate.db.get(SandboxTravelDocument, document)
        return None if row is None else (row.holder, _document(row))

    def endorsements(self, document: str) -> tuple[Endorsement, ...]:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        return self._endorsements(document)

    def _endorsements(self, document: str) -> tuple[Endorsement, ...]:
        rows = self.gate.db.scalars(
            select(SandboxEndorsement)
            .where(SandboxEndorsement.document == document)
            .order_by(SandboxEndorsement.position)
        )
        return tuple(
            Endorsement(
                Destination(r.destination),
                EndorsementKind(r.kind),
                r.entries,
                r.used,
                r.stay_days,
                r.issued_on,
                r.valid_to,
                r.issued_at,
            )
            for r in rows.all()
        )

    def crossings(self, number: str, first: date, last: date) -> tuple[Crossing, ...]:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        start = datetime.combine(first, time(), _BEIJING)
        end = datetime.combine(last + timedelta(days=1), time(), _BEIJING)
        rows = self.gate.db.scalars(
            select(SandboxCrossing)
            .where(SandboxCrossing.holder == number, SandboxCrossing.at >= start, SandboxCrossing.at < end)
            .order_by(SandboxCrossing.at.desc(), SandboxCrossing.position)
        )
        return tuple(
            Crossing(
                r.at.astimezone(_BEIJING), Direction(r.direction), r.port, TravelDocumentKind(r.kind), r.document
            )
            for r in rows.all()
        )

    def endorsing_since(self, document: str, since: datetime) -> bool:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        return (
            self.gate.db.scalars(
                select(SandboxEndorsing).where(
                    SandboxEndorsing.document == document,
                    SandboxEndorsing.asked_at >= since,
                    SandboxEndorsing.closed == "",
                )
            ).first()
            is not None
        )

    def ask_endorsements(self, case: str, document: str, wanted: tuple[Endorsement, ...]) -> Approval:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self.gate.db.get(SandboxEndorsing, case)
        if row is None:
            held = self.gate.db.get(SandboxTravelDocument, document)
            slow = None if held is None else self.gate.db.get(SandboxSlowReview, held.holder)
            seconds = self.approval_seconds if slow is None else slow.seconds
            row = SandboxEndorsing(
                case_number=case,
                document=document,
                asked_at=self.gate.now,
                answers_at=self.gate.now + timedelta(seconds=seconds),
                answer=Approval.APPROVED.value if slow is None else slow.answer,
                closed="",
            )
            self.gate.db.add(row)
            for position, line in enumerate(wanted):
                self.gate.db.add(
                    SandboxEndorsingLine(
                        case_number=case,
                        position=position,
                        destination=line.destination.value,
                        kind=line.kind.value,
                        entries=line.entries,
                        stay_days=line.stay_days,
                        issued_on=line.issued_on,
                        valid_to=line.valid_to,
                        issued_at=line.issued_at,
                    )
                )
            self.gate.db.flush()
        return self._approval(row)

    def approval(self, case: str) -> Approval:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self.gate.db.get(SandboxEndorsing, case)
        return Approval.UNKNOWN if row is None else self._approval(row)

    def _approval(self, row: SandboxEndorsing) -> Approval:
        if row.closed == Approval.WITHDRAWN.value:
            return Approval.WITHDRAWN
        return Approval(row.answer) if row.answers_at <= self.gate.now else Approval.UNDER_REVIEW

    def withdraw(self, case: str) -> Approval:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self.gate.db.get(SandboxEndorsing, case)
        if row is None:
            return Approval.UNKNOWN
        if not row.closed:
            row.closed = Approval.WITHDRAWN.value
        return self._approval(row)

    def endorsed(self, case: str) -> None:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self.gate.db.get(SandboxEndorsing, case)
        if row is None or row.closed:
            return
        today = self.gate.now.astimezone(_BEIJING).date()
        wanted = self.gate.db.scalars(
            select(SandboxEndorsingLine)
            .where(SandboxEndorsingLine.case_number == case)
            .order_by(SandboxEndorsingLine.position)
        ).all()
        kept = [e for e in self._endorsements(row.document) if e.usable_on(today)]
        _ = self.gate.db.execute(delete(SandboxEndorsement).where(SandboxEndorsement.document == row.document))
        self.gate.db.flush()
        for position, line in enumerate(kept):
            self._put(row.document, position, line)
        for position, new in enumerate(wanted, len(kept)):
            self._put(
                row.document,
                position,
                Endorsement(
                    Destination(new.destination),
                    EndorsementKind(new.kind),
                    new.entries,
                    0,
                    new.stay_days,
                    new.issued_on,
                    new.valid_to,
                    new.issued_at,
                ),
            )
        row.closed = "endorsed"
        self.gate.db.flush()

    def _put(self, document: str, position: int, line: Endorsement) -> None:
        self.gate.db.add(
            SandboxEndorsement(
                document=document,
                position=position,
                destination=line.destination.value,
                kind=line.kind.value,
                entries=line.entries,
                used=line.used,
                stay_days=line.stay_days,
                issued_on=line.issued_on,
                valid_to=line.valid_to,
                issued_at=line.issued_at,
            )
        )

    def order(self, case: str, number: str, kind: TravelDocumentKind) -> None:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        if self.gate.db.get(SandboxDocumentWorks, case) is None:
            first = STAGES[0]
            self.gate.db.add(
                SandboxDocumentWorks(
                    case_number=case,
                    holder=number,
                    kind=kind.value,
                    stage=first.value,
                    leaves_at=self.gate.now + self._stay(first),
                )
            )
            self.gate.db.flush()

    def _stay(self, stage: CardState) -> timedelta:
        return timedelta(hours=self.hours[f"travel-{stage.value}"])

    def news(self) -> tuple[Progress, ...]:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        told: list[Progress] = []
        rows = self.gate.db.scalars(
            select(SandboxDocumentWorks)
            .where(SandboxDocumentWorks.leaves_at <= self.gate.now)
            .order_by(SandboxDocumentWorks.leaves_at, SandboxDocumentWorks.case_number)
        )
        for row in rows.all():
            while row.leaves_at is not None and row.leaves_at <= self.gate.now:
                left = row.leaves_at
                stage = STAGES[STAGES.index(CardState(row.stage)) + 1]
                row.stage = stage.value
                row.leaves_at = None if stage is STAGES[-1] else left + self._stay(stage)
                told.append(Progress(row.case_number, stage.value, left))
                if stage is STAGES[-1]:
                    self._make(row, left)
        return tuple(told)

    def _make(self, works: SandboxDocumentWorks, at: datetime) -> None:
        kind = TravelDocumentKind(works.kind)
        made = self.gate.db.scalars(select(SandboxTravelDocument).where(SandboxTravelDocument.made_by != "")).all()
        issued = at.astimezone(_BEIJING).date()
        born = date(int(works.holder[6:10]), int(works.holder[10:12]), int(works.holder[12:14]))
        age = issued.year - born.year - ((issued.month, issued.day) < (born.month, born.day))
        years = _YEARS if age >= _MINOR else _YEARS_OF_MINORS
        try:
            until = issued.replace(year=issued.year + years)
        except ValueError:
            until = issued.replace(year=issued.year + years, day=28)
        self.gate.db.add(
            SandboxTravelDocument(
                number=f"{_LETTER[kind]}{_FIRST_SERIAL + len(made):08d}",
                holder=works.holder,
                kind=kind.value,
                electronic=True,
                issued_on=issued,
                valid_to=until - timedelta(days=1),
                authority=_AUTHORITY,
                standing=DocumentStanding.MADE.value,
                made_by=works.case_number,
            )
        )
        self.gate.db.flush()

    def issued(self, case: str) -> IssuedDocument | None:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self._made_for(case)
        return None if row is None else IssuedDocument(row.number, row.issued_on, row.valid_to)

    def _made_for(self, case: str) -> SandboxTravelDocument | None:
        return self.gate.db.scalars(
            select(SandboxTravelDocument).where(SandboxTravelDocument.made_by == case)
        ).first()

    def handed_over(self, case: str) -> None:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self._made_for(case)
        if row is None or row.standing != DocumentStanding.MADE.value:
            return
        before = self.gate.db.scalars(
            select(SandboxTravelDocument).where(
                SandboxTravelDocument.holder == row.holder,
                SandboxTravelDocument.kind == row.kind,
                SandboxTravelDocument.standing == DocumentStanding.IN_FORCE.value,
            )
        ).all()
        for old in before:
            old.standing = DocumentStanding.VOID.value
        row.standing = DocumentStanding.IN_FORCE.value

    def report_lost(self, document: str) -> None:
        self.gate.pass_through(Agency.EXIT_ENTRY)
        row = self.gate.db.get(SandboxTravelDocument, document)
        if row is not None and row.standing == DocumentStanding.IN_FORCE.value:
            row.standing = DocumentStanding.LOST.value


def _document(row: SandboxTravelDocument) -> TravelDocument:
    return TravelDocument(
        kind=TravelDocumentKind(row.kind),
        number=row.number,
        electronic=row.electronic,
        issued_on=row.issued_on,
        valid_to=row.valid_to,
        authority=row.authority,
        standing=DocumentStanding(row.standing),
    )
