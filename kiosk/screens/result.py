"""What headquarters answered to a question: how far it has come, and facts under headings."""

from __future__ import annotations

from kiosk.flows.steps import Course, OnPaper, Section
from kiosk.screens.speaking import Body, Speaker
from kiosk.screens.states import ResultPage
from kiosk.screens.views import FactView, PhaseMark, ResultRow, ResultView, Role, StageView

_NO_FACT = FactView("", "")


def result(state: ResultPage, speaker: Speaker) -> Body:
    """The topic's sentence leads; what is under way comes before the facts."""
    rows = tuple(row for section in state.sections for row in _rows(section, speaker))
    course = () if state.course is None else _course(state.course, speaker)
    printing = (speaker.action("print"),) if state.on_paper is OnPaper.OFFERED else ()
    return Body(
        ResultView(course, rows),
        speaker.speech(state.topic),
        identity=state.topic,
        row=printing,
        main=speaker.action("enough", Role.PRIMARY),
        calm=speaker.say("calm"),
    )


def _rows(section: Section, speaker: Speaker) -> tuple[ResultRow, ...]:
    facts = tuple(ResultRow("", speaker.fact(name, value)) for name, value in section.facts)
    if not section.heading:
        return facts
    return (ResultRow(speaker.wording(section.heading), _NO_FACT), *facts)


def _course(course: Course, speaker: Speaker) -> tuple[StageView, ...]:
    return tuple(
        StageView(speaker.wording(key), index + 1, _mark(index, course.reached), speaker.value("since", since))
        for index, (key, since) in enumerate(course.stages)
    )


def _mark(index: int, reached: int) -> PhaseMark:
    if index == reached:
        return PhaseMark.CURRENT
    return PhaseMark.DONE if index < reached else PhaseMark.TODO
