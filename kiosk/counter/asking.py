"""Steps the citizen answers on the screen alone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from kiosk.counter.desk import Desk
from kiosk.counter.looking_up import picture_of
from kiosk.counter.pages import Conversation
from kiosk.counter.without_line import left_of
from kiosk.flows.opening import Line
from kiosk.flows.performing import At
from kiosk.flows.steps import (
    Acknowledged,
    AfterReading,
    Choose,
    ChooseMany,
    Consent,
    ConsentAnswer,
    Declare,
    Declared,
    Field,
    FieldKind,
    FillForm,
    FormAnswers,
    Notice,
    OnPaper,
    Rights,
    RightsAnswer,
    ShowResult,
    Tell,
)
from kiosk.flows.waiting import Procedure
from kiosk.people.exit_entry import EndorsementOffer
from kiosk.people.household import CertificateSubject
from kiosk.people.records import Waiting
from kiosk.people.residence import Proof
from kiosk.people.vehicle import Fine, Vehicle, Violation
from kiosk.screens.states import (
    ChooseFines,
    ChoosePage,
    ChooseViolations,
    ConsentPage,
    DateEntry,
    DeclarationPage,
    FormPage,
    NoticePage,
    ResultPage,
    RightsPage,
    TellPage,
)

_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_HOUSE = re.compile(r"^(?!000)\d{3}-\d{2}-(?!0000)\d{4}$")
"""Every house has a number, and so has every room; a house without units has unit 00."""


class NoticeDesk:
    """办事须知."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: Notice, at: At) -> Acknowledged:
        entry = self._desk.entry(step.service)
        if at.opening.line is Line.DOWN:
            entry = left_of(entry)
        self._desk.pages.serve(entry)
        page = self._desk.pages.conversation(step.phase, at)
        page.show(NoticePage(step.topic, entry.facts))
        _ = await page.answer("continue")
        return Acknowledged.READ


FACE_CONSENT = "consent-face"


class ConsentDesk:
    """个人信息告知与单独同意; hashes of what was shown, and the answer, go into the audit chain."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: Consent, at: At) -> ConsentAnswer:
        page = self._desk.pages.conversation(step.phase, at)
        challenge = self._desk.challenge.value if step.topic == FACE_CONSENT else ""
        page.show(ConsentPage(step.topic, self._desk.compares_at, challenge))
        intent = await page.answer("agree", "decline")
        answer = ConsentAnswer(intent.action)
        await self._desk.audit.write("consent", at.case, {"topic": step.topic, "answer": answer.value, **page.told()})
        return answer


class ChooseDesk:
    """One of a few."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: Choose[Any], at: At) -> Any:
        if any(isinstance(o, Waiting | Procedure) for o in step.options):
            # Whoever came back from a service to choose another is in none.
            self._desk.pages.serve(self._desk.entry(at.opening.service))
        page = self._desk.pages.conversation(step.phase, at)
        by_id = {o.option_id: o for o in step.options}
        draft = at.draft.option_id if at.draft is not None else ""
        page.show(ChoosePage(step.topic, tuple(_wording(step.topic, o) for o in step.options), draft))
        while True:
            intent = await page.answer("choose")
            chosen = by_id.get(str(intent.payload["id"]))
            if chosen is not None:
                return chosen


def _wording(topic: str, option: Any) -> tuple[str, str, str]:
    """Id, wording and explanation: an option's own text, or the key of one."""
    if isinstance(option, CertificateSubject):
        return (option.option_id, option.name_masked, f"relation-{option.relation}")
    if isinstance(option, Proof):
        return (option.option_id, f"residence-proof-{option.kind}", f"residence-ground-{option.ground.value}")
    if isinstance(option, EndorsementOffer):
        wording = f"endorsement-option-{option.kind.value}-{option.months}m-{option.entries}"
        return (option.option_id, wording, f"¥{option.fee.yuan}")
    if isinstance(option, Vehicle):
        return (option.option_id, option.plate.spaced, option.model)
    return (option.option_id, f"{topic}-{option.option_id}", f"{topic}-{option.option_id}-note")


class ChooseManyDesk:
    """Records of violations, each with its picture; or fines to be paid."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: ChooseMany[Any], at: At) -> tuple[Any, ...]:
        page = self._desk.pages.conversation(step.phase, at)
        fines = tuple(o for o in step.options if isinstance(o, Fine))
        draft = tuple(o.option_id for o in at.draft) if at.draft is not None else ()
        if fines:
            # A single fine is what the citizen came for.
            page.show(ChooseFines(fines, draft or tuple(f.decision for f in fines if len(fines) == 1)))
            return await self._chosen(page, step)
        violations = tuple(o for o in step.options if isinstance(o, Violation))
        pictures = [(v.record, await picture_of(self._desk, v)) for v in violations]
        page.show(ChooseViolations(violations, tuple(pictures), draft))
        return await self._chosen(page, step)

    async def _chosen(self, page: Conversation, step: ChooseMany[Any]) -> tuple[Any, ...]:
        while True:
            intent = await page.answer("choose")
            ids = {str(i) for i in intent.payload["ids"]}
            chosen = tuple(o for o in step.options if o.option_id in ids)
            if chosen:
                return chosen


class FormDesk:
    """One question a page; Back within the form goes to the question before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: FillForm, at: At) -> FormAnswers:
        answers = dict(at.draft.values) if at.draft is not None else {}
        index = 0
        while index < len(step.fields):
            index += await self._ask(step, index, answers, at)
        return FormAnswers(tuple((f.name, answers[f.name]) for f in step.fields))

    async def _ask(self, step: FillForm, index: int, answers: dict[str, str], at: At) -> int:
        """One question; how many to move on."""
        question = step.fields[index]
        fault = ""
        page = self._desk.pages.conversation(step.phase, at if index == 0 else _inner(at))
        while True:
            draft = answers.get(question.name, question.initial)
            page.amend(FormPage(step.topic, question, index, len(step.fields), draft, fault, dates_of(question, at)))
            intent = await page.answer("answer", *(("back",) if index else ()))
            if intent.action == "back":
                return -1
            text = str(intent.payload["text"]).strip()
            fault = _fault(question, text, at.opening.today)
            if not fault:
                answers[question.name] = text
                return 1
            answers[question.name] = text


LOSS_REACHES_BACK = timedelta(days=3650)


def dates_of(question: Field, at: At) -> DateEntry | None:
    """The days that may be answered."""
    match question.kind:
        case FieldKind.DATE_PAST:
            return DateEntry(at.opening.today - LOSS_REACHES_BACK, at.opening.today)
        case FieldKind.MOBILE | FieldKind.OPTION | FieldKind.HOUSE:
            return None


def _inner(at: At) -> At:
    """Inside a form one can always go back to the question before."""
    return At(at.case, at.key, at.occurrence, at.attempt, at.opening, at.draft, can_go_back=True)


def _fault(question: Field, text: str, today: date) -> str:
    """Message key of what is wrong, or nothing."""
    match question.kind:
        case FieldKind.MOBILE:
            return "" if _MOBILE.match(text) else "form-fault-mobile"
        case FieldKind.HOUSE:
            return "" if _HOUSE.match(text) else "form-fault-house"
        case FieldKind.OPTION:
            return "" if text in {i for i, _ in question.options} else "form-fault-option"
        case FieldKind.DATE_PAST:
            try:
                day = date.fromisoformat(text)
            except ValueError:
                return "form-fault-date"
            return "form-fault-date-future" if day > today else ""


class RightsDesk:
    """处罚前告知: nothing runs against the citizen here, so the page waits longer than others."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: Rights, at: At) -> RightsAnswer:
        page = self._desk.pages.conversation(step.phase, at)
        page.show(RightsPage(step.violation, step.notice, await picture_of(self._desk, step.violation)))
        patience = 3 * self._desk.durations.idle_elder
        intent = await page.answer("no-objection", "state-and-defend", "not-now", idle=patience)
        await self._desk.audit.write(
            "rights-told", at.case, {"answer": intent.action, "record": step.violation.record, **page.told()}
        )
        return RightsAnswer(intent.action)


class DeclareDesk:
    """声明."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: Declare, at: At) -> Declared:
        page = self._desk.pages.conversation(step.phase, at)
        page.show(DeclarationPage(step.topic, step.text))
        _ = await page.answer("agree", idle=2 * self._desk.durations.idle_elder)
        await self._desk.audit.write("declared", at.case, {"topic": step.topic, **page.told()})
        return Declared.AGREED


class ShowResultDesk:
    """What headquarters answered."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: ShowResult, at: At) -> AfterReading:
        page = self._desk.pages.conversation(step.phase, at)
        page.show(ResultPage(step.topic, step.sections, step.course, step.on_paper))
        offered = ("print",) if step.on_paper is OnPaper.OFFERED else ()
        return AfterReading((await page.answer("enough", *offered)).action)


class TellDesk:
    """A no in four parts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def perform(self, step: Tell, at: At) -> Acknowledged:
        page = self._desk.pages.conversation(step.phase, at)
        page.show(TellPage(step.refusal, at.case[-8:], actions=("continue",)))
        _ = await page.answer("continue", idle=self._desk.durations.tell)
        return Acknowledged.READ
