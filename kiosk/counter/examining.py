"""The examination: the booth looked at, questions, and one measurement after another.

Nothing here says what a figure means; limits are the flow's and a doctor's. What is measured is in no log and on no
page: the citizen reads it on the paper.
"""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from PIL import Image

from kiosk.counter.desk import Desk
from kiosk.counter.looking_up import png_source
from kiosk.counter.pages import Conversation
from kiosk.counter.plates import FIGURES, Plate, demonstration, series
from kiosk.counter.tasks import end
from kiosk.devices.camera.contract import Guidance, Shutter
from kiosk.devices.exam_booth.contract import FREQUENCIES, HEADSET_OFF, Ear, Noise, Posture, Tone
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from kiosk.flows.examining import (
    AskConditions,
    CheckBooth,
    HearTones,
    MeasureHeight,
    ReadChart,
    ReadPlates,
    RecordMovements,
)
from kiosk.flows.performing import At, VisitEnds
from kiosk.people.examination import (
    BoothFit,
    BoothUnfit,
    Declaration,
    EyeMeasured,
    Having,
    HeightMeasured,
    Letter,
    MovementsRecorded,
    PlatesRead,
    Side,
    ToneHeard,
    TonesHeard,
    Unfit,
)
from kiosk.people.eyesight import Eye, Found, Opening, Verdict, grid, line_verdict, staircase
from kiosk.people.portrait import Blob
from kiosk.people.records import RefusalCode
from kiosk.screens.stage import Intent
from kiosk.screens.states import (
    ChartPage,
    ChartStage,
    HeightPage,
    HeightStage,
    MovementPage,
    MovementStage,
    PlatePage,
    PlateStage,
    QuestionPage,
    TonePage,
    ToneStage,
    WorkingPage,
    WorkTopic,
)

T = TypeVar("T")

HEIGHT_TRIES = 3
SPREAD_MM = 10
"""Twice the half centimetre a reading may be off: readings farther apart than this are of somebody who moved."""
DISTANCE_POLL_SECONDS = 0.4
DISTANCE_PATIENCE_SECONDS = 60.0
LOUDEST_TENTHS = 450
"""45 dB(A): above, tones of 40 dB HL drown."""
NOISE_TRIES, HEADSET_TRIES = 3, 3
LEVEL_DB_HL = 40
TONE_SECONDS = 1.0
SHORTEST_PAUSE, PAUSE_RANGE = 0.6, 1.2
"""Before a tone, so that nobody can answer by the beat."""
SHOWN_SECONDS = 0.05
"""A plate is on the screen by then; the next one is made while nobody has read it yet."""
HOLD_SECONDS = 3
"""From the touch until the picture of a movement is taken: time to do it."""
FRAME_SECONDS = 1.0
PICTURE_WIDTH = 480
"""Wide enough to see hands and legs, no wider (PIPL art. 6)."""
PICTURE_QUALITY = 70
_EARS = {Side.LEFT: Ear.LEFT, Side.RIGHT: Ear.RIGHT}


def no_booth() -> VisitEnds:
    """The booth is away, or broken: nothing was filed, and nothing measured is kept."""
    return VisitEnds(RefusalCode.DEVICE, (("device", "exam-booth"),))


def not_here(reason: str) -> VisitEnds:
    """It cannot be measured here and now; an institution can."""
    return VisitEnds(RefusalCode.EXAM_NOT_HERE, (("reason", reason),))


async def measured(desk: Desk, work: Coroutine[Any, Any, T]) -> T:
    """A command to the booth. Raises DeviceFault for what the citizen can put right, VisitEnds for anything else."""
    try:
        return await desk.use_device(work, desk.durations.exam_command)
    except DeviceFault as fault:
        if fault.completion is Completion.COMMAND_ERROR and not fault.code.startswith("calibration"):
            raise
        raise no_booth() from None
    except TimeoutError:
        raise no_booth() from None


class CheckBoothDesk:
    """Display, distance, colours, calibration: what does not depend on anybody standing there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: CheckBooth, at: At) -> BoothFit | BoothUnfit:
        room = self._desk.exam_room
        if not room.chart.reaches(room.eyes_mm):
            return BoothUnfit(Unfit.DISPLAY)
        if not room.colours or room.colours_until < at.opening.today:
            return BoothUnfit(Unfit.COLOURS)
        page = self._desk.pages.conversation(step.phase, at)
        looking = measured(self._desk, self._desk.exam_booth.status())
        status = await page.wait(looking, WorkingPage(WorkTopic.LOOKING_AT_BOOTH))
        if status.health.state is not DeviceState.ONLINE:
            raise no_booth()
        if status.calibration is None or status.health.code:
            return BoothUnfit(Unfit.CALIBRATION)
        return BoothFit(status.calibration.id)


class ConditionsDesk:
    """病史申报: one question a page; Back goes to the one before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: AskConditions, at: At) -> Declaration:
        given: list[Having] = []
        while len(given) < len(step.conditions):
            condition = step.conditions[len(given)]
            page = self._desk.pages.conversation(step.phase, inner(at) if given else at)
            page.show(QuestionPage(condition.zh, condition.en, step.basis, len(given), len(step.conditions)))
            intent = await page.answer("no", "yes", *(("back",) if given else ()))
            if intent.action == "back":
                given.pop()
                continue
            given.append(Having(intent.action))
            if given[-1] is Having.YES:
                break
        declared = Declaration(tuple((c.id, a) for c, a in zip(step.conditions, given, strict=False)))
        await self._desk.audit.write("declared", at.case, {"topic": "conditions"})
        return declared


def inner(at: At) -> At:
    """Inside a step of several pages one can always go back to the page before."""
    return At(at.case, at.key, at.occurrence, at.attempt, at.opening, at.draft, can_go_back=True)


class HeightDesk:
    """身高: three readings that agree, or another try."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: MeasureHeight, at: At) -> HeightMeasured:
        page = self._desk.pages.conversation(step.phase, at)
        page.show(HeightPage(HeightStage.STAND))
        for _ in range(HEIGHT_TRIES):
            _ = await page.answer("ready")
            page.amend(HeightPage(HeightStage.MEASURING))
            try:
                height = await page.alongside(measured(self._desk, self._desk.exam_booth.height()))
            except DeviceFault:
                page.amend(HeightPage(HeightStage.AGAIN))
                continue
            if isinstance(height, Intent) or height.spread_mm > SPREAD_MM:
                page.amend(HeightPage(HeightStage.AGAIN))
                continue
            return HeightMeasured(height.median_mm, height.readings_mm, height.calibration.id)
        raise not_here("height")


@dataclass(frozen=True, slots=True)
class _Seat:
    """From where the chart is seen now, and whose figures say so."""

    mm: int
    stroke_px: int
    calibration: str


class ChartDesk:
    """视力: a staircase of lines, each letter as large as the distance measured just before asks for."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: ReadChart, at: At) -> EyeMeasured:
        room = self._desk.exam_room
        chance = random.Random(self._desk.ids.nonce())
        page = self._desk.pages.conversation(step.phase, at)
        page.show(ChartPage(ChartStage.COVER, step.eye))
        glasses = await page.answer("without-glasses", "with-glasses")
        lines = room.chart.lines(room.eyes_mm)
        letters: list[Letter] = []
        seen: list[tuple[int, Verdict]] = []
        calibration = ""
        while not isinstance(following := staircase(lines, tuple(seen)), Found):
            right = wrong = 0
            while (verdict := line_verdict(right, wrong)) is None:
                letter, calibration = await self._letter(page, step.eye, following.line, len(letters), chance)
                letters.append(letter)
                right, wrong = right + (letter.answer is letter.shown), wrong + (letter.answer is not letter.shown)
            seen.append((following.line, verdict))
        return EyeMeasured(step.eye, following.level, glasses.action == "with-glasses", tuple(letters), calibration)

    async def _letter(
        self, page: Conversation, eye: Eye, line: int, number: int, chance: random.Random
    ) -> tuple[Letter, str]:
        seat = await self._seat(page, eye, line, number)
        shown = chance.choice(tuple(Opening))
        drawn = shown if self._desk.exam_room.mirrors % 2 == 0 else shown.mirrored
        page.show(ChartPage(ChartStage.LETTER, eye, number + 1, grid(drawn), seat.stroke_px))
        intent = await page.answer("point", "not-seen")
        answer = Opening(str(intent.payload["to"])) if intent.action == "point" else None
        distance = seat.mm + self._desk.exam_room.chart.path_mm
        return Letter(line, seat.stroke_px, distance, shown, answer), seat.calibration

    async def _seat(self, page: Conversation, eye: Eye, line: int, number: int) -> _Seat:
        """Where the eyes are, as soon as this line can be shown from there. Raises VisitEnds."""
        desk, chart = self._desk, self._desk.exam_room.chart
        patience = desk.clock.monotonic() + DISTANCE_PATIENCE_SECONDS
        while True:
            try:
                at = await measured(desk, desk.exam_booth.distance())
            except DeviceFault:
                at = None
            if at is not None and at.posture is not Posture.NOBODY:
                stroke = chart.drawn(line, at.mm)
                if stroke is not None:
                    return _Seat(at.mm, stroke, at.calibration.id)
            if desk.clock.monotonic() > patience:
                raise not_here("distance")
            near = at is None or at.mm < desk.exam_room.eyes_mm
            asked = ChartPage(ChartStage.FARTHER if near else ChartStage.NEARER, eye, number)
            if page.state != asked:
                page.show(asked)
            _ = await page.alongside(_pause(DISTANCE_POLL_SECONDS))


class PlatesDesk:
    """辨色力: one plate to see how it is done, then the others, each new."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: ReadPlates, at: At) -> PlatesRead:
        chance = random.Random(self._desk.ids.nonce())
        page = self._desk.pages.conversation(step.phase, at)
        first = demonstration(chance)
        source = png_source(first.png())
        page.show(PlatePage(PlateStage.SHOW_HOW, source, FIGURES))
        answers: list[tuple[str, str]] = []
        plates = series(chance, step.plates)
        making = asyncio.ensure_future(_drawn(plates, SHOWN_SECONDS))
        try:
            _ = await page.answer("figure", "not-seen")
            page.show(PlatePage(PlateStage.SOLVED, source, FIGURES, figure=first.figure))
            _ = await page.answer("continue")
            for index in range(step.plates):
                figure, source = await making
                page.show(PlatePage(PlateStage.PLATE, source, FIGURES, index, step.plates))
                if index + 1 < step.plates:
                    making = asyncio.ensure_future(_drawn(plates, SHOWN_SECONDS))
                intent = await page.answer("figure", "not-seen")
                answers.append((figure, str(intent.payload["text"]) if intent.action == "figure" else ""))
        finally:
            await end(making)
        return PlatesRead(tuple(answers))


async def _drawn(plates: Iterator[Plate], after: float) -> tuple[str, str]:
    """The next plate's figure and picture, made while the one before is looked at; `after` it has been shown."""
    await asyncio.sleep(after)
    plate = next(plates)
    return plate.figure, png_source(plate.png())


class TonesDesk:
    """听力: the headset, silence, then tones of the booth's own calibrated amplifier, either ear at random."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: HearTones, at: At) -> TonesHeard:
        chance = random.Random(self._desk.ids.nonce())
        page = self._desk.pages.conversation(step.phase, at)
        noise = await self._silence(page)
        page.show(TonePage(ToneStage.HEADSET))
        _ = await page.answer("ready")
        tones = chance.sample([(side, hertz) for side in _EARS for hertz in FREQUENCIES], 2 * len(FREQUENCIES))
        heard: list[ToneHeard] = []
        calibration = noise.calibration.id
        for index, (side, hertz) in enumerate(tones):
            page.show(TonePage(ToneStage.LISTEN, index, len(tones)))
            _ = await page.alongside(_pause(SHORTEST_PAUSE + PAUSE_RANGE * chance.random()))
            calibration = await self._play(
                page, Tone(_EARS[side], hertz, LEVEL_DB_HL, TONE_SECONDS), index, len(tones)
            )
            page.show(TonePage(ToneStage.ANSWER, index, len(tones)))
            intent = await page.answer("heard")
            heard.append(ToneHeard(side, hertz, Side(str(intent.payload["side"]))))
        return TonesHeard(tuple(heard), LEVEL_DB_HL, round(noise.dba * 10), calibration)

    async def _silence(self, page: Conversation) -> Noise:
        """Measured before anything sounds. Raises VisitEnds."""
        for _ in range(NOISE_TRIES):
            page.show(TonePage(ToneStage.QUIET))
            try:
                noise = await page.alongside(measured(self._desk, self._desk.exam_booth.noise()))
            except DeviceFault:
                continue
            if not isinstance(noise, Intent) and round(noise.dba * 10) < LOUDEST_TENTHS:
                return noise
            page.show(TonePage(ToneStage.LOUD))
            _ = await page.answer("ready")
        raise not_here("noise")

    async def _play(self, page: Conversation, tone: Tone, index: int, count: int) -> str:
        """To its end, as the amplifier says; whose calibration it was. Raises VisitEnds."""
        for _ in range(HEADSET_TRIES):
            try:
                played = await page.alongside(measured(self._desk, self._desk.exam_booth.play(tone)))
            except DeviceFault as fault:
                if fault.code != HEADSET_OFF:
                    raise no_booth() from None
                page.show(TonePage(ToneStage.HEADSET_OFF))
                _ = await page.answer("ready")
                page.show(TonePage(ToneStage.LISTEN, index, count))
                continue
            if not isinstance(played, Intent):
                return played.calibration.id
        raise not_here("headset")


class MovementsDesk:
    """四肢、躯干、颈部: shown how, done, recorded. What the picture shows is a doctor's to say."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: RecordMovements, at: At) -> MovementsRecorded:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at)
        pictures: list[tuple[str, Blob]] = []
        try:
            await desk.use_device(desk.camera.watch(None, _somebody(page)), desk.durations.portrait_shot)
            while len(pictures) < len(step.movements):
                index = len(pictures)
                movement = step.movements[index]
                asking = desk.pages.conversation(step.phase, inner(at) if index else at)
                asking.show(MovementPage(MovementStage.SHOW_HOW, movement, index, len(step.movements)))
                intent = await asking.answer("begin", *(("back",) if index else ()))
                if intent.action == "back":
                    _ = pictures.pop()
                    continue
                page.show(MovementPage(MovementStage.HOLD, movement, index, len(step.movements)))
                for left in range(HOLD_SECONDS, 0, -1):
                    page.live(seconds_left=left)
                    _ = await page.alongside(_pause(1.0))
                shot = await desk.use_device(
                    desk.camera.shoot(seconds=FRAME_SECONDS, shutter=Shutter.BUTTON), desk.durations.portrait_shot
                )
                pictures.append((movement, desk.blobs.keep(smaller(shot.frame_jpeg), "image/jpeg")))
        except (DeviceFault, TimeoutError):
            raise VisitEnds(RefusalCode.DEVICE, (("device", "camera"),)) from None
        finally:
            await desk.camera.rest()
        return MovementsRecorded(tuple(pictures))


def _somebody(page: Conversation) -> Any:
    """No advice: a head that turns away is what was asked for."""

    def tell(guidance: Guidance) -> None:
        if guidance.face is not None:
            page.somebody_is_there()

    return tell


def smaller(jpeg: bytes) -> bytes:
    """A frame with no more of it than has to be seen."""
    with Image.open(io.BytesIO(jpeg)) as frame:
        height = round(frame.height * PICTURE_WIDTH / frame.width)
        frame.draft("RGB", (PICTURE_WIDTH, height))
        out = io.BytesIO()
        frame.convert("RGB").resize((PICTURE_WIDTH, height)).save(out, "JPEG", quality=PICTURE_QUALITY)
    return out.getvalue()


async def _pause(seconds: float) -> None:
    await asyncio.sleep(seconds)
