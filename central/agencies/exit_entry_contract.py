"""What headquarters asks of the exit-entry authority (出入境管理).

Every call that changes something is idempotent by the case it is given. Any call may raise AgencyFailed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from central.agencies.contract import Progress
from kiosk.people.exit_entry import Crossing, Endorsement, TravelDocument, TravelDocumentKind


class Screening(enum.Enum):
    """Whether self-service is open to somebody. BY_A_PERSON never says why: registered staff, a list, or else."""

    OPEN = "open"
    BY_A_PERSON = "by-a-person"


class Approval(enum.Enum):
    """What became of a request for endorsements."""

    UNDER_REVIEW = "under-review"
    APPROVED = "approved"
    TO_THE_WINDOW = "to-the-window"
    """A person must look at it; never says why."""
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    """Nobody asked under this name."""


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """What the works put into a finished document."""

    number: str
    issued_on: date
    valid_to: date


class ExitEntry(Protocol):
    """出入境管理信息系统."""

    def screening(self, number: str) -> Screening: ...

    def documents(self, number: str) -> tuple[TravelDocument, ...]:
        """All on file of a person, the newest first."""
        ...

    def document(self, document: str) -> tuple[str, TravelDocument] | None:
        """The holder's number and what is on file of one document."""
        ...

    def endorsements(self, document: str) -> tuple[Endorsement, ...]:
        """What stands on a pass, in order of its lines."""
        ...

    def crossings(self, number: str, first: date, last: date) -> tuple[Crossing, ...]:
        """Of a person, days included, the newest first."""
        ...

    def endorsing_since(self, document: str, since: datetime) -> bool:
        """Whether a request for this pass was made since then and is still open, here or anywhere."""
        ...

    def ask_endorsements(self, case: str, document: str, wanted: tuple[Endorsement, ...]) -> Approval:
        """申请签注: the approval takes its time; ask again with `approval`."""
        ...

    def approval(self, case: str) -> Approval: ...

    def withdraw(self, case: str) -> Approval:
        """The request is not wanted any more; what is on the pass stays as it was."""
        ...

    def endorsed(self, case: str) -> None:
        """The pass carries what was approved; what had no use left is gone from its back."""
        ...

    def order(self, case: str, number: str, kind: TravelDocumentKind) -> None:
        """A document goes into the works."""
        ...

    def news(self) -> tuple[Progress, ...]:
        """Stages of documents reached and not yet told (values of CardState); telling them once is the effect."""
        ...

    def issued(self, case: str) -> IssuedDocument | None:
        """What a finished document says; None before it is finished."""
        ...

    def handed_over(self, case: str) -> None:
        """The new document has reached its holder and is in force; those of its kind before it are void."""
        ...

    def report_lost(self, document: str) -> None:
        """A document is void because its holder lost it."""
        ...
