"""JG06: licence, points, vehicles, open records and unpaid fines in one answer (order 163 art. 6)."""

from __future__ import annotations

from central.desks.desk import Desk
from central.desks.fines import unpaid_fines
from kiosk.people.id_number import IdNumber
from kiosk.people.money import Money
from kiosk.people.traffic import TrafficStanding, VehicleStanding


def standing_of(desk: Desk, number: IdNumber) -> TrafficStanding:
    """Nothing on file is an answer too."""
    traffic = desk.agencies.traffic
    files = {file.vehicle.plate: file for file in traffic.vehicle_files(number.text)}
    vehicles: list[VehicleStanding] = []
    for vehicle in traffic.vehicles(number.text):
        file = files.get(vehicle.plate)
        vehicles.append(
            VehicleStanding(
                vehicle,
                None if file is None else file.inspect_by,
                None if file is None else file.insured_to,
                len(traffic.records(vehicle.plate)),
            )
        )
    fines = unpaid_fines(desk, number)
    return TrafficStanding(
        licence=traffic.licence(number.text),
        points_limit=desk.tables.rules["points-limit"],
        vehicles=tuple(vehicles),
        fines=len(fines),
        fines_due=Money(sum(fine.due.fen for fine in fines)),
    )
