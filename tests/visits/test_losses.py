"""Devices lost and back while nobody is served; `make proof` has a thousand of them (part `devices`)."""

from __future__ import annotations

from pathlib import Path

from kiosk.nights.losses import CLOSED_SECONDS, OPEN_SECONDS, WAYS, lose_devices


def test_losing_a_device_closes_only_what_needs_it_and_its_return_opens_that_again(tmp_path: Path) -> None:
    found = lose_devices(tmp_path, 2 * len(WAYS), 7)
    assert found.wrong == []
    assert {(loss.device, loss.way) for loss in found.losses} == set(WAYS)
    assert max(loss.closed for loss in found.losses) <= CLOSED_SECONDS
    assert max(loss.opened for loss in found.losses) <= OPEN_SECONDS
    assert found.messages > len(found.losses)
    assert found.closest >= 1.0
