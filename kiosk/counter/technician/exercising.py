"""Having a device do what it is there for, so that a person can say what they saw.

Nothing here moves a document: a door is opened only where both books know the compartment to be empty, and a maker
turns its rollers only while nothing is in its path. No test makes or gives out anything.
"""

from __future__ import annotations

import asyncio
import io
import math
import struct
import wave
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kiosk.counter.compartments import Doors
from kiosk.counter.desk import Desk
from kiosk.counter.pages import Conversation
from kiosk.counter.printing import every_paper_says, print_freely
from kiosk.counter.technician.freeing import free_by_headquarters, surely_empty, try_lock
from kiosk.counter.technician.upkeep import place_of
from kiosk.devices.audio.contract import Headset, Played, Route
from kiosk.devices.dispenser.contract import Dispenser
from kiosk.devices.document_reader.contract import ACCESS_DENIED
from kiosk.devices.help_button.contract import ButtonEvent, HelpButton
from kiosk.devices.locker.contract import Compartment, DoorState
from kiosk.devices.making import HandsOut, Place
from kiosk.devices.presence.contract import Presence, PresenceSensor
from kiosk.devices.receipt_printer.contract import PrintResult
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from kiosk.flows.effects import PaperKind
from kiosk.maintenance.steps import Seen
from kiosk.people.travel_document import ChipKey
from kiosk.screens.stage import Intent
from kiosk.screens.states import TryOutPage, WorkingPage, WorkTopic

SOUND = "audio"
"""Nobody watches it, because most loudspeakers cannot be asked: it says whether it played."""
DOORS_SECONDS = 6.0
_NO_KEY = ChipKey.of("000000000", "000101", "000101")
"""Opens no chip that anybody ever issued."""
LOOK_SECONDS = 5.0
AGAIN_SECONDS = 1.0
"""Between two looks of a device that is asked again and again."""
TONE_HERTZ, TONE_SECONDS, TONE_RATE = 1000, 1.0, 16_000
TONE_SHARE = 0.25
"""Of what a sample can hold: loud enough to be heard, and no louder than a voice is played."""
TONE_FADE_SECONDS = 0.02

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Instruments:
    """Devices a visit never asks for itself, and those beside the cabinet; None where this machine has none."""

    help_button: HelpButton | None = None
    presence: PresenceSensor | None = None
    boards: tuple[int, ...] = ()
    """Addresses of the cabinet's lock boards."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One device at hand, and the page it is tried on."""

    desk: Desk
    instruments: Instruments
    page: Conversation
    device: str
    who: str
    """Everybody at it, by number: the lock of a door is tried on their account."""

    async def ask(self, facts: Facts = ()) -> Seen:
        """What the person saw."""
        self.page.show(TryOutPage(self.device, asks=True, facts=facts))
        match (await self.page.answer("yes", "no", "skip")).action:
            case "yes":
                return Seen.YES
            case "no":
                return Seen.NO
            case _:
                return Seen.NOT_TRIED

    async def until(self, sensed: Coroutine[Any, Any, Facts]) -> Seen:
        """The person does something, and the device senses it; then they say whether it was so."""
        got = await self.does(sensed)
        return got if isinstance(got, Seen) else await self.ask(got)

    async def does(self, sensed: Coroutine[Any, Any, Facts], facts: Facts = ()) -> Facts | Seen:
        """The person does something: what the device senses of it, or that nothing happens."""
        self.page.show(TryOutPage(self.device, asks=False, facts=facts))
        got = await self.page.alongside(sensed, "no", "skip")
        if isinstance(got, Intent):
            return Seen.NO if got.action == "no" else Seen.NOT_TRIED
        self.page.somebody_is_there()
        return got


async def test_slip(desk: Desk) -> bool:
    """A slip that says it is a test; whether the printer says that it came out."""
    now = desk.clock.now()
    values = {"number": f"T{now:%m%d%H%M%S}", "findings": "0123456789", **every_paper_says(desk, now)}
    return await _printed(desk, PaperKind.MAINTENANCE_SLIP, values)


async def _printed(desk: Desk, paper: PaperKind, values: dict[str, str]) -> bool:
    language = desk.pages.stage.look.language
    return await print_freely(desk, paper, values, language) == PrintResult.PRINTED.value


async def _receipt_printer(trial: Trial) -> Seen:
    if not await trial.page.wait(test_slip(trial.desk), WorkingPage(WorkTopic.PRINTING_RECEIPT)):
        return Seen.NO
    return await trial.ask()


async def _page_printer(trial: Trial) -> Seen:
    desk = trial.desk
    now = desk.clock.now()
    values = {"number": f"T{now:%m%d%H%M%S}", **every_paper_says(desk, now)}
    printing = _printed(desk, PaperKind.TEST_PAGE, values)
    if not await trial.page.wait(printing, WorkingPage(WorkTopic.PRINTING_PAGE)):
        return Seen.NO
    return await trial.ask()


async def _turned(trial: Trial, machine: HandsOut | Dispenser) -> Seen:
    """The machine's own run without a blank: it resets its mechanics, and says how it stands then.

    With something in its path it is not run: whatever that is would go into the bin.
    """
    desk, durations = trial.desk, trial.desk.durations

    async def run() -> bool:
        inside = await desk.use_device(machine.where(), durations.maker_query)
        if inside.value != Place.NONE.value:
            return False
        await desk.use_device(machine.clear(), durations.maker_move)
        said = await desk.use_device(machine.health(), durations.maker_query)
        return said.state is DeviceState.ONLINE and not said.code

    try:
        well = await trial.page.wait(run(), WorkingPage(WorkTopic.ONE_MOMENT))
    except TimeoutError:
        well = False
    return await trial.ask((("fact-run", "fact-run-well"),)) if well else Seen.NO


async def _endorsement_writer(trial: Trial) -> Seen:
    return await _turned(trial, trial.desk.endorsement_writer)


async def _plate_printer(trial: Trial) -> Seen:
    return await _turned(trial, trial.desk.plate_printer)


async def _dispenser(trial: Trial) -> Seen:
    return await _turned(trial, trial.desk.dispenser)


async def _document_reader(trial: Trial) -> Seen:
    """Any passport or pass: its chip answers, and keeps what it holds, because nobody has its key."""

    async def answered() -> Facts:
        while True:
            try:
                _ = await trial.desk.document_reader.read(_NO_KEY, seconds=trial.desk.durations.card)
            except DeviceFault as fault:
                if fault.code == ACCESS_DENIED:
                    break
                if fault.completion is not Completion.TIME_OUT:
                    await asyncio.sleep(AGAIN_SECONDS)
                continue
            break
        return (("fact-sensed", "fact-chip-answered"),)

    return await trial.until(answered())


async def _id_reader(trial: Trial) -> Seen:
    async def read() -> Facts:
        while True:
            try:
                _ = await trial.desk.id_reader.read(seconds=trial.desk.durations.card)
            except DeviceFault as fault:
                if fault.completion is not Completion.TIME_OUT:
                    await asyncio.sleep(AGAIN_SECONDS)
                continue
            return (("fact-sensed", "fact-card-read"),)

    return await trial.until(read())


async def _fingerprint(trial: Trial) -> Seen:
    async def capture() -> Facts:
        while True:
            try:
                image = await trial.desk.fingerprint.capture(seconds=trial.desk.durations.finger)
            except DeviceFault as fault:
                if fault.completion is not Completion.TIME_OUT:
                    await asyncio.sleep(AGAIN_SECONDS)
                continue
            return (("fact-quality", str(image.quality)),)

    return await trial.until(capture())


async def _scanner(trial: Trial) -> Seen:
    async def scan() -> Facts:
        while True:
            try:
                code = await trial.desk.scanner.scan(seconds=trial.desk.durations.card)
            except DeviceFault as fault:
                if fault.completion is not Completion.TIME_OUT:
                    await asyncio.sleep(AGAIN_SECONDS)
                continue
            return (("fact-characters", str(len(code.text))),)

    return await trial.until(scan())


async def _locker(trial: Trial) -> Seen:
    """One door by its lock and its contact, then all of them by their contacts."""
    desk, door = trial.desk, await _empty_door(trial)
    if door is None:
        return await _doors_counted(trial, (("fact-door", "fact-door-none"),))
    if await try_lock(desk, door, trial.who) is not DoorState.OPEN:
        await desk.upkeep.door_stuck(door)
        return Seen.NO
    which = (("fact-door", str(door.lock)),)
    shut = await trial.does(_shut(desk, door), which)
    return shut if isinstance(shut, Seen) else await _doors_counted(trial, (*which, *shut))


async def _empty_door(trial: Trial) -> Compartment | None:
    """The first that is shut, goes, and surely has nothing behind it; None where no door is."""
    desk = trial.desk
    free = await trial.page.wait(free_by_headquarters(desk), WorkingPage(WorkTopic.ASKING_HEADQUARTERS))
    for board in trial.instruments.boards:
        doors = await desk.use_device(desk.locker.doors(board), DOORS_SECONDS)
        for lock, state in sorted(doors.items()):
            door = Compartment(board, lock)
            fit = state is DoorState.CLOSED and place_of(door) not in desk.upkeep.stuck
            if fit and await surely_empty(desk, door, free):
                return door
    return None


async def _shut(desk: Desk, door: Compartment) -> Facts:
    while await Doors(desk).where(door) is not DoorState.CLOSED:
        await asyncio.sleep(desk.durations.door_poll)
    return (("fact-sensed", "fact-door-went"),)


async def _doors_counted(trial: Trial, which: Facts) -> Seen:
    shut = of = 0
    for board in trial.instruments.boards:
        try:
            doors = await trial.desk.use_device(trial.desk.locker.doors(board), DOORS_SECONDS)
        except (DeviceFault, TimeoutError):
            return Seen.NO
        shut += sum(door is DoorState.CLOSED for door in doors.values())
        of += len(doors)
    return await trial.ask((*which, ("fact-doors-shut", f"{shut} / {of}")))


async def _audio(trial: Trial) -> Seen:
    audio, route = trial.desk.audio, Route.PUBLIC
    played = await trial.page.wait(audio.play(tone(), route), WorkingPage(WorkTopic.ONE_MOMENT))
    if played is Played.NOT_SUPPORTED:
        return Seen.NOT_TRIED
    if played is not Played.PLAYED:
        return Seen.NO
    level = await audio.reset_level()
    headset = await audio.headset()
    facts = (("fact-level", f"level-{level.value}"), ("fact-headset", f"headset-{headset.value}"))
    heard = await trial.ask(facts)
    if heard is not Seen.YES or headset is not Headset.PRESENT:
        return heard
    if await trial.page.wait(audio.play(tone(), Route.PRIVATE), WorkingPage(WorkTopic.ONE_MOMENT)) is Played.FAILED:
        return Seen.NO
    return await trial.ask((("fact-headset", "fact-headset-only"),))


async def _help_button(trial: Trial) -> Seen:
    button = trial.instruments.help_button
    if button is None:
        return Seen.NOT_TRIED

    async def pressed(button: HelpButton) -> Facts:
        while await button.event(seconds=LOOK_SECONDS) is not ButtonEvent.PRESSED:
            await asyncio.sleep(0)
        return (("fact-sensed", "fact-pressed"),)

    return await trial.until(pressed(button))


async def _presence(trial: Trial) -> Seen:
    sensor = trial.instruments.presence
    if sensor is None:
        return Seen.NOT_TRIED

    async def walked_past(sensor: PresenceSensor) -> Facts:
        """One that always says the same sees nothing."""
        gone = False
        while True:
            seen = await sensor.look()
            gone = gone or seen.presence is Presence.NOT_PRESENT
            if gone and seen.presence is Presence.PRESENT:
                return (("fact-distance", f"{seen.moving_cm or seen.still_cm} cm"),)
            await asyncio.sleep(AGAIN_SECONDS)

    return await trial.until(walked_past(sensor))


_TRIALS: Mapping[str, Callable[[Trial], Awaitable[Seen]]] = MappingProxyType(
    {
        "receipt-printer": _receipt_printer,
        "page-printer": _page_printer,
        "endorsement-writer": _endorsement_writer,
        "plate-printer": _plate_printer,
        "dispenser": _dispenser,
        "id-reader": _id_reader,
        "document-reader": _document_reader,
        "fingerprint": _fingerprint,
        "scanner": _scanner,
        "locker": _locker,
        "audio": _audio,
        "help-button": _help_button,
        "presence": _presence,
    }
)
TRIED_OUT = tuple(_TRIALS)
"""Devices with something to see when they are tried out."""
NOT_EXERCISED: Mapping[str, str] = MappingProxyType(
    {
        "camera": "measured: its aim and its light are calibrated in the same task",
        "exam-booth": "measured: its distance and height are calibrated in the same task",
        "key-switch": "turned to come in, and to go",
        "door": "its contact and lock are watched at every entry; opening it lets somebody in",
        "ups": "to try it is to cut the power",
        "lights": "driven by nothing yet",
        "intake": "driven by nothing yet",
        "licence-printer": "driven by nothing yet",
        "temporary-id-maker": "driven by nothing yet",
    }
)
"""Devices that are not tried out, and why."""


async def try_out(trial: Trial) -> Seen:
    """Raises Leave, Back. A device that is lost meanwhile was not seen to work."""
    try:
        return await _TRIALS[trial.device](trial)
    except (DeviceFault, TimeoutError):
        return Seen.NO


def tone() -> bytes:
    """One second of 1000 Hz as a WAV file, faded in and out so that it does not click."""
    count = round(TONE_RATE * TONE_SECONDS)
    fade = TONE_RATE * TONE_FADE_SECONDS

    def sample(index: int) -> int:
        share = min(1.0, index / fade, (count - 1 - index) / fade)
        return round(32767 * TONE_SHARE * share * math.sin(2 * math.pi * TONE_HERTZ * index / TONE_RATE))

    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(TONE_RATE)
        file.writeframes(struct.pack(f"<{count}h", *(sample(index) for index in range(count))))
    return kept.getvalue()
