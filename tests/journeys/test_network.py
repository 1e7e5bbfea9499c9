"""The wire to headquarters spoiled under a terminal that speaks TLS on it, and mended afterwards."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.commands.recover import recover
from kiosk.commands.simulated import Sandbox, settings_for
from kiosk.proofs import books
from kiosk.proofs.headless import Errand, Event, visit, words
from kiosk.simulation.citizen import SCRIPTS
from kiosk.simulation.wandering import Wish


@pytest.mark.parametrize(
    ("code", "step", "network", "ending"),
    [
        ("HZ02", "collected", "wrong-certificate", "pending"),
        ("JG01", "licence", "down", "refused"),
    ],
)
def test_what_cannot_be_sent_now_is_kept_and_sent_later(
    sandbox: Sandbox, code: str, step: str, network: str, ending: str
) -> None:
    index = int(sandbox.world.call("find", situation=SCRIPTS[code][0])["person"]["index"])
    spoil = Event(step, "network", {"state": network})
    story = visit(sandbox, Errand(Wish(code), index, events=(spoil,)), words())
    sandbox.world.call("network", state="up")
    assert (story.problem, story.troubles) == ("", [])
    assert story.ending == ending
    assert [page for page in story.pages if page != "RatingPage"][-1] in ("ClosingPage", "TellPage")
    found = asyncio.run(recover(settings_for(sandbox), sandbox))
    assert found.waiting == 0
    assert found.cases == ()
    assert books.violations(books.read(sandbox)) == []
