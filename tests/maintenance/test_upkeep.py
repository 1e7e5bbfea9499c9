"""What needs a hand though its device works stays due until the device itself shows that it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kiosk.commands.simulated import Machine
from kiosk.commands.simulated_staff import of_role
from kiosk.counter.desk import Desk
from kiosk.counter.durations import Durations
from kiosk.counter.ports import CustodyRecord
from kiosk.counter.technician.exercising import NOT_EXERCISED, TRIED_OUT
from kiosk.counter.technician.freeing import Behind, FreeDoorDesk
from kiosk.counter.technician.upkeep import CleanedAfter, Reading, Upkeep, WatchedDocumentReader, WatchedIdReader
from kiosk.devices.document_reader.cards import Slot
from kiosk.devices.document_reader.contract import ACCESS_DENIED, NO_ATR, DocumentRead, DocumentReader
from kiosk.devices.id_reader.contract import CardRead, IdReader
from kiosk.devices.key_switch.contract import KeyPosition
from kiosk.devices.locker.contract import Compartment, DoorState, ItemState
from kiosk.devices.words import Completion, DeviceFault
from kiosk.flows.effects import EffectState
from kiosk.flows.performing import At, Settled
from kiosk.flows.steps import Phase
from kiosk.maintenance.doors import FreeDoor
from kiosk.maintenance.faults import AIM_OFF, DOOR_STUCK, ROLLERS_DIRTY, SURFACE_DIRTY, Ends, every_fault, fault_of
from kiosk.maintenance.tasks import EXERCISED
from kiosk.nights.night import Night, nightfall
from kiosk.people.staff import Role
from kiosk.people.travel_document import ChipKey
from kiosk.screens.states import MendPage, OverviewPage
from kiosk.settings import load_settings
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, lay, tap
from kiosk.simulation.scripts.technician import HAND_BACK, shut_the_door, sign_in, take_slip
from kiosk.times import BEIJING, VirtualClock
from kiosk.virtual import run_virtual
from tests.devices.memory_cards import READER, MemoryCards
from tests.maintenance.evening import ScriptedKey, Somebody, shown, trail, until_page
from tests.maintenance.test_loading import PASSPORTS, chip_of

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=BEIJING)
TECHNICIAN, SECURITY = of_role(Role.TECHNICIAN), of_role(Role.SECURITY)
BOTH = f"{TECHNICIAN.number},{SECURITY.number}"
RULES = {
    "receipt-printer": CleanedAfter(100),
    "id-reader": CleanedAfter(3, of=5),
    "document-reader": CleanedAfter(2, of=4),
}


class Books:
    """Marks in memory; what went through a device is said by hand."""

    def __init__(self) -> None:
        self.kept: dict[str, Mapping[str, str]] = {}
        self.done: dict[str, Mapping[str, str]] = {}
        self.rows: list[tuple[str, Mapping[str, str]]] = []
        self.through = 0
        self.asked_since: list[datetime | None] = []

    async def marks(self) -> Mapping[str, Mapping[str, str]]:
        return dict(self.kept)

    async def mark(self, name: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None:
        self.kept.setdefault(name, facts)
        self.rows.append(("due", details))

    async def mended(self, name: str, facts: Mapping[str, str], details: Mapping[str, str]) -> None:
        _ = self.kept.pop(name, None)
        self.done[name] = facts
        self.rows.append(("mended", details))

    async def last_mended(self, name: str) -> Mapping[str, str]:
        return self.done.get(name, {})

    async def count(self, device: str, since: datetime | None) -> int:
        assert device == "receipt-printer"
        self.asked_since.append(since)
        return self.through


def upkeep_of(books: Books) -> Upkeep:
    return Upkeep(books, RULES, books.count, VirtualClock())


def test_what_went_through_makes_cleaning_due_until_it_was_done_and_counts_anew_from_there() -> None:
    books = Books()

    async def main() -> None:
        upkeep = upkeep_of(books)
        books.through = 99
        await upkeep.look()
        assert upkeep.due == ()
        books.through = 100
        await upkeep.look()
        books.through = 0
        another_start = upkeep_of(books)
        await another_start.look()
        (due,) = another_start.due
        assert (due.device, due.fault) == ("receipt-printer", ROLLERS_DIRTY)
        await another_start.mended(due, "004170")
        assert another_start.due == ()
        await another_start.look()

    run_virtual(main(), NOW)
    assert books.asked_since == [None, None, None, NOW]
    assert [(what, row["device"]) for what, row in books.rows] == [
        ("due", "receipt-printer"),
        ("mended", "receipt-printer"),
    ]


class OneCard:
    """A reader that finds what it is told to."""

    def __init__(self) -> None:
        self.code = ""

    async def read(self, *_: object, **__: object) -> Any:
        if self.code:
            completion = Completion.TIME_OUT if self.code == "nobody" else Completion.COMMAND_ERROR
            raise DeviceFault(completion, self.code)
        return object()


async def _reads(read: Callable[[], Any], reader: OneCard, *codes: str) -> None:
    for code in codes:
        reader.code = code
        try:
            _ = await read()
        except DeviceFault:
            continue


@pytest.mark.parametrize(
    ("codes", "due"),
    [
        (("invalidMedia", "invalidMedia", ""), False),
        (("invalidMedia", "", "invalidMedia", "", "invalidMedia"), True),
        (("invalidMedia", "invalidMedia", "", "", "", "invalidMedia"), False),
        (("mediaLost", "securityFail", "nobody") * 3, False),
    ],
)
def test_cards_read_in_vain_make_the_reader_due_and_pulled_or_false_ones_do_not(
    codes: tuple[str, ...], due: bool
) -> None:
    async def main() -> None:
        upkeep, reader = upkeep_of(Books()), OneCard()
        watched = WatchedIdReader(cast("IdReader", reader), upkeep)

        async def read() -> CardRead:
            return await watched.read(seconds=1.0)

        await _reads(read, reader, *codes)
        assert upkeep.has("id-reader", SURFACE_DIRTY) is due

    run_virtual(main(), NOW)


def test_a_chip_that_answers_to_another_key_is_no_dirt_and_one_that_does_not_wake_up_is() -> None:
    async def main() -> None:
        upkeep, reader = upkeep_of(Books()), OneCard()
        watched = WatchedDocumentReader(cast("DocumentReader", reader), upkeep)

        async def read() -> DocumentRead:
            return await watched.read(ChipKey.of("E12345678", "900101", "300101"), seconds=1.0)

        await _reads(read, reader, ACCESS_DENIED, ACCESS_DENIED, ACCESS_DENIED)
        assert upkeep.due == ()
        await _reads(read, reader, NO_ATR, "invalidMedia")
        (due,) = upkeep.due
        assert due.device == "document-reader"
        await upkeep.mended(due, "004170")
        await _reads(read, reader, NO_ATR)
        assert upkeep.due == ()

    run_virtual(main(), NOW)


def test_every_limit_has_a_source_and_is_of_a_device_that_shows_it_is_clean() -> None:
    settings = load_settings()
    for device, rule in settings.upkeep.items():
        assert rule.source.startswith("proposal") and rule.mark.value == "P"
        fault = fault_of(device, SURFACE_DIRTY if rule.of else ROLLERS_DIRTY)
        assert (fault.device, fault.ends) == (device, Ends.TRIAL)
    by_trial = {fault.device for fault in every_fault() if fault.ends is Ends.TRIAL}
    assert by_trial == set(settings.upkeep) and by_trial <= set(TRIED_OUT)


def test_every_device_is_exercised_or_it_says_why_not() -> None:
    assert set(EXERCISED) == set(TRIED_OUT)
    assert not set(EXERCISED) & set(NOT_EXERCISED)
    assert set(EXERCISED) | set(NOT_EXERCISED) >= set(load_settings().devices)
    assert all(NOT_EXERCISED.values())


# -- after a power cut ---------------------------------------------------------------------------------------------


class Cut:
    """The counter after a restart: one door with a finished card and one that was handed in behind it."""

    def __init__(self, door: DoorState, item: ItemState) -> None:
        self.moved: list[tuple[str, str]] = []
        self._door, self._item = door, item
        self.locker = self.loaded = self.custody = self
        self.durations = Durations()

    async def door(self, _: Compartment) -> DoorState:
        return self._door

    async def item(self, _: Compartment) -> ItemState:
        return self._item

    async def use_device(self, work: Any, _: float) -> Any:
        return await work

    async def move(self, item: str, place: Any, _case: str = "") -> None:
        self.moved.append((item, getattr(place, "value", place)))

    async def behind(self, _: Compartment) -> tuple[Behind, ...]:
        return (Behind("card-0001"), Behind("C-0A1B2C3D-1", "C-0A1B2C3D-1"))


IN_DOUBT = [("card-0001", "in-doubt"), ("C-0A1B2C3D-1", "in-doubt")]


@pytest.mark.parametrize(
    ("stages", "door", "item", "doubts"),
    [
        ((), DoorState.CLOSED, ItemState.NOT_SUPPORTED, []),
        (("opened",), DoorState.OPEN, ItemState.NOT_SUPPORTED, IN_DOUBT),
        (("opened", "closed"), DoorState.CLOSED, ItemState.NOT_SUPPORTED, IN_DOUBT),
        (("opened", "closed"), DoorState.CLOSED, ItemState.PRESENT, []),
    ],
    ids=["never opened", "stands open", "shut unseen", "felt inside"],
)
def test_once_a_door_stood_open_in_a_power_cut_what_lies_behind_it_is_in_doubt_unless_it_is_felt(
    stages: tuple[str, ...], door: DoorState, item: ItemState, doubts: list[tuple[str, str]]
) -> None:
    cut = Cut(door, item)
    step = FreeDoor(key="free", phase=Phase.DETAILS, place="1-9")
    before = {"place": "1-9", "items": "card-0001,C-0A1B2C3D-1", "who": BOTH}

    async def main() -> Settled:
        desk = FreeDoorDesk(cast("Desk", cut), cut.behind)
        return await desk.settle(step, cast("At", SimpleNamespace(case="C")), before, stages)

    settled = run_virtual(main(), NOW)
    assert (settled.state, cut.moved) == (EffectState.FAILED, doubts)


# -- a night -------------------------------------------------------------------------------------------------------


def _row(night: Night, device: str) -> tuple[str, str, str]:
    """Standing, defect and door of one row of the overview."""
    page = shown(night)
    assert isinstance(page, OverviewPage)
    (row,) = [row for row in page.rows if row.device == device]
    return row.standing.value, row.defect, row.place


async def _asked(night: Night, times: int) -> MendPage:
    """The way, once it was walked in vain so often."""
    async with asyncio.timeout(60.0):
        while not (isinstance(page := shown(night), MendPage) and page.asked == times):
            await asyncio.sleep(0.1)
    return page


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """No lock moves. A technician tries one, two people free that door, then another one that holds a document.

    Then the reader is due and the camera looks beside; the slip printer is due after one slip.
    """
    told: dict[str, Any] = {}
    cards = MemoryCards({READER: Slot.EMPTY})

    def lays_a_passport(citizen: Citizen, sight: Sight) -> Doing:
        cards.put(READER, chip_of(next(iter(PASSPORTS))))
        yield from citizen.gone(sight, "the chip to answer")
        cards.put(READER, Slot.EMPTY)

    async def beside(night: Night) -> None:
        await until_page(night, "StaffCardPage")
        await Somebody(night, SECURITY).does(*sign_in(SECURITY.pin))

    async def main(folder: Path) -> None:
        key = ScriptedKey()
        async with Night(folder, 7, DAY, key=key, cards=lambda: cards) as night:
            one = night.settings.upkeep["receipt-printer"].model_copy(update={"after": 1})
            rules = dict(night.settings.upkeep) | {"receipt-printer": one}
            night.settings = night.settings.model_copy(update={"upkeep": rules})
            running = await night.start()
            desk, store = running.built.desk, running.built.store
            somebody = Somebody(night, TECHNICIAN)
            at_the_locker = Expect("OverviewPage", tap("device:locker"))
            # One stays open: told by its number too, and over when its contact says shut.
            night.world.scene.pulse(1, 3)
            async with asyncio.timeout(60.0):
                while not running.built.board.held("locker"):
                    await asyncio.sleep(0.1)
            await somebody.comes_in(key)
            told["stays open"] = _row(night, "locker")
            await somebody.does(at_the_locker)
            await until_page(night, "MendPage")
            page = shown(night)
            assert isinstance(page, MendPage)
            told["open way"] = (page.defect, page.place)
            night.street.call("door-close", board=1, compartment=3)
            await until_page(night, "TryOutPage")
            await somebody.does(Expect("TryOutPage", shut_the_door), Expect("TryOutPage", tap("yes")))
            await until_page(night, "OverviewPage")
            night.street.call("fault", device="locker", fault="stuck")
            await somebody.does(at_the_locker)
            async with asyncio.timeout(60.0):
                while not desk.upkeep.due:
                    await asyncio.sleep(0.1)
            await until_page(night, "OverviewPage")
            told["row"] = _row(night, "locker")
            (due,) = desk.upkeep.due
            told["due"] = due.name
            lock = int(due.place.partition("-")[2])
            # Its lock still does not move.
            await somebody.does(at_the_locker)
            await beside(night)
            await until_page(night, "MendPage")
            await somebody.does(Expect("MendPage", tap("done")))
            told["vain"] = await _asked(night, 1)
            told["still due"] = desk.upkeep.has("locker", DOOR_STUCK, due.place)
            night.street.call("clear", device="locker", fault="stuck")
            await somebody.does(Expect("MendPage", tap("done")))
            async with asyncio.timeout(60.0):
                while not night.world.scene.is_open(1, lock):
                    await asyncio.sleep(0.1)
            await asyncio.sleep(5.0)
            told["open is not enough"] = desk.upkeep.has("locker", DOOR_STUCK, due.place)
            night.street.call("door-close", board=1, compartment=lock)
            await until_page(night, "OverviewPage")
            told["after"] = desk.upkeep.due
            # Behind the next one the books have a card that was handed in: only people open that.
            await store.custody.record(CustodyRecord("C-0A1B2C3D-1", "C", "id-card", 1, 9, "inside"), "")
            await desk.upkeep.door_stuck(Compartment(1, 9))
            pulses = dict(night.world.scene.state.pulses)
            await somebody.does(at_the_locker)
            await beside(night)
            await until_page(night, "MendPage")
            await somebody.does(Expect("MendPage", tap("done")))
            _ = await _asked(night, 1)
            told["never pulsed"] = dict(night.world.scene.state.pulses) == pulses
            night.world.scene.pulse(1, 9)
            await asyncio.sleep(5.0)
            night.street.call("door-close", board=1, compartment=9)
            await until_page(night, "ChoosePage")
            await somebody.does(Expect("ChoosePage", tap("choose:not-there")))
            await until_page(night, "OverviewPage")
            told["custody"] = [one.place for one in await store.custody.all()]
            told["at last"] = desk.upkeep.due
            # The reader.
            for _ in range(6):
                await desk.upkeep.read("id-reader", Reading.IN_VAIN)
            await asyncio.sleep(1.0)
            told["reader"] = _row(night, "id-reader")
            way, tried = Expect("MendPage", tap("done")), "TryOutPage"
            await somebody.does(Expect("OverviewPage", tap("device:id-reader")), way, Expect(tried, tap("no")))
            _ = await _asked(night, 1)
            told["nothing happened"] = desk.upkeep.has("id-reader", SURFACE_DIRTY)
            await somebody.does(way, Expect(tried, lay("own")), Expect(tried, tap("yes")))
            await until_page(night, "OverviewPage")
            told["read"] = desk.upkeep.has("id-reader", SURFACE_DIRTY)
            # Any passport: its chip answers, and tells nothing.
            at_the_other = Expect("OverviewPage", tap("device:document-reader"))
            await somebody.does(at_the_other, Expect(tried, lays_a_passport), Expect(tried, tap("yes")))
            await until_page(night, "OverviewPage")
            # The camera.
            await desk.upkeep.aim_off("+31 +4")
            await running.built.workshop.look_at_calibrations()
            told["closed"] = running.built.workshop.truth.closed_by("calibration-camera-aim")
            at_the_camera = Expect("OverviewPage", tap("device:camera"))
            await somebody.does(at_the_camera, way, Expect("MeasurePage", tap("cannot")))
            await until_page(night, "OverviewPage")
            told["not measured"] = (desk.upkeep.has("camera", AIM_OFF), _row(night, "camera")[:2])
            measured = (Expect("MeasurePage", tap("ready")), Expect("MeasurePage", tap("keep")))
            await somebody.does(at_the_camera, way, *measured)
            await until_page(night, "OverviewPage")
            told["measured"] = (desk.upkeep.has("camera", AIM_OFF), _row(night, "camera")[:2])
            told["opened"] = running.built.workshop.truth.closed_by("calibration-camera-aim")
            # The summary is a slip: from it on the printer is due, and its own test slip ends that.
            await somebody.does(*HAND_BACK)
            key.to(KeyPosition.RUN)
            await night.ready()
            await asyncio.sleep(5.0)
            await desk.upkeep.look()
            told["slip"] = [one.name for one in desk.upkeep.due]
            await somebody.comes_in(key)
            again = Expect("OverviewPage", tap("device:receipt-printer"))
            await somebody.does(again, way, Expect(tried, take_slip))
            await until_page(night, "OverviewPage")
            await desk.upkeep.look()
            told["after the slip"] = desk.upkeep.due
            told["reports"] = [(r.service, r.ending, r.topic) for r in night.reports]
            told["trail"] = [
                (row["event"], row["details"]["place"], row["details"].get("who"))
                for row in await trail(night)
                if row["event"] in ("device-due", "device-mended", "door-tried") and row["details"]["place"]
            ]
            told["troubles"] = (night.troubles.seen, night.dead_ends)

    run_virtual(main(tmp_path_factory.mktemp("upkeep")), nightfall(DAY))
    return told


def test_a_door_that_did_not_open_is_told_by_its_number_and_is_mended_by_two(evening: dict[str, Any]) -> None:
    place = evening["due"].rpartition("/")[2]
    assert evening["row"] == ("low", "defect-locker-door-stuck", place.partition("-")[2])
    assert evening["vain"].place == place.partition("-")[2]
    assert evening["troubles"] == ([], [])
    assert evening["trail"] == [
        ("door-tried", place, TECHNICIAN.number),
        ("door-tried", place, TECHNICIAN.number),
        ("device-due", place, None),
        ("door-tried", place, BOTH),
        ("door-tried", place, BOTH),
        ("device-mended", place, BOTH),
        ("device-due", "1-9", None),
        ("device-mended", "1-9", BOTH),
    ]


def test_a_door_is_stuck_until_its_contact_told_that_it_opened_and_was_shut(evening: dict[str, Any]) -> None:
    assert (evening["still due"], evening["open is not enough"], evening["after"]) == (True, True, ())


def test_a_door_that_stays_open_is_told_by_its_number_until_its_contact_says_shut(evening: dict[str, Any]) -> None:
    assert evening["stays open"] == ("out", "defect-locker-door-open", "3")
    assert evening["open way"] == ("defect-locker-door-open", "3")
    assert evening["reports"][0] == ("MT03", "done", "task-seen")


def test_the_machine_opens_no_door_behind_which_something_may_lie_and_what_is_missing_is_in_doubt(
    evening: dict[str, Any],
) -> None:
    assert (evening["never pulsed"], evening["at last"], evening["custody"]) == (True, (), ["in-doubt"])
    assert evening["reports"][1:4] == [
        ("MT03", "needs-a-person", "task-not-seen"),
        ("MT14", "done", "task-door-free"),
        ("MT14", "needs-a-person", "task-door-doubt"),
    ]


def test_a_reader_that_was_cleaned_is_due_until_it_read_a_card(evening: dict[str, Any]) -> None:
    assert evening["troubles"] == ([], [])
    assert evening["reader"] == ("low", "defect-id-reader-surface-dirty", "")
    assert (evening["nothing happened"], evening["read"]) == (True, False)


def test_a_camera_that_looks_beside_closes_portraits_until_its_measure_is_within_the_tolerance(
    evening: dict[str, Any],
) -> None:
    assert "HZ01" in evening["closed"] and "HZ02" not in evening["closed"]
    assert evening["not measured"] == (True, ("out", "defect-camera-aim-off"))
    assert (evening["measured"], evening["opened"]) == ((False, ("works", "")), ())


def test_a_printer_is_due_by_count_until_its_test_slip_came_out(evening: dict[str, Any]) -> None:
    assert evening["slip"] == ["receipt-printer/rollers-dirty"]
    assert evening["after the slip"] == ()
    said = ["task-seen", "task-seen", "task-still-broken", "task-calibrated", "task-handed-back", "task-seen"]
    assert [topic for _, _, topic in evening["reports"][4:]] == said


def test_a_dispenser_turns_and_gives_out_nothing(tmp_path: Path) -> None:
    """With something in its path it is not run: whatever that is would fall into the bin."""

    async def main() -> tuple[list[str], list[tuple[str, int]]]:
        key = ScriptedKey()
        async with Night(tmp_path, 7, DAY, key=key, machine=Machine("pick-up")) as night:
            _ = await night.start()
            inside = night.world.scene.dispenser
            somebody = Somebody(night, TECHNICIAN)
            await somebody.comes_in(key)
            at_it = Expect("OverviewPage", tap("device:dispenser"))
            await somebody.does(at_it, Expect("TryOutPage", tap("yes")))
            await until_page(night, "OverviewPage")
            stands = [(inside.inside.spot.value, len(inside.inside.bin))]
            await inside.fetch(next(n for n in range(1, 25) if inside.held(n)))
            await somebody.does(at_it)
            await asyncio.sleep(10.0)
            await until_page(night, "OverviewPage")
            stands.append((inside.inside.spot.value, len(inside.inside.bin)))
            assert (night.troubles.seen, night.dead_ends) == ([], [])
            return [report.topic for report in night.reports], stands

    topics, stands = run_virtual(main(), nightfall(DAY))
    assert topics == ["task-seen", "task-not-seen"]
    assert [bin_holds for _, bin_holds in stands] == [0, 0]
    assert stands[1][0] == "transport"
