"""One lane of kills: `python -m kiosk.proofs.lane --state DIR --kills N --seed S --out FILE`.

A world and a headquarters live on while terminals are made, killed with SIGKILL at a moment drawn by chance,
recovered in a new process, and visited again by the same person. After each recovery the books are held against the
world. A process kill: what was written stays in the page cache; lost or torn writes are not tried here.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psutil

from kiosk.commands.recover import recover
from kiosk.commands.simulated import Sandbox, ensure_sandbox, settings_for
from kiosk.proofs import books
from kiosk.proofs.headless import Errand, fork_visit, words
from kiosk.proofs.killing import Aim, wait_for
from kiosk.screens.words import Words
from kiosk.simulation.client import WorldError
from kiosk.simulation.wandering import Wish

PEOPLE = {
    "HZ02": (("card-finished-renewal", 7), ("card-finished-loss", 4)),
    "JG01": (("violation-simple", 12),),
    "HZ01": (("renewal-due", 12),),
}
"""Who comes for what; situations, and how many people of each."""
SERVICES = tuple(PEOPLE)
END_SECONDS = 150.0
ORPHAN_SECONDS = 3.0
TRIES = 3
"""Recoveries after which a case is closed in any event (rule 16)."""
RETURNS = 3
"""Visits in which a person must be recognised once."""


@dataclass
class Killed:
    """One kill and what came of it. `broken` is what did not hold."""

    number: int
    code: str
    aim: dict[str, Any]
    hit: bool
    reaction: str = ""
    at_death: list[str] = field(default_factory=list[str])
    recovered: list[str] = field(default_factory=list[str])
    recoveries: int = 0
    told: list[str] = field(default_factory=list[str])
    return_ended: str = ""
    verdicts: list[str] = field(default_factory=list[str])
    """What the factors said of the person who came back, visit after visit."""
    unrecognised: int = 0
    """Visits in which they could not be recognised; nobody is told anything then, and they come once more."""
    broken: list[str] = field(default_factory=list[str])
    seconds: float = 0.0


class Lane:
    """Kills one after another in one folder of states."""

    def __init__(self, folder: Path, seed: int, pace: float) -> None:
        self._folder = folder
        self._rng = random.Random(seed)
        self._seed = seed
        self._pace = pace
        self._texts: dict[str, Words] = words()
        self._sandbox: Sandbox | None = None
        self._generation = 0
        self._queues: dict[str, list[int]] = {}
        self._secrets: list[str] = []
        self._number = 0

    # -- a world and its people --------------------------------------------------------------------------------------

    def _person(self, code: str) -> tuple[Sandbox, int]:
        if self._sandbox is None or not self._queues[code]:
            self.end()
            self._generation += 1
            state = self._folder / f"state-{self._generation:02d}"
            self._sandbox = ensure_sandbox(state, self._seed * 100 + self._generation, pace=self._pace)
            self._queues = {c: self._people(self._sandbox, c) for c in SERVICES}
        return self._sandbox, self._queues[code].pop(0)

    def _people(self, sandbox: Sandbox, code: str) -> list[int]:
        found: list[int] = []
        for situation, count in PEOPLE[code]:
            for nth in range(count):
                with contextlib.suppress(WorldError):
                    person = sandbox.world.call("find", situation=situation, nth=nth)["person"]
                    found.append(int(person["index"]))
                    self._secrets += [person["number"], person["name"], person["phone"]]
        self._rng.shuffle(found)
        return found

    def end(self) -> None:
        """End headquarters and the world, and throw their folder away."""
        if self._sandbox is not None:
            self._sandbox.end()
            shutil.rmtree(self._sandbox.state, ignore_errors=True)
            self._sandbox = None

    # -- one kill ----------------------------------------------------------------------------------------------------

    def one(self) -> Killed:
        """Kill a visit, recover, compare, and let the person come back."""
        began = time.monotonic()
        code = SERVICES[self._number % len(SERVICES)]
        self._number += 1
        sandbox, index = self._person(code)
        aim = Aim.draw(self._rng, code)
        killed = Killed(self._number, code, asdict(aim), hit=False)
        before = {e.key for e in _effects(sandbox)}
        killed.hit = self._visit_and_kill(sandbox, Errand(Wish(code), index, self._language()), aim, before, killed)
        for effect in _effects(sandbox):
            if effect.key not in before:
                killed.at_death.append(f"{effect.key.split('/')[-2]}:{effect.state}:{','.join(effect.stages)}")
        early = self._rng.random() < 0.5
        if early:
            killed.reaction = self._react(sandbox, index)
        self._recover(sandbox, killed)
        if not early:
            killed.reaction = self._react(sandbox, index)
        self._compare(sandbox, killed, "after recovery")
        wish = Wish(code, leaves_when_told=self._rng.random() < 0.5)
        self._come_back(sandbox, Errand(wish, index, self._language()), before, killed)
        self._compare(sandbox, killed, "after the next visit")
        self._tidy(sandbox)
        killed.seconds = round(time.monotonic() - began, 1)
        return killed

    def _language(self) -> str:
        return self._rng.choice(("zh-CN", "en"))

    def _visit_and_kill(self, sandbox: Sandbox, errand: Errand, aim: Aim, before: set[str], killed: Killed) -> bool:
        story, log = self._folder / "story.json", self._folder / "terminal.log"
        story.unlink(missing_ok=True)
        pid = _forked(sandbox, errand, self._texts, story, log)
        try:
            if not wait_for(aim, sandbox.state, lambda: _over(pid), before):
                _end_of(pid)
                killed.broken += _what_was_wrong(story, log, "the visit that was to be killed")
                return False
            os.kill(pid, signal.SIGKILL)
            _end_of(pid)
        finally:
            log.replace(log.with_suffix(".last"))
        killed.broken += _orphans(pid)
        return True

    def _recover(self, sandbox: Sandbox, killed: Killed) -> None:
        """In a new process each time, until every case is closed; once with the real command line in ten."""
        by_command = self._rng.random() < 0.1
        for attempt in range(1, TRIES + 2):
            found = _recover_by_command(sandbox) if by_command else _recover_in_child(sandbox, self._folder)
            if isinstance(found, str):
                killed.broken.append(found)
                return
            if any(e["now"] == "started" for e in found["effects"]):
                killed.broken.append("an effect is left started by the recovery")
            if found["outbox_waiting"]:
                killed.broken.append(f"{found['outbox_waiting']} messages were left waiting")
            if not found["cases"]:
                return
            killed.recoveries = attempt
            for effect in found["effects"]:
                killed.recovered.append(f"{effect['key'].split('/')[-2]}:{effect['was']}>{effect['now']}")
                if effect["now"] == "in_doubt" and not effect["evidence"]:
                    killed.broken.append("an effect is in doubt without evidence")
            if all(c["closed"] for c in found["cases"]):
                by_command = False
                continue
        killed.broken.append(f"the case is still open after {TRIES + 1} recoveries")

    def _compare(self, sandbox: Sandbox, killed: Killed, when: str) -> None:
        found = books.read(sandbox)
        wrong = [*books.violations(found), *books.personal(found, self._secrets)]
        killed.broken += [f"{when}: {what}" for what in wrong]

    def _come_back(self, sandbox: Sandbox, errand: Errand, before: set[str], killed: Killed) -> None:
        for _ in range(RETURNS):
            owed = _owed_a_word(sandbox, before)
            told_since = _audit_rows(sandbox)
            pages = self._visit_again(sandbox, errand, killed)
            if pages is None:
                return
            verdicts = _verdicts(sandbox, told_since)
            killed.verdicts += verdicts
            welcomed = "WelcomeBack" in pages
            if welcomed and {"FacePage", "FingerPage"}.isdisjoint(pages[: pages.index("WelcomeBack")]):
                killed.broken.append("who came back was told before they were known")
            if welcomed and not owed:
                killed.broken.append("who came back was told something")
            if welcomed or not owed:
                return
            if "finger matched" in verdicts:
                killed.broken.append("who came back was told nothing")
                return
            killed.unrecognised += 1
            self._tidy(sandbox)
        killed.broken.append(f"who came back was not recognised in {RETURNS} visits")

    def _visit_again(self, sandbox: Sandbox, errand: Errand, killed: Killed) -> list[str] | None:
        """The pages they saw; None when that visit did not end by itself."""
        story, log = self._folder / "story.json", self._folder / "terminal.log"
        story.unlink(missing_ok=True)
        pid = _forked(sandbox, errand, self._texts, story, log)
        if not _end_of(pid):
            killed.broken.append("the next visit did not end")
        killed.broken += _what_was_wrong(story, log, "the next visit")
        log.replace(log.with_suffix(".next"))
        if not story.exists():
            return None
        told = json.loads(story.read_text("utf-8"))
        killed.return_ended = f"{told['ending']} {told['topic']}".strip()
        killed.told = [fact for fact, _ in told["told"]]
        return told["pages"]

    # -- what people do when the screen goes dark --------------------------------------------------------------------

    def _react(self, sandbox: Sandbox, index: int) -> str:
        """Take the card off the reader; do something about an open door; leave."""
        world, did = sandbox.world, list[str]()
        state = world.call("state")
        if state["reader"] is not None:
            world.call("take-card")
            did.append("takes-card")
        for door in [c for c in state["compartments"] if c["door"] == "open"]:
            place = {"board": door["board"], "compartment": door["compartment"]}
            own = f"own-{index:04d}"
            what = self._rng.random()
            if door["contents"] and what < 0.6:
                world.call("take-out", **place)
                did.append("takes-out")
                # Nobody pushes a door shut behind a card they came for and did not take.
                if self._rng.random() < 0.8:
                    world.call("door-close", **place)
                    did.append("shuts")
            elif not door["contents"] and own in world.call("state")["hand"] and what < 0.4:
                world.call("put-in", item=own, **place)
                world.call("door-close", **place)
                did.append("puts-in, shuts")
            elif not door["contents"] and what < 0.7:
                world.call("door-close", **place)
                did.append("shuts")
            else:
                did.append("leaves-open")
        world.call("person-leaves")
        return ", ".join(did)

    def _tidy(self, sandbox: Sandbox) -> None:
        """Staff push doors shut; whoever stood there has gone."""
        world = sandbox.world
        state = world.call("state")
        if state["reader"] is not None:
            world.call("take-card")
        for door in [c for c in state["compartments"] if c["door"] == "open"]:
            world.call("door-close", board=door["board"], compartment=door["compartment"])
        with contextlib.suppress(WorldError):
            world.call("take-paper")
        world.call("person-leaves")


# -- processes


def _forked(sandbox: Sandbox, errand: Errand, texts: dict[str, Words], story: Path, log: Path) -> int:
    if threading.active_count() != 1:
        raise RuntimeError("a process with threads cannot be forked safely")
    return fork_visit(sandbox, errand, texts, story, log)


def _end_of(pid: int) -> bool:
    """Wait for a child; False when it had to be killed because it did not end."""
    until = time.monotonic() + END_SECONDS
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0] == pid:
            return True
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def _over(pid: int) -> bool:
    """Whether a child has ended; it is left to be waited for."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _orphans(group: int) -> list[str]:
    """What the dead terminal left running."""
    until = time.monotonic() + ORPHAN_SECONDS
    while left := _in_group(group):
        if time.monotonic() > until:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            return [f"{len(left)} processes of the dead terminal live on"]
        time.sleep(0.02)
    return []


def _in_group(group: int) -> list[int]:
    found: list[int] = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


def _recover_by_command(sandbox: Sandbox) -> dict[str, Any] | str:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "recover", "--state", str(sandbox.state), "--json"],
        capture_output=True,
        timeout=END_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        if not (sandbox.state / "terminal" / "terminal.db").exists():
            return {"effects": [], "cases": [], "outbox_waiting": 0}
        return f"kiosk recover ended with status {done.returncode}"
    return json.loads(done.stdout)


def _recover_in_child(sandbox: Sandbox, folder: Path) -> dict[str, Any] | str:
    result, log = folder / "recovered.json", folder / "recover.log"
    result.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            with log.open("wb") as err:
                os.dup2(err.fileno(), 2)
            logging.basicConfig(stream=sys.stderr, level=logging.INFO, force=True)
            found = asyncio.run(recover(settings_for(sandbox), sandbox))
            result.write_text(json.dumps(found.as_json()), "utf-8")
            status = 0
        finally:
            os._exit(status)
    _end_of(pid)
    if not result.exists():
        return "the recovery failed: " + log.read_text("utf-8", "replace")[-300:]
    return json.loads(result.read_text("utf-8"))


def _what_was_wrong(story: Path, log: Path, which: str) -> list[str]:
    text = log.read_text("utf-8", "replace") if log.exists() else ""
    wrong: list[str] = []
    if "Traceback" in text:
        wrong.append(f"{which} logged a traceback: {text[text.rindex('Traceback') :][-300:]}")
    if not story.exists():
        return [*wrong, f"{which} left no story"]
    told = json.loads(story.read_text("utf-8"))
    if told["problem"]:
        wrong.append(f"{which}: {told['problem']}")
    wrong += [f"{which} logged: {line}" for line in told["troubles"]]
    return wrong


def _effects(sandbox: Sandbox) -> tuple[books.Effect, ...]:
    return books.terminal_effects(sandbox.state / "terminal" / "terminal.db")


def _owed_a_word(sandbox: Sandbox, before: set[str]) -> bool:
    """Whether the books hold a case of the killed visit that did not end with its citizen there."""
    file = sandbox.state / "terminal" / "terminal.db"
    if not file.exists():
        return False
    cases = {key.partition("/")[0] for key in before}
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT case_id, how, tries FROM cases WHERE told IS NULL").fetchall()
    return any(case not in cases and (how != "finished" or tries > 0) for case, how, tries in rows)


def _audit_rows(sandbox: Sandbox) -> int:
    file = sandbox.state / "terminal" / "terminal.db"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return db.execute("SELECT coalesce(max(row), 0) FROM audit").fetchone()[0]


def _verdicts(sandbox: Sandbox, since: int) -> list[str]:
    """What face and finger were found to be since that row of the audit chain."""
    file = sandbox.state / "terminal" / "terminal.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        rows = [json.loads(text) for (text,) in db.execute("SELECT text FROM audit WHERE row > ?", (since,))]
    words = {"face-compared": "face", "finger-compared": "finger"}
    return [f"{words[row['event']]} {row['details']['verdict']}" for row in rows if row["event"] in words]


def main(argv: Sequence[str] | None = None) -> int:
    """The command line; one line of JSON a kill in the file."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.proofs.lane")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=1e9, help="begin no kill after so many")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(argv)
    options.state.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    lane = Lane(options.state.resolve(), options.seed, options.pace)
    hits = 0
    try:
        with options.out.open("w", encoding="utf-8") as out:
            while hits < options.kills and time.monotonic() - began < options.seconds:
                killed = lane.one()
                hits += killed.hit
                out.write(json.dumps(asdict(killed), ensure_ascii=False) + "\n")
                out.flush()
    finally:
        lane.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
