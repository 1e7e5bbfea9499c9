"""Two people with a box of documents: what goes in, what is set aside, what the count says, and what comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from central.desks.desk import Desk
from central.model import CardCase, CardState, Document
from central.model import Place as DocumentPlace
from kiosk.commands.simulated import Machine
from kiosk.commands.simulated_staff import of_role
from kiosk.devices.document_reader.cards import Slot
from kiosk.nights.loaders import cut_while_loading
from kiosk.nights.night import Night, nightfall
from kiosk.nights.truths import untrue
from kiosk.people.exit_entry import TravelDocument, TravelDocumentKind
from kiosk.people.staff import Role
from kiosk.people.synthetic import PopulationKey, Situation, SyntheticPerson, population
from kiosk.people.synthetic_travel import travel_of
from kiosk.simulation.citizen import Citizen, Doing, Expect, Sight, tap
from kiosk.simulation.scripts.technician import (
    LAID_IN,
    SIGN_BOTH,
    load,
    loads,
    opened_for,
    set_aside,
    sign_in,
    unload_one,
    waits_for_one,
)
from kiosk.simulation.state import Place, PlaceKind
from kiosk.simulation.travel_chip import TravelChip
from kiosk.simulation.travel_files import PASSPORT, made_for
from kiosk.virtual import run_virtual
from tests.devices.memory_cards import READER, MemoryCards, quiet_random
from tests.maintenance.evening import ScriptedKey, Somebody, trail, until_page
from tests.visits.nights import visitor
from tests.visits.test_dispenser import AS_IT_COMES as NOT_HELD_OUT

DAY = date(2026, 11, 22)
LOADER, BESIDE = of_role(Role.LOADER), of_role(Role.LOADER, 1)
PEOPLE = population(PopulationKey(7, DAY))


def item_of(situation: Situation, nth: int = 0) -> str:
    made = PEOPLE.find(situation, nth).new_card
    assert made is not None
    return made.record.item


def finished_passports() -> dict[str, tuple[SyntheticPerson, TravelDocument]]:
    """Those that lie here, by item."""
    holders = [person for person in PEOPLE.people if person.situation is Situation.TRAVEL_FINISHED]
    found: dict[str, tuple[SyntheticPerson, TravelDocument]] = {}
    for nth, person in enumerate(holders):
        case = travel_of(person, DAY, nth).case
        if case is not None and case.finished is not None and case.kind is TravelDocumentKind.PASSPORT:
            found[case.item] = (person, case.finished)
    return found


PASSPORTS = finished_passports()


def chip_of(item: str, number: str = "") -> TravelChip:
    """A passport as it lies on the reader of passports and passes; with another number, one nobody listed."""
    person, document = PASSPORTS[item]
    assert document.valid_to is not None
    files = made_for(person, PASSPORT, number or document.number, document.valid_to)
    return TravelChip(files.information, files.files, quiet_random())


BOX = tuple(item_of(Situation.CARD_FINISHED_RENEWAL, nth) for nth in range(2))


def brought(night: Night, *items: str) -> None:
    """These come from the depot, in the hands of whoever stands there."""
    for item in items:
        assert night.headquarters.people("POST", f"/sandbox/depot/{item}", b"").status == 200
        night.street.call("deliver", card=item)


async def pair(night: Night, key: ScriptedKey, *, task: str, box: tuple[str, ...] = ()) -> Somebody:
    """Both signed in for the task; the first one holds the box."""
    first = Somebody(night, LOADER)
    await first.comes_in(key)
    await both(night, first, task, box)
    return first


async def both(night: Night, first: Somebody, task: str, box: tuple[str, ...] = ()) -> None:
    """The task's button, the box opened, the second one's card and PIN."""
    further = (Expect("OverviewPage", tap("task-more")), Expect("RecordsPage", tap(f"open:{task}")))
    await first.does(*(further if task == "MT07" else (Expect("OverviewPage", tap(f"task-{task}")),)))
    await until_page(night, "StaffCardPage")
    _ = night.street.call("person-arrives", situation="ordinary", nth=LOADER.nth)
    brought(night, *box)
    await Somebody(night, BESIDE).does(*sign_in(BESIDE.pin))
    while night.running is not None and night.running.hands.look().kind in ("StaffKeyPage", "WorkingPage"):
        await asyncio.sleep(0.1)


def places(night: Night) -> dict[str, str]:
    return {d["id"]: d["place"] for d in night.ledger()["documents"]}


def states(night: Night) -> dict[str, str]:
    return {c["item"]: c["state"] for c in night.ledger()["cases"] if "item" in c}


def lies(night: Night, item: str) -> str:
    """Where it is in the world."""
    real = night.world.scene.place(item)
    return f"{real.kind.value}:{real.compartment}" if real.compartment else real.kind.value


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Two cards go in; one of another station, and two that the books have inside, are set aside."""
    told: dict[str, Any] = {}
    reasons = (Situation.CARD_AT_ANOTHER_SITE, Situation.CARD_FINISHED_LOSS, Situation.CARD_BLOCKED)
    aside = tuple(item_of(situation) for situation in reasons)

    async def main(folder: Path) -> None:
        key = ScriptedKey()
        async with Night(folder, 7, DAY, key=key) as night:
            running = await night.start()
            first = await pair(night, key, task="MT01", box=BOX)
            for item in aside:
                night.street.call("deliver", card=item)
            told["before"] = states(night)
            await first.does(*load(loads(*BOX), set_aside(*aside), left=len(aside)))
            await until_page(night, "OverviewPage")
            await night.empty_outbox()
            told.update(places=places(night), states=states(night), notes=dict(first.notes))
            told["lies"] = {item: lies(night, item) for item in (*BOX, *aside)}
            told["live"] = await running.built.store.loaded.live()
            told["taps"], told["pages"] = list(first.taps), list(first.pages)
            told["trail"], told["troubles"] = await trail(night), night.troubles.seen
            told["reports"] = [(r.service, r.ending, r.topic) for r in night.reports]
            told["findings"] = {f.what: f.verdict for f in await running.built.workshop.examine()}
        told["aside"] = aside

    run_virtual(main(tmp_path_factory.mktemp("loading")), nightfall(DAY))
    return told


def test_what_was_read_lies_behind_the_door_that_opened_for_it(evening: dict[str, Any]) -> None:
    assert evening["troubles"] == [] and evening["reports"] == [("MT01", "done", "task-loaded")]
    for item in BOX:
        number = evening["lies"][item].removeprefix("compartment:")
        assert evening["places"][item] == f"cabinet:KDL-001:1:{number}"
    assert [(d.item, d.counted) for d in evening["live"]] == [(item, True) for item in BOX]
    assert evening["findings"]["documents"] == "works"


def test_a_card_takes_four_seconds_of_the_machine_or_less_and_no_touch(evening: dict[str, Any]) -> None:
    assert max(float(seconds) for seconds in evening["notes"][LAID_IN].split()) <= 4.0
    assert [name for name in evening["taps"] if not name.startswith("pin")] == ["task-MT01", "no-more", "count"]


def test_what_does_not_belong_there_is_set_aside_with_a_reason(evening: dict[str, Any]) -> None:
    rows = [row["details"] for row in evening["trail"] if row["event"] == "document-set-aside"]
    pair = f"{LOADER.number},{BESIDE.number}"
    assert [(row["who"], row["item"], row["why"]) for row in rows] == [
        (pair, item, why) for item, why in zip(evening["aside"], ("elsewhere", "here", "here"), strict=True)
    ]
    assert all(evening["lies"][item] == "hand" for item in evening["aside"])


def test_what_the_books_have_inside_and_two_people_hold_is_in_doubt(evening: dict[str, Any]) -> None:
    _, here, blocked = evening["aside"]
    assert evening["places"][here] == evening["places"][blocked] == "in-doubt"


def test_citizens_are_told_when_the_count_agreed(evening: dict[str, Any]) -> None:
    assert {evening["before"][item] for item in BOX} == {"stocked"}
    assert {evening["states"][item] for item in BOX} == {"to-collect"}
    (row,) = [row["details"] for row in evening["trail"] if row["event"] == "documents-counted"]
    assert (row["machine"], row["people"], row["why"]) == ("3", "3", "")


def test_what_cannot_be_read_and_what_was_collected_already_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    """A card that is not read, twice; and one that headquarters has in its owner's hands."""
    dead, collected = BOX

    def lays_the_dead_one(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        citizen.world.call("fault", device="id-reader", fault="unauthentic")
        for stage in ("again", "lay"):
            citizen.world.call("lay-card", card=dead)
            page = f"LoadPage/{stage}/"
            yield 1.0
            yield from citizen.until(
                lambda page=page: str(citizen.hands.look().view["identity"]).startswith(page), "what is said of it"
            )
            citizen.world.call("take-card")
            yield 2.0
        citizen.world.call("clear", device="id-reader", fault="unauthentic")

    def hand_out(desk: Desk) -> None:
        document = desk.db.get(Document, collected)
        assert document is not None
        case = desk.db.get(CardCase, document.case_number)
        assert case is not None
        document.place, document.compartment = DocumentPlace.CITIZEN, None
        case.state, case.state_since = CardState.COLLECTED, desk.now

    async def scene(night: Night, key: ScriptedKey) -> dict[str, Any]:
        night.headquarters.by_a_person(hand_out)
        first = await pair(night, key, task="MT01", box=(dead,))
        night.street.call("deliver", card=collected)
        await first.does(*load(lays_the_dead_one, set_aside(collected), left=2))
        await until_page(night, "OverviewPage")
        await night.empty_outbox()
        rows = await trail(night)
        return {
            "aside": [
                (r["details"]["item"], r["details"]["why"]) for r in rows if r["event"] == "document-set-aside"
            ],
            "counts": [
                (r["details"]["machine"], r["details"]["people"]) for r in rows if r["event"] == "documents-counted"
            ],
            "lies": [lies(night, item) for item in BOX],
            "states": [states(night)[item] for item in BOX],
            "topics": [report.topic for report in night.reports],
        }

    told = after(scene, tmp_path)
    assert told["aside"] == [("", "unreadable"), (collected, "collected")]
    assert (told["counts"], told["topics"]) == ([("2", "2")], ["task-loaded"])
    assert (told["lies"], told["states"]) == (["hand", "hand"], ["stocked", "collected"])


# -- the count -------------------------------------------------------------------------------------------------------


def after(scene: Callable[[Night, ScriptedKey], Awaitable[Any]], folder: Path, **night_has: Any) -> Any:
    """What a scene with a pair of loaders tells."""

    async def main() -> Any:
        key = ScriptedKey()
        async with Night(folder, 7, DAY, key=key, **night_has) as night:
            _ = await night.start()
            told = await scene(night, key)
            assert night.troubles.seen == []
            return told

    return run_virtual(main(), nightfall(DAY))


def test_a_difference_is_read_once_more_and_then_has_a_reason(tmp_path: Path) -> None:
    async def scene(night: Night, key: ScriptedKey) -> tuple[list[str], dict[str, str], str]:
        first = await pair(night, key, task="MT01", box=BOX[:1])
        await first.does(*load(loads(BOX[0]), left=1))
        await until_page(night, "LoadPage")
        await first.does(*load(left=1), Expect("ChoosePage", tap("choose:missing")))
        await until_page(night, "OverviewPage")
        await night.empty_outbox()
        rows = [row["details"]["why"] for row in await trail(night) if row["event"] == "documents-counted"]
        assert night.running is not None
        found = {f.what: f.verdict for f in await night.running.built.workshop.examine()}
        return rows, states(night), found["documents"]

    why, cases, documents = after(scene, tmp_path)
    assert (why, cases[BOX[0]], documents) == (["missing"], "stocked", "fails")


def test_a_door_that_was_shut_on_nothing_opens_again_for_the_same_document(tmp_path: Path) -> None:
    """Its owner's hand holds it: the reader sees it again, whatever the books believe."""

    def shut_on_nothing(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        citizen.world.call("lay-card", card=BOX[0])
        place = yield from opened_for(citizen, "LoadPage/put")
        citizen.world.call("take-card")
        citizen.world.call("door-close", **place)
        yield from citizen.until(lambda: waits_for_one(citizen), "the next document to be asked for")

    async def scene(night: Night, key: ScriptedKey) -> tuple[str, str, list[Any]]:
        first = await pair(night, key, task="MT01", box=BOX[:1])
        await first.does(*load(shut_on_nothing, left=1))
        await until_page(night, "LoadPage")
        await first.does(*load(loads(BOX[0])))
        await until_page(night, "OverviewPage")
        await night.empty_outbox()
        assert night.running is not None
        return places(night)[BOX[0]], lies(night, BOX[0]), [r.topic for r in night.reports]

    place, real, topics = after(scene, tmp_path)
    assert place == f"cabinet:KDL-001:1:{real.removeprefix('compartment:')}" and topics == ["task-loaded"]


def test_without_a_line_the_kept_list_serves_and_everything_goes_up_later(tmp_path: Path) -> None:
    async def scene(night: Night, key: ScriptedKey) -> tuple[str, dict[str, str], dict[str, str], str]:
        assert night.running is not None
        first = Somebody(night, LOADER)
        await first.comes_in(key)
        brought(night, BOX[0])
        assert await night.running.built.fetch_list()
        night.street.call("network", state="down")
        await both(night, first, "MT01")
        await until_page(night, "LoadPage")
        said = str(night.running.hands.look().view["hint"])
        await first.does(*load(loads(BOX[0])))
        await until_page(night, "OverviewPage")
        before = places(night)
        night.street.call("network", state="up")
        await night.empty_outbox()
        return said, before, places(night), states(night)[BOX[0]]

    said, before, places_now, state = after(scene, tmp_path)
    assert "留存清单" in said
    assert before[BOX[0]].startswith("depot:") and places_now[BOX[0]].startswith("cabinet:")
    assert state == "to-collect"


def test_without_a_line_and_without_a_list_nothing_goes_in(tmp_path: Path) -> None:
    async def scene(night: Night, key: ScriptedKey) -> list[Any]:
        night.street.call("network", state="down")
        _ = await pair(night, key, task="MT01")
        await until_page(night, "OverviewPage")
        return [r.topic for r in night.reports]

    assert after(scene, tmp_path) == ["task-no-list"]


# -- out -------------------------------------------------------------------------------------------------------------


def test_what_was_recalled_comes_out_is_read_outside_and_signed_for_by_both(tmp_path: Path) -> None:
    blocked = item_of(Situation.CARD_BLOCKED)

    async def scene(night: Night, key: ScriptedKey) -> dict[str, Any]:
        first = await pair(night, key, task="MT07")
        count = len([p for p in PEOPLE.people if p.situation is Situation.CARD_BLOCKED])
        await first.does(*(Expect("UnloadPage", unload_one) for _ in range(count)), *SIGN_BOTH)
        await until_page(night, "OverviewPage")
        await night.empty_outbox()
        papers = [paper["text"] for paper in night.street.call("papers")["papers"]]
        reports = [(r.service, r.ending, r.topic) for r in night.reports]
        return {"place": places(night)[blocked], "lies": lies(night, blocked), "papers": papers, "reports": reports}

    told = after(scene, tmp_path)
    assert told["reports"] == [("MT07", "done", "task-unloaded")]
    assert (told["place"], told["lies"]) == ("depot:kiosk-0001", "hand")
    (paper,) = told["papers"]
    assert blocked in paper and LOADER.number in paper and BESIDE.number in paper


def from_the_bin(night: Night, item: str) -> Expect:
    """The bin is opened with its key; the document that is asked for goes onto the reader."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        def asked() -> bool:
            return str(citizen.hands.look().view["identity"]).startswith("UnloadPage/from-bin/")

        yield from citizen.until(asked, "what lies in the bin to be asked for")
        scene = night.world.scene
        assert scene.place(item).kind is PlaceKind.BIN
        scene.put(item, Place(kind=PlaceKind.HAND, person=scene.visitor_index()))
        scene.dispenser.inside.bin.pop()
        citizen.world.call("lay-card", card=item)
        yield from citizen.gone(sight, "the document to be read")
        citizen.world.call("take-card")

    return Expect("UnloadPage", act)


def test_the_bin_of_a_dispenser_is_emptied_by_two_who_sign_and_all_books_agree(tmp_path: Path) -> None:
    """One card was drawn back from a hand that did not come; recalled ones are drawn out of their positions."""
    blocked = len([p for p in PEOPLE.people if p.situation is Situation.CARD_BLOCKED])
    recalled = tuple(item_of(Situation.CARD_BLOCKED, nth) for nth in range(blocked))

    async def scene(night: Night, key: ScriptedKey) -> dict[str, Any]:
        someone = visitor(night, "card-finished-loss")
        someone.call("dispenser-fault", fault="stuck-at-exit")
        assert (await someone.go(*NOT_HELD_OUT)).topic == "closing-document-retained"
        await night.empty_outbox()
        retracted = someone.person["new_card"]["item"]
        assert night.running is not None
        store = night.running.built.store
        before = (
            places(night)[retracted],
            [one.place for one in await store.custody.all() if one.custody == retracted],
        )
        first = await pair(night, key, task="MT07")
        await first.does(*(from_the_bin(night, item) for item in sorted((*recalled, retracted))), *SIGN_BOTH)
        await until_page(night, "OverviewPage")
        await night.empty_outbox()
        items = (*recalled, retracted)
        return {
            "before": before,
            "headquarters": {places(night)[item] for item in items},
            "hands": {lies(night, item) for item in items},
            "custody": [one.place for one in await store.custody.all() if one.custody == retracted],
            "bin": len(night.world.scene.dispenser.inside.bin),
            "case": states(night)[retracted],
            "paper": night.street.call("papers")["papers"][-1]["text"],
            "report": [(r.service, r.ending, r.topic) for r in night.reports][-1],
            "untrue": untrue(night),
            "items": items,
        }

    told = after(scene, tmp_path, machine=Machine("pick-up"))
    assert told["before"] == ("retained", ["dispenser-bin"])
    assert told["report"] == ("MT07", "done", "task-unloaded")
    assert (told["headquarters"], told["hands"], told["bin"]) == ({"depot:kiosk-0001"}, {"hand"}, 0)
    assert (told["custody"], told["case"], told["untrue"]) == (["unloaded"], "stocked", [])
    assert all(name in told["paper"] for name in (*told["items"], LOADER.number, BESIDE.number))


# -- passports -------------------------------------------------------------------------------------------------------


def test_a_passport_is_known_by_the_key_that_opens_its_chip(tmp_path: Path) -> None:
    """The second of two first: the machine finds it all the same; and one nobody listed is set aside."""
    cards = MemoryCards({READER: Slot.EMPTY})

    def lays(citizen: Citizen, sight: Sight) -> Doing:
        del sight
        for item in reversed(PASSPORTS):
            cards.put(READER, chip_of(item))
            place = yield from opened_for(citizen, "LoadPage/put")
            cards.put(READER, Slot.EMPTY)
            citizen.world.call("put-in", item=item, **place)
            yield 0.3
            citizen.world.call("door-close", **place)
            yield from citizen.until(lambda: waits_for_one(citizen), "the next document to be asked for")
        before = citizen.hands.look().revision
        cards.put(READER, chip_of(next(iter(PASSPORTS)), "E79999999"))
        yield from citizen.until(lambda: "清单" in str(citizen.hands.look().view["status"]), "a reason")
        cards.put(READER, Slot.EMPTY)
        yield from citizen.until(lambda: citizen.hands.look().revision != before, "the next one to be asked for")

    async def scene(night: Night, key: ScriptedKey) -> tuple[dict[str, str], dict[str, str], list[str]]:
        first = await pair(night, key, task="MT01", box=tuple(PASSPORTS))
        await first.does(*load(lays, left=1))
        await until_page(night, "OverviewPage")
        await night.empty_outbox()
        why = [row["details"]["why"] for row in await trail(night) if row["event"] == "document-set-aside"]
        return places(night), {item: lies(night, item) for item in PASSPORTS}, why

    books, real, why = after(scene, tmp_path, cards=lambda: cards)
    for item in PASSPORTS:
        assert books[item] == f"cabinet:KDL-001:1:{real[item].removeprefix('compartment:')}"
    assert why == ["not-listed"]


# -- power cuts ------------------------------------------------------------------------------------------------------


def test_after_a_power_cut_no_document_is_missing_or_in_two_places(tmp_path: Path) -> None:
    """A few of the thousand that `kiosk proof --only loading` makes."""
    found = cut_while_loading(tmp_path, 3, 7)
    assert len(found.cuts) == 3 and found.boundaries > 100
    assert found.wrong == ()
