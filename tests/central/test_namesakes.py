"""HZ10 as headquarters decides it: numbers, never people; so many questions a day."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from central.database import transaction
from central.model import Counter, FilingRow
from kiosk.people.synthetic import Situation
from tests.central.office import Office, someone


def ask(office: Office, name: str, sex: str = "any") -> Any:
    message = {"name": "namesakes-of", "arguments": {"wanted": {"text": name}, "sex": sex}, "case": "C"}
    return office.post("/v1/lookups", message)["answer"]


def test_each_number_holds_the_next_and_the_citys_own_people(office: Office) -> None:
    person = someone(Situation.ORDINARY)
    found = ask(office, person.card.name)
    assert found["nation"] >= found["province"] >= found["city"] >= 1
    assert found["as_of"] == "2026-11-21"
    assert set(found) == {"nation", "province", "city", "as_of", "tag"}


@pytest.mark.parametrize("name", ["王伟", "阿布都热合曼·买买提", "欧阳娜娜"])
def test_men_and_women_are_everybody(office: Office, name: str) -> None:
    everybody, men, women = (ask(office, name, sex)["nation"] for sex in ("any", "male", "female"))
    assert abs(everybody - men - women) <= 2
    assert ask(office, name) == ask(office, name)


def test_nobody_bears_a_name_of_a_character_hardly_anybody_has(office: Office) -> None:
    assert ask(office, "罗𠮷𠮷")["nation"] == 0


@pytest.mark.parametrize("name", ["王", "王a", "·王伟", "王" * 21, ""])
def test_what_is_no_name_is_refused_without_repeating_it(office: Office, name: str) -> None:
    message = {"name": "namesakes-of", "arguments": {"wanted": {"text": name}, "sex": "any"}, "case": "C"}
    status, problem = office.send("POST", "/v1/lookups", message)
    assert (status, problem["code"]) == (422, "arguments")
    assert not name or name not in str(problem)


def test_a_terminal_asks_so_often_a_day_and_again_tomorrow(office: Office) -> None:
    limit = office.headquarters.tables.rules["name-queries-a-day"]
    with transaction(office.headquarters.engine) as db:
        db.add(Counter(name="names/KDL-001/261122", value=limit - 1))
    assert "nation" in ask(office, "王伟")
    refusal = ask(office, "王伟")
    assert refusal["code"] == "E-LIM-02" and dict(refusal["details"])["place"]
    office.clock.forward(hours=24)
    assert "nation" in ask(office, "王伟")


def test_a_register_that_is_down_is_an_error_and_costs_no_question(office: Office) -> None:
    office.fault("names", "down")
    message = {"name": "namesakes-of", "arguments": {"wanted": {"text": "王伟"}, "sex": "any"}, "case": "C"}
    assert office.send("POST", "/v1/lookups", message)[0] == 503
    with transaction(office.headquarters.engine) as db:
        assert db.scalars(select(Counter).where(Counter.name.like("names/%"))).all() == []
        assert db.scalars(select(FilingRow)).all() == []
