"""A camera without pixels for the virtual clock: a person written down beforehand stands before it.

Implements the camera's contract with loop time alone: no process, no thread, no randomness. Two runs give equal
bytes. Its pictures are valid JPEG files of one colour that carry the number of the person in a comment; its
comparison looks the two numbers up in a table. Used by simulation only, and labelled as such in every result
(`engine` is "scripted").
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PIL import Image as Pillow

from kiosk.devices.camera.contract import (
    Advice,
    Asked,
    Challenged,
    Comparison,
    FaceScore,
    Guidance,
    Move,
    Presence,
    Shot,
    Shutter,
    Standing,
)
from kiosk.devices.words import Completion, DeviceFault, DeviceState, Health
from kiosk.people.portrait import PortraitStandard
from kiosk.vision.simulated_photos import MARKER, cast_number
from kiosk.vision.wire import NOT_COMPARED, not_compared

HOLD_SECONDS = 0.6
MOVE_SECONDS = 1.2
"""A scripted person needs this for each move of a challenge."""
LOOK_SECONDS = 0.1
PATIENCE_SECONDS = 5.0
"""How long a challenge waits for one move."""
ENGINE = "scripted"
THRESHOLD = 0.55
_SAME, _DIFFERENT = 0.2, 0.7
_FACE = (0.4, 0.25, 0.2, 0.4)
_TICKS = (0.0, 0.2, 0.4, 0.6)
"""Held seconds that are told once all is well; then nothing changes any more."""
_FRAME = (1280, 720)
_Plain = tuple[int, int, int, float]
"""Width, height, dots an inch, and share of the usual light."""
_GREY = (208, 208, 206)
"""What the usual light makes of everything."""
_HOLDS = {Shutter.ITSELF: HOLD_SECONDS, Shutter.BUTTON: 0.0}


@dataclass(frozen=True, slots=True)
class ScriptedPerson:
    """Who stands there, and what is wrong with them for how many seconds after each `watch`.

    `number` is the person's four digits. After `faults` all is well, unless `never_right` names what stays wrong.
    """

    number: str
    faults: tuple[tuple[float, Advice], ...] = ()
    never_right: Advice | None = None
    cannot: frozenset[Move] = frozenset()
    """Moves of a challenge that this person does not make now."""
    presence: Presence = Presence.LIVE
    """What a challenge makes of them once every move was made."""
    light: float = 1.0
    """Share of the usual light that falls on them."""

    @property
    def right_after(self) -> float | None:
        """Seconds from `watch` until all is well; None for never."""
        return None if self.never_right is not None else sum(seconds for seconds, _ in self.faults)


@dataclass(frozen=True, slots=True)
class _Watch:
    purpose: PortraitStandard | None
    tell: Callable[[Guidance], None]
    began: float
    telling: asyncio.Task[None]


@dataclass(slots=True)
class ScriptedCamera:
    """The contract `Camera` for one scripted person at a time. `distances` overrides (live, reference) pairs."""

    distances: Mapping[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])
    threshold: float = THRESHOLD
    _person: ScriptedPerson | None = None
    _fault: DeviceFault | None = None
    _watch: _Watch | None = None
    _frame: int = 0
    _pictures: dict[_Plain, bytes] = field(default_factory=dict[_Plain, bytes])

    def place(self, person: ScriptedPerson | None) -> None:
        """Have somebody else, or nobody, stand there from the next `watch` on."""
        self._person = person

    def fail(self, fault: DeviceFault | None) -> None:
        """Let every command end in this fault until it is taken away with None."""
        self._fault = fault

    async def watch(self, purpose: PortraitStandard | None, tell: Callable[[Guidance], None]) -> None:
        self._must_work()
        await self.rest()
        loop = asyncio.get_running_loop()
        telling = loop.create_task(self._guide(tell, self._person), name="scripted-guidance")
        self._watch = _Watch(purpose, tell, loop.time(), telling)

    async def rest(self) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.telling.cancel()
            await asyncio.wait([watch.telling])

    async def shoot(self, *, seconds: float, shutter: Shutter = Shutter.ITSELF) -> Shot:
        self._must_work()
        watch, person = self._watch, self._person
        if watch is None:
            raise DeviceFault(Completion.SEQUENCE_ERROR, acted=False)
        now = asyncio.get_running_loop().time()
        right = None if person is None or person.right_after is None else watch.began + person.right_after
        wait = None if right is None else max(right, now) + _HOLDS[shutter] - now
        held = wait is not None and wait <= seconds
        await asyncio.sleep(wait if wait is not None and held else seconds)
        self._must_work()
        if self._watch is not watch:
            raise DeviceFault(Completion.CANCELED, acted=False)
        self._frame += 1
        return self._shot(watch.purpose, person, acceptable=held)

    async def challenge(
        self, moves: tuple[Move, ...], *, seconds: float, tell: Callable[[Asked], None]
    ) -> Challenged:
        self._must_work()
        watch, person = self._watch, self._person
        if watch is None:
            raise DeviceFault(Completion.SEQUENCE_ERROR, acted=False)
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        presence, reasons = Presence.NOT_DECIDED, ("too-slow",)
        for done, move in enumerate(moves):
            tell(Asked(move, done, len(moves)))
            if not await self._made(move, min(until, loop.time() + PATIENCE_SECONDS), watch):
                break
        else:
            presence = Presence.NOT_DECIDED if self._person is None else self._person.presence
            reasons = () if presence is Presence.LIVE else ("scripted",)
        straight = self._picture(*_FRAME, 96, person, 0) if presence is Presence.LIVE else b""
        return Challenged(presence, reasons, ENGINE, Standing.BASIC, (), straight)

    async def _made(self, move: Move, until: float, watch: _Watch) -> bool:
        """Whether the person makes the move before that moment."""
        loop = asyncio.get_running_loop()
        while loop.time() < until:
            able = self._person is not None and move not in self._person.cannot
            await asyncio.sleep(MOVE_SECONDS if able else LOOK_SECONDS)
            self._must_work()
            if self._watch is not watch:
                raise DeviceFault(Completion.CANCELED, acted=False)
            if able:
                return True
        return False

    async def expect(self, reference: bytes) -> None:
        """The script knows already."""

    async def compare(self, live_jpeg: bytes, reference: bytes) -> FaceScore:
        self._must_work()
        known = cast_number(reference) or number_in(reference)
        if known is None:
            return not_compared(self.threshold)
        live = number_in(live_jpeg)
        if live is None:
            return FaceScore(Comparison.NO_FACE, ENGINE, NOT_COMPARED, self.threshold)
        distance = self.distances.get((live, known), _SAME if live == known else _DIFFERENT)
        verdict = Comparison.SAME if distance < self.threshold else Comparison.DIFFERENT
        return FaceScore(verdict, ENGINE, distance, self.threshold)

    async def health(self) -> Health:
        if self._fault is not None:
            return Health(DeviceState.OFFLINE, "sourceLost", ENGINE)
        return Health(DeviceState.ONLINE, "", ENGINE)

    async def close(self) -> None:
        await self.rest()

    def _must_work(self) -> None:
        if self._fault is not None:
            raise DeviceFault(self._fault.completion, self._fault.code, acted=self._fault.acted)

    async def _guide(self, tell: Callable[[Guidance], None], person: ScriptedPerson | None) -> None:
        if person is None:
            self._tell(tell, Advice.NO_FACE, 0.0)
            return
        for seconds, advice in person.faults:
            self._tell(tell, advice, 0.0)
            await asyncio.sleep(seconds)
        if person.never_right is not None:
            self._tell(tell, person.never_right, 0.0)
            return
        before = 0.0
        for held in _TICKS:
            await asyncio.sleep(held - before)
            before = held
            self._tell(tell, Advice.GOOD, held)

    def _tell(self, tell: Callable[[Guidance], None], advice: Advice, held: float) -> None:
        self._frame += 1
        tell(Guidance(self._frame, advice, None if advice is Advice.NO_FACE else _FACE, held))

    def _shot(self, purpose: PortraitStandard | None, person: ScriptedPerson | None, *, acceptable: bool) -> Shot:
        frame = self._picture(*_FRAME, 96, person, 0)
        product = b""
        if purpose is not None and person is not None:
            least = (purpose.bytes_min + purpose.bytes_max) // 2
            product = self._picture(purpose.width, purpose.height, purpose.dpi, person, least)
        measures = (("SingleFacePresent", 0.0, 100), ("HeadPoseYaw", 0.0, 100)) if person is not None else ()
        return Shot(self._frame, frame, product, measures, acceptable)

    def _picture(self, width: int, height: int, dpi: int, person: ScriptedPerson | None, size: int) -> bytes:
        light = 1.0 if person is None else person.light
        plain = self._pictures.get((width, height, dpi, light))
        if plain is None:
            red, green, blue = (round(light * shade) for shade in _GREY)
            out = io.BytesIO()
            Pillow.new("RGB", (width, height), (red, green, blue)).save(out, "JPEG", quality=80, dpi=(dpi, dpi))
            plain = self._pictures[(width, height, dpi, light)] = out.getvalue()
        if person is None:
            return plain
        note = MARKER + person.number.encode("ascii") + b" frame %d" % self._frame
        note = note.ljust(size - len(plain) - 4, b" ")
        return plain[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + plain[2:]


def number_in(jpeg: bytes) -> str | None:
    """The person's number in the comment of a picture made here, or None."""
    if jpeg[:4] != b"\xff\xd8\xff\xfe":
        return None
    return cast_number(jpeg[6:])
