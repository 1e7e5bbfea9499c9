"""The second door, as a table of step -> answer: what is waiting, and on into it with nothing asked twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.flows.effects import Certainty, Filed, Printed, Taken, TakenIn
from kiosk.flows.outcome import Ending
from kiosk.flows.steps import (
    Acknowledged,
    CardPresented,
    ConsentAnswer,
    FactorResult,
    NewCardCheck,
    Phase,
    Signature,
    Step,
    WithoutCard,
)
from kiosk.flows.waiting import Procedure, Way, what_is_waiting
from kiosk.people.records import FinishedCard, Ground, Refusal, RefusalCode, Waiting
from tests.flows.tables import Table, blob, card, opening

FINISHED = FinishedCard(
    "card-7", "150226110100017", 1, 12, Ground.RENEWAL, date(2026, 11, 1), date(2046, 11, 1), "包头市公安局"
)
ALL = (
    Waiting.CARD_FINISHED,
    Waiting.DOCUMENT_FINISHED,
    Waiting.VIOLATIONS,
    Waiting.FINES,
    Waiting.LICENCE_EXPIRES,
    Waiting.CARD_EXPIRES,
)
IDENTITY = ["face-consent", "card", "face", "finger"]


def visit(**answers: object) -> Table:
    """Everything waits and the finished card is chosen; anything not given goes well."""
    usual: dict[str, object] = {
        "notice": Acknowledged.READ,
        "face-consent": ConsentAnswer.AGREE,
        "card": card(),
        "face": FactorResult.MATCHED,
        "finger": FactorResult.MATCHED,
        "waiting": ALL,
        "waiting-choice": Waiting.CARD_FINISHED,
        "finished-card": FINISHED,
        "old-card": TakenIn("C-1", 1, 20),
        "old-card-filed": Filed("F-1"),
        "custody-slip": Printed(Certainty.SENSED),
        "signature": Signature(blob("s"), blob("p")),
        "new-card": Taken(Certainty.INFERRED),
        "new-card-check": NewCardCheck.IT_IS_THE_NEW_CARD,
        "collected": Filed("F-2"),
        "collection-slip": Printed(Certainty.SENSED),
        "may-apply": Refusal(RefusalCode.TOO_EARLY),
        "licence": Refusal(RefusalCode.LICENCE_NOT_VALID),
        "finished-document": Refusal(RefusalCode.NOTHING_TO_COLLECT),
        "fines": (),
        "refusal": Acknowledged.READ,
    }
    return Table(usual | {k.replace("_", "-"): v for k, v in answers.items()})


def expired_card() -> CardPresented:
    shown = card()
    return replace(shown, card=replace(shown.card, valid_to=date(2026, 11, 1)))


def options(table: Table, key: str) -> list[str]:
    return [one.option_id for one in table.step(key).options]


def test_a_finished_card_is_collected_and_nothing_is_asked_twice() -> None:
    table = visit()
    outcome = table.run(what_is_waiting, opening("WAITING"))
    assert (outcome.ending, outcome.number) == (Ending.DONE, FINISHED.case_number)
    assert table.keys[:8] == [*IDENTITY, "waiting", "waiting-choice", "notice", "finished-card"]
    assert [table.keys.count(key) for key in (*IDENTITY, "notice")] == [1] * 5


def test_nothing_is_looked_up_before_both_factors_have_matched() -> None:
    table = visit(finger=FactorResult.MISSED)
    assert table.run(what_is_waiting, opening("WAITING")).ending is Ending.REFUSED
    assert "waiting" not in table.keys


def test_the_card_is_there_already_so_no_way_without_it_is_offered() -> None:
    table = visit()
    table.run(what_is_waiting, opening("WAITING"))
    assert table.step("card").without is WithoutCard.NOT_OFFERED


@pytest.mark.parametrize(
    ("chosen", "notice", "asked"),
    [
        (Waiting.CARD_FINISHED, "HZ02", "finished-card"),
        (Waiting.DOCUMENT_FINISHED, "CRJ07", "finished-document"),
        (Waiting.VIOLATIONS, "JG01", "licence"),
        (Waiting.FINES, "JG02", "fines"),
        (Waiting.LICENCE_EXPIRES, "JG04", "may-apply"),
        (Waiting.CARD_EXPIRES, "HZ01", "may-apply"),
    ],
)
def test_the_notice_of_the_chosen_service_comes_before_its_own_part(chosen: Waiting, notice: str, asked: str) -> None:
    table = visit(waiting_choice=chosen)
    table.run(what_is_waiting, opening("WAITING"))
    place = table.keys.index("notice")
    step: Step[object] = table.asked[place]
    assert (table.step("notice").service, table.step("notice").topic) == (notice, f"notice-{notice}")
    assert step.phase is Phase.DETAILS
    assert table.keys[place + 1] == asked


def test_who_renews_an_expiring_card_is_not_asked_why() -> None:
    table = visit(waiting_choice=Waiting.CARD_EXPIRES)
    table.run(what_is_waiting, opening("WAITING"))
    assert "ground" not in table.keys
    assert table.step("may-apply").query.ground is Ground.RENEWAL


def test_an_expired_card_is_no_obstacle_to_its_renewal() -> None:
    table = visit(card=expired_card(), waiting_choice=Waiting.CARD_EXPIRES)
    table.run(what_is_waiting, opening("WAITING"))
    assert "may-apply" in table.keys


@pytest.mark.parametrize(
    "waiting", [Waiting.DOCUMENT_FINISHED, Waiting.VIOLATIONS, Waiting.FINES, Waiting.LICENCE_EXPIRES]
)
def test_an_expired_card_opens_neither_traffic_nor_travel_through_either_door(waiting: Waiting) -> None:
    table = visit(card=expired_card(), waiting_choice=waiting)
    outcome = table.run(what_is_waiting, opening("WAITING"))
    assert table.step("refusal").refusal.code is RefusalCode.CARD_EXPIRED
    assert outcome.ending is Ending.REFUSED
    assert not {"licence", "fines", "may-apply"} & set(table.keys)


def test_what_waits_in_a_closed_service_is_named_and_not_begun() -> None:
    table = visit()
    outcome = table.run(what_is_waiting, opening("WAITING", open_services=("HZ01", "JG01")))
    assert "HZ02" in options(table, "waiting-choice")
    assert table.step("refusal").refusal.code is RefusalCode.OTHER
    assert outcome.ending is Ending.REFUSED
    assert "finished-card" not in table.keys


def test_with_nothing_waiting_the_visit_may_end_in_peace() -> None:
    table = visit(waiting=(), other_choice=Way.ENOUGH)
    outcome = table.run(what_is_waiting, opening("WAITING"))
    assert table.step("other-choice").topic == "choose-nothing-waiting"
    assert (outcome.ending, outcome.topic) == (Ending.NOTHING_DUE, "closing-nothing-waiting")
    assert outcome.take == ("id-card",)


def test_with_nothing_waiting_every_open_service_is_one_touch_away() -> None:
    table = visit(waiting=(), other_choice=Procedure.APPLY, ground=Ground.DAMAGE)
    table.run(what_is_waiting, opening("WAITING", open_services=("HZ01", "JG01", "HZ04")))
    assert options(table, "other-choice") == ["JG01", "HZ01", "enough"]
    assert table.step("may-apply").query.ground is Ground.DAMAGE
    assert table.step("ground").options == (Ground.RENEWAL, Ground.DAMAGE)


def test_other_services_do_not_name_again_what_was_named() -> None:
    table = visit(waiting=(Waiting.VIOLATIONS,), waiting_choice=Way.OTHER, other_choice=Way.ENOUGH)
    outcome = table.run(what_is_waiting, opening("WAITING"))
    assert options(table, "waiting-choice") == ["JG01", "other"]
    assert options(table, "other-choice") == ["HZ02", "CRJ07", "JG02", "JG04", "HZ01", "enough"]
    assert outcome.ending is Ending.NOT_NOW


def test_where_everything_waits_nothing_else_is_offered_but_to_leave_it() -> None:
    table = visit(waiting_choice=Way.ENOUGH)
    outcome = table.run(what_is_waiting, opening("WAITING"))
    assert options(table, "waiting-choice") == ["HZ02", "CRJ07", "JG01", "JG02", "JG04", "HZ01", "enough"]
    assert outcome.ending is Ending.NOT_NOW
