"""What counts as a name, and which characters can be found by their sound."""

from __future__ import annotations

import pytest

from kiosk.people.names import LONGEST, InvalidName, NameFault, PersonName
from kiosk.screens.pinyin import SURNAMES, syllables


@pytest.mark.parametrize(
    "text", ["王伟", "欧阳娜娜", "阿布都热合曼·买买提", "王𠮷", "赵䶮", "宋〇一", "丹" * LONGEST]
)
def test_a_name_is_characters_and_dots_between_them(text: str) -> None:
    assert PersonName.parse(text).text == text


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", NameFault.SHORT),
        ("王", NameFault.SHORT),
        ("王·", NameFault.SHORT),
        ("王伟·", NameFault.DOT),
        ("·王伟", NameFault.DOT),
        ("王··伟", NameFault.DOT),
        ("王a", NameFault.CHARACTER),
        ("王 伟", NameFault.CHARACTER),
        ("王。伟", NameFault.CHARACTER),
        ("王" * (LONGEST + 1), NameFault.LONG),
    ],
)
def test_what_is_wrong_with_it_is_said_without_the_name(text: str, fault: NameFault) -> None:
    with pytest.raises(InvalidName) as raised:
        PersonName.parse(text)
    assert raised.value.fault is fault
    assert text not in str(raised.value) or not text


def test_a_name_shows_itself_to_nobody() -> None:
    assert "王" not in repr(PersonName("王伟"))


def test_every_syllable_is_letters_and_every_character_one_of_a_name() -> None:
    table = syllables()
    assert len(table) > 400 and [s for s, _ in table] == sorted({s for s, _ in table})
    assert all(s.isascii() and s.isalpha() and s.islower() for s, _ in table)
    for _, characters in table:
        assert len(set(characters)) == len(characters)
        for start in range(0, len(characters) - 1, LONGEST):
            _ = PersonName.parse(characters[start : start + LONGEST].ljust(2, "一"))


@pytest.mark.parametrize(
    ("sound", "characters"),
    [("zeng", "曾"), ("lv", "吕"), ("nv", "女"), ("yan", "䶮龑"), ("ji", "𠮷"), ("mai", "买"), ("wei", "伟维微")],
)
def test_characters_are_found_by_their_sound(sound: str, characters: str) -> None:
    assert set(characters) <= set(dict(syllables())[sound])


def test_frequent_characters_come_first() -> None:
    table = dict(syllables())
    assert table["wang"].index("王") < table["wang"].index("尪")
    assert all(any(one in characters for characters in table.values()) for one in SURNAMES)
