"""What headquarters answers about registers and applications of the household desk: facts decided there."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.people.money import Money
from kiosk.people.records import Ground


@dataclass(frozen=True, slots=True)
class CardProgress:
    """How far an application for an identity card has come.

    `stage` is headquarters' word for it, reached on `since`. `site` and `address` are where the card lies, or will be
    handed out; `here` says that it lies in the asking terminal and can be collected now.
    """

    case_number: str
    ground: Ground
    stage: str
    applied_on: date
    since: date
    ready_by: date
    site: str
    address: str
    here: bool
    tag: Literal["card-progress"] = "card-progress"

    @property
    def on_paper(self) -> tuple[tuple[str, str], ...]:
        """As slips say it."""
        return (
            ("ground", self.ground.value),
            ("stage", self.stage),
            ("since", self.since.isoformat()),
            ("ready_by", self.ready_by.isoformat()),
            ("collect_site", self.site),
        )


@dataclass(frozen=True, slots=True)
class Eligible:
    """Headquarters says yes, and nothing more has to be known."""

    tag: Literal["eligible"] = "eligible"


LOSS_PLACES = ("street", "vehicle", "home", "shop", "station", "other")
"""Where a card may have been lost."""
LOSS_MANNERS = ("lost", "stolen", "unknown")
"""How."""


class CertificateKind(enum.Enum):
    """Certificates about entries of the household register; which are offered is headquarters' (dated table)."""

    KINSHIP = "kinship"
    CHANGE = "change"
    CANCELLATION = "cancellation"

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.value


@dataclass(frozen=True, slots=True)
class CertificateSubject:
    """One certificate that can be had now: of what kind and about whom.

    `id` is headquarters' name for the entry within the citizen's own household; `relation` is a word such as wife.
    """

    id: str
    kind: CertificateKind
    name_masked: str
    relation: str

    @property
    def option_id(self) -> str:
        """Stable id in a transcript."""
        return self.id


@dataclass(frozen=True, slots=True)
class CertificatesOnOffer:
    """Everything the register bears out for this citizen; never empty."""

    subjects: tuple[CertificateSubject, ...]
    tag: Literal["on-offer"] = "on-offer"

    @property
    def kinds(self) -> tuple[CertificateKind, ...]:
        """The kinds among them, in the order of the enumeration."""
        return tuple(kind for kind in CertificateKind if any(s.kind is kind for s in self.subjects))

    def of(self, kind: CertificateKind) -> tuple[CertificateSubject, ...]:
        """Those of one kind."""
        return tuple(s for s in self.subjects if s.kind is kind)


CERTIFICATE_PURPOSES = ("notary", "school", "work", "property", "bank", "other")
"""What a household certificate is for."""
RECORD_PURPOSES = ("work", "abroad", "school", "adoption", "other")
"""What a certificate of no criminal record is for."""
RECORD_RECIPIENTS = ("employer", "school", "embassy", "authority", "other")
"""Who wants it."""


@dataclass(frozen=True, slots=True)
class CertificateText:
    """What a certificate that was issued says: the values its paper asks for, but its number and kind."""

    values: tuple[tuple[str, str], ...]
    tag: Literal["certificate-text"] = "certificate-text"

    def __repr__(self) -> str:
        return "CertificateText(...)"


@dataclass(frozen=True, slots=True)
class MayApplyTemporary:
    """Eligibility for a temporary identity card: yes, for this open application, at this fee.

    `place` and `address` are the window that hands it out; `fee_reference` names the dated fee entry.
    """

    case_number: str
    fee: Money
    fee_reference: str
    ready_by: date
    place: str
    address: str
    tag: Literal["may-apply-temporary"] = "may-apply-temporary"
