"""Taps and typed characters of the straight journeys beside what the steps of each paragraph take (rule 36).

The count is a journey's, the steps are data; nothing of the comparison is typed in.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kiosk.nights.offered import catalogue

DATA = "taps.toml"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a tap is there that no step of the paragraph asks for."""

    page: str
    name: str
    """How the name of what is touched begins."""
    why: str

    def explains(self, page: str, name: str) -> bool:
        """Whether it speaks of this touch."""
        return page == self.page and name.startswith(self.name)


@dataclass(frozen=True, slots=True)
class Steps:
    """The data: taps by macro, macro by page, and the strings of the 28."""

    macros: Mapping[str, int]
    pages: Mapping[str, str]
    services: Mapping[str, str]
    typed: Mapping[str, int]
    above: tuple[Reason, ...]

    def budget(self, code: str) -> Counter[str]:
        """Taps by macro that the paragraph prescribes. Raises KeyError for an unknown service or macro."""
        found: Counter[str] = Counter()
        for word in self.services[code].split():
            macro, _, times = word.partition("*")
            found[macro] += self.macros[macro] * int(times or 1)
        return found


@dataclass(frozen=True, slots=True)
class Above:
    """One tap beyond the paragraph; `why` is "" where nobody gave a reason."""

    page: str
    name: str
    why: str


Touches = Sequence[Sequence[str]]
"""Page and name, in order."""


@cache
def steps() -> Steps:
    """The packaged data."""
    raw = tomllib.loads((files("kiosk.proofs") / DATA).read_text("utf-8"))
    above = tuple(Reason(**one) for one in raw["above"])
    return Steps(raw["macros"], raw["pages"], raw["services"], raw["typed"], above)


def above(code: str, touches: Touches) -> Iterator[Above]:
    """Every tap beyond the paragraph's; of several for one macro those that have a reason are the ones beyond it."""
    data = steps()
    by_macro: dict[str, list[tuple[str, str]]] = {}
    for page, name in touches:
        by_macro.setdefault(data.pages.get(page, page), []).append((page, name))
    budget = data.budget(code)
    for macro, found in by_macro.items():
        beyond = len(found) - budget[macro]
        reasons = {touch: _why(*touch) for touch in found}
        # Those with a reason first, the last of equals first: the first answer is the one that was asked for.
        ordered = [touch for touch in found[::-1] if reasons[touch]] + [t for t in found[::-1] if not reasons[t]]
        for touch in ordered[: max(0, beyond)]:
            yield Above(*touch, reasons[touch])


def _why(page: str, name: str) -> str:
    return next((reason.why for reason in steps().above if reason.explains(page, name)), "")


def page(counted: Mapping[str, tuple[Touches, int]], where: str) -> str:
    """docs/taps.md: `counted` has touches but keys, and characters typed, by service."""
    data = steps()
    names = {s.code: s.name.zh for s in catalogue()}
    lines = [
        "# Taps",
        "",
        f"Counted by {where}, never typed.",
        "`from the steps` is the least that the paragraph of the service takes (`kiosk/proofs/taps.toml`): a card, a",
        "face, a finger, a signature's strokes and a telephone are no taps, the button after each of them is. What",
        "lies above is named below with its reason.",
        "",
        "| service | taps | from the steps | above | typed | from the steps |",
        "|---|---|---|---|---|---|",
    ]
    reasons: list[tuple[str, Above]] = []
    for code, (touches, typed) in counted.items():
        beyond = list(above(code, touches))
        reasons += [(code, one) for one in beyond]
        least, characters = sum(data.budget(code).values()), data.typed.get(code, 0)
        cells = (f"{code} {names[code]}", len(touches), least, len(beyond), typed, characters)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += ["", "## Above the steps", "", "| tap | services | why |", "|---|---|---|"]
    by_tap: dict[tuple[str, str], list[str]] = {}
    for code, one in reasons:
        tap = f"{one.page} {one.name.partition(':')[0]}"
        by_tap.setdefault((tap, one.why or "**no reason given**"), []).append(code)
    lines += [f"| {tap} | {', '.join(dict.fromkeys(codes))} | {why} |" for (tap, why), codes in by_tap.items()]
    return "\n".join(lines) + "\n"
