"""JG03 on the virtual clock: a whole visit, what goes wrong in a booth, and what is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from central.database import transaction
from central.model_medical import DriverExam, ExamState
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.screens.states import TellPage
from kiosk.simulation.citizen import (
    JG03,
    Citizen,
    Doing,
    Expect,
    Sight,
    hear_tone,
    read_letter,
    tap,
    through,
)
from kiosk.simulation.exam_scene import height_mm
from tests.visits.nights import a_night, visitor
from tests.visits.test_refusals import refused, up_to

SITUATION = "licence-no-report"
END = Expect("ClosingPage", tap("end"))


def exams(night: Night) -> list[DriverExam]:
    with transaction(night.headquarters.engine) as db:
        found = db.query(DriverExam).all()
        db.expunge_all()
        return found


def breaking(expect: Expect, **fault: object) -> Expect:
    """Something breaks just before the citizen does what the page asks."""

    def act(citizen: Citizen, sight: Sight) -> Doing:
        citizen.world.call("fault", **fault)
        yield from expect.act(citizen, sight)

    return replace(expect, act=act)


def script(page: str, nth: int = 0, **fault: object) -> tuple[Expect, ...]:
    """The table up to and with the nth time a page is expected, where something breaks."""
    at = [place for place, expect in enumerate(JG03) if expect.page == page][nth]
    return (*JG03[:at], breaking(JG03[at], **fault))


def test_a_whole_visit_reaches_a_doctor_whose_answer_the_citizen_finds_here() -> None:
    """Without a loudspeaker: what is heard comes from the booth's own amplifier."""

    async def scene(night: Night) -> None:
        me = visitor(night, SITUATION)
        report = await me.go(*JG03)
        assert (report.ending, report.topic) == ("done", "closing-exam-sent")
        (exam,) = exams(night)
        assert (exam.number, exam.state) == (report.number, ExamState.SENT)
        assert str(height_mm(me.person["index"])) in exam.measured
        assert any("exam-record" in paper["name"] for paper in me.call("papers")["papers"])
        await in_order(night)
        assert untrue(night) == []
        await asyncio.sleep(7 * 3600)
        again = await me.go(*up_to(JG03, "QuestionPage")[:-1], Expect("TellPage", tap("continue")), END)
        assert again.ending == "refused"
        assert [(e.state, e.measured) for e in exams(night)] == [(ExamState.CONFIRMED, "")]
        assert (night.dead_ends, night.troubles.seen) == ([], [])

    a_night(scene)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (script("HeightPage", device="exam-booth", fault="unplug", bytes=3), RefusalCode.DEVICE),
        (script("ChartPage", device="exam-booth", fault="silent"), RefusalCode.DEVICE),
        (script("TonePage", 2, device="exam-booth", fault="silent"), RefusalCode.DEVICE),
        (script("MovementPage", device="camera", fault="silent"), RefusalCode.DEVICE),
    ],
    ids=["height", "chart", "tones", "movements"],
)
def test_a_device_lost_amid_the_examination_ends_it_and_keeps_nothing(
    broken: Sequence[Expect], code: RefusalCode
) -> None:
    found, _ = refused(SITUATION, broken)
    assert found is code


def test_whoever_does_not_stand_still_is_measured_three_times_and_then_sent() -> None:
    again = (*up_to(JG03, "HeightPage"), Expect("HeightPage", through(tap("ready"))))
    found, pages = refused(SITUATION, again, before=(("fault", {"device": "exam-booth", "fault": "unsteady"}),))
    assert found is RefusalCode.EXAM_NOT_HERE
    assert "ChartPage" not in pages


def test_whoever_leans_towards_the_screen_sees_no_letter() -> None:
    leaning = script("ChartPage", device="exam-booth", fault="too-near")
    found, pages = refused(SITUATION, (*leaning, Expect("ChartPage", through(read_letter))))
    assert found is RefusalCode.EXAM_NOT_HERE
    assert "PlatePage" not in pages


def test_a_headset_that_is_taken_off_is_asked_for_and_then_given_up() -> None:
    off = script("TonePage", 2, device="exam-booth", fault="headset-off")
    found, _ = refused(SITUATION, (*off, Expect("TonePage", through(hear_tone))))
    assert found is RefusalCode.EXAM_NOT_HERE


def test_a_headset_that_is_put_on_again_goes_on() -> None:
    def put_on(citizen: Citizen, sight: Sight) -> Doing:
        if sight.view["page"]["stage"] == "headset-off":
            citizen.world.call("clear", device="exam-booth")
        yield from hear_tone(citizen, sight)

    async def scene(night: Night) -> None:
        me = visitor(night, SITUATION)
        table = [
            replace(e, act=through(put_on)) if e.page == "TonePage" and JG03[at + 1].page != "TonePage" else e
            for at, e in enumerate(JG03)
        ]
        third = [at for at, e in enumerate(JG03) if e.page == "TonePage"][2]
        table[third] = breaking(JG03[third], device="exam-booth", fault="headset-off")
        assert (await me.go(*table)).ending == "done"

    a_night(scene)


def test_where_it_is_too_loud_nothing_sounds() -> None:
    loud = (*up_to(JG03, "TonePage"), Expect("TonePage", through(hear_tone)))

    async def scene(night: Night) -> None:
        me = visitor(night, SITUATION)
        me.call("fault", device="exam-booth", fault="loud")
        report = await me.go(*loud, Expect("TellPage", tap("continue")), END)
        assert report.ending == "refused"
        assert night.street.call("state")["tones"] == []

    a_night(scene)


COVER = JG03[[e.page for e in JG03].index("ChartPage")]


@pytest.mark.parametrize(
    "table",
    [
        (*up_to(JG03, "QuestionPage"), Expect("QuestionPage", tap("yes"))),
        (*up_to(JG03, "ChartPage"), COVER, Expect("ChartPage", through(tap("not-seen")))),
    ],
    ids=["declared", "vision"],
)
def test_what_is_below_a_limit_is_never_called_unfit(table: Sequence[Expect]) -> None:
    said: list[str] = []

    def read(citizen: Citizen, sight: Sight) -> Doing:
        state = getattr(sight, "state", None)
        assert isinstance(state, TellPage)
        assert state.refusal.code is RefusalCode.EXAM_NOT_PASSED_HERE
        said.append(str(sight.view["sentence"]))
        yield from citizen.touch("continue")

    async def scene(night: Night) -> None:
        me = visitor(night, SITUATION)
        report = await me.go(*table, Expect("TellPage", read), END)
        assert report.end.effects == ()
        assert exams(night) == []
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
    assert said == ["本次自助检测未通过，请到医疗机构"]


def test_who_may_not_is_told_before_health_is_asked_about() -> None:
    found, pages = refused("senior-no-report", up_to(JG03, "QuestionPage")[:-1])
    assert found is RefusalCode.EXAM_NOT_HERE
    assert pages.count("ConsentPage") == 1


def test_a_screen_that_does_not_reach_refers_before_anybody_is_known() -> None:
    async def scene(night: Night) -> None:
        desk = night.running.built.desk  # type: ignore[union-attr]
        desk.exam_room = replace(desk.exam_room, chart=replace(desk.exam_room.chart, path_mm=0))
        me = visitor(night, SITUATION)
        report = await me.go(*up_to(JG03, "ConsentPage"), Expect("TellPage", tap("continue")), END)
        assert report.ending == "refused"
        assert me.pages == ["Attract", "NoticePage", "TellPage", "ClosingPage"]

    a_night(scene)


def test_while_the_institution_is_away_the_citizen_is_told_it_is_held() -> None:
    async def scene(night: Night) -> None:
        order = b'{"agency": "medical", "fault": "down", "seconds": 7200}'
        assert night.headquarters.people("POST", "/sandbox/faults", order).status < 300
        report = await visitor(night, SITUATION).go(*JG03)
        assert (report.ending, report.topic) == ("done", "closing-exam-held")
        assert [e.state for e in exams(night)] == [ExamState.HELD]
        await asyncio.sleep(3 * 3600)
        assert [e.state for e in exams(night)] == [ExamState.SENT]

    a_night(scene)
