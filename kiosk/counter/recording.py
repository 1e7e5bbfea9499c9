"""What is recorded of the person: signature, portrait, fingerprints."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from kiosk.counter.desk import Desk
from kiosk.counter.looking_up import picture_source
from kiosk.counter.pages import Conversation
from kiosk.counter.signature import Stroke, draw, strokes_of
from kiosk.counter.tasks import end
from kiosk.devices.camera.contract import Advice, Guidance, Shot, Shutter
from kiosk.devices.fingerprint.contract import FingerImage
from kiosk.devices.words import Completion, DeviceFault
from kiosk.flows.performing import At, Leave, VisitEnds
from kiosk.flows.steps import (
    EnrolFingers,
    EnrolledFinger,
    Enrolment,
    Finger,
    NotSigned,
    Portrait,
    PortraitForReview,
    Sign,
    Signature,
    TakePortrait,
)
from kiosk.people.records import RefusalCode
from kiosk.screens.stage import Intent
from kiosk.screens.states import FingerPage, FingerStage, PortraitPage, PortraitStage, SignPage

T = TypeVar("T")

SHOTS = 3
JUDGED = frozenset(
    (
        "SingleFacePresent",
        "HeadPoseYaw",
        "HeadPoseRoll",
        "EyesOpen",
        "EyeContrast",
        "MouthClosed",
        "CheekRatio",
        "Sharpness",
    )
)
"""What differs from one picture of a person to the next, by the names of the measures."""
TOUCHES = 3


class SignDesk:
    """签名. After an effect a citizen who does not sign gets back what the terminal holds: the flow decides that."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: Sign, at: At) -> Signature | NotSigned:
        page = self._desk.pages.conversation(step.phase, at)
        page.show(SignPage(step.topic))
        try:
            strokes = await self._signed(page, step)
        except Leave as leave:
            if at.past_barrier and leave.why == "left":
                return NotSigned()
            raise
        text = json.dumps([[list(p) for p in s] for s in strokes], separators=(",", ":")).encode()
        await self._desk.audit.write("signed", at.case, {"topic": step.topic})
        return Signature(
            self._desk.blobs.keep(text, "application/json"), self._desk.blobs.keep(draw(strokes), "image/png")
        )

    async def _signed(self, page: Conversation, step: Sign) -> tuple[Stroke, ...]:
        while True:
            intent = await page.answer("signed", idle=self._desk.durations.signature)
            strokes = strokes_of(intent.payload.get("strokes"))
            if strokes is not None:
                return strokes
            page.amend(SignPage(step.topic, "sign-fault-too-short"))


class PortraitDesk:
    """拍照: guidance, three shots, the citizen chooses; after three poor rounds a person may judge."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: TakePortrait, at: At) -> Portrait | PortraitForReview:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at)
        best: Shot | None = None
        tried = _Tried(since=desk.clock.monotonic())
        try:
            while True:
                shots, given_up = await self._round(step, page, tried)
                pictures = [s for s in shots if s.product_jpeg]
                tried.pictures += len(pictures)
                best = max([*pictures, best] if best else pictures, key=_quality, default=None)
                good = sorted((s for s in shots if s.acceptable), key=_quality, reverse=True)
                if given_up and best is None:
                    # A camera that shows nobody, or does not reach whoever stands there: an officer takes it.
                    raise VisitEnds(RefusalCode.PORTRAIT_NOT_ACCEPTED)
                if given_up and best is not None:
                    return PortraitForReview(desk.blobs.keep(best.product_jpeg, "image/jpeg"), best.measures)
                if not good:
                    tried.failures += 1
                    continue
                chosen = await self._choose(page, good)
                if chosen is not None:
                    return Portrait(desk.blobs.keep(chosen.product_jpeg, "image/jpeg"), chosen.measures)
        except (DeviceFault, TimeoutError):
            raise VisitEnds(RefusalCode.DEVICE, (("device", "camera"),)) from None
        finally:
            await desk.camera.rest()

    async def _round(self, step: TakePortrait, page: Conversation, tried: _Tried) -> tuple[list[Shot], bool]:
        """Up to three shots; True when the citizen asks for a person to judge."""
        desk = self._desk
        shots: list[Shot] = []

        def show() -> None:
            page.amend(PortraitPage(PortraitStage.GUIDE, (), len(shots), offered(), tried.reason))

        def offered() -> bool:
            return tried.out_of_reach or tried.in_vain or tried.failures >= desk.tries.portrait

        async def shoot() -> Shot:
            shooting = asyncio.ensure_future(desk.camera.shoot(seconds=desk.durations.portrait_shot))
            try:
                if not shots and not offered():
                    waited = desk.clock.monotonic() - tried.since
                    left = max(0.0, desk.durations.portrait_in_vain - waited)
                    done, _ = await asyncio.wait({shooting}, timeout=left)
                    if not done:
                        tried.in_vain = True
                        show()
                return await shooting
            finally:
                await end(shooting)

        def tell(guidance: Guidance) -> None:
            if guidance.face is not None:
                page.somebody_is_there()
            page.live(advice=guidance.advice.value, face=guidance.face, held=guidance.held_seconds)
            tried.advice = guidance.advice
            if guidance.advice is Advice.TOO_LOW and not tried.out_of_reach:
                tried.out_of_reach = True
                show()

        show()
        await desk.use_device(desk.camera.watch(step.standard, tell), desk.durations.portrait_shot)
        while len(shots) < SHOTS:
            got = await page.alongside(shoot(), "review", "shoot", idle=desk.durations.idle_elder)
            if isinstance(got, Intent):
                if got.action == "review":
                    if offered():
                        # Somebody is to judge a picture: without one so far, whatever the camera shows now.
                        if not shots and not tried.pictures:
                            seconds = desk.durations.portrait_button
                            shots.append(await desk.camera.shoot(seconds=seconds, shutter=Shutter.BUTTON))
                        return shots, True
                    continue
                got = await desk.camera.shoot(seconds=desk.durations.portrait_button, shutter=Shutter.BUTTON)
            shots.append(got)
            tried.reason = "" if got.acceptable or tried.advice is Advice.GOOD else tried.advice.value
            if not got.acceptable:
                return shots, False
            show()
        return shots, False

    async def _choose(self, page: Conversation, good: list[Shot]) -> Shot | None:
        sources = tuple(picture_source(s.product_jpeg) for s in good)
        page.show(PortraitPage(PortraitStage.CHOOSE, sources, len(good)))
        intent = await page.answer("choose", "retake", idle=self._desk.durations.idle_elder)
        if intent.action == "retake":
            page.show(PortraitPage(PortraitStage.GUIDE))
            return None
        index = int(intent.payload["index"])
        return good[index] if 0 <= index < len(good) else None


@dataclass
class _Tried:
    """What has come of the attempts so far. After enough failures, where the camera does not reach, or where it has
    seen nothing for a while, a person may judge.
    """

    since: float
    """When it began, in seconds of the terminal's clock."""
    failures: int = 0
    pictures: int = 0
    """Of them so many can be shown to somebody."""
    out_of_reach: bool = False
    in_vain: bool = False
    advice: Advice = Advice.NO_FACE
    reason: str = ""
    """Why the last picture will not do, as the coach names it."""


async def _as_coroutine(work: Awaitable[T]) -> T:
    return await work


def _quality(shot: Shot) -> int:
    """Of what makes one picture better than the next, the worst counts; what was not measured does not."""
    return min((score for name, _, score in shot.measures if name in JUDGED and score >= 0), default=0)


class EnrolDesk:
    """指纹登记: each thumb three times; a worn thumb makes way for the index finger."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: EnrolFingers, at: At) -> Enrolment:
        page = self._desk.pages.conversation(step.phase, at)
        enrolled: list[EnrolledFinger] = []
        for first, other in ((Finger.RIGHT_THUMB, Finger.RIGHT_INDEX), (Finger.LEFT_THUMB, Finger.LEFT_INDEX)):
            got = await self._finger(page, first)
            if got.template is None:
                enrolled.append(got)
                got = await self._finger(page, other)
            enrolled.append(got)
        return Enrolment(tuple(enrolled))

    async def _finger(self, page: Conversation, finger: Finger) -> EnrolledFinger:
        desk = self._desk
        reference: FingerImage | None = None
        touch, misses = 1, 0
        page.show(FingerPage(FingerStage.PLACE, finger, touch, TOUCHES, desk.tries.finger))
        while touch <= TOUCHES:
            try:
                capture = desk.fingerprint.capture(seconds=desk.durations.finger)
                got = await page.alongside(_as_coroutine(capture), "other-finger")
                if isinstance(got, Intent):
                    return EnrolledFinger(finger, None)
                page.somebody_is_there()
                same = reference is None or await desk.use_device(
                    desk.fingerprint.match(got.features, reference.features), desk.durations.finger_compare
                )
            except DeviceFault as fault:
                if fault.completion is Completion.TIME_OUT:
                    continue
                if fault.completion not in (Completion.COMMAND_ERROR, Completion.INVALID_DATA):
                    raise VisitEnds(RefusalCode.DEVICE, (("device", "fingerprint"),)) from None
                page.somebody_is_there()
                same = False
                got = None
            except TimeoutError:
                raise VisitEnds(RefusalCode.DEVICE, (("device", "fingerprint"),)) from None
            if got is not None and not same:
                # Whichever of the two was the wrong finger, the one that lies there now is the one to go on with.
                reference, touch = got, 2
            if not same or got is None:
                misses += 1
                if misses >= desk.tries.finger:
                    return EnrolledFinger(finger, None)
                page.amend(FingerPage(FingerStage.NOT_READ, finger, touch, TOUCHES, desk.tries.finger - misses))
                continue
            reference = reference or got
            touch += 1
            if touch <= TOUCHES:
                page.amend(FingerPage(FingerStage.LIFT, finger, touch, TOUCHES, desk.tries.finger - misses))
        if reference is None:
            return EnrolledFinger(finger, None)
        return EnrolledFinger(finger, desk.blobs.keep(reference.features, "application/octet-stream"))
