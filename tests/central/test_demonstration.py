"""Made-up terminals: they speak the real protocol, are counted as any others, and go nowhere near real ones."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError
from sqlalchemy import func, select

from central.database import transaction
from central.demonstration import BRANCH, LIMIT, names, write
from central.model import FilingRow
from central.model_help import Ticket
from central.model_watch import Event, Incident, Visit
from kiosk.backend.direct import DirectExchange
from kiosk.backend.headquarters import Headquarters
from kiosk.commands import demo
from kiosk.commands.made_up import MadeUp, Pace
from kiosk.people.synthetic import population
from kiosk.times import SeededIds, VirtualClock
from kiosk.virtual import run_virtual
from tests.central.office import KEY, Filled, Office


async def some_time(office: Office, seconds: float, seed: int) -> Counter[str]:
    """What one made-up terminal did within it."""
    clock, done, people = VirtualClock(), Counter[str](), population(KEY)

    def handle(terminal: str, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        office.clock.moment = clock.now()
        return office.headquarters.exchange(terminal, method, path, body)

    key = Ed25519PublicKey.from_public_bytes(office.headquarters.signer.public_raw)
    tasks: list[asyncio.Task[None]] = []
    for number, name in enumerate(names(1)):
        exchange = DirectExchange(handle, name, clock)
        folder = office.folder / name
        folder.mkdir(exist_ok=True)
        machine = MadeUp(
            headquarters=Headquarters(exchange, terminal=name, grant_key=key, clock=clock),
            exchange=exchange,
            people=people,
            folder=folder,
            clock=clock,
            ids=SeededIds(seed * 100 + number, clock),
            chance=random.Random(f"{seed} {name}"),
            pace=Pace(visit=20, fault=60, help=120, inside=10),
            done=done,
        )
        tasks.append(asyncio.create_task(machine.run(), name=name))
    await asyncio.sleep(seconds)
    for task in tasks:
        _ = task.cancel()
    _ = await asyncio.gather(*tasks, return_exceptions=True)
    return done


def test_what_they_do_is_in_the_books_and_nothing_of_it_is_refused(filled: Filled, tmp_path: Path) -> None:
    office = filled.office(tmp_path / "central")
    write(office.folder, 1)
    done = run_virtual(some_time(office, 150, 1), office.clock.now())
    with transaction(office.headquarters.engine) as db:
        assert db.scalar(select(func.count()).select_from(Visit)) == done["visits"] > 3
        assert db.scalar(select(func.count()).select_from(Ticket)) == done["calls for help"] > 0
        assert done["faults"] > 0
        assert set(db.scalars(select(Visit.terminal))) == set(names(1))
        assert db.scalar(select(func.count()).select_from(Event).where(Event.kind == "device"))
        assert {f.terminal for f in db.scalars(select(FilingRow))} <= set(names(1))
        wrong = set(db.scalars(select(Incident.code))) - {"alarm-door-open", "alarm-power", "help"}
        assert not wrong
    more = run_virtual(some_time(office, 30, 2), office.clock.now())
    with transaction(office.headquarters.engine) as db:
        assert db.scalar(select(func.count()).select_from(Visit)) == done["visits"] + more["visits"]
    office.close()


def test_they_are_there_where_the_file_is_and_as_many_as_it_says(office: Office) -> None:
    plain = office.headquarters.tables
    assert not set(names(LIMIT)) & set(plain.terminals)
    for count in (4, 2):
        write(office.folder, count)
        tables = office.headquarters.tables
        assert set(tables.terminals) - set(plain.terminals) == set(names(count))
        assert tables.sites_of("household") == plain.sites_of("household")
        assert all(tables.sites[tables.terminals[name].site].branch == BRANCH for name in names(count))
    with pytest.raises(ValidationError):
        write(office.folder, LIMIT + 1)


@pytest.mark.parametrize("heard", [True, False])
def test_a_server_that_holds_real_terminals_is_left_alone(office: Office, heard: bool) -> None:
    if heard:
        beat = json.dumps(BEAT).encode()
        assert office.headquarters.exchange("KDL-001", "POST", "/v1/heartbeats", beat)[0] == 200
    with transaction(office.headquarters.engine) as db:
        if heard:
            with pytest.raises(demo.Refused, match="KDL-001"):
                demo.refuse_real_ones(db)
        else:
            demo.refuse_real_ones(db)


BEAT: dict[str, Any] = {
    "at": "2026-11-22T10:00:00+08:00",
    "version": "1",
    "settings_version": "1",
    "devices": [],
    "services_open": [],
    "outbox_waiting": 0,
    "audit_rows": 0,
    "audit_head": "",
}


def test_where_no_server_answers_nothing_is_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.run(["--state", str(tmp_path)]) == 2
    assert "no server answers" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
