"""Taps of a visit beside those its paragraph takes; what lies above has a reason, or stands there without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.nights.lived import live
from kiosk.nights.offered import catalogue, offered
from kiosk.nights.otherwise import Otherwise
from kiosk.proofs.taps import above, page, steps
from kiosk.simulation.scripts.straight import SCRIPTS


def test_every_one_of_the_28_has_the_steps_of_its_paragraph() -> None:
    data = steps()
    assert set(data.services) == {service.code for service in catalogue()}
    assert all(sum(data.budget(code).values()) > 0 for code in data.services)
    assert set(data.pages.values()) <= set(data.macros)


@pytest.mark.parametrize("code", ["HZ02", "HZ05", "JG01"])
def test_every_tap_above_the_steps_has_a_reason(code: str, tmp_path: Path) -> None:
    lived = live(tmp_path, code, Otherwise())
    touches = [(touch.page, touch.name) for touch in lived.touches if not touch.typed]
    beyond = list(above(code, touches))
    assert len(touches) <= sum(steps().budget(code).values()) + len(beyond)
    assert [tap for tap in beyond if not tap.why] == []
    assert sum(touch.typed for touch in lived.touches) == steps().typed.get(code, 0)


def test_a_tap_without_a_reason_is_told_as_one() -> None:
    touches = [("Attract", "service:HZ02"), ("ConsentPage", "agree"), ("SignPage", "signed"), ("SignPage", "again")]
    (tap,) = above("HZ02", touches)
    assert (tap.name, tap.why) == ("again", "")
    assert "no reason given" in page({"HZ02": (touches, 0)}, "a test")


def test_scripts_exist_for_whatever_is_offered() -> None:
    enabled = [service.code for service in catalogue() if service.enabled]
    assert [code for code in enabled if code not in SCRIPTS] == []
    assert list(offered()) == enabled
