"""The questions a terminal may ask, by name: what each takes and what type its answer has.

Mirrors kiosk.flows.queries, which headquarters may not import. An answer travels as JSON of the dataclasses of
kiosk.people and is checked against its type on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
from kiosk.protocol.messages import Message


class OfNumber(Message):
    """A question about one citizen. The number's check digit is for the receiver to verify again."""

    number: IdNumber


class OfNumberAndGround(OfNumber):
    """May this citizen apply, on this ground?"""

    ground: Ground


class OfNumberAndMatter(OfNumber):
    """May this citizen apply for this at the traffic desk?"""

    matter: TrafficMatter


class OfNumberAndTravelKind(OfNumber):
    """May this citizen apply for a passport or pass of this kind?"""

    kind: TravelDocumentKind


class OfNumberAndPapers(OfNumber):
    """May this citizen have a temporary plate for the vehicle of these papers?"""

    papers: PurchasePapers


class OfNumberAndPlate(OfNumber):
    """What stands on this temporary plate?"""

    plate: str


class OfNumberAndVehicle(OfNumber):
    """Which records has this vehicle?"""

    vehicle: Vehicle


class OfNumberAndRecord(OfNumber):
    """What must be told about this record?"""

    record: str


class OfNumberAndCertificate(OfNumber):
    """What does this certificate say?"""

    certificate: str


class OfNumberAndVisit(OfNumber):
    """What came of an earlier visit of this citizen? `case` is the asking terminal's name for it."""

    case: str


class OfName(Message):
    """How many bear this name? About nobody in particular. The name is for the receiver to check again."""

    wanted: PersonName
    sex: SexAsked


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question: the model of its arguments and the type (or union) of its answer."""

    arguments: type[OfNumber] | type[OfName]
    answer: Any


LOOKUPS: dict[str, Lookup] = {
    "who-is": Lookup(OfNumber, PersonOnFile),
    "card-to-collect": Lookup(OfNumber, FinishedCard | Refusal),
    "may-apply-for-card": Lookup(OfNumberAndGround, MayApply | Refusal),
    "licence-of": Lookup(OfNumber, DrivingLicence | Refusal),
    "vehicles-of": Lookup(OfNumber, tuple[Vehicle, ...]),
    "violations-of": Lookup(OfNumberAndVehicle, tuple[Violation, ...]),
    "rights-for": Lookup(OfNumberAndRecord, RightsNotice | Refusal),
    "may-apply-traffic": Lookup(OfNumberAndMatter, MayApplyTraffic | Refusal),
    "may-be-examined": Lookup(OfNumber, MayExamine | Refusal),
    "may-review": Lookup(OfNumber, MayReview | Refusal),
    "may-apply-travel": Lookup(OfNumberAndTravelKind, MayApplyTravel | Refusal),
    "travel-to-collect": Lookup(OfNumber, FinishedTravelDocument | Refusal),
    "may-have-plate": Lookup(OfNumberAndPapers, MayHavePlate | Refusal),
    "issued-plate": Lookup(OfNumberAndPlate, PlateText | Refusal),
    "marks-for": Lookup(OfNumber, MayHaveMark | Refusal),
    "standing-of": Lookup(OfNumber, TrafficStanding),
    "unpaid-fines": Lookup(OfNumber, tuple[Fine, ...]),
    "papers-of": Lookup(OfNumberAndVisit, tuple[PaperOnFile, ...]),
    "waiting-for": Lookup(OfNumber, tuple[Waiting, ...]),
    "issued-certificate": Lookup(OfNumberAndCertificate, CertificateText | Refusal),
    "may-apply-for-temporary-card": Lookup(OfNumber, MayApplyTemporary | Refusal),
    "certificates-for": Lookup(OfNumber, CertificatesOnOffer | Refusal),
    "may-ask-for-record": Lookup(OfNumber, Eligible | Refusal),
    "may-report-loss": Lookup(OfNumber, Eligible | Refusal),
    "may-register-residence": Lookup(OfNumber, ResidenceOffer | Refusal),
    "may-endorse-permit": Lookup(OfNumber, MayEndorsePermit | Refusal),
    "namesakes-of": Lookup(OfName, Namesakes | Refusal),
    "progress-of-card": Lookup(OfNumber, CardProgress | Refusal),
    "may-query-crossings": Lookup(OfNumber, MayQueryCrossings | Refusal),
    "exit-entry-standing": Lookup(OfNumber, ExitEntryStanding | Refusal),
    "may-endorse": Lookup(OfNumberAndTravelKind, MayEndorsePass | Refusal),
    "endorsement-approval": Lookup(OfNumberAndVisit, ApprovalAnswer),
    "issued-crossings": Lookup(OfNumberAndCertificate, CertificateText | Refusal),
}
