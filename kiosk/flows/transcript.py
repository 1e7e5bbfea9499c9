"""The transcript of a case: row 0 is the opening, then answers, and cuts where the citizen went back.

Rows are only ever appended once the case is on disk; what stands after a cut is found by folding them. An effect
that is cut away (a document taken in and given back) keeps its occurrence used up: the next one of its key is
another effect.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator, TypeAdapter, ValidationError

from kiosk.flows.identity import StepIdentity
from kiosk.flows.opening import Opening


class Origin(enum.Enum):
    """Where an answer came from."""

    GIVEN = "given"
    ABSENT = "absent"
    BLOCKED = "blocked"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """Row 0."""

    opening: Opening
    row: Literal["opening"] = "opening"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One step answered; `answer` is the codec's JSON."""

    identity: StepIdentity
    origin: Origin
    answer: str
    row: Literal["answer"] = "answer"


@dataclass(frozen=True, slots=True)
class CutRow:
    """The citizen went back: the answers from the one numbered `to` (from 0) on count no more."""

    to: int
    row: Literal["cut"] = "cut"


Row = OpeningRow | AnswerRow | CutRow

_ROW: TypeAdapter[Row] = TypeAdapter(Annotated[Row, Discriminator("row")])


class TranscriptDamaged(ValueError):
    """Stored lines are no transcript. Tells which line, never what it holds."""


class Transcript:
    """The answers that count, and the rows not yet on disk."""

    def __init__(self, opening: Opening) -> None:
        self.opening = opening
        self._answers: list[AnswerRow] = []
        self._used: dict[str, int] = {}
        self._unsaved: list[Row] = [OpeningRow(opening)]
        self._on_disk = False

    @staticmethod
    def read(lines: Sequence[str]) -> Transcript:
        """The transcript that was saved as `lines`. Raises TranscriptDamaged."""
        rows = [_read(number, line) for number, line in enumerate(lines)]
        if not rows or not isinstance(rows[0], OpeningRow):
            raise TranscriptDamaged("row 0 is no opening")
        transcript = Transcript(rows[0].opening)
        transcript.saved()
        for number, row in enumerate(rows[1:], start=1):
            match row:
                case AnswerRow():
                    transcript.record(row)
                case CutRow(to=to) if 0 <= to <= len(transcript.answers):
                    transcript.cut(to)
                case _:
                    raise TranscriptDamaged(f"row {number} is out of place")
        transcript.saved()
        return transcript

    @property
    def answers(self) -> tuple[AnswerRow, ...]:
        """The answers that count, in order."""
        return tuple(self._answers)

    def next_occurrence(self, key: str) -> int:
        """Which occurrence the next step of `key` is, from 1."""
        here = max((row.identity.occurrence for row in self._answers if row.identity.key == key), default=0)
        return 1 + max(here, self._used.get(key, 0))

    def record(self, row: AnswerRow) -> None:
        """Append an answer."""
        self._answers.append(row)
        self._unsaved.append(row)

    def cut(self, to: int) -> tuple[AnswerRow, ...]:
        """Drop the answers from number `to` on and return them."""
        dropped = tuple(self._answers[to:])
        del self._answers[to:]
        for row in dropped:
            if row.identity.digest:
                key = row.identity.key
                self._used[key] = max(self._used.get(key, 0), row.identity.occurrence)
        if self._on_disk:
            self._unsaved.append(CutRow(to))
        else:
            self._unsaved = [OpeningRow(self.opening), *self._answers]
        return dropped

    def unsaved(self) -> tuple[str, ...]:
        """The rows not yet on disk, as lines."""
        return tuple(_ROW.dump_json(row).decode() for row in self._unsaved)

    def saved(self) -> None:
        """They are on disk now."""
        self._unsaved.clear()
        self._on_disk = True


def _read(number: int, line: str) -> Row:
    try:
        return _ROW.validate_json(line, strict=True)
    except ValidationError:
        raise TranscriptDamaged(f"row {number} cannot be read") from None
