"""JG03 on the virtual clock: a whole visit, what goes wrong in a booth, and what is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from central.database import transaction
from central.model_medical import DriverExam, ExamState
from kiosk.nights.many import in_order
from kiosk.nights.night import Night
from kiosk.nights.truths import untrue
from kiosk.people.records import RefusalCode
from kiosk.screens.states import TellPage
from kiosk.simulation.citizen import (
    Citizen,
    Doing,
    Expect,
    Sight,
    hear_tone,
    make_movement,
    read_letter,
    tap,
    through,
)
from kiosk.simulation.exam_scene import height_mm
from kiosk.simulation.scripts.traffic import JG03
from tests.visits.nights import a_night, visitor
from tests.visits.test_refusals import up_to

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
        # A terminal that is off lets hours pass at once.
        await night.shut()
        await asyncio.sleep(7 * 3600)
        _ = await night.start()
        second = await visitor(night, SITUATION).go(
            *up_to(JG03, "QuestionPage")[:-1], Expect("TellPage", tap("continue")), END
        )
        assert second.ending == "refused"
        assert [(e.state, e.measured) for e in exams(night)] == [(ExamState.CONFIRMED, "")]
        assert (night.dead_ends, night.troubles.seen) == ([], [])

    a_night(scene)


def again(citizen: Citizen, sight: Sight) -> Doing:
    """Stand once more, as often as it is asked for."""
    while citizen.hands.look().revision == sight.revision:
        if citizen.hands.sees("ready"):
            citizen.hands.tap("ready")
        yield 0.5


COVER = JG03[[e.page for e in JG03].index("ChartPage")]
ENDS: dict[str, tuple[Sequence[Expect], RefusalCode, str]] = {
    "lost under the height sensor": (
        script("HeightPage", device="exam-booth", fault="unplug", bytes=3),
        RefusalCode.DEVICE,
        "ChartPage",
    ),
    "lost before the chart": (
        script("ChartPage", device="exam-booth", fault="silent"),
        RefusalCode.DEVICE,
        "PlatePage",
    ),
    "lost while tones sound": (
        (*script("TonePage", 2, device="exam-booth", fault="silent"), Expect("TonePage", through(hear_tone))),
        RefusalCode.DEVICE,
        "SignPage",
    ),
    "no camera": (
        (*script("MovementPage", device="camera", fault="silent"), Expect("MovementPage", through(make_movement))),
        RefusalCode.DEVICE,
        "SignPage",
    ),
    "nobody stands still": (
        (*up_to(JG03, "HeightPage"), breaking(Expect("HeightPage", again), device="exam-booth", fault="unsteady")),
        RefusalCode.EXAM_NOT_HERE,
        "ChartPage",
    ),
    "somebody leans towards the screen": (
        (*script("ChartPage", device="exam-booth", fault="too-near"), Expect("ChartPage", through(read_letter))),
        RefusalCode.EXAM_NOT_HERE,
        "PlatePage",
    ),
    "no headset": (
        (*script("TonePage", 2, device="exam-booth", fault="headset-off"), Expect("TonePage", through(hear_tone))),
        RefusalCode.EXAM_NOT_HERE,
        "MovementPage",
    ),
    "too loud": (
        (*script("PlatePage", 2, device="exam-booth", fault="loud"), Expect("TonePage", through(hear_tone))),
        RefusalCode.EXAM_NOT_HERE,
        "MovementPage",
    ),
    "a disease": (
        (*up_to(JG03, "QuestionPage"), Expect("QuestionPage", tap("yes"))),
        RefusalCode.EXAM_NOT_PASSED_HERE,
        "HeightPage",
    ),
    "weak eyes": (
        (*up_to(JG03, "ChartPage"), COVER, Expect("ChartPage", through(tap("not-seen")))),
        RefusalCode.EXAM_NOT_PASSED_HERE,
        "PlatePage",
    ),
}
"""What is done, the code that is told, and a page that never comes."""


def test_whatever_goes_wrong_the_visit_ends_and_nothing_of_it_is_kept() -> None:
    told: list[tuple[RefusalCode, str]] = []

    def read(citizen: Citizen, sight: Sight) -> Doing:
        state = getattr(sight, "state", None)
        assert isinstance(state, TellPage)
        told.append((state.refusal.code, str(sight.view["sentence"])))
        yield from citizen.touch("continue" if citizen.hands.sees("continue") else "end")

    async def scene(night: Night) -> None:
        for name, (table, code, never) in ENDS.items():
            me = visitor(night, SITUATION)
            report = await me.go(*table, Expect("TellPage", read), replace(END, optional=True))
            assert (told[-1][0], report.ending) == (code, "refused"), name
            assert report.end.effects == (), name
            assert never not in me.pages, name
            for device in ("exam-booth", "camera"):
                me.call("clear", device=device)
            await night.ready()
        await nobody_is_asked(night, "senior-no-report", *up_to(JG03, "QuestionPage")[:-1])
        assert night.running is not None
        desk = night.running.built.desk
        desk.exam_room = replace(desk.exam_room, chart=replace(desk.exam_room.chart, path_mm=0))
        pages = await nobody_is_asked(night, SITUATION, *up_to(JG03, "ConsentPage"))
        assert pages == ["Attract", "NoticePage", "TellPage", "ClosingPage"]
        assert exams(night) == []
        await in_order(night)
        assert untrue(night) == []

    a_night(scene)
    not_passed = {words for code, words in told if code is RefusalCode.EXAM_NOT_PASSED_HERE}
    assert not_passed == {"本次自助检测未通过，请到医疗机构"}


async def nobody_is_asked(night: Night, situation: str, *table: Expect) -> list[str]:
    """Referred before anything about health is asked; the pages of that."""
    me = visitor(night, situation)
    report = await me.go(*table, Expect("TellPage", tap("continue")), END)
    assert report.ending == "refused"
    assert me.pages.count("ConsentPage") <= 1
    return me.pages


def test_a_headset_put_on_again_goes_on_and_is_held_while_the_institution_is_away() -> None:
    def put_on(citizen: Citizen, sight: Sight) -> Doing:
        if sight.view["page"]["stage"] == "headset-off":
            citizen.world.call("clear", device="exam-booth")
        yield from hear_tone(citizen, sight)

    tones = [at for at, expect in enumerate(JG03) if expect.page == "TonePage"]
    table = list(JG03)
    table[tones[2]] = breaking(JG03[tones[2]], device="exam-booth", fault="headset-off")
    table[tones[-1]] = replace(JG03[tones[-1]], act=through(put_on))

    async def scene(night: Night) -> None:
        order = b'{"agency": "medical", "fault": "down", "seconds": 7200}'
        assert night.headquarters.people("POST", "/sandbox/faults", order).status < 300
        report = await visitor(night, SITUATION).go(*table)
        assert (report.ending, report.topic) == ("done", "closing-exam-held")
        assert [e.state for e in exams(night)] == [ExamState.HELD]

    a_night(scene)
