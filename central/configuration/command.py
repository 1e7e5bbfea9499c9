"""`central config`: what is checked, signed and sent on its way by a person at headquarters."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from central.configuration import books
from central.configuration.content import NotGood, read_set
from central.configuration.keys import Keys
from central.configuration.repository import NotSigned, Repository
from central.configuration.rollout import NotAllowed, Progress, Rollout
from central.database import migrate, open_database, sqlite_url, transaction
from central.state import State
from central.system import SystemClock
from central.tables import load_tables
from kiosk.protocol.configuration import ConfigurationSet

_WRONG = 1


def run(options: argparse.Namespace) -> int:
    """0 and JSON; 1 and why not."""
    state = State(options.state.resolve())
    if not options.database and not state.database.is_file() and options.doing != "check":
        print("no database here", file=sys.stderr)
        return _WRONG
    try:
        if options.doing == "check":
            content = read_set(options.folder, 1, _halls())
            document = content.document
            told = {"good": True, "groups": len(document.groups), "terminals": len(document.terminals)}
            print(json.dumps(told | ({"files": len(content.parts)} if content.parts else {})))
            return 0
        engine = open_database(options.database or sqlite_url(state.database))
        try:
            migrate(engine)
            with transaction(engine) as db:
                told = _done(options, db)
        finally:
            engine.dispose()
    except (NotGood, NotSigned, NotAllowed, OSError, ValueError) as wrong:
        print(str(wrong), file=sys.stderr)
        return _WRONG
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def _done(options: argparse.Namespace, db: Session) -> dict[str, Any]:
    now = SystemClock().now()
    files = books.FileRows(db)
    match options.doing:
        case "init":
            if files.get("metadata/timestamp.json") is not None:
                raise NotAllowed("there is a repository already")
            keys = Keys.fresh()
            keys.write(options.offline, options.online)
            _ = options.root.write_bytes(Repository(files, keys, now).create())
            return {"root": str(options.root)}
        case "publish":
            repository = Repository(files, _keys(options), now)
            content = read_set(options.folder, repository.newest() + 1, _halls())
            repository.publish(content.document, content.parts)
            return {"set": content.document.number}
        case "refresh":
            Repository(files, _keys(options), now).refresh()
            return {"refreshed": now.isoformat()}
        case "rollout":
            if options.number != Repository(files, Keys(), now).newest():
                raise NotAllowed("only the newest set is sent on its way; what is older comes by revert")
            if books.read(db, options.number) is not None:
                raise NotAllowed("it is on its way already")
            return _told(books.started(db, options.number, _halls(), options.by, now, options.plan))
        case "pause":
            return _changed(db, _read(db, options.number).at_time(now).paused(options.by), now)
        case "resume":
            return _changed(db, _read(db, options.number).at_time(now).resumed(options.by, now), now)
        case "revert":
            return _reverted(options, db, Repository(files, _keys(options), now))
        case _:
            found = (books.read(db, number) for number in books.rollouts(db))
            return {"rollouts": [_told(each.at_time(now)) for each in found if each is not None]}


def _keys(options: argparse.Namespace) -> Keys:
    """Those of the folders that were named, else a sandbox's own."""
    return Keys.read(options.keys or [State(options.state.resolve()).online_keys])


def _reverted(options: argparse.Namespace, db: Session, repository: Repository) -> dict[str, Any]:
    """The set before it, under a new number and to everybody at once: it is what they had."""
    rollout = _read(db, options.number).reverted()
    earlier = [number for number in books.rollouts(db) if number < options.number]
    good = next((n for n in earlier if _was_for_all(_read(db, n))), 0)
    content = repository.set(good) if good else ConfigurationSet(number=1)
    again = content.model_copy(update={"number": repository.newest() + 1})
    repository.publish(again, repository.parts(content))
    now = repository.now
    books.write(db, rollout, now)
    return {"instead": good, **_told(books.started(db, again.number, _halls(), options.by, now, books.AT_ONCE))}


def _was_for_all(rollout: Rollout) -> bool:
    """Done, or on its way to everybody at once: what the fleet had, but for those that did not answer yet."""
    at_once = rollout.plan == books.PLANS[books.AT_ONCE] and rollout.progress is Progress.RUNNING
    return at_once or rollout.progress is Progress.DONE


def _read(db: Session, number: int) -> Rollout:
    rollout = books.read(db, number)
    if rollout is None:
        raise NotAllowed(f"set {number} is not on its way")
    return rollout


def _changed(db: Session, rollout: Rollout, now: datetime) -> dict[str, Any]:
    books.write(db, rollout, now)
    return _told(rollout)


def _told(rollout: Rollout) -> dict[str, Any]:
    return {
        "set": rollout.set,
        "progress": rollout.progress.value,
        "why": rollout.why,
        "stage": rollout.at + 1,
        "stages": [
            {each: getattr(rollout.outcomes.get(each), "value", "") for each in members}
            for members in rollout.members
        ],
    }


def _halls() -> dict[str, str]:
    return {name: terminal.site for name, terminal in load_tables().terminals.items()}
