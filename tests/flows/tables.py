"""Runs a flow against a table of step key -> answer: no engine, no pages, no devices (rule 1)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, cast

from kiosk.flows.opening import Opening, SecondFactor
from kiosk.flows.outcome import Outcome
from kiosk.flows.steps import CardPresented, Step
from kiosk.people.id_card import CardKind, IdCard
from kiosk.people.id_number import Sex
from kiosk.people.portrait import Blob

BEIJING = timezone(timedelta(hours=8))
NUMBER = "150203199003070017"


def opening(
    service: str,
    second_factor: SecondFactor = SecondFactor.REQUIRED,
    open_services: tuple[str, ...] = ("HZ01", "HZ02", "CRJ07", "JG01", "JG02", "JG04"),
) -> Opening:
    """A visit at three in the morning."""
    now = datetime(2026, 11, 22, 3, 0, tzinfo=BEIJING)
    return Opening(service, now, "settings-1", "KDL-001", "昆都仑区", "zh-CN", second_factor, open_services)


def blob(name: str) -> Blob:
    """A blob that stands for itself."""
    return Blob(name * 4, 1024, "application/octet-stream")


def card(number: str = NUMBER, kind: CardKind = CardKind.RESIDENT) -> CardPresented:
    """A synthetic person's card, on the reader."""
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    holder = IdCard(
        kind, "测试甲", Sex.MALE, "01", born, "包头市", number, "包头市公安局", date(2017, 1, 1), date(2027, 1, 1)
    )
    return CardPresented(holder, blob("photo"), (blob("f1"), blob("f2")))


class Table:
    """Answers by step key. A list gives its items in turn; a callable is given the step."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers: dict[str, Any] = {
            k: list(cast(list[Any], v)) if isinstance(v, list) else v for k, v in answers.items()
        }
        self.asked: list[Step[Any]] = []

    def run(self, flow: Callable[[Opening], Coroutine[Any, Any, Outcome]], start: Opening) -> Outcome:
        """To the end; a step without an answer fails the test by its key."""
        running = flow(start)
        try:
            step = running.send(None)
            while True:
                self.asked.append(step)
                step = running.send(self._answer(step))
        except StopIteration as end:
            return end.value
        finally:
            running.close()

    def _answer(self, step: Step[Any]) -> Any:
        answer = self._answers[step.key]
        if isinstance(answer, list):
            return cast(list[Any], answer).pop(0)
        return answer(step) if callable(answer) else answer

    @property
    def keys(self) -> list[str]:
        """Step keys in the order they were asked."""
        return [s.key for s in self.asked]

    def step(self, key: str) -> Any:
        """The first step of a key."""
        return next(s for s in self.asked if s.key == key)
