"""Signed sets on a running terminal: published by commands, in force between visits, kept or taken back by itself.

Headquarters, the world and the terminal are processes, the ones of `kiosk run`; the window is there and nobody sees
it. What is in force is read from the terminal's own books, what headquarters heard from its command.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from kiosk.commands.simulated import TERMINAL, ensure_sandbox
from kiosk.proofs import pushed_files
from kiosk.protocol.configuration import ConfigurationSet
from kiosk.settings import Settings

T = TypeVar("T")

DEADLINE_SECONDS = 120.0
LOOK_SECONDS = 0.05
WELL_SECONDS = 60.0
"""So long the terminal gets until it offers its services."""
BACK_SECONDS = 10.0
"""From the fall of its health to the last good set's being in force again."""
SETTLING_SECONDS = 8.0
"""As the keeper has it: what is not ready yet so soon after a wiring is no illness."""

GOOD = """
[services.HZ10]
enabled = false

[appearance]
night_from = 20
themes.day.primary = "#1B4A85"

[fees.id-card-renewal]
fen = 2100

[law.exit-entry-10]
gist = { zh = "推送的要旨", en = "a gist that was pushed" }

[devices.receipt-printer.settings]
baud = "57600"

[maintenance]
corners = "off"
"""
"""A service, hours, looks, a fee, an article, a device's setting and a feature switch at once."""

ILL = """
[cabinet]
boards = [{ address = 9, compartments = 24, columns = 4, closed_contact = "low" }]
"""
"""Can be wired, and then the cabinet does not answer."""

NOT_WIRED = """
[devices.receipt-printer.settings]
no_such_setting = "1"
"""
"""Fits every schema, and no terminal can be made of it."""


class DidNotHold(AssertionError):
    """What was waited for did not come; says what."""


@dataclass
class Shown:
    """Figures of a run, and what did not hold."""

    figures: dict[str, Any] = field(default_factory=dict[str, Any])
    broken: list[str] = field(default_factory=list[str])


def run(state: Path, seed: int) -> Shown:
    """All of it, in a state directory of its own."""
    shown = Shown()
    sandbox = ensure_sandbox(state, seed)
    try:
        _Run(state, shown).all()
    except DidNotHold as wrong:
        shown.broken.append(str(wrong))
    finally:
        sandbox.end()
    return shown


class _Run:
    def __init__(self, state: Path, shown: Shown) -> None:
        self._state = state
        self._shown = shown
        self._sets = 0
        self._process: subprocess.Popen[bytes] | None = None

    def all(self) -> None:
        """Good, ill, not to be wired, killed in the middle; then taken back from headquarters."""
        try:
            self._start()
            before = self._in_force()
            self._kept(before)
            self._brought()
            self._taken_back()
            self._not_wired()
            self._killed()
            self._reverted()
        finally:
            self._end(signal.SIGTERM)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _kept(self, before: dict[str, Any]) -> None:
        began = self._publish(GOOD)
        _ = self._until(lambda: self._changed(before), "the set comes into force")
        self._shown.figures["publish_to_in_force_s"] = round(time.monotonic() - began, 2)
        now = self._in_force()
        for told, wanted, found in (
            ("a service", False, now["services"]["HZ10"]["enabled"]),
            ("hours", 20, now["appearance"]["night_from"]),
            ("appearance", "#1B4A85", now["appearance"]["themes"]["day"]["primary"]),
            ("a fee", 2100, now["fees"]["id-card-renewal"]["fen"]),
            ("an article", "a gist that was pushed", now["law"]["exit-entry-10"]["gist"]["en"]),
            ("a device's setting", "57600", now["devices"]["receipt-printer"]["settings"]["baud"]),
            ("a feature switch", "off", now["maintenance"]["corners"]),
        ):
            if wanted != found:
                self._shown.broken.append(f"{told}: {found!r} is in force, {wanted!r} was pushed")
        _ = self._until(lambda: self._told("in-force"), "headquarters hears that it is kept")
        self._shown.figures["publish_to_kept_s"] = round(time.monotonic() - began, 2)
        _ = self._until(lambda: self._standing()["in_force"] == self._sets, "it is written down as kept")

    def _brought(self) -> None:
        """Texts, a language more, a picture, a voice and a model; one that is broken; and back to none."""
        before = self._in_force()
        content = pushed_files.good()
        began = self._publish(content.settings, content.files)
        _ = self._until(lambda: self._changed(before), "the set with files comes into force")
        self._shown.figures["files_publish_to_in_force_s"] = round(time.monotonic() - began, 2)
        settings = Settings.model_validate(self._in_force())
        lacks = pushed_files.missing(settings, self._files)
        self._shown.broken += [f"not in force as it was pushed: {each}" for each in lacks]
        self._shown.figures["files_kept"] = len(settings.brought.files)
        self._shown.figures["models_among_them"] = sorted(kind.value for kind in settings.brought.models)
        self._shown.figures["bytes_of_files"] = sum(file.size for file in settings.brought.files.values())
        _ = self._until(lambda: self._told("in-force"), "headquarters hears that the set with files is kept")
        held = self._in_force()
        broken = pushed_files.broken_model()
        try:
            _ = self._publish(broken.settings, broken.files)
        except DidNotHold as refused:
            if "models/detector.onnx: is no face-detector" not in str(refused):
                self._shown.broken.append(f"headquarters refuses a broken model with {refused}")
        else:
            self._shown.broken.append("headquarters publishes a broken model")
        self._sign_unseen(broken)
        self._refused("files: models/detector.onnx: is no face-detector")
        if self._in_force() != held:
            self._shown.broken.append("a broken model changed what is in force")
        if len(list(self._files.glob("*"))) != len({file.sha256 for file in settings.brought.files.values()}):
            self._shown.broken.append("files lie on the terminal's disk that no kept set names")
        self._publish(GOOD)
        _ = self._until(lambda: self._in_force()["settings_version"] == before["settings_version"], "none again")
        _ = self._until(lambda: self._told("in-force"), "headquarters hears that the set without files is kept")

    @property
    def _files(self) -> Path:
        return self._state / "configuration" / "files"

    def _sign_unseen(self, content: pushed_files.Content) -> None:
        """As somebody with the keys, who does not ask whether it is good, would sign and send it."""
        from central.configuration.books import FileRows
        from central.configuration.keys import Keys
        from central.configuration.repository import Repository, pinned
        from central.database import open_database, sqlite_url, transaction
        from central.state import State
        from central.system import SystemClock

        place = State(self._state)
        engine = open_database(sqlite_url(place.database))
        try:
            with transaction(engine) as db:
                repository = Repository(FileRows(db), Keys.read([place.online_keys]), SystemClock().now())
                self._sets = repository.newest() + 1
                tree = tomllib.loads(content.settings)
                document = ConfigurationSet(number=self._sets, settings=tree, parts=pinned(content.files))
                repository.publish(document, content.files)
        finally:
            engine.dispose()
        _ = self._central("config", "rollout", str(self._sets), "--by", "ann", "--plan", "at-once")

    def _taken_back(self) -> None:
        good = self._in_force()
        self._publish(ILL)
        _ = self._until(lambda: self._changed(good), "the ill set comes into force")
        ill = time.monotonic()
        _ = self._until(lambda: self._in_force() == good, "the last good set is in force again")
        self._shown.figures["ill_to_back_s"] = round(time.monotonic() - ill, 2)
        # A device that is opened anew is not called ill before it had its time.
        if time.monotonic() - ill > SETTLING_SECONDS + BACK_SECONDS:
            self._shown.broken.append(f"back only after {time.monotonic() - ill:.1f} s")
        self._refused("health")

    def _not_wired(self) -> None:
        began = self._publish(NOT_WIRED)
        self._refused("wiring")
        self._shown.figures["not_wired_to_back_s"] = round(time.monotonic() - began, 2)

    def _killed(self) -> None:
        good = self._in_force()
        kept = self._standing()["in_force"]
        self._publish(GOOD.replace("2100", "2200"))
        _ = self._until(lambda: self._changed(good), "the set comes into force")
        self._end(signal.SIGKILL)
        if self._standing()["trial"] != self._sets:
            self._shown.broken.append("it was not on trial when the terminal was killed")
        began = time.monotonic()
        self._start(ready=False)
        _ = self._until(lambda: self._in_force() == good, "the last good set is in force after the kill")
        self._shown.figures["killed_to_last_good_s"] = round(time.monotonic() - began, 2)
        if self._standing()["in_force"] != kept:
            self._shown.broken.append("another set than the last good one is in force after the kill")
        # The kill says nothing of the set: it is tried again, and kept.
        _ = self._until(lambda: self._told("in-force"), "the set that was cut short is tried again and kept")

    def _reverted(self) -> None:
        good = self._in_force()
        began = time.monotonic()
        told = self._central("config", "revert", str(self._sets), "--by", "bob")
        self._sets = int(told["set"])
        _ = self._until(lambda: self._changed(good), "what was before is in force again")
        self._shown.figures["revert_to_in_force_s"] = round(time.monotonic() - began, 2)
        fee = self._in_force()["fees"]["id-card-renewal"]["fen"]
        if fee != 2100:
            self._shown.broken.append(f"after the revert a fee of {fee} fen is in force")

    # -- headquarters ------------------------------------------------------------------------------------------------

    def _publish(self, settings: str, files: Mapping[str, bytes] | None = None) -> float:
        """To every terminal in one stage; when."""
        folder = Path(tempfile.mkdtemp(dir=self._state, prefix="content-"))
        (folder / "settings.toml").write_text(settings, "utf-8")
        for path, content in (files or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            _ = (folder / path).write_bytes(content)
        self._sets = int(self._central("config", "publish", str(folder))["set"])
        began = time.monotonic()
        _ = self._central("config", "rollout", str(self._sets), "--by", "ann", "--plan", "at-once")
        return began

    def _central(self, *words: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "central", *words, "--state", str(self._state)], capture_output=True, check=False
        )
        if done.returncode != 0:
            raise DidNotHold(f"central {words[1]}: {done.stderr.decode('utf-8', 'replace')[-400:]}")
        return json.loads(done.stdout)

    def _told(self, outcome: str) -> bool:
        for rollout in self._central("config", "status")["rollouts"]:
            if rollout["set"] == self._sets:
                return any(stage.get(TERMINAL) == outcome for stage in rollout["stages"])
        return False

    def _refused(self, why: str) -> None:
        _ = self._until(lambda: self._told("failed"), "headquarters hears that it was taken back")
        refused = {each["number"]: each["why"] for each in self._standing()["refused"]}
        if not refused.get(self._sets, "").startswith(why):
            self._shown.broken.append(f"set {self._sets} was taken back because of {refused.get(self._sets)!r}")

    # -- the terminal ------------------------------------------------------------------------------------------------

    def _start(self, *, ready: bool = True) -> None:
        command = [sys.executable, "-m", "kiosk.commands.terminal_alone", "--state", str(self._state)]
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
        with (self._state / "terminal.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--parent", str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment,
            )
        if ready:
            _ = self._until(lambda: self._books() is not None, "the terminal opens its books")

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
            try:
                _ = self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                _ = self._process.wait(30)
        self._process = None

    def _books(self) -> dict[str, Any] | None:
        file = self._state / "terminal" / "terminal.db"
        try:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as db:
                rows: Sequence[tuple[str]] = db.execute(
                    "SELECT text FROM settings ORDER BY row DESC LIMIT 1"
                ).fetchall()
        except sqlite3.Error:
            return None
        return json.loads(rows[0][0]) if rows else None

    def _in_force(self) -> dict[str, Any]:
        found = self._books()
        if found is None:
            raise DidNotHold("the terminal has no settings in its books")
        return found

    def _changed(self, before: dict[str, Any]) -> bool:
        found = self._books()
        return found is not None and found != before

    def _standing(self) -> dict[str, Any]:
        return json.loads((self._state / "configuration" / "standing.json").read_text("utf-8"))

    def _until(self, what: Callable[[], T], told: str) -> T:
        until = time.monotonic() + DEADLINE_SECONDS
        while True:
            found = what()
            if found:
                return found
            if self._process is not None and self._process.poll() is not None:
                raise DidNotHold(f"the terminal ended before {told}")
            if time.monotonic() > until:
                raise DidNotHold(f"did not happen: {told}")
            time.sleep(LOOK_SECONDS)


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m kiosk.proofs.pushed --state DIR`: the figures as JSON; 1 when something did not hold."""
    parser = argparse.ArgumentParser(prog="pushed")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(argv)
    shown = run(options.state.resolve(), options.seed)
    print(json.dumps({"figures": shown.figures, "broken": shown.broken}, ensure_ascii=False))
    return 1 if shown.broken else 0


if __name__ == "__main__":
    sys.exit(main())
