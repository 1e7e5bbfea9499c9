"""A rollout as values: whatever terminals answer, in whatever order, nobody is given a set too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.configuration.rollout import (
    PLAN,
    NotAllowed,
    Outcome,
    Progress,
    Rest,
    Rollout,
    Visited,
    allotted,
    begin,
)

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PROMPT = tuple(replace(stage, rest=Rest()) for stage in PLAN)
"""The plan without waiting for citizens."""

FLEETS = st.dictionaries(
    st.integers(1, 400).map(lambda n: f"KDL-{n:03d}"), st.sampled_from([f"hall-{n}" for n in range(60)]), max_size=250
)


def fleet(count: int, halls: int) -> dict[str, str]:
    return {f"KDL-{n:03d}": f"hall-{n % halls}" for n in range(count)}


def answered(rollout: Rollout, outcome: Outcome = Outcome.IN_FORCE, now: datetime = NOW) -> Rollout:
    for terminal in rollout.members[rollout.at]:
        rollout = rollout.reported(terminal, outcome, now)
    return rollout


def test_one_then_a_hundredth_then_a_tenth_then_half_then_all() -> None:
    rollout = begin(7, fleet(400, 200), "ann", NOW, PROMPT)
    sizes = [len(stage) for stage in rollout.members]
    assert sizes == [1, 3, 36, 160, 200]
    seen = [rollout.at]
    while rollout.progress is not Progress.DONE:
        rollout = answered(rollout)
        if rollout.progress is Progress.WAITING:
            rollout = rollout.resumed("bob", NOW)
        seen.append(rollout.at)
    assert seen == [0, 1, 2, 3, 4, 4]
    assert all(rollout.gives(terminal) for terminal in fleet(400, 200))


def test_one_terminal_that_fails_stops_the_first_stage() -> None:
    rollout = answered(begin(7, fleet(400, 200), "ann", NOW, PROMPT), Outcome.FAILED)
    assert rollout.progress is Progress.HALTED
    assert not any(rollout.gives(terminal) for terminal in fleet(400, 200))


def test_a_few_failures_below_the_threshold_stop_nothing() -> None:
    rollout = begin(7, fleet(400, 200), "ann", NOW, PROMPT)
    rollout = answered(answered(rollout).resumed("bob", NOW))
    assert rollout.at == 2
    first, *others = rollout.members[2]
    rollout = rollout.reported(first, Outcome.FAILED, NOW)
    assert rollout.progress is Progress.RUNNING
    rollout = rollout.reported(others[0], Outcome.FAILED, NOW)
    assert rollout.progress is Progress.HALTED and rollout.why == "2 of 36 could not keep it"


def test_a_terminal_that_never_answers_holds_nothing_for_ever() -> None:
    rollout = begin(7, fleet(400, 200), "ann", NOW, PROMPT)
    rollout = answered(answered(rollout).resumed("bob", NOW))
    for terminal in rollout.members[2][1:]:
        rollout = rollout.reported(terminal, Outcome.IN_FORCE, NOW)
    assert rollout.at == 2
    assert rollout.at_time(NOW + timedelta(hours=11)).at == 2
    later = rollout.at_time(NOW + timedelta(hours=12))
    assert later.at == 3 and later.gives(rollout.members[2][0]), "and it gets the set when it is back"


def test_too_much_silence_halts() -> None:
    rollout = begin(7, fleet(400, 200), "ann", NOW, PROMPT).at_time(NOW + timedelta(hours=1))
    assert (rollout.progress, rollout.why) == (Progress.HALTED, "only 0 of 1 in time")


def test_who_began_it_does_not_say_yes_to_it() -> None:
    rollout = answered(begin(7, fleet(400, 200), "ann", NOW, PROMPT))
    assert rollout.progress is Progress.WAITING and not any(rollout.gives(each) for each in rollout.members[1])
    with pytest.raises(NotAllowed):
        rollout.resumed("ann", NOW)
    assert all(rollout.resumed("bob", NOW).gives(each) for each in rollout.members[1])


def test_a_pause_gives_the_set_to_nobody_further() -> None:
    rollout = begin(7, fleet(400, 200), "ann", NOW, PROMPT).paused("ann")
    assert not rollout.gives(rollout.members[0][0])
    assert rollout.at_time(NOW + timedelta(days=9)) == rollout
    assert rollout.resumed("bob", NOW + timedelta(days=9)).gives(rollout.members[0][0])


def test_what_is_reverted_is_nobodys() -> None:
    rollout = answered(begin(7, fleet(400, 200), "ann", NOW, PROMPT)).reverted()
    assert not any(rollout.gives(each) for each in fleet(400, 200))
    with pytest.raises(NotAllowed):
        rollout.resumed("bob", NOW)


def test_before_the_next_stage_citizens_have_met_the_set_or_the_time_for_it_is_over() -> None:
    rollout = answered(begin(7, fleet(400, 200), "ann", NOW))
    assert (rollout.at, rollout.progress) == (0, Progress.RUNNING), "well, and nobody came yet"
    assert rollout.at_time(NOW, Visited(visits=19, wrong=2)) is rollout
    assert rollout.at_time(NOW, Visited(visits=20, wrong=2)).progress is Progress.WAITING
    assert rollout.at_time(NOW + timedelta(hours=2)).progress is Progress.WAITING, "at night nobody comes"


def test_more_visits_going_wrong_than_before_stop_it() -> None:
    rollout = answered(begin(7, fleet(400, 200), "ann", NOW))
    before = {"visits_before": 100, "wrong_before": 30}
    assert rollout.at_time(NOW, Visited(visits=10, wrong=5, **before)) is rollout, "half: three in ten and a fifth"
    later = rollout.at_time(NOW, Visited(visits=10, wrong=6, **before))
    assert (later.progress, later.why) == (Progress.HALTED, "6 of 10 visits went wrong, before 30 of 100")
    assert not any(later.gives(each) for each in rollout.members[1])


def test_a_few_who_leave_at_night_are_no_rise() -> None:
    rollout = answered(begin(7, fleet(400, 200), "ann", NOW))
    assert rollout.at_time(NOW, Visited(visits=4, wrong=4)) is rollout
    assert rollout.at_time(NOW, Visited(visits=6, wrong=5)).progress is Progress.HALTED, "nothing is known of before"


def test_nobody_at_all_is_done_at_once() -> None:
    assert begin(7, {}, "ann", NOW, PROMPT).progress is Progress.DONE


@given(FLEETS, st.integers(1, 1000))
@settings(max_examples=40, deadline=None)
def test_everybody_comes_once_and_never_two_of_a_hall_early(halls: dict[str, str], number: int) -> None:
    stages = allotted(number, halls, PLAN)
    everybody = [terminal for stage in stages for terminal in stage]
    assert sorted(everybody) == sorted(halls)
    had = 0
    for stage, members in zip(PLAN, stages, strict=True):
        had += len(members)
        assert had <= max(1, -(-stage.upto.numerator * len(halls) // stage.upto.denominator))
        if stage.early:
            assert len({halls[each] for each in members}) == len(members)


@given(FLEETS, st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_happens_nobody_is_given_it_too_early(halls: dict[str, str], data: st.DataObject) -> None:
    """No stage begins before the one before it was well or a second person said yes; a set once failed is not given
    again; what is neither running nor done gives it to nobody new."""
    now = NOW
    rollout = begin(3, halls, "ann", now, PROMPT)
    for _ in range(data.draw(st.integers(0, 40))):
        before = rollout
        act = data.draw(st.sampled_from(["report", "report", "report", "time", "pause", "resume", "resume-self"]))
        try:
            match act:
                case "report":
                    terminal = data.draw(st.sampled_from(sorted(halls) or ["nobody"]))
                    rollout = rollout.reported(terminal, data.draw(st.sampled_from(Outcome)), now)
                case "time":
                    now += timedelta(hours=data.draw(st.integers(1, 80)))
                    rollout = rollout.at_time(now)
                case "pause":
                    rollout = rollout.paused("ann")
                case "resume":
                    rollout = rollout.resumed("bob", now)
                case _:
                    rollout = rollout.resumed("ann", now)
                    raise AssertionError("ann said yes to herself")
        except NotAllowed:
            assert rollout is before
        assert rollout.at >= before.at
        come = {each for stage in rollout.members[: rollout.at + 1] for each in stage}
        for terminal in halls:
            given = rollout.gives(terminal)
            assert not given or terminal in come
            assert not (given and rollout.outcomes.get(terminal) is Outcome.FAILED)
            if rollout.progress not in (Progress.RUNNING, Progress.DONE):
                assert not given or rollout.outcomes.get(terminal) is Outcome.IN_FORCE
        if act != "resume" and rollout.at > before.at:
            stage, members = before.plan[before.at], before.members[before.at]
            good = sum(rollout.outcomes.get(each) is Outcome.IN_FORCE for each in members)
            assert good >= stage.success * len(members)
