"""The zone's door, as a table of step -> answer."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.counter.threshold import Noticed, Threshold
from kiosk.devices.door.contract import DoorEvent
from kiosk.flows.effects import CameIn, Certainty, LetInBy, NobodyCameIn, NotReleased, OpenDoor, ReleaseInDoubt
from kiosk.flows.entrance import let_in_by_card, let_in_by_guard
from kiosk.flows.outcome import Ending
from kiosk.people.id_card import CardKind
from tests.flows.tables import NUMBER, Table, card, opening


@pytest.mark.parametrize("kind", list(CardKind))
def test_any_card_that_is_read_lets_its_holder_in(kind: CardKind) -> None:
    table = Table({"card": card(kind=kind), "entry": CameIn(Certainty.SENSED)})
    assert table.run(let_in_by_card, opening("ENTRY")).ending is Ending.DONE
    step = table.step("entry")
    assert isinstance(step, OpenDoor)
    assert (step.by, step.subject) == (LetInBy.CARD, NUMBER)


def test_a_guard_lets_in_without_a_card_and_without_a_name() -> None:
    table = Table({"entry": CameIn(Certainty.SENSED)})
    assert table.run(let_in_by_guard, opening("ENTRY-BY-GUARD")).ending is Ending.DONE
    step = table.step("entry")
    assert isinstance(step, OpenDoor)
    assert (step.by, step.subject) == (LetInBy.GUARD, "")


@pytest.mark.parametrize(
    ("answer", "ending", "topic"),
    [
        (NobodyCameIn(), Ending.NOT_NOW, "door-nobody-came-in"),
        (NotReleased("lock"), Ending.NEEDS_A_PERSON, "door-stayed-shut"),
        (ReleaseInDoubt(), Ending.NEEDS_A_PERSON, "door-in-doubt"),
    ],
)
def test_what_became_of_a_release_is_said_as_it_is(answer: Any, ending: Ending, topic: str) -> None:
    outcome = Table({"card": card(), "entry": answer}).run(let_in_by_card, opening("ENTRY"))
    assert (outcome.ending, outcome.topic) == (ending, topic)


OPENED, CLOSED, FORCED = DoorEvent.OPENED, DoorEvent.CLOSED, DoorEvent.FORCED


@pytest.mark.parametrize(
    ("events", "noticed"),
    [
        ((OPENED, CLOSED), ()),
        ((OPENED, CLOSED, OPENED, CLOSED), (Noticed.TAIL_GATE,)),
        ((OPENED, CLOSED, OPENED, CLOSED, OPENED), (Noticed.TAIL_GATE,)),
        ((OPENED, DoorEvent.HELD, CLOSED), (Noticed.HELD,)),
        ((OPENED, CLOSED, FORCED), (Noticed.FORCED,)),
        ((DoorEvent.FREED, OPENED), (Noticed.FREED,)),
    ],
)
def test_what_the_contact_tells_is_what_is_noticed(
    events: tuple[DoorEvent, ...], noticed: tuple[Noticed, ...]
) -> None:
    threshold = Threshold()
    threshold.released()
    for event in events:
        threshold.told(event)
    assert threshold.noticed() == noticed
    assert threshold.noticed() == ()


def test_each_release_begins_anew() -> None:
    threshold = Threshold()
    for _ in range(3):
        threshold.released()
        threshold.told(OPENED)
        threshold.told(CLOSED)
    assert (threshold.openings, threshold.noticed()) == (1, ())
