"""JG01: licence, vehicles, camera records, and what must be told before a decision."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from central.agencies.contract import CameraRecord, RecordState
from central.desks.desk import Desk
from central.model import Objection
from kiosk.people.id_number import IdNumber
from kiosk.people.records import Refusal, RefusalCode, RightsNotice
from kiosk.people.vehicle import DrivingLicence, LicenceStatus, Vehicle, Violation


def licence_of(desk: Desk, number: IdNumber) -> DrivingLicence | Refusal:
    """The licence with its points, or why self-service is closed (order 162, order 163 art. 13)."""
    licence = desk.agencies.traffic.licence(number.text)
    if licence is None:
        return desk.sent_to(RefusalCode.LICENCE_NOT_VALID, "general-procedure", ("status", "none"))
    status = licence.status
    if status is LicenceStatus.NORMAL and licence.valid_to is not None and licence.valid_to < desk.today:
        status = LicenceStatus.EXPIRED
    if status is not LicenceStatus.NORMAL:
        return desk.sent_to(RefusalCode.LICENCE_NOT_VALID, "general-procedure", ("status", status.value))
    if licence.points >= desk.tables.rules["points-limit"]:
        return desk.sent_to(RefusalCode.POINTS_LIMIT, "general-procedure")
    return licence


def vehicles_of(desk: Desk, number: IdNumber) -> tuple[Vehicle, ...]:
    """Own vehicles first."""
    return desk.agencies.traffic.vehicles(number.text)


def violations_of(desk: Desk, number: IdNumber, vehicle: Vehicle) -> tuple[Violation, ...]:
    """Open records of one of the citizen's vehicles; of anybody else's, none."""
    if vehicle.plate not in {v.plate for v in desk.agencies.traffic.vehicles(number.text)}:
        return ()
    return tuple(_with_law(desk, r) for r in desk.agencies.traffic.records(vehicle.plate))


def has_open_records(desk: Desk, number: IdNumber) -> bool:
    """Whether any vehicle of this citizen has a record nobody dealt with."""
    traffic = desk.agencies.traffic
    return any(traffic.records(vehicle.plate) for vehicle in traffic.vehicles(number.text))


def behaviour_text(desk: Desk, record: CameraRecord) -> str:
    """What a record's code means; the code where the table does not know it."""
    behaviour = desk.tables.behaviours.get(record.code)
    return behaviour.behaviour if behaviour else record.code


def _with_law(desk: Desk, record: CameraRecord) -> Violation:
    behaviour = desk.tables.behaviours.get(record.code)
    return Violation(
        record=record.record,
        plate=record.plate,
        at=record.at,
        place=record.place,
        behaviour=behaviour_text(desk, record),
        code=record.code,
        articles_broken=behaviour.broken if behaviour else "",
        articles_basis=behaviour.basis if behaviour else "",
        fine=record.fine,
        points=behaviour.points if behaviour else 0,
        picture=record.picture or _fetch_picture(desk, record),
        general_procedure=needs_two_officers(desk, record),
    )


def _fetch_picture(desk: Desk, record: CameraRecord) -> str:
    name = desk.blobs.put(desk.agencies.traffic.picture_of(record))
    desk.agencies.traffic.picture_kept(record.record, name)
    return name


def needs_two_officers(desk: Desk, record: CameraRecord) -> bool:
    """General procedure: over 200 yuan, flagged, or of a code this table does not know (order 157 art. 48, 52)."""
    behaviour = desk.tables.behaviours.get(record.code)
    return (
        record.flagged
        or behaviour is None
        or behaviour.general_procedure
        or record.fine.fen > desk.tables.rules["simple-procedure-limit-fen"]
        or not behaviour.fine_min_fen <= record.fine.fen <= behaviour.fine_max_fen
    )


@dataclass(frozen=True, slots=True)
class Decidable:
    """A record this citizen may have decided here and now."""

    record: CameraRecord
    licence: DrivingLicence
    points: int
    fine_fen: int


def decidable(desk: Desk, number: IdNumber, record_id: str) -> Decidable | Refusal:
    """Every limit of self-service (services.md 4.1)."""
    licence = licence_of(desk, number)
    if isinstance(licence, Refusal):
        return licence
    record = desk.agencies.traffic.record(record_id)
    if record is None or record.plate not in {v.plate for v in desk.agencies.traffic.vehicles(number.text)}:
        return desk.sent_to(RefusalCode.OTHER, "general-procedure", ("reason", "not-own-vehicle"))
    match record.state:
        case RecordState.DECIDED:
            return desk.sent_to(RefusalCode.OTHER, "general-procedure", ("reason", "already-decided"))
        case RecordState.OBJECTED:
            objection = desk.db.query(Objection).filter(Objection.record == record_id).one_or_none()
            due = (("date", objection.answer_due.isoformat()),) if objection else ()
            return desk.sent_to(RefusalCode.OBJECTION_FILED, "general-procedure", *due)
        case RecordState.OPEN:
            pass
    if needs_two_officers(desk, record):
        return desk.sent_to(RefusalCode.GENERAL_PROCEDURE, "general-procedure")
    points = desk.tables.behaviours[record.code].points
    if licence.points + points >= desk.tables.rules["points-limit"]:
        return desk.sent_to(RefusalCode.POINTS_LIMIT, "general-procedure")
    return Decidable(record, licence, points, record.fine.fen)


def rights_for(desk: Desk, number: IdNumber, record_id: str) -> RightsNotice | Refusal:
    """Points told with the fine, and the rights (order 163 art. 13; 行政处罚法 art. 44, 45)."""
    found = decidable(desk, number, record_id)
    if isinstance(found, Refusal):
        return found
    texts = desk.tables.texts
    return RightsNotice(
        points_before=found.licence.points,
        points_after=found.licence.points + found.points,
        points_limit=desk.tables.rules["points-limit"],
        rights=texts["rights"].law_text,
        declaration=texts["declaration"].law_text,
        payment_terms=texts["payment-terms"].law_text,
    )


def is_rights_text(desk: Desk, sha256: str) -> bool:
    """Whether a digest is that of the text in force."""
    return hashlib.sha256(desk.tables.texts["rights"].text.encode()).hexdigest() == sha256
