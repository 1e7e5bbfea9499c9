"""Faces and fingers compared one to one; the live picture or template is compared and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from central.agencies.contract import AgencyFailed, FaceMatching
from central.desks.desk import Desk
from kiosk.protocol.messages import FaceReply, FingerReply


def compare_face(
    number: str,
    live: bytes,
    chip_photo: bytes,
    open_desk: Callable[[], AbstractContextManager[Desk]],
    faces: FaceMatching,
) -> FaceReply:
    """Compare a live picture with the chip's photograph or the library's; an agency that fails passes nobody."""
    try:
        with open_desk() as desk:
            person = desk.agencies.population.person(number)
            desk.face_matching_reachable()
    except AgencyFailed:
        return FaceReply(verdict="not-available", engine="none", distance=-1.0, threshold=-1.0, sandbox=True)
    if person is None:
        return FaceReply(verdict="not-available", engine="none", distance=-1.0, threshold=-1.0, sandbox=True)
    match = faces.compare(live, person.face, chip_photo)
    return FaceReply(
        verdict=match.verdict,
        engine=match.engine,
        distance=match.distance,
        threshold=match.threshold,
        sandbox=match.sandbox,
    )


def compare_finger(number: str, live: bytes, open_desk: Callable[[], AbstractContextManager[Desk]]) -> FingerReply:
    """Compare a live template with the library's; an agency that fails passes nobody."""
    try:
        with open_desk() as desk:
            verdict = desk.agencies.fingers.compare(number, live)
    except AgencyFailed:
        return FingerReply(verdict="not-available", sandbox=True)
    return FingerReply(verdict=verdict.value, sandbox=True)
