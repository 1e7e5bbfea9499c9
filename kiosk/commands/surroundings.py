"""Everything of the real world round a terminal, with or without a window: clock, headquarters, ports, workers.

Imported on the thread the core runs on, after the window is up: what it needs takes a while to load.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.app import Surroundings, drivers, durations_of
from kiosk.archive import mounts_of_the_system
from kiosk.backend.bells import Bells
from kiosk.backend.events import EventLine
from kiosk.backend.https import HttpsExchange
from kiosk.backend.path import PathCheck, Sockets
from kiosk.clock import Clock, Worker
from kiosk.counter.duty import VisitReport
from kiosk.counter.performers import Observer, nobody
from kiosk.counter.ports import Papers
from kiosk.counter.technician.configuring import ConfigurationBook
from kiosk.counter.technician.lining import CannotBeKept, Identity
from kiosk.devices.audio.contract import Audio, Silent
from kiosk.devices.audio.player import Player, PlayerSettings
from kiosk.devices.camera.contract import Camera
from kiosk.devices.drivers import Tools
from kiosk.devices.lines import line_at
from kiosk.devices.page_printer.posting import poster
from kiosk.documents.papers import Standing
from kiosk.enrolment.enrolling import Enrolment, NothingToRenew
from kiosk.enrolment.identity import credentials_of, enrolment_of
from kiosk.enrolment.keys import NotOurs
from kiosk.enrolment.renewing import Renewing
from kiosk.readings import of_this_machine
from kiosk.settings import Settings
from kiosk.times import SystemClock, SystemIds, ThreadWorker


@dataclass(frozen=True, slots=True)
class Given:
    """What is not the settings' to say."""

    state: Path
    simulated: bool
    offset: Callable[[], timedelta]
    camera: Camera
    papers: Papers
    observer: Observer = nobody
    after_visit: Callable[[VisitReport], Awaitable[None]] | None = None
    alarms: Callable[[], tuple[str, ...]] = tuple
    bells: Bells = field(default_factory=Bells)
    configuration: ConfigurationBook | None = None
    recordings: Mapping[str, Path] = field(default_factory=dict[str, Path])
    """Lines that a set brought as recordings, by their names."""
    another_identity: Callable[[], None] = lambda: None


def standing(simulated: bool) -> Standing:
    """What papers say of themselves."""
    return Standing.SIMULATED if simulated else Standing.IN_EARNEST


def audio_of(settings: Settings, closing: AsyncExitStack, recordings: Mapping[str, Path] | None = None) -> Audio:
    """The loudspeaker, where the settings name one."""
    device = settings.devices.get("audio")
    if device is None or not device.fitted:
        return Silent()
    player = Player(PlayerSettings.model_validate(device.settings), recordings)
    closing.push_async_callback(player.close)
    return player


def events_of(settings: Settings, bells: Bells, offset: Callable[[], timedelta]) -> EventLine:
    """The connection over which headquarters tells that something waits."""
    hq = settings.headquarters
    return EventLine(hq.address, credentials_of(hq), bells, SystemIds(SystemClock(offset)).jitter)


def _mounts_beside(state: Path) -> Callable[[], str]:
    def mounts() -> str:
        from kiosk.commands.simulated_staff import simulated_mounts

        return simulated_mounts(state)

    return mounts


def renewing_of(settings: Settings, worker: Worker, offset: Callable[[], timedelta]) -> Renewing | None:
    """What keeps the certificate young; None where the settings name nobody to ask for the next."""
    enrolment = enrolment_of(settings.headquarters, settings.terminal.name, worker)
    clock = SystemClock(offset)
    return None if enrolment is None else Renewing(enrolment, clock, SystemIds(clock).jitter)


def path_of(settings: Settings, clock: Clock, worker: Worker) -> PathCheck:
    """The way to headquarters, to be walked step by step."""
    hq = settings.headquarters
    credentials = credentials_of(hq)
    exchange = HttpsExchange(hq.address, credentials, worker, largest_reply=hq.largest_reply_bytes)
    return PathCheck(hq.address, credentials, exchange, Sockets(worker), clock)


@dataclass(frozen=True, slots=True)
class _Keeping:
    """An enrolment in the words of the counter."""

    enrolment: Enrolment

    async def enrol(self, code: str) -> datetime:
        """See kiosk.counter.technician.lining.Identity."""
        try:
            return await self.enrolment.enrol(code)
        except NothingToRenew:
            raise CannotBeKept("not-ours-to-lay") from None
        except NotOurs:
            raise CannotBeKept("other-key") from None
        except OSError:
            raise CannotBeKept("disk") from None


def identity_of(settings: Settings, worker: Worker) -> Identity | None:
    """The way to another certificate; None where the settings name nobody to ask."""
    enrolment = enrolment_of(settings.headquarters, settings.terminal.name, worker)
    return None if enrolment is None else _Keeping(enrolment)


def in_earnest(settings: Settings, given: Given, closing: AsyncExitStack) -> Surroundings:
    """The surroundings of one terminal; `closing` is told what has to be closed after it. Raises OSError."""
    clock = SystemClock(given.offset)
    hq = settings.headquarters
    credentials = credentials_of(hq)

    def worker(name: str) -> ThreadWorker:
        made = ThreadWorker(name)
        closing.push_async_callback(made.close)
        return made

    def exchange(name: str) -> HttpsExchange:
        return HttpsExchange(hq.address, credentials, worker(name), largest_reply=hq.largest_reply_bytes)

    tools = Tools(clock, line_at, lambda: worker("device"), poster(time.monotonic))
    return Surroundings(
        state=given.state,
        clock=clock,
        ids=SystemIds(clock),
        exchange=exchange("lookups"),
        outbox_exchange=exchange("outbox"),
        link_exchange=exchange("link"),
        writer=worker("store-writer"),
        reader=worker("store-reader"),
        hardware=drivers(settings, given.camera, tools),
        papers=given.papers,
        simulated=given.simulated,
        audio=audio_of(settings, closing, given.recordings),
        durations=durations_of(settings),
        observer=given.observer,
        after_visit=given.after_visit,
        alarms=given.alarms,
        bells=given.bells,
        machine=lambda: of_this_machine(given.state),
        configuration=given.configuration,
        path=path_of(settings, clock, worker("path")),
        identity=identity_of(settings, worker("enrolment")),
        another_identity=given.another_identity,
        mounts=_mounts_beside(given.state) if given.simulated else mounts_of_the_system,
    )
