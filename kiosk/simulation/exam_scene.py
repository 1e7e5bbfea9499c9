"""The examination booth of the world: it measures whoever stands there, as the world's faults let it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from kiosk.simulation.exam_booth import Booth
from kiosk.simulation.scene import Scene
from kiosk.simulation.state import Device, FaultKind
from kiosk.simulation.wires import Wire

MEASURE_SECONDS = 0.02
EYES_MM, TOO_NEAR_MM = 850, 520
QUIET, LOUD = 385, 612
"""Tenths of dB(A)."""
CALIBRATED_DAYS_AGO, VALID_DAYS = 100, 365
_LEAST_MM, _RANGE_MM, _STEP = 1540, 360, 37
_STANDING, _NOBODY = 2, 0
_EARS = ("left", "right")


def height_mm(person: int) -> int:
    """How tall a person of the world is: the same every night, and another's for the next."""
    return _LEAST_MM + person * _STEP % _RANGE_MM


@dataclass
class _Scened(Booth):
    scene: Scene | None = None

    async def _hear(self, wire: Wire, kind: int, sequence: int, payload: bytes) -> None:
        assert self.scene is not None
        if self.scene.strike(Device.EXAM_BOOTH, FaultKind.SILENT):
            return
        self._look_around(self.scene)
        await super()._hear(wire, kind, sequence, payload)

    async def _sound(self, wire: Wire, sequence: int, payload: bytes) -> None:
        assert self.scene is not None
        before = len(self.played)
        await super()._sound(wire, sequence, payload)
        for ear, _, _, _ in self.played[before:]:
            self.scene.hear(_EARS[ear])

    def _look_around(self, scene: Scene) -> None:
        def wrong(kind: FaultKind) -> bool:
            return scene.has(Device.EXAM_BOOTH, kind)

        on = scene.state.booth_calibrated or scene.state.as_of - timedelta(days=CALIBRATED_DAYS_AGO)
        calibrated = datetime.combine(on, time(), UTC)
        self.calibrated = int(calibrated.timestamp())
        self.valid_until = int((calibrated + timedelta(days=VALID_DAYS)).timestamp())
        person = scene.state.person
        gauge = scene.state.gauge_mm
        tall = height_mm(person or 0) if gauge is None else gauge
        apart = 40 if wrong(FaultKind.UNSTEADY) else 3
        self.readings = (tall - apart, tall, tall + apart)
        self.posture = _NOBODY if person is None and gauge is None else _STANDING
        self.distance = TOO_NEAR_MM if wrong(FaultKind.TOO_NEAR) else EYES_MM
        self.worn = 0 if person is None or wrong(FaultKind.HEADSET_OFF) else 1
        self.noise = LOUD if wrong(FaultKind.LOUD) else QUIET
        self.broken = 1 if wrong(FaultKind.BROKEN) else 0


class BoothInScene:
    """One booth; see docs/devices/exam-booth.md for what it says."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._booth = _Scened(scene=scene, measure_seconds=MEASURE_SECONDS)

    async def run(self, wire: Wire) -> None:
        """Until the wire is gone."""
        try:
            await self._booth.run(wire)
        finally:
            self._booth.let_go()
