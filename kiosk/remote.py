"""Wiring of what headquarters may have this terminal do: the commands, and what a bundle for a fault is made of."""

from __future__ import annotations

import asyncio
import json
import logging
import platform
import shutil
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from kiosk.counter.remote.bundle import LastLines, packed
from kiosk.counter.remote.obedience import Acts, Books, Obedience, Serving
from kiosk.counter.technician.mode import VendorMode
from kiosk.devices.classes import DeviceClass
from kiosk.protocol.messages import Heartbeat
from kiosk.workshop import LOOK_AGAIN_SECONDS, LOOK_SECONDS, Workshop, word_of

AUDIT_ROWS = 1500
"""So many of the audit chain's last rows go along."""
_ABOUT = """A terminal's own account of itself, made on command of headquarters.

heartbeat.json  what it tells headquarters every half minute
devices.json    every device: state, its own word for what is wrong, what it holds
self-test.json  line, clock, disk, books, outbox, doors, counts
house.json      why it is closed, what is held out of use, alarms
books.json      cases that are not closed (service and effects only), messages that wait
audit.jsonl     the last rows of the audit chain, with their hashes
settings.json   what is in force, without the technicians' entries
log.txt         the last lines of the log
machine.json    program, interpreter, system, disk

No file holds anything of a citizen; whatever looks like a number of a person is blotted out.
"""


@dataclass(slots=True)
class Remote:
    """Headquarters' hand at this terminal. `restart` is set when a command ends the process."""

    workshop: Workshop
    heartbeat: Callable[[], Awaitable[Heartbeat]]
    version: str
    lines: LastLines = field(default_factory=LastLines)
    restart: asyncio.Event = field(default_factory=asyncio.Event)

    def obedience(self, books: Books, serving: Serving, mode: VendorMode, tell: Callable[[], None]) -> Obedience:
        """Who obeys."""
        workshop = self.workshop
        settings, desk = workshop.settings, workshop.desk
        return Obedience(
            headquarters=desk.headquarters,
            books=books,
            house=workshop.board,
            serving=serving,
            hands=mode,
            kept_shut=desk.kept_shut,
            acts=Acts(
                restart=self.restart.set,
                collect=self.collect,
                test=self.test,
                devices=lambda: tuple(news.device.value for news in workshop.supervisor().news()),
                compartments={board.address: board.compartments for board in settings.cabinet.boards},
            ),
            clock=workshop.clock,
            tell=tell,
        )

    def listen(self) -> None:
        """The log is remembered from here on."""
        logging.getLogger("kiosk").addHandler(self.lines)

    def stop_listening(self) -> None:
        """No longer."""
        logging.getLogger("kiosk").removeHandler(self.lines)

    async def test(self, device: str) -> Mapping[str, str]:
        """Look at a device anew: state, what is wrong, what it holds. Nothing of it is moved."""
        supervisor, wanted = self.workshop.supervisor(), DeviceClass(device)
        before = supervisor.looks()[wanted]
        supervisor.nudge(wanted)
        async with asyncio.timeout(LOOK_SECONDS):
            # The look that was under way may have begun before the question: the one after it did not.
            while supervisor.looks()[wanted] < before + 2:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        word = next(word_of(news) for news in supervisor.news() if news.device is wanted)
        found = {"state": word.state} | ({"code": word.code} if word.code else {})
        held = self.workshop.board.held(device)
        if held:
            found["held"] = ",".join(held)
        return found | dict(await self.workshop.truth.supplies(device))

    async def collect(self) -> bytes:
        """Everything that helps to find a fault, in one file."""
        workshop = self.workshop
        store, board = workshop.store, workshop.board
        beat = await self.heartbeat()
        news = workshop.supervisor().news()
        devices = [
            {
                "device": one.device.value,
                "state": one.health.state.value,
                "code": one.health.code,
                "detail": one.health.detail,
                "facts": dict(one.facts),
                "holds": dict(await workshop.truth.supplies(one.device.value)),
                "held": board.held(one.device.value),
            }
            for one in news
        ]
        open_cases = [
            {"case": one.case, "service": one.service, "effects": [[e.kind, e.state, *e.stages] for e in one.effects]}
            for one in await store.book.open_cases()
        ]
        head = await store.audit.head()
        rows = await store.audit.rows_after(max(0, head.rows - AUDIT_ROWS), AUDIT_ROWS)
        settings = workshop.settings.model_dump(mode="json")
        settings["maintenance"].pop("staff", None)
        disk = shutil.disk_usage(workshop.state)
        house = {
            "out-of-service": board.out_of_service(),
            "alarms": board.alarms(),
            "effects-open": board.effects_open(),
            "kept-shut": sorted(workshop.desk.kept_shut),
            "damage": None if store.damage is None else store.damage.reason,
        }
        machine = {
            "program": self.version,
            "python": sys.version.split()[0],
            "system": platform.platform(),
            "disk": {"free": disk.free, "total": disk.total},
        }
        verdicts = {one.what: f"{one.verdict} {one.code}".strip() for one in await workshop.examine()}
        return packed(
            {
                "README.txt": _ABOUT,
                "heartbeat.json": beat.model_dump_json(indent=1),
                "devices.json": _text(devices),
                "self-test.json": _text(verdicts),
                "house.json": _text(house),
                "books.json": _text({"open-cases": open_cases, "waiting": await store.outbox.waiting()}),
                "audit.jsonl": "\n".join(f"{row.hash} {row.text}" for row in rows),
                "settings.json": _text(settings),
                "log.txt": self.lines.text(),
                "machine.json": _text(machine),
            }
        )


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
