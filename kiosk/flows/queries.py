"""What a flow may ask headquarters. Each query is a frozen value that names the type of its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from kiosk.people.examination import MayExamine
from kiosk.people.exit_entry import (
    ApprovalAnswer,
    ExitEntryStanding,
    MayEndorsePass,
    MayQueryCrossings,
    TravelDocumentKind,
)
from kiosk.people.household import CardProgress, CertificatesOnOffer, CertificateText, Eligible, MayApplyTemporary
from kiosk.people.id_number import IdNumber
from kiosk.people.names import Namesakes, PersonName, SexAsked
from kiosk.people.new_vehicles import MayHavePlate, PlateText, PurchasePapers
from kiosk.people.records import (
    FinishedCard,
    Ground,
    MayApply,
    PaperOnFile,
    PersonOnFile,
    Refusal,
    RightsNotice,
    Waiting,
)
from kiosk.people.residence import MayEndorsePermit, ResidenceOffer
from kiosk.people.traffic import MayApplyTraffic, MayHaveMark, MayReview, TrafficMatter, TrafficStanding
from kiosk.people.travel_applications import FinishedTravelDocument, MayApplyTravel
from kiosk.people.vehicle import DrivingLicence, Fine, Vehicle, Violation

A_co = TypeVar("A_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Query(Generic[A_co]):
    """A question without side effects. `answer` is the type (or union) of the reply."""

    name: ClassVar[str]
    answer: ClassVar[Any]


@dataclass(frozen=True, slots=True)
class WhoIs(Query[PersonOnFile]):
    """Masked name and enrolled factors of a typed number; all that may be known before verification."""

    name: ClassVar[str] = "who-is"
    answer: ClassVar[Any] = PersonOnFile
    number: IdNumber


@dataclass(frozen=True, slots=True)
class CardToCollect(Query[FinishedCard | Refusal]):
    """The finished card of this citizen in this terminal, or why there is none (HZ02)."""

    name: ClassVar[str] = "card-to-collect"
    answer: ClassVar[Any] = FinishedCard | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MayApplyForCard(Query[MayApply | Refusal]):
    """Eligibility for renewal, damage or loss replacement, in one call (HZ01)."""

    name: ClassVar[str] = "may-apply-for-card"
    answer: ClassVar[Any] = MayApply | Refusal
    number: IdNumber
    ground: Ground


@dataclass(frozen=True, slots=True)
class LicenceOf(Query[DrivingLicence | Refusal]):
    """The citizen's driving licence with points, or why self-service is closed (JG01)."""

    name: ClassVar[str] = "licence-of"
    answer: ClassVar[Any] = DrivingLicence | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class VehiclesOf(Query[tuple[Vehicle, ...]]):
    """Own vehicles and vehicles registered to the citizen as driver."""

    name: ClassVar[str] = "vehicles-of"
    answer: ClassVar[Any] = tuple[Vehicle, ...]
    number: IdNumber


@dataclass(frozen=True, slots=True)
class ViolationsOf(Query[tuple[Violation, ...]]):
    """Unhandled records of one vehicle."""

    name: ClassVar[str] = "violations-of"
    answer: ClassVar[Any] = tuple[Violation, ...]
    number: IdNumber
    vehicle: Vehicle


@dataclass(frozen=True, slots=True)
class RightsFor(Query[RightsNotice | Refusal]):
    """Points, texts and rights for one record; or why it cannot be handled here (12 points, general procedure)."""

    name: ClassVar[str] = "rights-for"
    answer: ClassVar[Any] = RightsNotice | Refusal
    number: IdNumber
    record: str


@dataclass(frozen=True, slots=True)
class MayApplyFor(Query[MayApplyTraffic | Refusal]):
    """Eligibility for a new licence or vehicle licence, in one call (JG04, JG05, JG07)."""

    name: ClassVar[str] = "may-apply-traffic"
    answer: ClassVar[Any] = MayApplyTraffic | Refusal
    number: IdNumber
    matter: TrafficMatter


@dataclass(frozen=True, slots=True)
class MayHaveReviewed(Query[MayReview | Refusal]):
    """Whether a review or a medical report is due now, in one call (JG10)."""

    name: ClassVar[str] = "may-review"
    answer: ClassVar[Any] = MayReview | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MarksFor(Query[MayHaveMark | Refusal]):
    """The citizen's vehicles whose inspection mark can be renewed without inspection, in one call (JG08)."""

    name: ClassVar[str] = "marks-for"
    answer: ClassVar[Any] = MayHaveMark | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MayBeExamined(Query[MayExamine | Refusal]):
    """Whether this driver may be examined in a booth, what is asked and measured, and by whom it is judged (JG03)."""

    name: ClassVar[str] = "may-be-examined"
    answer: ClassVar[Any] = MayExamine | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class StandingOf(Query[TrafficStanding]):
    """Licence, points, vehicles, open records and unpaid fines of the citizen (JG06)."""

    name: ClassVar[str] = "standing-of"
    answer: ClassVar[Any] = TrafficStanding
    number: IdNumber


@dataclass(frozen=True, slots=True)
class UnpaidFines(Query[tuple[Fine, ...]]):
    """Decided fines with something still to be paid, the most urgent first (JG02)."""

    name: ClassVar[str] = "unpaid-fines"
    answer: ClassVar[Any] = tuple[Fine, ...]
    number: IdNumber


@dataclass(frozen=True, slots=True)
class PapersOf(Query[tuple[PaperOnFile, ...]]):
    """The papers of an earlier visit to this terminal that are due again (rule 17).

    Asked after verification only (rule 32). `case` is the terminal's name for that visit.
    """

    name: ClassVar[str] = "papers-of"
    answer: ClassVar[Any] = tuple[PaperOnFile, ...]
    number: IdNumber
    case: str


@dataclass(frozen=True, slots=True)
class WaitingFor(Query[tuple[Waiting, ...]]):
    """What there is to do for this citizen in this terminal. Asked after verification only (rule 32)."""

    name: ClassVar[str] = "waiting-for"
    answer: ClassVar[Any] = tuple[Waiting, ...]
    number: IdNumber


@dataclass(frozen=True, slots=True)
class ProgressOfCard(Query[CardProgress | Refusal]):
    """How far the newest application for an identity card has come (HZ04)."""

    name: ClassVar[str] = "progress-of-card"
    answer: ClassVar[Any] = CardProgress | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MayReportLoss(Query[Eligible | Refusal]):
    """Whether this citizen's card can be reported lost (HZ03)."""

    name: ClassVar[str] = "may-report-loss"
    answer: ClassVar[Any] = Eligible | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class CertificatesFor(Query[CertificatesOnOffer | Refusal]):
    """Which certificates the household register bears out for this citizen (HZ06)."""

    name: ClassVar[str] = "certificates-for"
    answer: ClassVar[Any] = CertificatesOnOffer | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MayAskForRecord(Query[Eligible | Refusal]):
    """Whether this citizen may ask for a certificate of no criminal record here and now (HZ07)."""

    name: ClassVar[str] = "may-ask-for-record"
    answer: ClassVar[Any] = Eligible | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class IssuedCertificate(Query[CertificateText | Refusal]):
    """The text of a certificate that was issued to this citizen (HZ06, HZ07).

    Asked for after the filing: a filing's reply lies open in the terminal's books and carries nothing personal.
    """

    name: ClassVar[str] = "issued-certificate"
    answer: ClassVar[Any] = CertificateText | Refusal
    number: IdNumber
    certificate: str


@dataclass(frozen=True, slots=True)
class MayApplyForTemporaryCard(Query[MayApplyTemporary | Refusal]):
    """Whether this citizen may have a temporary identity card while theirs is made (HZ05)."""

    name: ClassVar[str] = "may-apply-for-temporary-card"
    answer: ClassVar[Any] = MayApplyTemporary | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MayQueryCrossingsOf(Query[MayQueryCrossings | Refusal]):
    """Whether this citizen may have a record of their crossings, and how far back (CRJ03)."""

    name: ClassVar[str] = "may-query-crossings"
    answer: ClassVar[Any] = MayQueryCrossings | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class IssuedCrossings(Query[CertificateText | Refusal]):
    """What a record of crossings issued to this citizen says (CRJ03); asked for after the filing."""

    name: ClassVar[str] = "issued-crossings"
    answer: ClassVar[Any] = CertificateText | Refusal
    number: IdNumber
    certificate: str


@dataclass(frozen=True, slots=True)
class NamesakesOf(Query[Namesakes | Refusal]):
    """How many people bear this name; refused where this terminal has asked often enough today (HZ10)."""

    name: ClassVar[str] = "namesakes-of"
    answer: ClassVar[Any] = Namesakes | Refusal
    wanted: PersonName
    sex: SexAsked


@dataclass(frozen=True, slots=True)
class ExitEntryStandingOf(Query[ExitEntryStanding | Refusal]):
    """Passports and passes, what is left of their endorsements, and applications under way (CRJ08)."""

    name: ClassVar[str] = "exit-entry-standing"
    answer: ClassVar[Any] = ExitEntryStanding | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MayApplyForTravelDocument(Query[MayApplyTravel | Refusal]):
    """Eligibility for a passport or pass, on every ground there is, in one call (CRJ04, CRJ05, CRJ06)."""

    name: ClassVar[str] = "may-apply-travel"
    answer: ClassVar[Any] = MayApplyTravel | Refusal
    number: IdNumber
    kind: TravelDocumentKind


@dataclass(frozen=True, slots=True)
class MayEndorseOn(Query[MayEndorsePass | Refusal]):
    """Which endorsements this citizen may have on their pass of this kind, here and now (CRJ01, CRJ02)."""

    name: ClassVar[str] = "may-endorse"
    answer: ClassVar[Any] = MayEndorsePass | Refusal
    number: IdNumber
    kind: TravelDocumentKind


@dataclass(frozen=True, slots=True)
class TravelDocumentToCollect(Query[FinishedTravelDocument | Refusal]):
    """The finished passport or pass of this citizen in this terminal, or why there is none (CRJ07)."""

    name: ClassVar[str] = "travel-to-collect"
    answer: ClassVar[Any] = FinishedTravelDocument | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MayRegisterResidence(Query[ResidenceOffer | Refusal]):
    """What somebody from elsewhere can have now: to be registered here, or the permit (HZ08)."""

    name: ClassVar[str] = "may-register-residence"
    answer: ClassVar[Any] = ResidenceOffer | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class MayEndorse(Query[MayEndorsePermit | Refusal]):
    """Whether this citizen's residence permit can be endorsed now (HZ09)."""

    name: ClassVar[str] = "may-endorse-permit"
    answer: ClassVar[Any] = MayEndorsePermit | Refusal
    number: IdNumber


@dataclass(frozen=True, slots=True)
class ApprovalOf(Query[ApprovalAnswer]):
    """What became of this citizen's request for endorsements."""

    name: ClassVar[str] = "endorsement-approval"
    answer: ClassVar[Any] = ApprovalAnswer
    number: IdNumber
    case: str


@dataclass(frozen=True, slots=True)
class MayHaveTemporaryPlate(Query[MayHavePlate | Refusal]):
    """Whether the buyer of these papers' vehicle may have a temporary plate, and until when (JG09)."""

    name: ClassVar[str] = "may-have-plate"
    answer: ClassVar[Any] = MayHavePlate | Refusal
    number: IdNumber
    papers: PurchasePapers


@dataclass(frozen=True, slots=True)
class IssuedPlate(Query[PlateText | Refusal]):
    """What stands on a temporary plate that was issued to this citizen here (JG09); asked for after the filing."""

    name: ClassVar[str] = "issued-plate"
    answer: ClassVar[Any] = PlateText | Refusal
    number: IdNumber
    plate: str
