"""A signed repository in memory, whoever stands between it and the terminal, and the terminal's side of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from central.configuration.keys import Keys
from central.configuration.repository import Repository, pinned
from kiosk.backend.exchange import Arrival, Cause, Unreachable
from kiosk.configuration.judging import Judge
from kiosk.configuration.keeper import Keeper
from kiosk.configuration.shelf import Shelf
from kiosk.configuration.trust import Fetched, Trust
from kiosk.protocol.configuration import ConfigurationSet, SetReport
from kiosk.settings.model import Settings
from kiosk.virtual import run_virtual

T = TypeVar("T")
START = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
KEYS = Keys.fresh()
STATION = '[terminal]\nname = "KDL-001"\n'


class MemoryFiles(dict[str, bytes]):
    """The repository's files."""

    def put(self, path: str, content: bytes) -> None:
        self[path] = content


class InlineWorker:
    async def run(self, call: Callable[[], T]) -> T:
        return call()

    async def close(self) -> None:
        return None


def virtually(main: Coroutine[Any, Any, T]) -> T:
    return run_virtual(main, START)


@dataclass
class Clock:
    """The loop's time from START, `ahead` wrong."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.monotonic()) + self.ahead

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


@dataclass
class Line:
    """Hands out files of the repository, as an attacker on the way or in the server would."""

    files: MemoryFiles
    replaced: dict[str, bytes] = field(default_factory=dict[str, bytes])
    hanging: str = ""
    requests: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    async def __call__(self, path: str, largest: int) -> bytes | None:
        content = self.replaced.get(path, self.files.get(path))
        self.requests.append((path, len(content or b"")))
        if self.hanging and self.hanging in path:
            await asyncio.sleep(3600)
        if content is not None and len(content) > 8 * 1024 * 1024:
            raise Unreachable(Cause.TOO_LARGE, Arrival.PERHAPS)
        return content


class Published:
    """A repository with its first root, that publishes sets at any moment."""

    def __init__(self, keys: Keys = KEYS, at: datetime = START) -> None:
        self.files = MemoryFiles()
        self.keys = keys
        self.root = Repository(self.files, keys, at).create()

    def publish(
        self, number: int, at: datetime = START, parts: dict[str, bytes] | None = None, **content: Any
    ) -> None:
        held = parts or {}
        document = ConfigurationSet(number=number, parts=pinned(held), **content)
        Repository(self.files, self.keys, at).publish(document, held)

    def trust(self, folder: Path, line: Line | None = None, room: Shelf | None = None) -> Trust:
        return Trust(folder, self.root, line or Line(self.files), InlineWorker(), room=room)

    def fetch(self, folder: Path, number: int, line: Line | None = None, at: datetime = START) -> Fetched:
        return virtually(self.trust(folder, line).set(number, at))


@dataclass
class Hall:
    """A terminal as the keeper sees it: what is in force, whether somebody is served, how it feels."""

    in_force: list[Settings] = field(default_factory=list[Settings])
    busy: asyncio.Event = field(default_factory=asyncio.Event)
    inside: bool = False
    falls_ill: Callable[[Settings, float], str] = lambda settings, passed: ""
    cannot_begin: Callable[[Settings], Sequence[str]] = lambda settings: ()
    since: float = 0.0

    @asynccontextmanager
    async def between_visits(self) -> AsyncGenerator[None]:
        await self.busy.wait()
        self.inside = True
        try:
            yield
        finally:
            self.inside = False

    async def put_in_force(self, settings: Settings) -> None:
        assert self.inside, "somebody may be served"
        self.in_force.append(settings)
        self.since = asyncio.get_running_loop().time()

    def troubles(self) -> frozenset[str]:
        if not self.in_force:
            return frozenset()
        ill = self.falls_ill(self.in_force[-1], asyncio.get_running_loop().time() - self.since)
        return frozenset({ill} if ill else ())

    async def rehearse(self) -> tuple[str, ...]:
        return tuple(self.cannot_begin(self.in_force[-1])) if self.in_force else ()


@dataclass
class Office:
    """Headquarters: what it assigns, what it hears."""

    number: int = 0
    heard: list[SetReport] = field(default_factory=list[SetReport])
    away: bool = False
    on_report: Callable[[SetReport], None] = lambda report: None

    async def assigned(self) -> int:
        if self.away:
            raise Unreachable(Cause.REFUSED, Arrival.SURELY_NOT)
        return self.number

    async def report(self, report: SetReport) -> None:
        if self.away:
            raise Unreachable(Cause.REFUSED, Arrival.SURELY_NOT)
        self.on_report(report)
        self.heard.append(report)


class PlainInspector:
    """Files that say "bad" are bad."""

    async def complaints(self, settings: Settings, parts: Mapping[str, bytes]) -> tuple[str, ...]:
        return tuple(f"{path}: is bad" for path in settings.brought.files if b"bad" in parts[path])


class Machine:
    """One terminal's folder, which outlives its processes."""

    def __init__(self, folder: Path, published: Published) -> None:
        self.folder = folder
        self.published = published
        self.line = Line(published.files)
        self.station = folder / "station.toml"
        folder.mkdir(parents=True, exist_ok=True)
        self.station.write_text(STATION, "utf-8")

    def keeper(self, hall: Hall, office: Office, clock: Clock | None = None) -> Keeper:
        shelf = Shelf(self.folder / "configuration")
        trust = self.published.trust(shelf.metadata, self.line, shelf)
        judge = Judge("KDL-001", self.station)
        return Keeper(shelf, trust, judge, hall, office, clock or Clock(), PlainInspector())
