"""Devices that break and lines that fail, at pages and requests picked from all of them; `make proof` takes each."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.backend.direct import Weather
from kiosk.nights.faults import Trials, faults_everywhere, trouble_at, troubles_everywhere

PAGES = {"HZ01": 181, "HZ02": 139, "JG01": 167}
"""Every how many of the combinations of page, fault and mending are tried here."""
REQUESTS = {"HZ01": 29, "HZ02": 19, "JG01": 31}


def nothing_wrong(trials: Trials) -> None:
    assert trials.trials
    assert trials.wrong == ()
    assert all(trial.ending for trial in trials.trials)


@pytest.mark.parametrize("service", PAGES)
def test_a_visit_ends_and_all_stays_true_whatever_device_breaks(service: str, tmp_path: Path) -> None:
    nothing_wrong(faults_everywhere(tmp_path, service, 7, step=PAGES[service], offset=11))


@pytest.mark.parametrize("service", REQUESTS)
def test_a_visit_ends_and_all_stays_true_whatever_the_line_does(service: str, tmp_path: Path) -> None:
    nothing_wrong(troubles_everywhere(tmp_path, service, 7, step=REQUESTS[service], offset=3))


def test_an_old_card_that_goes_back_leaves_the_books_when_the_new_one_cannot_be_granted(tmp_path: Path) -> None:
    trials = trouble_at(tmp_path, "HZ02", 7, "grants", Weather.SERVER_ERROR)
    nothing_wrong(trials)
    assert [t.ending for t in trials.trials] == ["needs-a-person"]
