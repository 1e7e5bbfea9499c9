"""The two proofs about faces walk their paths once, with few people."""

from __future__ import annotations

from pathlib import Path

from kiosk.devices.camera.contract import Advice
from kiosk.proofs import portraits


def test_people_in_every_condition(models: Path) -> None:
    tallies, _ = portraits.run(models, 2, 1)
    assert {name: tally.people for name, tally in tallies.items()} == {c.name: 2 for c in portraits.CONDITIONS}
    for condition in portraits.CONDITIONS:
        tally = tallies[condition.name]
        assert tally.as_expected == 2, (condition.name, tally.others)
        assert tally.taken == (2 if condition.expected is Advice.GOOD else 0)
    assert portraits.wrongly_taken(tallies) == 0
