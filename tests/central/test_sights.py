"""What headquarters keeps of the page of whoever called for help, until when, and how an operator sees it."""

from __future__ import annotations

from typing import Any

import pytest

from central.console.seen import GAP, seen
from central.console.words import words
from central.desks import tickets
from central.desks.sights import FORGOTTEN, sight_of
from kiosk.protocol.sight import LIMIT, Sight
from tests.central.office import Office
from tests.central.test_tickets import called

PAGE: dict[str, Any] = {
    "page": "FormPage",
    "service": "HZ01",
    "step": 2,
    "steps": 5,
    "sentence": [{"key": "field-phone"}],
    "blocks": [
        {"kind": "text", "said": [{"key": "item-of", "numbers": {"n": 4, "of": 5}}]},
        {"kind": "fact", "said": [{"key": "field-phone", "part": "check"}], "more": [{}]},
        {"kind": "text", "said": [{"key": "back-paid"}]},
        {"kind": "text", "said": [{"key": "date-day"}]},
        {"kind": "text", "said": [{"key": "of-a-set-to-come", "part": "hint"}]},
    ],
    "field": {"name": "phone", "characters": 7, "length": 11},
    "actions": [{"said": [{"key": "action-next"}], "enabled": False, "leads": True}],
    "device": "id-reader",
}


def sight(key: str, turn: int = 0, **page: Any) -> dict[str, Any]:
    return {"version": 1, "key": key, "turn": turn, "language": "en", "page": PAGE | page}


def kept(office: Office, number: str) -> Sight | None:
    return office.headquarters.by_a_person(lambda desk: sight_of(desk, number))


def test_the_newest_is_kept_while_the_call_is_open_and_nothing_after_it(office: Office) -> None:
    key, number = called(office)
    assert kept(office, number) is None
    for turn in (0, 2, 1):
        assert office.post("/v1/help/sights", sight(key, turn, step=turn)) == {"state": "open"}
    newest = kept(office, number)
    assert newest is not None and newest.page is not None and newest.page.step == 2
    office.headquarters.by_a_person(lambda desk: tickets.close(desk, number, "wang"))
    assert kept(office, number) is None
    assert office.post("/v1/help/sights", sight(key, 3)) == {"state": "closed"}
    assert kept(office, number) is None


def test_whoever_left_is_forgotten_and_so_is_a_terminal_that_is_silent(office: Office) -> None:
    key, number = called(office)
    _ = office.post("/v1/help/sights", sight(key))
    _ = office.post("/v1/help/sights", {"version": 1, "key": key, "turn": 1})
    assert kept(office, number) is None
    _ = office.post("/v1/help/sights", sight(key, 2))
    office.clock.forward(seconds=FORGOTTEN.total_seconds() - 1)
    office.headquarters.look_at_the_clock()
    assert kept(office, number) is not None
    office.clock.forward(seconds=2)
    office.headquarters.look_at_the_clock()
    assert kept(office, number) is None


def test_no_call_no_sight_and_another_terminals_call_is_none(office: Office) -> None:
    key, number = called(office)
    assert office.send("POST", "/v1/help/sights", sight("help/none"))[0] == 404
    assert office.send("POST", "/v1/help/sights", sight(key), terminal="KDL-006")[0] == 404
    assert kept(office, number) is None


@pytest.mark.parametrize(
    ("status", "change"),
    [
        (
            413,
            {"hint": [{"key": "a" * 80}] * 12, "blocks": [{"kind": "text", "said": [{"key": "b" * 80}] * 12}] * 20},
        ),
        (422, {"sentence": [{"key": "王芳"}]}),
        (422, {"sentence": [{"key": "step-of", "numbers": {"n": 13812345678}}]}),
        (422, {"device": "1" * 41}),
        (422, {"picture": "data:"}),
    ],
)
def test_what_is_larger_or_other_than_a_sight_is_refused(office: Office, status: int, change: dict[str, Any]) -> None:
    key, number = called(office)
    assert office.send("POST", "/v1/help/sights", sight(key, **change))[0] == status
    assert kept(office, number) is None and LIMIT == 16 * 1024


@pytest.mark.parametrize(
    ("language", "sentence", "counted", "paid"),
    [("en", "Please enter your mobile number", "Question 4 of 5", "Your ••• were received."), ("zh-CN", "", "", "")],
)
def test_it_is_drawn_in_the_operators_language_from_the_terminals_own_texts(
    language: str, sentence: str, counted: str, paid: str
) -> None:
    drawn = seen(Sight.model_validate(sight("help/1")), words(language))
    assert drawn is not None and not drawn.covered
    page = drawn.drawing
    texts = [each.text for each in page.blocks]
    assert page.field is not None and page.field[1:] == (7, 11)
    assert (page.blocks[1].more, texts[3], texts[4]) == (GAP, GAP, "of-a-set-to-come.hint")
    assert [(each.enabled, each.leads) for each in page.actions] == [(False, True)]
    if language == "en":
        assert (page.sentence, texts[0], texts[2]) == (sentence, counted, paid)
    else:
        assert all(any("\u4e00" <= letter <= "\u9fff" for letter in text) for text in (page.sentence, *texts[:3]))


def test_the_page_that_help_covers_is_the_one_that_is_drawn() -> None:
    said = sight("help/1", page="HelpPage") | {"beneath": PAGE, "size": "largest", "elder": True}
    drawn = seen(Sight.model_validate(said), words("en"))
    assert drawn is not None and drawn.covered and drawn.drawing.kind == "FormPage"
    assert drawn.modes == ("largest letters", "elder mode")
    assert seen(Sight(version=1, key="k", turn=9), words("en")) is None
