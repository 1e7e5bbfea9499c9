"""Who is here: card, number, face, finger, and the new card on the reader."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.challenging import challenged
from kiosk.counter.desk import Challenge, Desk
from kiosk.counter.new_documents import chip_key, differs
from kiosk.counter.pages import Conversation
from kiosk.counter.watch import Whose
from kiosk.counter.welcoming import welcome_back
from kiosk.devices.camera.contract import Comparison, Guidance, Shot
from kiosk.devices.document_reader.contract import ACCESS_DENIED
from kiosk.devices.fingerprint.contract import FingerImage
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from kiosk.flows.opening import SecondFactor
from kiosk.flows.performing import At, Leave, VisitEnds
from kiosk.flows.steps import (
    CardNotRead,
    CardPresented,
    CheckNewCard,
    DeviceClass,
    EnterName,
    EnterNumber,
    FactorResult,
    MatchFace,
    MatchFingerprint,
    NewCardCheck,
    NoCardHere,
    PresentCard,
    WithoutCard,
)
from kiosk.people.id_number import IdNumber, InvalidIdNumber
from kiosk.people.names import InvalidName, PersonName
from kiosk.people.records import FinishedCard, Refusal, RefusalCode
from kiosk.people.travel_applications import FinishedTravelDocument
from kiosk.people.travel_document import InvalidMrz
from kiosk.protocol.messages import FaceRequest, FingerRequest
from kiosk.screens.stage import Intent
from kiosk.screens.states import (
    EnterNamePage,
    FacePage,
    FaceStage,
    FingerPage,
    FingerStage,
    ReadCard,
    ReaderStage,
    TellPage,
    TypeNumber,
    WorkingPage,
    WorkTopic,
)


def reader_stage(fault: DeviceFault) -> ReaderStage:
    """What the page says about a reading that failed."""
    match fault.completion, fault.code:
        case Completion.COMMAND_ERROR, "mediaLost":
            return ReaderStage.TAKEN_TOO_SOON
        case Completion.COMMAND_ERROR, "securityFail":
            return ReaderStage.NOT_AUTHENTIC
        case Completion.COMMAND_ERROR, "invalidMedia":
            return ReaderStage.UNREADABLE
        case Completion.INVALID_DATA, _:
            return ReaderStage.NONSENSE
        case _:
            return ReaderStage.READER_AWAY


@dataclass(frozen=True, slots=True)
class Patience:
    """When a stay at the reader leads nowhere: after so many cards that could not be read, or so long without it."""

    tries: int
    away_seconds: float


class Reader:
    """A stay at the reader, shared by the first card and the new one; without `patience` it never ends by itself."""

    def __init__(
        self, desk: Desk, page: Conversation, may_go_without: bool, new_card: bool, patience: Patience | None = None
    ) -> None:
        self._desk = desk
        self._page = page
        self._shape = ReadCard(ReaderStage.WAITING, new_card=new_card, may_go_without=may_go_without)
        self._patience = patience
        self._failed = 0
        self._away_since: float | None = None

    def say(self, stage: ReaderStage) -> None:
        """The page says what the reader does."""
        self._page.amend(ReadCard(stage, self._shape.new_card, self._shape.may_go_without))

    async def one(self, *actions: str) -> CardRead | Intent | RefusalCode:
        """A card that could be read, or a touch. Failed readings are said and tried again.

        A code once that leads nowhere: CARD_UNREADABLE, or DEVICE where the reader stays away.
        """
        while True:
            try:
                return await self._page.alongside(self._read(), *actions)
            except DeviceFault as fault:
                if fault.completion is Completion.TIME_OUT:
                    continue
                stage = reader_stage(fault)
                given_up = self._given_up(stage)
                if given_up is not None:
                    return given_up
                self.say(stage)
            # A reader that is away says so at once, however often it is asked.
            pause = asyncio.sleep(self._desk.durations.reader_pause)
            touched = await self._page.alongside(pause, *actions)
            if touched is not None:
                return touched

    def _given_up(self, stage: ReaderStage) -> RefusalCode | None:
        """Whether that was once too often. A lifted card and a dead one look the same to the module."""
        if self._patience is None:
            return None
        if stage is ReaderStage.READER_AWAY:
            now = self._desk.clock.monotonic()
            self._away_since = now if self._away_since is None else self._away_since
            return RefusalCode.DEVICE if now - self._away_since >= self._patience.away_seconds else None
        self._away_since = None
        self._failed += 1
        return RefusalCode.CARD_UNREADABLE if self._failed >= self._patience.tries else None

    async def _read(self) -> CardRead:
        reading = self._desk.watch.waiting_for(Whose.DEVICE)
        entered = False

        def seen() -> None:
            nonlocal entered
            entered = True
            self._page.somebody_is_there()
            reading.__enter__()
            self.say(ReaderStage.READING)

        try:
            return await self._desk.id_reader.read(seconds=self._desk.durations.card, card_seen=seen)
        finally:
            if entered:
                reading.__exit__(None, None, None)


class PresentCardDesk:
    """读证, by the card on the counter already or by one laid down now.

    After some tries the page says that this leads nowhere, with its code (services.md 1.6, E-ID-01 and E-DEV), and
    offers to try again, to go on by number where the service allows it, and to end. Whoever has no card is told so
    where the service needs the card itself.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: PresentCard, at: At) -> CardPresented | NoCardHere | CardNotRead:
        desk = self._desk
        read = desk.card_on_counter
        desk.card_on_counter = None
        if read is None:
            got = await self._at_the_reader(step, at)
            if not isinstance(got, CardRead):
                return got
            read = got
        await desk.audit.write("card-read", at.case, {"kind": read.card.kind.value})
        return CardPresented(
            read.card,
            desk.blobs.keep(read.photo, "application/octet-stream"),
            tuple(desk.blobs.keep(f, "application/octet-stream") for f in read.fingers),
        )

    async def _at_the_reader(self, step: PresentCard, at: At) -> CardRead | NoCardHere | CardNotRead:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at)
        without = ("without-card",) if step.without is WithoutCard.OFFERED else ()
        patience = Patience(desk.tries.card, desk.durations.reader_away)
        while True:
            reader = Reader(desk, page, may_go_without=bool(without), new_card=False, patience=patience)
            reader.say(ReaderStage.WAITING)
            got = await reader.one("without-card")
            if isinstance(got, CardRead):
                reader.say(ReaderStage.READ)
                return got
            if isinstance(got, Intent):
                if without:
                    return NoCardHere()
                got = RefusalCode.NO_CARD
            refusal = Refusal(got, (("device", DeviceClass.ID_READER.value),) if got is RefusalCode.DEVICE else ())
            page.show(TellPage(refusal, at.case[-8:], actions=("retry", *without, "end")))
            touched = await page.answer("retry", *without, "end", idle=desk.durations.tell)
            if touched.action == "end":
                return CardNotRead(got)
            if touched.action != "retry":
                return NoCardHere()


class EnterNumberDesk:
    """无证."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: EnterNumber, at: At) -> IdNumber:
        page = self._desk.pages.conversation(step.phase, at)
        state = TypeNumber(draft=at.draft.text if at.draft is not None else "")
        page.show(state)
        while True:
            intent = await page.answer("number", "other-letters")
            if intent.action == "other-letters":
                # A permanent residence card of 2017 has letters of a country in its number: it has its own window.
                raise VisitEnds(RefusalCode.CARD_FOREIGN)
            text = str(intent.payload["text"])
            try:
                number = IdNumber.parse(text, at.opening.today)
            except InvalidIdNumber as wrong:
                page.amend(TypeNumber(wrong.fault, text))
                continue
            return number


class EnterNameDesk:
    """A name of Chinese characters, found by sound on the screen's own letters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: EnterName, at: At) -> PersonName:
        page = self._desk.pages.conversation(step.phase, at)
        page.show(EnterNamePage(step.topic, draft=at.draft.text if at.draft is not None else ""))
        while True:
            # Whoever looks for a rare character needs time; nothing personal stands open on this page.
            intent = await page.answer("name", idle=self._desk.durations.idle_elder)
            text = str(intent.payload["text"])
            try:
                return PersonName.parse(text)
            except InvalidName as wrong:
                page.amend(EnterNamePage(step.topic, wrong.fault, text))


class MatchFaceDesk:
    """人脸 1:1: three tries, here if an engine and a readable photo are here, else at headquarters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: MatchFace, at: At) -> FactorResult:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at)
        masked = step.person.masked_name if step.person else ""
        try:
            await desk.use_device(desk.camera.watch(None, _teller(page)), desk.durations.face_shot)
        except (DeviceFault, TimeoutError):
            return FactorResult.UNAVAILABLE
        try:
            page.show(FacePage(FaceStage.LOOK, desk.tries.face, masked))
            if step.claim.photo is not None:
                await desk.camera.expect(desk.blobs.read(step.claim.photo.sha256))
            result = await self._tries(step, at, page, masked)
        finally:
            await desk.camera.rest()
        if result is FactorResult.MATCHED and at.opening.second_factor is SecondFactor.NOT_REQUIRED:
            await welcome_back(desk, page, step.claim.number, at)
        return result

    async def _tries(self, step: MatchFace, at: At, page: Conversation, masked: str) -> FactorResult:
        for left in range(self._desk.tries.face - 1, -1, -1):
            result = await self._try(step, at, page, FacePage(FaceStage.COMPARING, left + 1, masked))
            if result is not FactorResult.MISSED:
                return result
            page.amend(FacePage(FaceStage.AGAIN, left, masked))
        return FactorResult.MISSED

    async def _try(self, step: MatchFace, at: At, page: Conversation, comparing: FacePage) -> FactorResult:
        desk = self._desk
        try:
            shot = await page.alongside(_shoot(desk, desk.durations.face_shot), "other-way")
            if isinstance(shot, Intent):
                return FactorResult.DECLINED
            live = shot.frame_jpeg
            if desk.challenge is not Challenge.OFF:
                # What is compared was seen within the challenge: nobody passes it for another.
                seen = await challenged(desk, page, comparing, at)
                if isinstance(seen, FactorResult):
                    return seen
                live = seen
        except (DeviceFault, TimeoutError):
            return FactorResult.UNAVAILABLE
        page.amend(comparing)
        return await self._compare(step, at, live)

    async def _compare(self, step: MatchFace, at: At, live: bytes) -> FactorResult:
        desk = self._desk
        verdict = Comparison.NOT_AVAILABLE
        evidence: dict[str, str] = {}
        if step.claim.photo is not None:
            reference = desk.blobs.read(step.claim.photo.sha256)
            try:
                score = await desk.compute(desk.camera.compare(live, reference), desk.durations.face_compare)
                verdict = score.verdict
                evidence = compared(score.engine, score.distance, score.threshold) | dict(score.evidence)
            except (DeviceFault, TimeoutError):
                verdict = Comparison.NOT_AVAILABLE
        if verdict is Comparison.NOT_AVAILABLE:
            try:
                request = FaceRequest(
                    case=at.case,
                    number=step.claim.number.text,
                    live=base64.b64encode(live).decode("ascii"),
                )
                reply = await desk.ask_headquarters(
                    desk.headquarters.compare_face(request), desk.durations.face_compare
                )
                verdict = Comparison(reply.verdict)
                evidence = compared(reply.engine, reply.distance, reply.threshold)
                evidence["sandbox"] = "yes" if reply.sandbox else "no"
            except (Unreachable, Rejected, TimeoutError):
                verdict = Comparison.NOT_AVAILABLE
        await desk.audit.write("face-compared", at.case, {"verdict": verdict.value, **evidence})
        match verdict:
            case Comparison.SAME:
                return FactorResult.MATCHED
            # Not decided is no pass: after the last try another factor, or a person, decides.
            case Comparison.DIFFERENT | Comparison.NO_FACE | Comparison.NOT_DECIDED:
                return FactorResult.MISSED
            case Comparison.NOT_AVAILABLE:
                return FactorResult.UNAVAILABLE


def compared(engine: str, distance: float, threshold: float) -> dict[str, str]:
    """How sure an engine was, for the audit chain."""
    return {"engine": engine, "distance": f"{distance:.4f}", "threshold": f"{threshold:.4f}"}


def _teller(page: Conversation) -> Callable[[Guidance], None]:
    def tell(guidance: Guidance) -> None:
        page.live(advice=guidance.advice.value, face=guidance.face, held=guidance.held_seconds)

    return tell


async def _shoot(desk: Desk, seconds: float) -> Shot:
    return await desk.camera.shoot(seconds=seconds)


AWAY_TWICE = 2
"""So often running a sensor may be away before it counts as gone: a pulled plug is often a shaken one."""


def _sensor_answered(fault: DeviceFault) -> bool:
    """Whether the sensor is there, and only this touch came to nothing: badly read, or its answer damaged."""
    return fault.completion in (Completion.COMMAND_ERROR, Completion.INVALID_DATA)


class MatchFingerprintDesk:
    """指纹: against the chip's templates in the sensor, else against the library at headquarters."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: MatchFingerprint, at: At) -> FactorResult:
        """A touch of which nothing usable came costs a try; a sensor that is away twice running is gone."""
        desk = self._desk
        page = desk.pages.conversation(step.phase, at)
        page.show(FingerPage(FingerStage.PLACE, tries_left=desk.tries.finger))
        left, away = desk.tries.finger, 0
        while left:
            try:
                touched = await page.alongside(self._capture(), "other-way")
                if isinstance(touched, Intent):
                    return FactorResult.DECLINED
                away = 0
                page.somebody_is_there()
                verdict = await self._compare(step, at, touched)
            except DeviceFault as fault:
                if fault.completion is Completion.TIME_OUT:
                    continue
                left -= 1
                away = 0 if _sensor_answered(fault) else away + 1
                if away == AWAY_TWICE or (away and not left):
                    return FactorResult.UNAVAILABLE
                page.amend(FingerPage(FingerStage.NOT_READ, tries_left=left))
                if away:
                    # A sensor that is away says so at once, however often it is asked.
                    pause = asyncio.sleep(desk.durations.reader_pause)
                    if await page.alongside(pause, "other-way") is not None:
                        return FactorResult.DECLINED
                else:
                    page.somebody_is_there()
                continue
            left -= 1
            await desk.audit.write("finger-compared", at.case, {"verdict": verdict.value})
            if verdict is FactorResult.MATCHED:
                await welcome_back(desk, page, step.claim.number, at)
            if verdict is not FactorResult.MISSED:
                return verdict
            page.amend(FingerPage(FingerStage.AGAIN, tries_left=left))
        return FactorResult.MISSED

    async def _capture(self) -> FingerImage:
        return await self._desk.fingerprint.capture(seconds=self._desk.durations.finger)

    async def _compare(self, step: MatchFingerprint, at: At, touched: FingerImage) -> FactorResult:
        """Raises DeviceFault where the sensor did not compare."""
        desk = self._desk
        if step.claim.fingers:
            try:
                for blob in step.claim.fingers:
                    matching = desk.fingerprint.match(touched.features, desk.blobs.read(blob.sha256))
                    if await desk.use_device(matching, desk.durations.finger_compare):
                        return FactorResult.MATCHED
            except TimeoutError:
                raise DeviceFault(Completion.DEVICE_NOT_READY) from None
            return FactorResult.MISSED
        request = FingerRequest(case=at.case, number=step.claim.number.text, live=touched.features.hex())
        try:
            reply = await desk.ask_headquarters(
                desk.headquarters.compare_finger(request), desk.durations.finger_compare
            )
        except (Unreachable, Rejected, TimeoutError):
            return FactorResult.UNAVAILABLE
        match reply.verdict:
            case "same":
                return FactorResult.MATCHED
            case "different":
                return FactorResult.MISSED
            case "not-enrolled" | "not-available":
                return FactorResult.UNAVAILABLE


class CheckNewCardDesk:
    """试读: is it the new card? The old one has the same number (rule 12)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: CheckNewCard, at: At) -> NewCardCheck:
        page = self._desk.pages.conversation(step.phase, at)
        if isinstance(step.expected, FinishedTravelDocument):
            return await self._by_chip(page, step, at, step.expected)
        reader = Reader(self._desk, page, may_go_without=False, new_card=True)
        reader.say(ReaderStage.WAITING)
        while True:
            try:
                got = await reader.one("skip")
            except Leave:
                return NewCardCheck.NOT_SHOWN
            if not isinstance(got, CardRead):
                return NewCardCheck.NOT_SHOWN
            found = compare_new_card(got, step)
            if found is None:
                reader.say(ReaderStage.READ)
                await self._desk.audit.write("new-card-read", at.case, {"item": step.expected.item})
                return NewCardCheck.IT_IS_THE_NEW_CARD
            reader.say(found)

    async def _by_chip(
        self, page: Conversation, step: CheckNewCard, at: At, expected: FinishedTravelDocument
    ) -> NewCardCheck:
        """On the reader of passports and passes. Only the very document's number, birth and expiry open its chip."""
        desk = self._desk
        try:
            key = chip_key(step.number, expected)
        except InvalidMrz:
            return NewCardCheck.UNREADABLE
        if (await desk.document_reader.health()).state is not DeviceState.ONLINE:
            return NewCardCheck.UNREADABLE
        said = ReadCard(ReaderStage.WAITING, new_card=True, document=expected.document)
        page.amend(said)

        def seen() -> None:
            page.somebody_is_there()
            page.amend(replace(said, stage=ReaderStage.READING))

        while True:
            try:
                reading = desk.document_reader.read(key, seconds=desk.durations.card, document_seen=seen)
                got = await page.alongside(reading, "skip")
                if isinstance(got, Intent):
                    return NewCardCheck.NOT_SHOWN
                page.amend(replace(said, stage=ReaderStage.READ))
                await desk.audit.write("new-card-read", at.case, {"item": step.expected.item})
                return NewCardCheck.IT_IS_THE_NEW_CARD
            except Leave:
                return NewCardCheck.NOT_SHOWN
            except DeviceFault as fault:
                if fault.completion is Completion.TIME_OUT:
                    continue
                if fault.completion is Completion.DEVICE_NOT_READY:
                    return NewCardCheck.UNREADABLE
                page.amend(replace(said, stage=_document_stage(fault)))
            try:
                if await page.alongside(asyncio.sleep(desk.durations.reader_pause), "skip") is not None:
                    return NewCardCheck.NOT_SHOWN
            except Leave:
                return NewCardCheck.NOT_SHOWN


def _document_stage(fault: DeviceFault) -> ReaderStage:
    """A chip that does not know the key is another document's: also the old one's, whose number is another."""
    if fault.completion is Completion.COMMAND_ERROR and fault.code == ACCESS_DENIED:
        return ReaderStage.OTHER_CARD
    return reader_stage(fault)


def compare_new_card(read: CardRead, step: CheckNewCard) -> ReaderStage | None:
    """None: it is the new card by number, issue date, expiry and authority."""
    if not isinstance(step.expected, FinishedCard):
        return ReaderStage.OTHER_CARD
    match differs(read.card, step.number, step.expected):
        case "":
            return None
        case "old-card":
            return ReaderStage.OLD_CARD
        case _:
            return ReaderStage.OTHER_CARD


def one_moment() -> WorkingPage:
    """While something short happens."""
    return WorkingPage(WorkTopic.ONE_MOMENT)
