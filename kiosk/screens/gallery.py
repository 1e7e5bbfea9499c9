"""Every page in every combination, measured by machine and laid out on contact sheets for a person to look at.

`python -m kiosk gallery --out DIR [--page NAME] [--quick]` ends with 1 on any finding. report.json lists them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.screens.samples import SAMPLE_SETTINGS, Sample, samples
from kiosk.screens.states import Layout, Look, TextSize, Theme
from kiosk.screens.words import OnMissing, load_words

if TYPE_CHECKING:
    from kiosk.screens.qt.studio import Measured

LOCALES = Path(__file__).resolve().parents[2] / "assets" / "locales"
LANGUAGES = ("zh-CN", "en")

CONTACT = {
    "default": Look(),
    "largest": Look(size=TextSize.LARGEST),
    "english": Look("en"),
    "high-contrast": Look(theme=Theme.HIGH_CONTRAST),
    "night": Look(theme=Theme.NIGHT),
    "landscape": Look(layout=Layout.LANDSCAPE),
    "square": Look(layout=Layout.SQUARE),
    "reach": Look(reach=True),
    "english-largest": Look("en", TextSize.LARGEST),
}
"""The looks of which pictures and contact sheets are kept."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which page is measured in which looks."""

    sample: Sample
    looks: tuple[Look, ...]


def every_look() -> Iterator[Look]:
    """3 layouts x 2 languages x 4 sizes x (3 themes, reach by day, elder by day)."""
    for layout in Layout:
        for language in LANGUAGES:
            for size in TextSize:
                for theme in Theme:
                    yield Look(language, size, theme, layout)
                yield Look(language, size, Theme.DAY, layout, reach=True)
                yield Look(language, size, Theme.DAY, layout, elder=True)


def full_plan(page: str) -> list[Plan]:
    """Everything; `page` limits it to samples or kinds of this name ("" does not)."""
    looks = tuple(every_look())
    return [Plan(sample, looks) for sample in samples() if _named(sample, page)]


def quick_plan(page: str) -> list[Plan]:
    """One sample of every kind in every layout; language, size, theme and modes go round, so that all occur."""
    by_layout = {layout: [look for look in every_look() if look.layout is layout] for layout in Layout}
    plans: list[Plan] = []
    kinds: set[str] = set()
    turn = 0
    for sample in samples():
        kind = type(sample.state).__name__
        if kind in kinds or not _named(sample, page):
            continue
        kinds.add(kind)
        chosen: list[Look] = []
        for looks in by_layout.values():
            # Seven shares no factor with the number of looks of a layout: all of them have their turn.
            chosen.append(looks[turn % len(looks)])
            turn += 7
        plans.append(Plan(sample, tuple(chosen)))
    return plans


def _named(sample: Sample, page: str) -> bool:
    return page in ("", sample.name, type(sample.state).__name__)


def look_name(look: Look) -> str:
    """A look as part of a file name."""
    parts = [look.layout.value, look.language, look.size.value, look.theme.value]
    if look.reach:
        parts.append("reach")
    if look.elder:
        parts.append("elder")
    return "-".join(parts)


def run(argv: list[str]) -> int:
    """The command. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="kiosk gallery", description="every page in every combination")
    parser.add_argument("--out", type=Path, required=True, help="folder for pictures, contact sheets, report.json")
    parser.add_argument("--page", default="", help="only this sample or kind of page")
    parser.add_argument("--quick", action="store_true", help="every page in every layout, other combinations in turn")
    given = parser.parse_args(argv)
    out: Path = given.out
    out.mkdir(parents=True, exist_ok=True)
    plans = quick_plan(given.page) if given.quick else full_plan(given.page)
    if not plans:
        parser.error(f"no page is called {given.page}")
    return _measure(plans, out)


def _measure(plans: list[Plan], out: Path) -> int:
    # Qt is imported here only: the plans are for anybody to read.
    from kiosk.screens.qt.studio import Studio

    words = load_words(LOCALES, LANGUAGES, OnMissing.RAISE)
    with Studio(words, SAMPLE_SETTINGS, out) as studio:
        contrasts = studio.contrasts()
        measured: list[Measured] = []
        for index, plan in enumerate(plans):
            for look in plan.looks:
                name = next((name for name, kept in CONTACT.items() if kept == look), "")
                measured.append(studio.measure(plan.sample, look, look_name(look), name))
            print(f"{index + 1}/{len(plans)} {plan.sample.name}", file=sys.stderr)
        studio.lay_out_sheets()
    weak = [pair for pair in contrasts if not pair.enough]
    findings = [
        {"page": one.sample, "look": one.look, "rule": f.rule, "what": f.what, "detail": f.detail}
        for one in measured
        for f in one.findings
    ]
    findings.extend(
        {
            "page": "",
            "look": pair.theme,
            "rule": "contrast",
            "what": f"{pair.text} on {pair.ground}",
            "detail": f"{pair.ratio:.2f}",
        }
        for pair in weak
    )
    report = {
        "pages": len(plans),
        "combinations": len(measured),
        "contrast": [
            {"theme": pair.theme, "text": pair.text, "ground": pair.ground, "ratio": round(pair.ratio, 2)}
            for pair in contrasts
        ],
        "findings": findings,
    }
    (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), encoding="utf-8")
    print(json.dumps({"combinations": len(measured), "findings": len(findings), "report": str(out / "report.json")}))
    return 1 if findings else 0
