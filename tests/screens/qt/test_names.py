"""A name is composed on the glass: letters, then the characters read so; nothing is lost, nothing leads nowhere."""

from __future__ import annotations

from kiosk.screens.pinyin import SURNAMES, syllables
from kiosk.screens.views import ActionView, EnterNameView, Role, SyllableView
from tests.screens.qt.conftest import Hands
from tests.screens.qt.pages import LEAVE, page_view

SEND = ActionView("name", "下一步", Role.PRIMARY, payload_key="text", from_view="text")
ROWS = (tuple("qwertyuiop"), (*"asdfghjkl", "dot"), (*"zxcvbnm", "clear", "erase"))


def board(hands: Hands, revision: int, draft: str = "") -> None:
    table = tuple(SyllableView(syllable, characters) for syllable, characters in syllables())
    page = EnterNameView(ROWS, table, SURNAMES, "·", "名字写在这里", 20, 2, draft)
    hands.show(page_view("EnterNamePage", page, revision=revision, actions=(LEAVE, SEND)))


def type_in(hands: Hands, *keys: str) -> None:
    for key in keys:
        hands.tap(f"key:{key}")


def test_a_name_of_a_common_surname_and_a_character_by_its_sound(hands: Hands) -> None:
    board(hands, 21)
    hands.tap("pick:曾")
    type_in(hands, *"wei")
    hands.tap("pick:伟")
    hands.tap("name")
    assert hands.sent == [(21, "name", {"text": "曾伟"})]


def test_a_surname_comes_before_more_frequent_characters_of_its_sound(hands: Hands) -> None:
    board(hands, 22)
    type_in(hands, *"zeng")
    assert hands.centre("pick:曾").x() < hands.centre("pick:增").x()


def test_letters_that_lead_nowhere_and_a_dot_out_of_place_are_not_taken(hands: Hands) -> None:
    board(hands, 23)
    type_in(hands, "dot", "u", "i", "v", *"wang", "k", "dot")
    hands.tap("pick:王")
    type_in(hands, "dot", "dot", *"mai", "x")
    hands.tap("pick:买")
    hands.tap("name")
    assert hands.sent == [(23, "name", {"text": "王·买"})]


def test_erase_takes_the_sound_back_first_then_the_name(hands: Hands) -> None:
    board(hands, 24, draft="王伟𠮷")
    type_in(hands, *"li", "delete", "delete", "delete")
    hands.tap("name")
    type_in(hands, "clear", *"li")
    hands.tap("name")
    assert hands.sent == [(24, "name", {"text": "王伟"})]


def test_rare_characters_lie_on_further_sheets(hands: Hands) -> None:
    board(hands, 25, draft="王")
    type_in(hands, *"yan")
    turned = 0
    while not [item for item in hands.everything() if item.objectName() == "pick:䶮"]:
        hands.tap("next-characters")
        turned += 1
        assert turned < 20
    assert turned > 1
    hands.tap("pick:䶮")
    hands.tap("name")
    assert hands.sent == [(25, "name", {"text": "王䶮"})]


def test_a_name_with_an_open_sound_or_one_character_is_not_sent(hands: Hands) -> None:
    board(hands, 26, draft="王")
    hands.tap("name")
    type_in(hands, *"wei")
    hands.tap("name")
    assert hands.sent == []
