"""Records: looked into, masked; a visit in dispute step by step; taken along sealed, on a safe stick or by line."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from central.database import transaction
from central.model import FilingRow
from kiosk.commands.simulated_staff import of_role
from kiosk.counter.technician.records import LISTS
from kiosk.nights.night import Night, nightfall
from kiosk.people.masked_text import masked_text
from kiosk.people.staff import Role
from kiosk.protocol.filings import RecordsSent
from kiosk.protocol.messages import FilingKind
from kiosk.protocol.records import (
    NobodyToSealFor,
    NotToBeOpened,
    fresh_key_file,
    opened,
    packed,
    public_of,
    sealed_for,
    unpacked,
)
from kiosk.screens.states import RecordsPage, RowMark
from kiosk.simulation.citizen import Expect, tap
from kiosk.simulation.scripts.technician import HAND_BACK, PAPER
from kiosk.store.audit import catalogue
from kiosk.store.exporting import write_whole
from kiosk.store.running_log import FILE, RunningLog, running_lines
from kiosk.store.sticks import Stick, StickTrouble, sticks, the_stick
from kiosk.times import SystemClock, no_offset
from kiosk.virtual import run_virtual
from tests.maintenance.evening import ScriptedKey, Somebody, trail, until_page

DAY = date(2026, 11, 22)
TECHNICIAN = of_role(Role.TECHNICIAN)
MEDIA = Path("/media/kiosk")


@dataclass
class Evening:
    """What was seen of a technician's evening with the records."""

    menu: RecordsPage | None = None
    visits: RecordsPage | None = None
    visit: RecordsPage | None = None
    staff: RecordsPage | None = None
    unsafe: RecordsPage | None = None
    stick: list[Path] = field(default_factory=list[Path])
    key: str = ""
    sent: list[RecordsSent] = field(default_factory=list[RecordsSent])
    trail: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    troubles: list[str] = field(default_factory=list[str])
    dead_ends: list[str] = field(default_factory=list[str])


async def page_of(night: Night, topic: str) -> RecordsPage:
    """Wait until a list leads with this."""
    async with asyncio.timeout(60.0):
        while True:
            assert night.running is not None and night.running.stage.shown is not None
            state = night.running.stage.shown.state
            if isinstance(state, RecordsPage) and state.topic == topic:
                return state
            await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Paper is changed, so that there is something to look at; then it is looked at, and taken along both ways."""
    told, folder = Evening(key=fresh_key_file()), tmp_path_factory.mktemp("records")
    stick = folder / "stick"
    stick.mkdir()

    async def main() -> None:
        key = ScriptedKey()
        async with Night(folder, 7, DAY, key=key) as night:
            given = night.settings.maintenance.model_copy(
                update={"sticks": stick, "export_to": (public_of(told.key),)}
            )
            night.settings = night.settings.model_copy(update={"maintenance": given})
            _ = await night.start()
            night.street.call("fault", device="receipt-printer", fault="paper-out")
            somebody = Somebody(night, TECHNICIAN)
            await somebody.comes_in(key)
            await somebody.does(*PAPER)
            await until_page(night, "OverviewPage")
            await somebody.does(Expect("OverviewPage", tap("task-more")), Expect("RecordsPage", tap("open:MT10")))
            told.menu = await page_of(night, "records-menu")
            await somebody.does(Expect("RecordsPage", tap("open:staff")))
            told.staff = await page_of(night, "records-list")
            await somebody.does(Expect("RecordsPage", tap("list-back")))
            _ = await page_of(night, "records-menu")
            await somebody.does(Expect("RecordsPage", tap("open:visits")))
            told.visits = await page_of(night, "records-list")
            await somebody.does(Expect("RecordsPage", tap(f"open:{told.visits.rows[0].id}")))
            told.visit = await page_of(night, "records-visit")
            night.mountinfo = f"36 35 8:1 / {stick} rw,nosuid,nodev - vfat /dev/sda1 rw\n"
            ways = ("list-back", "list-back", "open:export-stick")
            await somebody.does(*(Expect("RecordsPage", tap(name)) for name in ways))
            told.unsafe = await page_of(night, "stick-unsafe")
            night.mountinfo = f"36 35 8:1 / {stick} rw,nosuid,nodev,noexec - vfat /dev/sda1 rw\n"
            await somebody.does(Expect("RecordsPage", tap("look-again")))
            await until_page(night, "OverviewPage")
            await somebody.does(
                Expect("OverviewPage", tap("task-more")),
                Expect("RecordsPage", tap("open:MT10")),
                Expect("RecordsPage", tap("open:export-server")),
                *HAND_BACK,
            )
            await asyncio.sleep(5.0)
            await night.empty_outbox()
            with transaction(night.headquarters.engine) as db:
                rows = [row for row in db.query(FilingRow).all() if row.kind is FilingKind.RECORDS]
                told.sent = [RecordsSent.model_validate_json(row.payload) for row in rows]
            told.stick = sorted(stick.iterdir())
            told.trail = await trail(night)
            told.troubles, told.dead_ends = night.troubles.seen, night.dead_ends

    run_virtual(main(), nightfall(DAY))
    return told


def events(told: Evening, event: str) -> list[dict[str, str]]:
    return [row["details"] for row in told.trail if row["event"] == event]


def test_records_are_looked_for_by_what_they_are_about_by_number_and_by_day(evening: Evening) -> None:
    assert (evening.troubles, evening.dead_ends) == ([], [])
    assert evening.menu is not None and evening.staff is not None
    ways_out = {"export-stick", "export-server"}
    assert {row.id for row in evening.menu.rows} == {"visits", "number", "program", "day", *LISTS, *ways_out}
    whats = [row.label for row in evening.staff.rows]
    assert whats[0] == "event-records-looked" and "event-maintenance-entered" in whats
    assert evening.staff.rows[0].at is not None


def test_a_visit_in_dispute_is_shown_step_by_step_with_time_and_evidence(evening: Evening) -> None:
    assert evening.visits is not None and evening.visit is not None
    assert evening.visits.rows[0].label == "service-MT02"
    rows = [(row.label, row.state, dict(row.said)) for row in evening.visit.rows]
    assert [row[:2] for row in rows] == [
        ("event-case-opened", ""),
        ("effect-exchange", "effect-state-started"),
        ("effect-exchange", "effect-state-done"),
        ("event-case-closed", ""),
    ]
    assert rows[1][2] == {
        "before": "out",
        "device": "receipt-printer",
        "supply": "paper",
        "who": "004170",
        "why": "paperOut",
    }
    assert [row.mark for row in evening.visit.rows if row.state] == [RowMark.PLAIN, RowMark.GOOD]
    times = [row.at for row in evening.visit.rows if row.at is not None]
    assert len(times) == 4 and times == sorted(times)


def test_a_stick_on_which_programs_could_run_is_refused_with_what_to_do(evening: Evening) -> None:
    assert evening.unsafe is not None
    assert (evening.unsafe.topic, evening.unsafe.actions) == ("stick-unsafe", ("cannot", "look-again"))
    assert [row.label for row in evening.unsafe.rows] == ["stick-lacks-noexec"]


def test_what_is_on_the_stick_is_sealed_for_headquarters_and_tells_the_chain_as_it_stands(evening: Evening) -> None:
    (file,) = evening.stick
    sealed = file.read_bytes()
    assert file.name.startswith("records-KDL-001-") and b"maintenance" not in sealed
    with pytest.raises(NotToBeOpened):
        opened(sealed, fresh_key_file())
    head, *lines = unpacked(opened(sealed, evening.key))
    assert (head["terminal"], head["by"]) == ("KDL-001", "004170")
    chain = [line for line in lines if line["book"] == "audit"]
    assert [json.loads(line["text"]) for line in chain] == evening.trail[: len(chain)]
    assert {"case", "effect"} <= {line["book"] for line in lines}


def test_the_same_goes_to_headquarters_which_keeps_it_sealed(evening: Evening) -> None:
    (sent,) = evening.sent
    assert (sent.staff, sent.name.endswith(".age")) == (("004170",), True)
    assert "maintenance" not in sent.content


def test_who_looked_at_what_and_who_took_what_along_is_in_the_audit_trail(evening: Evening) -> None:
    assert [said["what"] for said in events(evening, "records-looked")] == ["staff", "visits", "visit"]
    out = events(evening, "records-exported")
    assert [(said["who"], said["where"], said["outcome"]) for said in out] == [
        ("004170", "stick", "done"),
        ("004170", "server", "done"),
    ]


# -- the parts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("read 150203199001010017 twice", "read 150203********0017 twice"),
        ("call 13847201234", "call 138****1234"),
        ("pass C12345678 held", "pass C*****678 held"),
        ("case 01KBQ7Q8RB3ZK0000000000000", "case 01KBQ7Q8RB3ZK0000000000000"),
        ("staff 004170 at 2026-11-22T23:01:02", "staff 004170 at 2026-11-22T23:01:02"),
    ],
)
def test_numbers_of_people_are_masked_and_numbers_of_things_are_not(text: str, masked: str) -> None:
    assert masked_text(text) == masked


@pytest.fixture
def log(tmp_path: Path) -> Iterator[logging.Logger]:
    logger = logging.Logger("kiosk.test")
    handler = RunningLog(tmp_path, SystemClock(no_offset))
    logger.addHandler(handler)
    yield logger
    handler.close()


def test_the_programs_log_is_kept_masked_and_read_newest_first(log: logging.Logger, tmp_path: Path) -> None:
    log.warning("a card of %s", "150203199001010017")
    try:
        raise ValueError("whatever was being done with 13847201234")
    except ValueError:
        log.exception("it failed")
    with (tmp_path / FILE).open("a") as torn:
        torn.write('{"at":"2026')
    lines = running_lines(tmp_path)
    assert [(line.level, line.text) for line in lines] == [
        ("ERROR", "it failed (ValueError)"),
        ("WARNING", "a card of 150203********0017"),
    ]
    assert running_lines(tmp_path, text="failed") == lines[:1]
    assert running_lines(tmp_path, since=date(2999, 1, 1)) == ()


def test_a_stick_is_written_to_only_when_nothing_on_it_could_run_or_gain_rights_or_be_a_device() -> None:
    def mounted(options: str, place: str = "/media/kiosk/sda1") -> str:
        return f"36 35 8:1 / {place} {options} shared:1 - vfat /dev/sda1 rw,uid=990\n"

    def found(text: str) -> Stick | StickTrouble:
        return the_stick(sticks(MEDIA, text))

    root = "22 1 259:2 / / rw,relatime - ext4 /dev/root rw\n"
    safe = found(root + mounted("rw,nosuid,nodev,noexec,relatime"))
    assert isinstance(safe, Stick) and safe.place == MEDIA / "sda1"
    assert found(root) is StickTrouble.NONE
    assert found(mounted("rw,nosuid,nodev,noexec", "/media/kiosk2")) is StickTrouble.NONE
    assert found(mounted("ro,nosuid,nodev,noexec")) is StickTrouble.READ_ONLY
    for lacking in ("rw,nodev,noexec", "rw,nosuid,noexec", "rw,nosuid,nodev", "rw"):
        assert found(mounted(lacking)) is StickTrouble.UNSAFE
    assert found(mounted("rw,nosuid,nodev,noexec") * 2) is StickTrouble.MANY
    spaced = found(mounted("rw,nosuid,nodev,noexec", r"/media/kiosk/MY\040STICK"))
    assert isinstance(spaced, Stick) and spaced.place == MEDIA / "MY STICK"


def test_without_a_key_of_headquarters_nothing_is_sealed_and_what_is_changed_does_not_open() -> None:
    content, key = packed(['{"a":1}']), fresh_key_file()
    for nobody in ((), ("age1qqqq",)):
        with pytest.raises(NobodyToSealFor):
            sealed_for(nobody, content)
    sealed = bytearray(sealed_for((public_of(key),), content))
    assert list(unpacked(opened(bytes(sealed), key))) == [{"a": 1}]
    sealed[-1] ^= 1
    with pytest.raises(NotToBeOpened):
        opened(bytes(sealed), key)


def test_a_medium_that_takes_less_keeps_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr("kiosk.store.exporting.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / "records.age", b"x" * 100)
    assert list(tmp_path.iterdir()) == []


def test_lists_of_the_journal_are_of_events_that_exist() -> None:
    known = tuple(catalogue())
    for prefixes in LISTS.values():
        assert [p for p in prefixes if not any(event.startswith(p) for event in known)] == []
