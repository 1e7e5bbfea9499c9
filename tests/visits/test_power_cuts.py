"""The process dies at boundaries picked from all of a visit; `make proof` takes each.

A process kill: what was written stays written, the devices and headquarters go on.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.nights.kills import kill_everywhere

EVERY = {"HZ01": 139, "HZ02": 163, "JG01": 173}


@pytest.mark.parametrize("service", EVERY)
def test_after_a_kill_nothing_is_lost_or_doubled_and_the_citizen_is_told(service: str, tmp_path: Path) -> None:
    deaths = kill_everywhere(tmp_path, service, 7, step=EVERY[service], offset=29)
    assert deaths.boundaries > 100
    assert deaths.deaths
    assert deaths.wrong == ()
    for death in deaths.deaths:
        assert all(now in ("done", "failed", "in_doubt") for _, _, now in death.effects)
        assert death.next_ending in ("done", "refused", "nothing-due")
