"""One case on its way through a flow: answers recorded, Back, effects with their barriers, nobody there.

Used live by the engine and, with nobody there from the beginning, by the recovery: the same rules for both.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from kiosk.books import BooksFailed
from kiosk.flows.book import Book, CloseReason, EffectRow, Letter, Letters
from kiosk.flows.codec import NotStorable, decode, encode
from kiosk.flows.effects import Certainty, EffectState, Paid, Pending, Submit, facts_of
from kiosk.flows.ending import EffectRecord
from kiosk.flows.identity import NotPlainData, StepIdentity, identity_of, query_identity
from kiosk.flows.outcome import Outcome
from kiosk.flows.performing import (
    At,
    Back,
    EffectPerformer,
    Evidence,
    Leave,
    Performer,
    Settled,
    VisitEnds,
)
from kiosk.flows.play import Broken, Flow, Play, where_of
from kiosk.flows.steps import LookUp, Step, StepKind, Stop
from kiosk.flows.transcript import AnswerRow, Origin, Transcript

_log = logging.getLogger(__name__)

Performers = Mapping[StepKind, Performer | EffectPerformer]
"""Who carries out each kind of step: EffectPerformer for effects, Performer for the rest."""


class ReplayDiverged(Broken):
    """The flow asked for another step than the transcript holds."""


class PerformerBroken(Broken):
    """A performer raised something that is no way to end, or answered what its step cannot mean."""


Gone = Leave | VisitEnds
"""Why nobody is there any more."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The flow came to its end."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Stopped:
    """The flow cannot go on: nobody is there, and no answer is right without them."""

    why: Gone


@dataclass(frozen=True, slots=True)
class Undecided:
    """The flow cannot go on: an effect is in doubt and has no answer yet."""

    trouble: str


Finish = Returned | Stopped | Undecided


@dataclass(slots=True)
class Known:
    """An effect that was begun in this case."""

    key: str
    kind: StepKind
    digest: str
    state: EffectState
    evidence: Evidence
    found: Evidence = field(default_factory=dict[str, str])
    stages: tuple[str, ...] = ()
    number: str = ""
    answer: Any = None
    answered: bool = False
    step: Step[Any] | None = None
    at: At | None = None

    @property
    def blocks(self) -> bool:
        """Whether another effect of its kind must wait. What is queued durably will not be done twice."""
        return self.state is EffectState.IN_DOUBT and not isinstance(self.answer, Pending)

    @property
    def record(self) -> EffectRecord:
        return EffectRecord(self.key, self.kind, self.state, self.number, self.answer)

    @staticmethod
    def of(row: EffectRow) -> Known:
        """As it was found on disk."""
        return Known(
            key=row.key,
            kind=StepKind(row.kind),
            digest=row.digest,
            state=EffectState(row.state),
            evidence=row.evidence,
            stages=row.stages,
            number=row.number,
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every visit of an engine shares."""

    performers: Performers
    book: Book
    letters: Letters


@dataclass(frozen=True, slots=True)
class _Answer:
    """Goes on with this value."""

    value: Any


@dataclass(frozen=True, slots=True)
class _Letters:
    """To be sent now, or only if the filing turns out refused."""

    now: tuple[Letter, ...]
    held: tuple[Letter, ...]


_NO_LETTERS = _Letters((), ())


class _Again:
    """The citizen went back: play the flow again up to the cut."""


class _StageRecorder:
    """Writes stages of the running effect."""

    def __init__(self, book: Book, effect: Known) -> None:
        self._book = book
        self._effect = effect

    async def stage(self, name: str, evidence: Evidence, certainty: Certainty) -> None:
        await self._book.stage_effect(key=self._effect.key, name=name, evidence=evidence, certainty=certainty.value)
        self._effect.stages = (*self._effect.stages, name)


@dataclass(slots=True)
class Visit:
    """One case. `gone` is set once nobody is there; `known` are the effects begun, by key."""

    around: Surroundings
    flow: Flow
    case: str
    transcript: Transcript
    gone: Gone | None = None
    attempt: int = 1
    last_attempt: bool = True
    known: dict[str, Known] = field(default_factory=dict[str, Known])
    _play: Play | None = None
    _played: list[tuple[Step[Any], Any]] = field(default_factory=list[tuple[Step[Any], Any]])
    _drafts: dict[tuple[str, str, int], str] = field(default_factory=dict[tuple[str, str, int], str])
    _looked_up: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def begun(self) -> bool:
        """Whether an effect was begun, and the case therefore is on disk."""
        return bool(self.known)

    @property
    def records(self) -> tuple[EffectRecord, ...]:
        return tuple(effect.record for effect in self.known.values())

    async def go(self) -> Finish:
        """Play the transcript, then on to the flow's end or as far as it can go. Raises Broken."""
        play = self._replay()
        if self.gone is not None:
            await self._settle_answered()
        while True:
            asked = play.asked
            if isinstance(asked, Outcome):
                return Returned(asked)
            match await self._answer(asked):
                case _Answer(value):
                    self._played.append((asked, value))
                    play.send(value)
                case _Again():
                    play = self._replay()
                case finish:
                    return finish

    def close(self) -> None:
        """End the flow's coroutine, wherever it stands. Raises Broken."""
        play, self._play = self._play, None
        if play is not None:
            play.close()

    # -- replay and Back -------------------------------------------------------------------------------------------

    def _replay(self) -> Play:
        self.close()
        self._played.clear()
        play = self._play = Play(self.flow, self.transcript.opening)
        for number, row in enumerate(self.transcript.answers):
            step = play.asked
            if isinstance(step, Outcome):
                raise ReplayDiverged(f"the flow ended where answer {number} stands")
            if _identity(step, row.identity.occurrence) != row.identity:
                raise ReplayDiverged(f"the flow asked {_name(step)} where answer {number} is of another step")
            value = _decoded(step, row.answer)
            self._remember_effect(step, row, value)
            self._played.append((step, value))
            play.send(value)
        return play

    def _remember_effect(self, step: Step[Any], row: AnswerRow, value: Any) -> None:
        """Tie an effect found on disk to the step that asked for it."""
        effect = self.known.get(row.identity.effect_key(self.case))
        if effect is not None and step.is_effect:
            effect.answer, effect.answered = value, True
            effect.step, effect.at = step, self._at(step, row.identity)

    def _back_to(self) -> int | None:
        """The answer Back leads to: the last that can be given again, with no barrier after it."""
        for number in range(len(self._played) - 1, -1, -1):
            step, value = self._played[number]
            if step.holds(value):
                return None
            if step.revisitable:
                return number
        return None

    def _go_back(self) -> _Again:
        to = self._back_to()
        if to is None:
            return _Again()
        steps = self._played[to:]
        for (step, _), row in zip(steps, self.transcript.cut(to), strict=True):
            if step.revisitable:
                self._drafts[_draft_name(row.identity)] = row.answer
        return _Again()

    def _at(self, step: Step[Any], identity: StepIdentity) -> At:
        draft = self._drafts.get(_draft_name(identity))
        value: Any = None
        if draft is not None:
            with contextlib.suppress(NotStorable):
                value = decode(step, draft)
        return At(
            case=self.case,
            key=identity.effect_key(self.case),
            occurrence=identity.occurrence,
            attempt=self.attempt,
            opening=self.transcript.opening,
            draft=value,
            can_go_back=self._back_to() is not None,
            past_barrier=any(step.holds(value) for step, value in self._played),
            digest=identity.digest,
        )

    # -- steps -----------------------------------------------------------------------------------------------------

    async def _answer(self, step: Step[Any]) -> _Answer | _Again | Stopped | Undecided:
        identity = _identity(step, self.transcript.next_occurrence(step.key))
        if step.is_effect:
            effect = self.known.get(identity.effect_key(self.case))
            if effect is not None:
                return await self._settle_begun(step, identity, effect)
        if self.gone is not None and not step.unattended:
            return self._without(step, identity, step.absent, Origin.ABSENT)
        try:
            if step.is_effect:
                return await self._carry_out(step, identity)
            return await self._ask(step, identity)
        except Back:
            return self._go_back()
        except (Leave, VisitEnds) as end:
            self.gone = self.gone or end
            if not self.begun:
                return Stopped(end)
            return self._without(step, identity, step.absent, Origin.ABSENT)

    async def _ask(self, step: Step[Any], identity: StepIdentity) -> _Answer:
        question = _question(step)
        text = self._looked_up.get(question)
        if text is None:
            performer = cast(Performer, self._performer(step))
            answer = await self._guarded(performer.perform(step, self._at(step, identity)), step)
            text = _encoded(step, answer)
            if question:
                self._looked_up[question] = text
        return self._recorded(step, identity, text, Origin.GIVEN)

    def _without(self, step: Step[Any], identity: StepIdentity, value: Any, origin: Origin) -> _Answer | Stopped:
        if isinstance(value, Stop):
            return self._stopped()
        return self._recorded(step, identity, _encoded(step, value), origin)

    def _recorded(self, step: Step[Any], identity: StepIdentity, text: str, origin: Origin) -> _Answer:
        value = _decoded(step, text)
        self.transcript.record(AnswerRow(identity, origin, text))
        return _Answer(value)

    def _performer(self, step: Step[Any]) -> Performer | EffectPerformer:
        performer = self.around.performers.get(step.kind)
        if performer is None:
            raise PerformerBroken(f"nobody carries out {step.kind.value}")
        return performer

    async def _guarded(self, movement: Any, step: Step[Any]) -> Any:
        """Only Back, Leave and VisitEnds may come out of a movement that changes nothing."""
        try:
            return await movement
        except (Back, Leave, VisitEnds, BooksFailed):
            raise
        except Exception as error:
            raise PerformerBroken(f"{_name(step)}: the performer raised {where_of(error)}") from None

    def _stopped(self) -> Stopped:
        return Stopped(self.gone or Leave())

    # -- effects ---------------------------------------------------------------------------------------------------

    async def _carry_out(self, step: Step[Any], identity: StepIdentity) -> _Answer | Stopped | Undecided:
        if await self._is_blocked(step.kind):
            if isinstance(step.blocked, Stop):
                return Undecided(f"{_name(step)} waits for another {step.kind.value} in doubt")
            return self._without(step, identity, step.blocked, Origin.BLOCKED)
        performer = cast(EffectPerformer, self._performer(step))
        at = self._at(step, identity)
        prepared = await self._guarded(performer.prepare(step, at), step)
        started = await self.around.book.start_effect(
            case=self.case,
            service=self.transcript.opening.service,
            key=at.key,
            kind=step.kind.value,
            digest=identity.digest,
            subject=step.subject,
            evidence=prepared.evidence,
            lines=self.transcript.unsaved(),
            outbox=prepared.outbox,
        )
        if started != "started":
            raise PerformerBroken(f"{_name(step)}: its key is on disk already ({started})")
        self.transcript.saved()
        self._looked_up.clear()
        effect = Known(at.key, step.kind, identity.digest, EffectState.STARTED, prepared.evidence, step=step, at=at)
        self.known[at.key] = effect
        begun = replace(at, can_go_back=False, past_barrier=True)
        settled, trouble = await _carefully(
            performer.perform(step, begun, prepared.evidence, _StageRecorder(self.around.book, effect)), step
        )
        if not await self._write_down(step, effect, settled, Origin.GIVEN, identity):
            return Undecided(trouble or f"{_name(step)} ended {settled.state.value} without an answer")
        return _Answer(effect.answer)

    async def _settle_begun(
        self, step: Step[Any], identity: StepIdentity, effect: Known
    ) -> _Answer | Stopped | Undecided:
        """The flow stands at an effect that was begun before a restart."""
        effect.step, effect.at = step, self._at(step, identity)
        if effect.digest != identity.digest:
            raise ReplayDiverged(f"{_name(step)} was begun with another payload")
        if effect.state in (EffectState.DONE, EffectState.FAILED):
            return self._stopped()
        settled, trouble = await self._ask_what_became(effect)
        keep_open = settled.state is EffectState.IN_DOUBT and not self.last_attempt
        if keep_open:
            settled = Settled(settled.state, None, settled.evidence)
        if await self._write_down(step, effect, settled, Origin.SETTLED, identity):
            return _Answer(effect.answer)
        if keep_open:
            return Undecided(trouble or f"{_name(step)} is still in doubt")
        return self._stopped()

    async def _is_blocked(self, kind: StepKind) -> bool:
        """Settle what is in doubt of this kind first; whether something still is."""
        doubtful = [effect for effect in self.known.values() if effect.kind is kind and effect.blocks]
        for effect in doubtful:
            await self._settle_again(effect)
        return any(effect.blocks for effect in doubtful)

    async def _settle_answered(self) -> None:
        """After a restart: what the flow has been told is in doubt may be known by now."""
        for effect in self.known.values():
            if effect.answered and effect.state is EffectState.IN_DOUBT:
                await self._settle_again(effect)

    async def _settle_again(self, effect: Known) -> None:
        """Its row becomes what is found out; what the flow was told stays as it was told."""
        settled, _ = await self._ask_what_became(effect)
        if settled.state is not EffectState.IN_DOUBT:
            effect.found = settled.evidence
            report = _report(self.around, self.case, effect, settled.state)
            told = replace(settled, answer=None, reports=())
            await self._write_row(effect, told, _Letters((report,), ()))

    async def _ask_what_became(self, effect: Known) -> tuple[Settled, str]:
        step, at = effect.step, effect.at
        if step is None or at is None:
            raise ReplayDiverged(f"nothing in the flow asks for {effect.kind.value} {effect.key}")
        performer = cast(EffectPerformer, self._performer(step))
        begun = replace(at, attempt=self.attempt, can_go_back=False, past_barrier=True, draft=None)
        return await _carefully(performer.settle(step, begun, effect.evidence, effect.stages), step)

    async def _write_down(
        self, step: Step[Any], effect: Known, settled: Settled, origin: Origin, identity: StepIdentity
    ) -> bool:
        """Final state and answer, durably; whether there is an answer to go on with."""
        text = None
        if settled.answer is not None:
            try:
                text = encode(step, settled.answer)
            except NotStorable as error:
                _log.error("%s; its effect stands as %s", error, settled.state.value)
                settled = replace(settled, answer=None)
        if text is not None:
            self.transcript.record(AnswerRow(identity, origin, text))
            settled = replace(settled, answer=decode(step, text))
        await self._write_row(effect, settled, self._refunds(step, effect, settled))
        effect.answered = text is not None
        return text is not None

    async def _write_row(self, effect: Known, settled: Settled, letters: _Letters) -> None:
        facts = dict(facts_of(settled.answer))
        await self.around.book.finish_effect(
            case=self.case,
            key=effect.key,
            state=settled.state.value,
            evidence=settled.evidence,
            facts=facts,
            lines=self.transcript.unsaved(),
            outbox=(*settled.reports, *letters.now),
            held=letters.held,
        )
        self.transcript.saved()
        effect.state, effect.found = settled.state, settled.evidence
        effect.number = facts.get("number", effect.number)
        if settled.answer is not None:
            effect.answer = settled.answer

    def _refunds(self, step: Step[Any], effect: Known, settled: Settled) -> _Letters:
        """Payments known captured, for a filing known to have failed, or that may yet fail (rule 15)."""
        waits = isinstance(settled.answer, Pending)
        if not isinstance(step, Submit) or not (waits or settled.state is EffectState.FAILED):
            return _NO_LETTERS
        captured = {
            known.answer.order
            for known in self.known.values()
            if known.state is EffectState.DONE and isinstance(known.answer, Paid)
        }
        letters = tuple(
            self.around.letters.refund(case=self.case, key=effect.key, order=order)
            for order in step.undo_orders
            if order in captured
        )
        return _Letters((), letters) if waits else _Letters(letters, ())


async def close_for_people(around: Surroundings, case: str, known: Mapping[str, Known], how: CloseReason) -> None:
    """Close a case and leave every effect of it to a person; what is not settled is in doubt from now on."""
    for effect in known.values():
        if effect.state is EffectState.STARTED:
            effect.state = EffectState.IN_DOUBT
    reports = tuple(_report(around, case, effect, effect.state) for effect in known.values())
    await around.book.close_case(case=case, how=how, outbox=reports)


def _report(around: Surroundings, case: str, effect: Known, state: EffectState) -> Letter:
    return around.letters.report(
        case=case,
        key=effect.key,
        kind=effect.kind.value,
        state=state.value,
        evidence={**effect.evidence, **effect.found},
    )


async def close_after(visit: Visit, finish: Returned | Stopped | Undecided) -> None:
    """Close a case that reached the book: by itself, or with reports where the flow did not end or cannot tell."""
    doubtful = any(effect.state is EffectState.IN_DOUBT for effect in visit.known.values())
    if doubtful:
        await close_for_people(visit.around, visit.case, visit.known, "in-doubt")
    elif isinstance(finish, Returned):
        await visit.around.book.close_case(case=visit.case, how="finished", outbox=())
    else:
        await close_for_people(visit.around, visit.case, visit.known, "stopped")


async def _carefully(movement: Any, step: Step[Any]) -> tuple[Settled, str]:
    """What became of an effect; a crash, or no final state, means that nobody can say."""
    try:
        settled = await movement
    except Exception as error:
        trouble = f"{_name(step)}: the performer raised {where_of(error)}"
        _log.error("%s; the effect is in doubt", trouble)
        return Settled(EffectState.IN_DOUBT, None, {"crashed": type(error).__name__}), trouble
    if isinstance(settled, Settled) and settled.state in (
        EffectState.DONE,
        EffectState.FAILED,
        EffectState.IN_DOUBT,
    ):
        return settled, ""
    trouble = f"{_name(step)}: the performer gave no final state"
    _log.error("%s; the effect is in doubt", trouble)
    return Settled(EffectState.IN_DOUBT), trouble


def _name(step: Step[Any]) -> str:
    return f"{step.kind.value} {step.key!r}"


def _draft_name(identity: StepIdentity) -> tuple[str, str, int]:
    return (identity.kind.value, identity.key, identity.occurrence)


def _identity(step: Step[Any], occurrence: int) -> StepIdentity:
    try:
        return identity_of(step, occurrence)
    except NotPlainData as error:
        raise PerformerBroken(f"{_name(step)}: {error}") from None


def _question(step: Step[Any]) -> str:
    if not isinstance(step, LookUp):
        return ""
    try:
        return query_identity(step)
    except NotPlainData as error:
        raise PerformerBroken(f"{_name(step)}: {error}") from None


def _encoded(step: Step[Any], answer: Any) -> str:
    try:
        return encode(step, answer)
    except NotStorable as error:
        raise PerformerBroken(str(error)) from None


def _decoded(step: Step[Any], text: str) -> Any:
    try:
        return decode(step, text)
    except NotStorable as error:
        raise ReplayDiverged(str(error)) from None
