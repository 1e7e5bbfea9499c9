"""kill -9 of the real application in the middle of a visit; recovery from a shell; the same person comes back.

A process kill: what was written stays in the page cache. Devices take their real time, so that the kill comes while
one of them works. `kiosk proof --only kills` does the same some hundreds of times.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.commands.simulated import Sandbox
from kiosk.proofs import books
from kiosk.proofs.killing import Aim, wait_for
from kiosk.simulation.scripts.straight import SCRIPTS
from tests.journeys.places import REPOSITORY, environment, kiosk, ledger

END_SECONDS = 30.0
VISIT_SECONDS = 60.0


@contextmanager
def journey(sandbox: Sandbox, code: str, log: Path, nth: int = 0) -> Generator[subprocess.Popen[bytes]]:
    with log.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "journey", code, "--state", str(sandbox.state), "--nth", str(nth)],
            cwd=REPOSITORY,
            env=environment(),
            stdout=err,
            stderr=err,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(END_SECONDS)


def known_effects(sandbox: Sandbox) -> set[str]:
    return {e.key for e in books.terminal_effects(sandbox.state / "terminal" / "terminal.db")}


def killed(
    sandbox: Sandbox, code: str, when: Aim | Callable[[dict[str, Any]], bool], log: Path
) -> dict[str, books.Effect]:
    """Kill a visit when the books or the world have come so far; its effects by step, as death left them."""
    before = known_effects(sandbox)
    with journey(sandbox, code, log) as process:
        if isinstance(when, Aim):
            assert wait_for(when, sandbox.state, lambda: process.poll() is not None, before), log.read_text()[-2000:]
        else:
            _ = sandbox.world.wait(when, VISIT_SECONDS)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(END_SECONDS)
    found = books.terminal_effects(sandbox.state / "terminal" / "terminal.db")
    return {e.key.split("/")[1]: e for e in found if e.key not in before}


def a_new_card_lies_behind_an_open_door(world: dict[str, Any]) -> bool:
    return any(
        c["door"] == "open" and any(x.startswith("card-") for x in c["contents"]) for c in world["compartments"]
    )


def recovered(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """What the command says of the effects, by step; it is called until no case is open, and once more."""
    told: dict[str, dict[str, Any]] = {}
    for _ in range(4):
        ran = kiosk("recover", "--state", sandbox.state, "--json")
        assert ran.status == 0, ran.err[-2000:]
        found = ran.told
        assert found["outbox_waiting"] == 0
        assert all(e["now"] in ("done", "failed", "in_doubt") for e in found["effects"])
        assert all(e["evidence"] for e in found["effects"] if e["now"] == "in_doubt")
        for effect in found["effects"]:
            told.setdefault(effect["key"].split("/")[1], effect)["now"] = effect["now"]
        if not found["cases"]:
            return told
    raise AssertionError("a case stays open")


def nothing_is_wrong(sandbox: Sandbox) -> None:
    found = books.read(sandbox)
    people = [sandbox.world.call("find", situation=SCRIPTS[code][0])["person"] for code in SCRIPTS]
    assert books.violations(found) == []
    assert books.personal(found, [one[what] for one in people for what in ("number", "name", "phone")]) == []


def comes_back(sandbox: Sandbox, code: str, nth: int = 0) -> dict[str, Any]:
    """The same person, on the real application again; they are told, once it is surely they."""
    ran = kiosk(
        *("journey", code, "--state", sandbox.state, "--nth", str(nth), "--as-it-comes", "--json"),
    )
    assert ran.status == 0, ran.err[-3000:]
    told = ran.told
    pages = told["pages"]
    assert "WelcomeBack" in pages
    assert "FacePage" in pages[: pages.index("WelcomeBack")]
    return told


def test_killed_while_the_door_stands_open_the_card_is_nobodys_claim(sandbox: Sandbox, tmp_path: Path) -> None:
    left = killed(sandbox, "HZ02", a_new_card_lies_behind_an_open_door, tmp_path / "log")
    assert left["new-card"].state == "started"
    assert "opening" in left["new-card"].stages
    told = recovered(sandbox)
    assert told["new-card"]["now"] in ("done", "in_doubt")
    new = [d for d in ledger(sandbox.state)["documents"] if d["kind"] == "new-card" and d["place"] == "in-doubt"]
    assert len(new) == 1, "behind an open door nobody knows where the card is"
    nothing_is_wrong(sandbox)
    (door,) = [c for c in sandbox.world.call("state")["compartments"] if c["door"] == "open"]
    place = {"board": door["board"], "compartment": door["compartment"]}
    sandbox.world.call("take-out", **place)
    sandbox.world.call("door-close", **place)
    back = comes_back(sandbox, "HZ02")
    assert back["outcome"] == "refused", "a person settles where the card is"
    nothing_is_wrong(sandbox)


def test_killed_after_the_money_was_taken_the_application_is_filed(sandbox: Sandbox, tmp_path: Path) -> None:
    left = killed(sandbox, "HZ01", Aim(1, "ended", 0.0), tmp_path / "log")
    assert left["pay"].state == "done"
    told = recovered(sandbox)
    assert told["application"]["now"] == "done"
    (payment,) = [p for p in ledger(sandbox.state)["payments"] if p["visit"] == told["pay"]["case"]]
    assert payment["state"] == "captured" and payment["used_by"]
    nothing_is_wrong(sandbox)
    assert comes_back(sandbox, "HZ01")["outcome"] == "refused", "an application is under way"
    nothing_is_wrong(sandbox)


def whole_slips(sandbox: Sandbox) -> int:
    """Slips marked at their head and at their foot: a piece cut off behind a kill is none."""
    papers = sandbox.world.call("papers")["papers"]
    return sum(1 for p in papers if p["device"] == "receipt-printer" and p["text"].count("不作凭证") == 2)


def test_killed_in_the_middle_of_printing_the_paper_is_never_printed_again(sandbox: Sandbox, tmp_path: Path) -> None:
    left = killed(sandbox, "JG01", Aim(3, "stage", 0.3), tmp_path / "log")
    assert left["violation-slip"].state == "started"
    assert left["violation-slip"].stages == ("sending",)
    slips = whole_slips(sandbox)
    told = recovered(sandbox)
    assert told["violation-slip"]["now"] == "in_doubt"
    assert whole_slips(sandbox) in (slips, slips + 1)
    nothing_is_wrong(sandbox)
    back = comes_back(sandbox, "JG01")
    assert back["outcome"] in ("done", "refused")
    nothing_is_wrong(sandbox)


def test_recovery_where_no_terminal_ever_ran_says_so(tmp_path: Path) -> None:
    ran = kiosk("recover", "--state", tmp_path / "nowhere", "--json")
    assert ran.status == 3
    assert "no terminal ever ran" in ran.err
    assert not (tmp_path / "nowhere").exists()
