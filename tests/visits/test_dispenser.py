"""HZ02 and CRJ07 where finished documents come out of a machine that reads inside: well, and otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from central.database import transaction
from central.model import Alarm
from kiosk.commands.simulated import Machine
from kiosk.counter.duty import VisitReport
from kiosk.nights.kills import kill_everywhere
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import Refusal, RefusalCode
from kiosk.screens.states import ServiceOpen, TellPage
from kiosk.simulation.citizen import (
    Citizen,
    Doing,
    Expect,
    Sight,
    by_dispenser,
    sign,
    take_new_card,
    tap,
    type_number,
)
from kiosk.simulation.scripts.exit_entry import CRJ07
from kiosk.simulation.scripts.household import HZ02
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.state import PlaceKind
from tests.visits.nights import Visitor, a_night, visitor
from tests.visits.test_refusals import up_to

PICK_UP = Machine("pick-up")
END = Expect("ClosingPage", tap("end"))
CARD, DOCUMENT = by_dispenser(HZ02), by_dispenser(CRJ07)


def hand_over(report: VisitReport) -> str:
    (state,) = [e.state.value for e in report.end.effects if e.kind.value == "hand-over" and "new-card" in e.key]
    return state


def holder(night: Night, item: str) -> int:
    return night.world.scene.chip(item).person.index


def item_of(night: Night, someone: Visitor) -> dict[str, str]:
    """The document of whoever stands there, as headquarters has it."""
    new = someone.person["new_card"]
    waiting = [i for i in night.world.scene.travel_documents if holder(night, i) == someone.person["index"]]
    item = new["item"] if new else waiting[0]
    (document,) = [d for d in night.ledger()["documents"] if d["id"] == item]
    return document


@pytest.mark.parametrize("code", ["HZ02", "CRJ07"])
def test_proved_inside_held_out_and_seen_taken_is_a_sensed_claim(code: str) -> None:
    async def scene(night: Night) -> None:
        situation, script = SCRIPTS[code]
        someone = visitor(night, situation)
        report = await someone.go(*by_dispenser(script))
        assert (report.ending, report.topic) == ("done", "closing-collected")
        assert hand_over(report) == "done"
        await in_order(night)
        assert untrue(night) == []
        document = item_of(night, someone)
        assert document["place"] == "citizen"
        assert night.world.scene.place(document["id"]).kind is PlaceKind.HAND
        (case,) = [c for c in night.ledger()["cases"] if c["number"] == report.number]
        assert (case["state"], case["certainty"]) == ("collected", "sensed")

    a_night(scene, machine=PICK_UP)


def alarms(night: Night) -> set[str]:
    with transaction(night.headquarters.engine) as db:
        return set(db.scalars(select(Alarm.code)))


def faulty(name: str) -> Callable[[Visitor], None]:
    def strikes(someone: Visitor) -> None:
        someone.call("dispenser-fault", fault=name)

    return strikes


def swapped(someone: Visitor) -> None:
    """Whoever loaded the machine laid somebody else's document at that position."""
    scene = someone.night.world.scene
    mine = position_of(someone)
    other = next(n for n in range(1, 25) if n != mine and scene.contents(1, n))
    someone.call("swap-documents", one=mine, other=other)


def emptied(someone: Visitor) -> None:
    """Somebody took it out with the machine's back open."""
    someone.night.world.scene.dispenser.draw(position_of(someone))


def unreadable(someone: Visitor) -> None:
    someone.call("fault", device="inside-reader", fault="unauthentic")


def position_of(someone: Visitor) -> int:
    return int(item_of(someone.night, someone)["place"].rpartition(":")[2])


def wait_and_see(citizen: Citizen, sight: Sight) -> Doing:
    """Does not take it."""
    del sight
    while citizen.hands.look().kind == "SlotPage":
        yield 1.0


BY_NUMBER = (Expect("ReadCard", tap("without-card")), Expect("TypeNumber", type_number))
"""After a loss there is no old card, to lay down or to hand in."""
AS_IT_COMES = (
    *(way for e in up_to(CARD, "PutInPage") for way in (BY_NUMBER if e.page == "ReadCard" else (e,))),
    Expect("SignPage", sign),
    Expect("SlotPage", wait_and_see, optional=True),
    END,
)


@pytest.mark.parametrize(
    ("goes_wrong", "state", "topic", "place", "alarm"),
    [
        (swapped, "failed", "closing-document-retained", "in-doubt", "another-document-at-its-place"),
        (unreadable, "failed", "closing-document-retained", "in-doubt", "another-document-at-its-place"),
        (emptied, "in_doubt", "closing-document-in-doubt", "in-doubt", "document-in-doubt"),
        (faulty("jam"), "failed", "closing-document-retained", "in-doubt", "another-document-at-its-place"),
        (faulty("stuck-at-exit"), "failed", "closing-document-retained", "retained", "document-retained"),
        (faulty("refuse"), "failed", "closing-not-fetched", "cabinet", ""),
    ],
    ids=["another", "unreadable", "empty", "jam", "not-presented", "refused"],
)
def test_what_is_not_proved_or_not_taken_stays_on_the_books(
    goes_wrong: Callable[[Visitor], None], state: str, topic: str, place: str, alarm: str
) -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-loss")
        goes_wrong(someone)
        report = await someone.go(*AS_IT_COMES)
        assert (report.ending, report.topic, hand_over(report)) == ("needs-a-person", topic, state)
        await in_order(night)
        # The document that was laid there by mistake is somebody else's: only a person can put that line right.
        mistaken = len(night.world.scene.dispenser.inside.bin) if goes_wrong is swapped else 0
        assert len(untrue(night)) == mistaken
        assert item_of(night, someone)["place"].partition(":")[0] == place
        assert night.world.scene.dispenser.inside.hands == []
        assert not alarm or alarm in alarms(night)

    a_night(scene, machine=PICK_UP)


def test_who_comes_back_for_what_was_not_taken_is_sent_to_a_person() -> None:
    async def scene(night: Night) -> None:
        leaves_it = (*up_to(DOCUMENT, "SlotPage"), Expect("SlotPage", wait_and_see), END)
        left = await visitor(night, "travel-finished").go(*leaves_it)
        assert (left.ending, left.topic) == ("needs-a-person", "closing-document-retained")
        await in_order(night)
        assert untrue(night) == []
        assert "document-retained" in alarms(night)
        told: list[Refusal] = []

        def read(citizen: Citizen, sight: Sight) -> Doing:
            state = getattr(sight, "state", None)
            assert isinstance(state, TellPage)
            told.append(state.refusal)
            yield from citizen.touch("continue")

        report = await visitor(night, "travel-finished").go(*up_to(DOCUMENT, "SignPage"), Expect("TellPage", read))
        assert report.ending == "refused"
        assert (told[0].code, dict(told[0].details)["reason"]) == (RefusalCode.OTHER, "retained")

    a_night(scene, machine=PICK_UP)


def test_the_old_card_goes_back_when_the_new_one_does_not_come_out() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        someone.call("dispenser-fault", fault="jam")
        ends = (Expect("SlotPage", wait_and_see), Expect("TakePage", take_new_card), END)
        report = await someone.go(*up_to(CARD, "SlotPage"), *ends)
        assert (report.ending, report.topic) == ("needs-a-person", "closing-document-retained")
        await in_order(night)
        assert untrue(night) == []
        assert not [d for d in night.ledger()["documents"] if d["place"].startswith("custody:")]

    a_night(scene, machine=PICK_UP)


def test_without_its_dispenser_or_the_reader_inside_it_hands_nothing_out() -> None:
    async def scene(night: Night) -> None:
        for device in ("dispenser", "inside-reader"):
            night.street.call("unplug", device=device)
            await until(night, lambda tiles: tiles["HZ02"] is ServiceOpen.CLOSED)
            night.street.call("plug", device=device)
            await until(night, lambda tiles: tiles["HZ02"] is ServiceOpen.OPEN)

    a_night(scene, machine=PICK_UP)


async def until(night: Night, holds: Callable[[dict[str, ServiceOpen]], bool]) -> None:
    assert night.running is not None
    async with asyncio.timeout(120):
        while not holds({tile.code: tile.open for tile in night.running.built.duty.tiles()}):
            await asyncio.sleep(1.0)


def test_a_power_cut_while_the_machine_works_keeps_the_books(tmp_path: Path) -> None:
    """Fetched, read, held out, seen taken: some of the boundaries in between."""
    deaths = kill_everywhere(tmp_path, "CRJ07", 7, step=131, offset=400, machine=PICK_UP)
    assert deaths.wrong == ()
    assert any(kind == "hand-over" for death in deaths.deaths for kind, _, _ in death.effects)


def test_what_no_case_knows_of_goes_into_the_bin_at_start() -> None:
    """Somebody tried the machine by its maker's programme, and switched it off in between."""

    async def scene(night: Night) -> None:
        machine = night.world.scene.dispenser
        await night.shut()
        await machine.fetch(next(n for n in range(1, 25) if machine.held(n)))
        running = await night.start()
        assert (machine.inside.item, len(machine.inside.bin)) == (None, 1)
        assert "alarm-dispenser-bin" in running.built.board.alarms()

    a_night(scene, machine=PICK_UP)
