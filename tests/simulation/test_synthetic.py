"""The people of the sandbox: equal for equal keys, plausible, and one for every situation."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from kiosk.people.id_card import CardKind
from kiosk.people.id_number import IdNumber, NumberFamily
from kiosk.people.names import DOT, PersonName
from kiosk.people.synthetic import (
    CAST,
    COMPARTMENTS,
    FROM_ELSEWHERE,
    SIZE,
    CardStage,
    Finger,
    Population,
    PopulationKey,
    Situation,
    chip_photo,
    face_of_photo,
    icao_check,
    population,
    same_finger,
    valid_years,
)

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module", params=[1, 2, 77])
def people(request: pytest.FixtureRequest) -> Population:
    return population(PopulationKey(request.param, TODAY))


def test_everybody_has_a_number_of_their_own_that_passes_its_check(people: Population) -> None:
    assert len(people.people) == SIZE >= 200
    assert len({p.number for p in people.people}) == SIZE
    for person in people.people:
        if person.card.kind is CardKind.FOREIGNER_2017:
            assert icao_check(person.number[:14]) == person.number[14]
            continue
        number = IdNumber.parse(person.number, TODAY)
        assert number.birth == person.card.birth
        assert number.sex is person.card.sex


def test_residents_come_from_baotou_except_those_of_another_province(people: Population) -> None:
    for person in people.people:
        if person.card.kind is not CardKind.RESIDENT:
            continue
        number = IdNumber(person.number)
        assert number.family is NumberFamily.RESIDENT
        assert (number.region[:4] == "1502") == (person.situation not in FROM_ELSEWHERE)


def test_texts_fit_their_fields_on_the_chip(people: Population) -> None:
    for person in people.people:
        assert len(person.card.name.encode("utf-16-le")) <= 30
        assert len(person.card.address.encode("utf-16-le")) <= 70
        assert len(person.card.authority.encode("utf-16-le")) <= 30


def test_where_several_are_in_a_situation_one_bears_a_name_with_a_dot(people: Population) -> None:
    """Some such names fill the chip's field: what is printed and shown has to hold them."""
    dotted = {p.situation for p in people.people if DOT in p.card.name}
    alone = {p.situation for p in people.people if len(people.all_of(p.situation)) == 1}
    odd = {Situation.RARE_NAME, Situation.HONG_KONG_MACAO_TAIWAN, Situation.FOREIGNER_2017, Situation.FOREIGNER_2023}
    assert dotted == set(Situation) - alone - odd
    assert max(len(p.card.name) for p in people.people) == 15
    assert all(PersonName.parse(p.card.name).text == p.card.name for p in people.people)


def test_validity_follows_the_age_at_issue(people: Population) -> None:
    for person in people.people:
        if person.card.kind is not CardKind.RESIDENT:
            continue
        for card in (person.card, *([person.new_card.card] if person.new_card else [])):
            years = valid_years(IdNumber(card.number).age_on(card.valid_from))
            assert (card.valid_to.year - card.valid_from.year if card.valid_to else None) == years


def test_every_situation_is_somebody(people: Population) -> None:
    for situation in Situation:
        assert people.find(situation).situation is situation
    due = people.find(Situation.RENEWAL_DUE).card.valid_to
    assert due is not None and 0 < (due - TODAY).days < 90
    assert IdNumber(people.find(Situation.UNDER_16).number).age_on(TODAY) < 16
    assert all(v.general_procedure for v in people.find(Situation.VIOLATION_GENERAL_PROCEDURE).violations)
    driver = people.find(Situation.VIOLATION_TWELVE_POINTS)
    assert driver.licence and all(driver.licence.points + v.points >= 12 for v in driver.violations)
    assert {p.card.name[-1] for p in people.all_of(Situation.RARE_NAME)} == set("𠮷㛃镕䶮")


def test_finished_cards_lie_in_compartments_of_their_own(people: Population) -> None:
    here = [p.new_card.record for p in people.people if p.new_card and p.new_card.record.board]
    places = [record.compartment for record in here]
    assert len(set(places)) == len(places)
    assert set(places) <= set(range(1, COMPARTMENTS + 1)) and len(places) <= COMPARTMENTS - 8
    new = people.find(Situation.CARD_FINISHED_RENEWAL).new_card
    assert new and new.stage is CardStage.WAITING


def test_plates_and_records_are_unique(people: Population) -> None:
    plates = [v.plate.number for p in people.people for v in p.vehicles]
    records = [v.record for p in people.people for v in p.violations]
    assert len(set(plates)) == len(plates) and all(p.startswith("蒙B") for p in plates)
    assert len(set(records)) == len(records)


def test_a_live_touch_matches_its_own_finger_only() -> None:
    people = population(PopulationKey(1, TODAY)).people
    thumb = people[0].template(Finger.RIGHT_THUMB)
    live = people[0].touch(Finger.RIGHT_THUMB, "1")
    assert same_finger(thumb, live) and live != thumb
    assert not same_finger(thumb, people[0].template(Finger.LEFT_THUMB))
    assert not same_finger(thumb, people[1].template(Finger.RIGHT_THUMB))


def test_the_chip_photo_names_a_cast_face_and_nothing_else_does() -> None:
    photo = chip_photo("1129")
    assert len(photo) == 1024 and photo.startswith(b"KIOSK-SIM-PHOTO\x001129\0")
    assert {face_of_photo(chip_photo(face)) for face in CAST} == set(CAST)
    assert face_of_photo(b"WLf" + bytes(1021)) is None


def test_equal_keys_give_equal_people_in_another_process_with_another_hash_seed() -> None:
    key = PopulationKey(5, TODAY)
    program = (
        "import sys; from kiosk.people.synthetic import *; import dataclasses;"
        "print([dataclasses.astuple(p) for p in population(PopulationKey.from_json(sys.argv[1])).people])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program, key.to_json()],
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1 and len(outputs.pop()) > 10_000
    assert population(PopulationKey(6, TODAY)) != population(key)
