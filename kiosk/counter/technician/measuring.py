"""Measuring what is adjusted on the spot: the screen, the camera and the examination booth, each against a reference.

A reading here is of a card, a gauge, a target or the technician on the mark; no figure of a person is kept.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from PIL import Image, ImageStat

from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.devices.camera.contract import Guidance, Shutter
from kiosk.devices.exam_booth.contract import Posture
from kiosk.devices.words import DeviceFault
from kiosk.people.calibration import Adjusted, Rule
from kiosk.screens.stage import Intent
from kiosk.screens.states import (
    DisplayPage,
    DisplayStage,
    MeasurePage,
    MeasureStage,
    TouchPage,
    WorkingPage,
    WorkTopic,
)

SHOT_SECONDS = 10.0
WATCH_SECONDS = 6.0
FACE_AT = (0.5, 0.45)
"""Where the middle of a face belongs in the picture, in fractions of it: where the outline on the pages stands."""
EVEN_SHARE = 0.25
"""One half of the face may be darker than the other by so much of the brighter one."""
TARGET_EVERY_MM = 80.0
TENTHS = 10.0
PLAUSIBLE_SHARE = 4.0
"""A width that is farther from what the settings say than this is no measurement."""

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What something is measured against, in its own unit, and for how long a result holds."""

    reference: float
    tolerance: float
    rule: Rule


@dataclass(frozen=True, slots=True)
class Screen:
    """The screen as the settings have it."""

    width: int
    height: int
    pitch_mm: float

    @property
    def grid(self) -> tuple[int, int]:
        """Columns and rows of targets."""
        across, down = self.width * self.pitch_mm, self.height * self.pitch_mm
        return max(3, round(across / TARGET_EVERY_MM)), max(3, round(down / TARGET_EVERY_MM))


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found, as the page says it; `value` goes into the books."""

    facts: Facts
    within: bool
    value: str


@dataclass(frozen=True, slots=True)
class Measuring:
    """One measurement on one page."""

    desk: Desk
    page: Conversation
    screen: Screen
    what: Adjusted
    yardstick: Yardstick

    async def take(self) -> Measured | None:
        """None: the person would rather not. Raises Leave, Back."""
        try:
            match self.what:
                case Adjusted.DISPLAY_SIZE:
                    return await self._display()
                case Adjusted.TOUCH:
                    return await self._touch()
                case Adjusted.CAMERA_AIM:
                    return await self._camera()
                case Adjusted.CAMERA_EXPOSURE:
                    return await self._camera()
                case Adjusted.DISTANCE | Adjusted.HEIGHT:
                    return await self._booth()
        except (DeviceFault, TimeoutError, OSError):
            return Measured((("fact-sensed", "measure-failed"),), within=False, value="")

    # -- the screen ----------------------------------------------------------------------------------------------

    async def _display(self) -> Measured | None:
        expected = self.yardstick.reference / self.screen.pitch_mm
        self.page.show(DisplayPage(DisplayStage.SIZE, round(expected), self.yardstick.reference))
        got = await self.page.answer("measured", "cannot")
        if got.action == "cannot":
            return None
        found = measured_pitch(got, self.yardstick.reference, expected)
        if found is None:
            return Measured((("fact-sensed", "measure-failed"),), within=False, value="")
        off = abs(found / self.screen.pitch_mm - 1) * 100
        self.page.show(DisplayPage(DisplayStage.COLOURS, round(expected), self.yardstick.reference))
        colours = (await self.page.answer("yes", "no", "cannot")).action
        if colours == "cannot":
            return None
        facts = (
            ("fact-pitch-set", f"{self.screen.pitch_mm:.4f} mm"),
            ("fact-pitch-found", f"{found:.4f} mm"),
            ("fact-off-by", f"{off:.2f} %"),
            ("fact-colours", f"colours-{colours}"),
        )
        return Measured(facts, off <= self.yardstick.tolerance and colours == "yes", f"{found:.4f} mm")

    async def _touch(self) -> Measured | None:
        columns, rows = self.screen.grid
        self.page.show(TouchPage(columns, rows))
        got = await self.page.answer("measured", "cannot")
        if got.action == "cannot":
            return None
        return judged(touches(got, columns, rows), self.screen.grid, self.yardstick.tolerance)

    # -- the camera ----------------------------------------------------------------------------------------------

    async def _camera(self) -> Measured | None:
        """A person on the mark looks into it; what is seen of them is measured, and nothing is kept."""
        camera, page = self.desk.camera, self.page
        last: list[Guidance] = []

        def tell(guidance: Guidance) -> None:
            last[:] = [guidance]
            page.live(face=guidance.face)

        page.show(MeasurePage(self.what.value, MeasureStage.LOOK))
        await self.desk.use_device(camera.watch(None, tell), WATCH_SECONDS)
        try:
            got = await page.answer("ready", "cannot")
            if got.action == "cannot":
                return None
            shot = await self.desk.use_device(
                camera.shoot(seconds=SHOT_SECONDS, shutter=Shutter.BUTTON), SHOT_SECONDS * 2
            )
        finally:
            await camera.rest()
        face = last[0].face if last else None
        if face is None:
            return Measured((("fact-sensed", "measure-no-face"),), within=False, value="")
        if self.what is Adjusted.CAMERA_AIM:
            return aimed(face, self.yardstick)
        return lit(shot.frame_jpeg, face, self.yardstick)

    # -- the booth -----------------------------------------------------------------------------------------------

    async def _booth(self) -> Measured | None:
        """Against a gauge: set up, then measured."""
        gauge = (("fact-gauge", self._mm(self.yardstick.reference)),)
        self.page.show(MeasurePage(self.what.value, MeasureStage.DO, gauge))
        if (await self.page.answer("ready", "cannot")).action == "cannot":
            return None
        found, spread = await self.page.wait(self._reading(), WorkingPage(WorkTopic.LOOKING_AT_BOOTH))
        if found is None:
            return Measured((("fact-sensed", "measure-nothing-there"),), within=False, value="")
        off = abs(found - self.yardstick.reference)
        facts = [
            ("fact-gauge", self._mm(self.yardstick.reference)),
            ("fact-measured", self._mm(found)),
            ("fact-off-by", self._mm(off)),
        ]
        if spread:
            facts.append(("fact-spread", self._mm(spread)))
        # Whatever scatters by more than it may be off is not right by its median either.
        within = off <= self.yardstick.tolerance and spread <= 2 * self.yardstick.tolerance
        return Measured(tuple(facts), within, self._mm(found))

    async def _reading(self) -> tuple[float | None, float]:
        booth, seconds = self.desk.exam_booth, self.desk.durations.exam_command
        if self.what is Adjusted.HEIGHT:
            height = await self.desk.use_device(booth.height(), seconds)
            return float(height.median_mm), float(height.spread_mm)
        distance = await self.desk.use_device(booth.distance(), seconds)
        return (None if distance.posture is Posture.NOBODY else float(distance.mm)), 0.0

    @staticmethod
    def _mm(value: float) -> str:
        return f"{value:.0f} mm"


def measured_pitch(got: Intent, reference_mm: float, expected: float) -> float | None:
    """Millimetres a pixel, by the width on which the card lay; None for a width that is no measurement."""
    pixels = got.payload.get("pixels")
    if isinstance(pixels, bool) or not isinstance(pixels, int | float):
        return None
    if not expected / PLAUSIBLE_SHARE <= pixels <= expected * PLAUSIBLE_SHARE:
        return None
    return reference_mm / pixels


def touches(got: Intent, columns: int, rows: int) -> Mapping[tuple[int, int], float]:
    """Millimetres beside its middle for each target that was touched; what is no target is left out."""
    told = got.payload.get("points")
    points = cast("Sequence[Any]", told) if isinstance(told, list | tuple) else ()
    found: dict[tuple[int, int], float] = {}
    for point in points:
        if not isinstance(point, list | tuple):
            continue
        numbers = cast("Sequence[Any]", point)
        if len(numbers) != 4 or not all(isinstance(n, int | float) for n in numbers):
            continue
        column, row, x, y = (int(number) for number in numbers)
        if 0 <= column < columns and 0 <= row < rows:
            found[column, row] = (x * x + y * y) ** 0.5 / TENTHS
    return found


def aimed(face: tuple[float, float, float, float], yardstick: Yardstick) -> Measured:
    """How far, in hundredths of the picture, the face's middle lies beside and below where it belongs."""
    across = (face[0] + face[2] / 2 - FACE_AT[0]) * 100
    down = (face[1] + face[3] / 2 - FACE_AT[1]) * 100
    facts = (
        ("fact-beside", f"{across:+.0f} %"),
        ("fact-below", f"{down:+.0f} %"),
        ("fact-face-height", f"{face[3] * 100:.0f} %"),
    )
    return Measured(facts, max(abs(across), abs(down)) <= yardstick.tolerance, f"{across:+.0f} {down:+.0f}")


def lit(jpeg: bytes, face: tuple[float, float, float, float], yardstick: Yardstick) -> Measured:
    """How bright the face is in a picture, 0 to 255, and by how much its halves differ. Raises OSError."""
    left, right = halves(jpeg, face)
    mean, uneven = (left + right) / 2, abs(left - right) / max(left, right, 1.0)
    facts = (
        ("fact-brightness", f"{mean:.0f} / 255"),
        ("fact-uneven", f"{uneven * 100:.0f} %"),
    )
    within = abs(mean - yardstick.reference) <= yardstick.tolerance and uneven <= EVEN_SHARE
    return Measured(facts, within, f"{mean:.0f}")


def judged(touched: Mapping[tuple[int, int], float], grid: tuple[int, int], tolerance: float) -> Measured:
    """The glass by its targets: each answers, and none farther beside its middle than `tolerance` millimetres."""
    columns, rows = grid
    dead = [(c, r) for r in range(rows) for c in range(columns) if (c, r) not in touched]
    worst, where = max(((drift, place) for place, drift in touched.items()), default=(0.0, (0, 0)))
    facts = [("fact-touched", f"{len(touched)} / {columns * rows}"), ("fact-drift", f"{worst:.1f} mm")]
    if touched:
        facts.append(("fact-drift-where", place_of(where)))
    if dead:
        facts.append(("fact-dead", ", ".join(place_of(place) for place in dead[:8])))
    return Measured(tuple(facts), not dead and worst <= tolerance, f"{worst:.1f} mm")


def place_of(place: tuple[int, int]) -> str:
    """Column and row, counted from one, as the page numbers them."""
    return f"{place[0] + 1}-{place[1] + 1}"


def halves(jpeg: bytes, face: tuple[float, float, float, float]) -> tuple[float, float]:
    """Mean brightness, 0 to 255, of the left and the right half of the face in a picture. Raises OSError."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        grey = picture.convert("L")
    x, y, width, height = face
    left, top = round(x * grey.width), round(y * grey.height)
    right, bottom = round((x + width) * grey.width), round((y + height) * grey.height)
    left, top = max(0, left), max(0, top)
    right, bottom = min(grey.width, max(left + 2, right)), min(grey.height, max(top + 1, bottom))
    middle = (left + right) // 2
    sides = (grey.crop((left, top, middle, bottom)), grey.crop((middle, top, right, bottom)))
    one, other = (float(ImageStat.Stat(side).mean[0]) for side in sides)
    return one, other
