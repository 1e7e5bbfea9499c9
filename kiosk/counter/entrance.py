"""The door of the zone: who may come in, what the contact says of it, and whom to call without a card.

The lock only ever lets people in; nothing here can hold anybody inside (docs/devices/door.md).
"""

from __future__ import annotations

import asyncio
import enum
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.counter.desk import Desk
from kiosk.counter.duty import BackRoom, NoBackRoom
from kiosk.counter.pages import Conversation
from kiosk.counter.ports import Audit, Readiness
from kiosk.counter.tasks import Laying, end
from kiosk.counter.threshold import Noticed
from kiosk.devices.audio.contract import Sound
from kiosk.devices.door.contract import DoorState
from kiosk.devices.help_button.contract import ButtonEvent, HelpButton
from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.presence.contract import Presence, PresenceSensor
from kiosk.devices.words import Completion, DeviceFault
from kiosk.flows.catalogue import ENTRY, ENTRY_BY_GUARD
from kiosk.flows.effects import (
    CameIn,
    Certainty,
    EffectState,
    LetInBy,
    NobodyCameIn,
    NotReleased,
    OpenDoor,
    ReleaseInDoubt,
)
from kiosk.flows.ending import Finished, Left, VisitBroken, VisitEnd
from kiosk.flows.engine import Engine
from kiosk.flows.opening import Opening, SecondFactor
from kiosk.flows.performing import At, Evidence, Leave, OutboxItem, Prepared, Recorder, Settled, VisitEnds
from kiosk.flows.play import Flow
from kiosk.flows.steps import DeviceClass
from kiosk.people.records import RefusalCode
from kiosk.protocol.filings import EntryReported
from kiosk.protocol.messages import DoorOrder, Filing, FilingKind
from kiosk.screens.stage import Intent
from kiosk.screens.states import DoorPage, EntryStage, ServiceOpen, ServiceTile
from kiosk.store.failures import DiskFull, StoreFailure

_log = logging.getLogger(__name__)

FILINGS = "/v1/filings"
NO_IDLE = 10.0**9
"""The page beside the door waits for ever."""
BUTTON_SECONDS = 60.0
"""One stay at the help button."""
BUTTON_AGAIN_SECONDS = 1.0
"""Between asking a button that cannot be asked, and asking it again."""
_OPENED = {LetInBy.CARD: EntryStage.OPEN, LetInBy.GUARD: EntryStage.LET_IN}
_NEEDED = (DeviceClass.ID_READER.value, DeviceClass.DOOR.value)


class OpenDoorDesk:
    """开门: the lock pulses once; the contact says whether anybody came."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def prepare(self, step: OpenDoor, at: At) -> Prepared:
        """A guard's order is used up here, durably, before the lock is touched (rule 11)."""
        desk = self._desk
        order = desk.door_order if step.by is LetInBy.GUARD else ""
        desk.door_order = ""
        if step.by is LetInBy.GUARD and not (order and await desk.grants.use_once(order, f"door/{order}")):
            raise VisitEnds(RefusalCode.OTHER)
        del at
        return Prepared({"by": step.by.value, "order": order, "door": (await self._state()).value})

    async def perform(self, step: OpenDoor, at: At, before: Evidence, record: Recorder) -> Settled:
        desk = self._desk
        page = desk.pages.conversation(step.phase, at, finishing="")
        page.show(DoorPage(_OPENED[step.by]))
        await record.stage("releasing", {}, Certainty.SENSED)
        desk.threshold.released()
        try:
            await desk.use_device(desk.door.release(), desk.durations.door_release)
        except (DeviceFault, TimeoutError) as trouble:
            released = not isinstance(trouble, DeviceFault) or trouble.acted
            settled = self._doubtful() if released else Settled(EffectState.FAILED, NotReleased("lock"), {})
        else:
            settled = self._released()
        return self._told(step, at, before, settled)

    async def settle(self, step: OpenDoor, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """After a restart the relay is off; whether it moved before, nobody felt."""
        if "releasing" in stages:
            settled = Settled(EffectState.IN_DOUBT, ReleaseInDoubt(), {})
        else:
            settled = Settled(EffectState.FAILED, NotReleased("interrupted"), {})
        return self._told(step, at, before, settled)

    def _released(self) -> Settled:
        openings = self._desk.threshold.openings
        if not self._desk.door.capabilities.senses:
            return Settled(EffectState.DONE, CameIn(Certainty.INFERRED), {})
        if openings == 0:
            return Settled(EffectState.DONE, NobodyCameIn(), {"openings": "0"})
        return Settled(EffectState.DONE, CameIn(Certainty.SENSED), {"openings": str(openings)})

    def _doubtful(self) -> Settled:
        """The lock did not say; the contact may have."""
        if self._desk.threshold.openings:
            return self._released()
        return Settled(EffectState.IN_DOUBT, ReleaseInDoubt(), {})

    async def _state(self) -> DoorState:
        try:
            return await self._desk.use_device(self._desk.door.state(), self._desk.durations.door_query)
        except (DeviceFault, TimeoutError):
            return DoorState.UNKNOWN

    def _told(self, step: OpenDoor, at: At, before: Evidence, settled: Settled) -> Settled:
        """With what headquarters hears of it: when, by what right, whether somebody came. Never who."""
        said = {"by": step.by.value, "came": came(settled.answer), "order": before.get("order", "")}
        report = EntryReported.model_validate(said)
        payload = report.model_dump(mode="json")
        text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        key = f"{at.key}/entry/{report.came}"
        filing = Filing(
            key=key,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            case=at.case,
            kind=FilingKind.ENTRY,
            payload=payload,
            at=self._desk.clock.now(),
        )
        letter = OutboxItem(key, FILINGS, filing.model_dump_json())
        return Settled(settled.state, settled.answer, settled.evidence, (letter,))


def came(answer: CameIn | NobodyCameIn | NotReleased | ReleaseInDoubt) -> str:
    """The word for headquarters."""
    match answer:
        case CameIn(certainty=certainty):
            return certainty.value
        case NobodyCameIn():
            return "nobody"
        case NotReleased():
            return "not-released"
        case ReleaseInDoubt():
            return "in-doubt"


class Pressed:
    """Somebody pressed the button beside the door."""


class ExpiredCard(enum.Enum):
    """What becomes of somebody whose card is past its date: inside it is renewed."""

    LET_IN = "let-in"
    GUARD = "guard"
    """Whoever is on duty decides."""


@dataclass(frozen=True, slots=True)
class DoorRules:
    """What a door takes from the settings. Seconds."""

    settings_version: str
    through: float
    """One person is through the open door by then; who still stands in it has company."""
    noticed: float
    """How long a notice stays on the page."""
    called: float
    """How long the guard's number stays very large."""
    expired_card: ExpiredCard = ExpiredCard.LET_IN


@dataclass
class Watching:
    """What watches the door beside its lock; None where it is not fitted."""

    presence: PresenceSensor | None = None
    button: HelpButton | None = None


class House(Protocol):
    """Raises and clears what everybody and headquarters see; kiosk.counter.readiness.Board."""

    def raise_alarm(self, key: str) -> None: ...

    def clear_alarm(self, key: str) -> None: ...


@dataclass
class DoorDuty:
    """The page beside the door, day and night: what kiosk.counter.duty.Duty is on every other machine."""

    desk: Desk
    engine: Engine
    flows: Mapping[str, Flow]
    readiness: Readiness
    house: House
    rules: DoorRules
    watching: Watching
    audit: Audit
    call_for_help: Callable[[str], Awaitable[None]]
    tell: Callable[[], None]
    closed: Callable[[str], None]
    back_room: BackRoom = field(default_factory=NoBackRoom)
    busy: bool = False
    at_rest: bool = False
    """Whether the waiting page stands."""
    _orders: list[DoorOrder] = field(default_factory=list[DoorOrder])
    _order_came: asyncio.Event = field(default_factory=asyncio.Event)
    _calls: asyncio.Queue[Pressed] = field(default_factory=asyncio.Queue[Pressed])
    _known: set[str] = field(default_factory=set[str])
    _clearing: dict[Noticed, asyncio.Task[None]] = field(default_factory=dict[Noticed, asyncio.Task[None]])

    def tiles(self) -> tuple[ServiceTile, ...]:
        """A door offers no services."""
        return ()

    def wait_for_nobody(self) -> None:
        """An entry ends by itself within seconds."""
        if self.busy:
            self.desk.pages.end_talk()

    def ordered(self, orders: tuple[DoorOrder, ...]) -> None:
        """Headquarters' orders, as often as it repeats them; each is carried out once."""
        for order in orders:
            if order.order not in self._known:
                self._known.add(order.order)
                self._orders.append(order)
                self._order_came.set()

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch_contact(), name="door-contact")
            group.create_task(self._watch_notices(group), name="door-notices")
            group.create_task(self._watch_button(), name="door-button")
            while True:
                await self.one()

    async def one(self) -> None:
        """One person: from the waiting page back to it."""
        desk = self.desk
        desk.card_on_counter = None
        desk.printed.clear()
        desk.pages.begin(None)
        desk.pages.reset_look()
        if self.back_room.wanted:
            await self._for_technicians()
            return
        page = desk.pages.conversation(None, None)
        page.show(self._standing())
        while True:
            match await self._somebody(page):
                case Intent(action="held") as held:
                    if self.back_room.held(held):
                        return
                case CardRead() if self.readiness.out_of_service():
                    page.amend(self._standing())
                case CardRead() as read if self._for_the_guard(read):
                    page.amend(DoorPage(EntryStage.EXPIRED, self._shown_alarms()))
                case CardRead() as card:
                    desk.card_on_counter = card
                    await self._let_in(ENTRY)
                    return
                case DoorOrder() as order:
                    if await self._obey(order):
                        return
                case Pressed() | Intent():
                    await self._call(page)
                    return
                case EntryStage() as stage:
                    desk.pages.follow_the_hour()
                    page.amend(DoorPage(stage, self._shown_alarms()))
                case None if self.back_room.wanted:
                    return
                case None:
                    desk.pages.follow_the_hour()
                    page.amend(self._standing())

    async def _somebody(self, page: Conversation) -> Intent | CardRead | DoorOrder | Pressed | EntryStage | None:
        """Whoever touches "no card" while a card of theirs is being read has one: nobody is woken for them."""
        laying = Laying(self.desk.id_reader, self.desk.durations.card)
        self.at_rest = True
        try:
            came = await page.alongside(self._next(laying), "no-card", "held", idle=NO_IDLE)
            match came:
                case Intent(action="no-card") if laying.found:
                    read = await self._told(laying.card())
                    return read if isinstance(read, CardRead) else came
                case _:
                    return came
        finally:
            self.at_rest = False
            await laying.end()

    async def _for_technicians(self) -> None:
        """The reader is theirs meanwhile: nobody is let in by card. The guard's orders wait, and grow old."""
        self.busy = True
        try:
            await self.back_room.work()
        finally:
            self.busy = False

    # -- what comes --------------------------------------------------------------------------------------------------

    async def _next(self, laying: Laying) -> CardRead | DoorOrder | Pressed | EntryStage | None:
        """A card, an order, the button, or None when availability or alarms may have changed."""
        waiting = [asyncio.ensure_future(what) for what in (self._card(laying), self._order(), self._calls.get())]
        try:
            _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            return next(task.result() for task in waiting if task.done())
        finally:
            await end(*waiting)

    async def _order(self) -> DoorOrder:
        """The oldest order; it stays in the list until it is obeyed, so that nothing that comes with it loses it."""
        while not self._orders:
            self._order_came.clear()
            await self._order_came.wait()
        return self._orders[0]

    async def _card(self, laying: Laying) -> CardRead | EntryStage | None:
        if self._away():
            return await self.readiness.changed()
        return await self._told(laying.or_change(self.readiness.changed()))

    async def _told(self, reading: Awaitable[CardRead | None]) -> CardRead | EntryStage | None:
        """What the page is to say where a card cannot be read."""
        try:
            return await reading
        except DeviceFault as fault:
            match fault.completion:
                case Completion.TIME_OUT:
                    return None
                case Completion.COMMAND_ERROR | Completion.INVALID_DATA:
                    return EntryStage.NOT_READ
                case _:
                    await asyncio.sleep(self.desk.durations.reader_pause)
                    return None

    def _away(self) -> bool:
        closed = any(self.readiness.device(device) is not ServiceOpen.OPEN for device in _NEEDED)
        return closed or bool(self.readiness.out_of_service())

    def _standing(self) -> DoorPage:
        stage = EntryStage.AWAY if self._away() else EntryStage.WAITING
        return DoorPage(stage, self._shown_alarms())

    def _shown_alarms(self) -> tuple[str, ...]:
        mine = {noticed.alarm for noticed in Noticed}
        return tuple(key for key in self.readiness.alarms() if key in mine)

    def _for_the_guard(self, read: CardRead) -> bool:
        match self.rules.expired_card:
            case ExpiredCard.LET_IN:
                return False
            case ExpiredCard.GUARD:
                return read.card.expired_on(self.desk.clock.now().date())

    # -- letting in --------------------------------------------------------------------------------------------------

    async def _obey(self, order: DoorOrder) -> bool:
        """Whether it was carried out: an order that is over opens nothing any more."""
        self._orders.remove(order)
        if order.expires <= self.desk.clock.now():
            return False
        self.desk.door_order = order.order
        await self._let_in(ENTRY_BY_GUARD)
        return True

    async def _let_in(self, code: str) -> None:
        desk = self.desk
        desk.pages.begin(None)
        desk.watch.reset()
        self.busy = True
        opening = Opening(
            service=code,
            now=desk.clock.now(),
            settings_version=self.rules.settings_version,
            terminal=desk.place.terminal,
            site=desk.place.site,
            language=desk.pages.stage.look.language,
            second_factor=SecondFactor.NOT_REQUIRED,
            open_services=(),
        )
        try:
            ended = await self.engine.run(self.flows[code], opening)
        except VisitBroken as broken:
            _log.error("entry broken: %s", broken)
            ended = broken.end
        except StoreFailure as failure:
            _log.error("the books cannot be written: %s", failure)
            self.closed("disk" if isinstance(failure, DiskFull) else "database")
            return
        finally:
            self.busy = False
        if _let_in(ended):
            return
        page = desk.pages.conversation(None, None)
        page.show(DoorPage(EntryStage.REFUSED, self._shown_alarms()))
        touched = await self._within(page, self.rules.called)
        if touched is not None:
            await self._call(page)

    async def _within(self, page: Conversation, seconds: float) -> Intent | None:
        try:
            return await page.answer_within(seconds, "no-card", "continue")
        except Leave:
            return None

    async def _call(self, page: Conversation) -> None:
        """The guard is called, and their number stands there very large; their order opens from this page too."""
        await self.call_for_help("DoorPage")
        page.show(DoorPage(EntryStage.CALLED, self._shown_alarms()))
        ordering = asyncio.ensure_future(self._order())
        touching = asyncio.ensure_future(self._within(page, self.rules.called))
        try:
            _ = await asyncio.wait({ordering, touching}, return_when=asyncio.FIRST_COMPLETED)
            order = ordering.result() if ordering.done() else None
        finally:
            await end(ordering, touching)
        if order is not None:
            _ = await self._obey(order)

    # -- what the door itself says -----------------------------------------------------------------------------------

    async def _watch_contact(self) -> None:
        while True:
            try:
                await self.desk.door.watch(self.desk.threshold.told)
            except DeviceFault:
                await asyncio.sleep(BUTTON_AGAIN_SECONDS)

    async def _watch_notices(self, group: asyncio.TaskGroup) -> None:
        """Told to everybody, to the chain and to headquarters; a door that is shut again is no longer held."""
        threshold = self.desk.threshold
        looking: asyncio.Task[None] | None = None
        while True:
            await threshold.changed()
            if threshold.is_open and (looking is None or looking.done()):
                looking = group.create_task(self._look_who_follows(), name="door-followers")
            for noticed in threshold.noticed():
                await self._notice(noticed, group)
            if not threshold.is_open:
                self.desk.audio.hush(Sound.DOOR_OPEN)
                self.house.clear_alarm(Noticed.HELD.alarm)

    async def _notice(self, noticed: Noticed, group: asyncio.TaskGroup) -> None:
        await self.audit.write("door-noticed", "", {"what": noticed.value})
        if noticed is Noticed.FREED:
            self.tell()
            return
        self.house.raise_alarm(noticed.alarm)
        self.desk.audio.sound(Sound.DOOR_OPEN)
        self.tell()
        clearing = self._clearing.pop(noticed, None)
        if clearing is not None:
            _ = clearing.cancel()
        if noticed is not Noticed.HELD:
            self._clearing[noticed] = group.create_task(self._clear(noticed), name=f"door-clear-{noticed.value}")

    async def _clear(self, noticed: Noticed) -> None:
        await asyncio.sleep(self.rules.noticed)
        self.house.clear_alarm(noticed.alarm)
        if not self.desk.threshold.is_open:
            self.desk.audio.hush(Sound.DOOR_OPEN)

    async def _look_who_follows(self) -> None:
        """One person is through in a moment: with the door still open and somebody still in it, two are coming."""
        sensor = self.watching.presence
        if sensor is None:
            return
        await asyncio.sleep(self.rules.through)
        if not self.desk.threshold.is_open:
            return
        try:
            seen = await sensor.look()
        except DeviceFault:
            return
        if seen.presence is Presence.PRESENT:
            self.desk.threshold.followed()

    async def _watch_button(self) -> None:
        button = self.watching.button
        if button is None:
            return
        while True:
            try:
                if await button.event(seconds=BUTTON_SECONDS) is ButtonEvent.PRESSED:
                    self._calls.put_nowait(Pressed())
            except DeviceFault:
                await asyncio.sleep(BUTTON_AGAIN_SECONDS)


def _let_in(ended: VisitEnd) -> bool:
    """Whether the lock moved; a card taken away too soon is nobody's failure either."""
    match ended.how:
        case Finished(outcome=outcome):
            return outcome.topic in ("door-came-in", "door-nobody-came-in")
        case Left():
            return True
        case _:
            return False
