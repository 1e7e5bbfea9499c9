"""The rules by name, what came of each, and the report of all."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Rule(enum.Enum):
    """The word each rule goes by; RULES says it in a sentence."""

    CAPABILITIES = "capabilities"
    STATUS = "status"
    POWER_OFF = "power-off"
    SILENCE = "silence"
    ONE_AT_A_TIME = "one-at-a-time"
    DEADLINE = "deadline"
    CANCEL = "cancel"
    UNPLUGGED = "unplugged"
    ASKS = "asks"
    LOGGED_ONCE = "logged-once"
    BACK_OFF = "back-off"
    NO_PERSON = "no-person"
    EXCLUSIVE = "exclusive"
    COUNTERS = "counters"
    STRANGER = "stranger"


RULES = {
    Rule.CAPABILITIES: "capabilities are known before the line is opened and never change",
    Rule.STATUS: "status is a value; what is not known is unknown or not supported",
    Rule.POWER_OFF: "an unplugged device is powerOff, never noDevice",
    Rule.SILENCE: "a silent device is powerOff; one that cannot be asked stays as its port is",
    Rule.ONE_AT_A_TIME: "commands given at once come back once each, and leave the driver usable",
    Rule.DEADLINE: "every command ends, also on a line that says nothing",
    Rule.CANCEL: "a command given up ends at once and leaves the driver usable",
    Rule.UNPLUGGED: "unplugged after any byte, the command comes back once and the driver is usable",
    Rule.ASKS: "after every connect the device is asked before it counts as there",
    Rule.LOGGED_ONCE: "down is logged once, back is logged once",
    Rule.BACK_OFF: "an absent device is looked for ever more rarely",
    Rule.NO_PERSON: "nothing the device says of people is in a log or an error",
    Rule.EXCLUSIVE: "the port is taken exclusively",
    Rule.COUNTERS: "counters survive a restart of the driver",
    Rule.STRANGER: "a device that answers for another is noticed",
}


class Verdict(enum.Enum):
    """NOT_SHOWN: the rule could not be tried here, and why is said."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one rule."""

    rule: Rule
    verdict: Verdict
    detail: str = ""

    def line(self) -> str:
        """One line."""
        told = f" ({self.detail})" if self.detail else ""
        return f"{self.verdict.value:9} {self.rule.value:13} {RULES[self.rule]}{told}"


@dataclass(frozen=True, slots=True)
class Report:
    """All findings. `reached` False: the device did not answer at all, and nothing was tried."""

    device: str
    reached: bool
    findings: tuple[Finding, ...]
    seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether no rule was broken."""
        return self.reached and all(finding.verdict is not Verdict.BROKEN for finding in self.findings)

    def lines(self) -> tuple[str, ...]:
        """One line a rule."""
        if not self.reached:
            return (f"{self.device} does not answer: nothing was tried",)
        return tuple(finding.line() for finding in self.findings)

    def answer(self) -> dict[str, object]:
        """As JSON."""
        return {
            "device": self.device,
            "reached": self.reached,
            "kept": self.kept,
            "seconds": round(self.seconds, 1),
            "rules": [
                {
                    "rule": finding.rule.value,
                    "verdict": finding.verdict.value,
                    "says": RULES[finding.rule],
                    "detail": finding.detail,
                }
                for finding in self.findings
            ],
        }


class Broken(AssertionError):
    """A rule is not kept; the text says how."""


class NotShown(Exception):
    """A rule cannot be tried here; the text says why."""


def must(condition: object, told: str) -> None:
    """Raises Broken unless the condition holds."""
    if not condition:
        raise Broken(told)
