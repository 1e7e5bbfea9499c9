"""The wire to headquarters spoiled under a terminal that speaks TLS on it, and mended afterwards."""

from __future__ import annotations

import asyncio

from kiosk.commands.recover import recover
from kiosk.commands.simulated import Sandbox, settings_for
from kiosk.proofs import books
from kiosk.proofs.headless import Errand, Event, visit, words
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.simulation.wandering import Wish


def test_what_cannot_be_sent_to_an_impostor_is_kept_and_sent_later(sandbox: Sandbox) -> None:
    code = "HZ02"
    index = int(sandbox.world.call("find", situation=SCRIPTS[code][0])["person"]["index"])
    spoil = Event("collected", "network", {"state": "wrong-certificate"})
    story = visit(sandbox, Errand(Wish(code), index, events=(spoil,)), words())
    sandbox.world.call("network", state="up")
    assert (story.problem, story.troubles) == ("", [])
    assert story.ending == "pending"
    assert [page for page in story.pages if page != "RatingPage"][-1] in ("ClosingPage", "TellPage")
    found = asyncio.run(recover(settings_for(sandbox), sandbox))
    assert found.waiting == 0
    assert found.cases == ()
    assert books.violations(books.read(sandbox)) == []
