"""`central user add|reset|disable|list|token|tokens|revoke`: who may look, and what programs show in their place."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from central.console import accounts, tokens
from central.database import migrate, open_database, sqlite_url, transaction
from central.desks.desk import BEIJING
from central.model_console import Role
from central.ports import Ids
from central.problems import Declined
from central.state import State
from central.system import SystemClock, SystemIds


def run(options: argparse.Namespace) -> int:
    """0 and JSON; 1 and why not."""
    state = State(options.state.resolve())
    engine = open_database(options.database or sqlite_url(state.database))
    try:
        migrate(engine)
        with transaction(engine) as db:
            told = _done(options, db, SystemIds())
    except (Declined, ValueError) as wrong:
        print(wrong.problem.detail if isinstance(wrong, Declined) else str(wrong), file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def _done(options: argparse.Namespace, db: Session, ids: Ids) -> dict[str, Any]:
    now = SystemClock().now()
    match options.doing:
        case "add":
            return accounts.add_user(db, now, ids, options.name, options.shown, _roles(options.roles)).as_json()
        case "reset":
            return accounts.reset_user(db, now, ids, options.name).as_json()
        case "disable":
            accounts.disable_user(db, now, "", options.name)
            return {"user": options.name, "disabled": True}
        case "token":
            made = tokens.give(db, now, ids, options.name, options.purpose, _roles(options.roles), options.days)
            return {"number": made.number, "token": made.token, "expires_at": _moment(made.expires_at)}
        case "revoke":
            tokens.revoke(db, now, "", options.name)
            return {"number": options.name, "revoked": True}
        case "tokens":
            return {
                "tokens": [
                    {
                        "number": row.number,
                        "user": row.user,
                        "for": row.purpose,
                        "roles": sorted(row.held),
                        "holds": tokens.holds(row, now),
                        "expires_at": _moment(row.expires_at),
                        "used_at": None if row.used_at is None else _moment(row.used_at),
                    }
                    for row in tokens.tokens(db)
                ]
            }
        case _:
            return {
                "users": [
                    {"user": u.name, "shown": u.shown, "roles": sorted(u.held), "disabled": u.disabled}
                    for u in accounts.users(db)
                ]
            }


def _roles(words: str) -> frozenset[Role]:
    return frozenset(Role(word.strip()) for word in words.split(",") if word.strip())


def _moment(at: datetime) -> str:
    return at.astimezone(BEIJING).isoformat(timespec="seconds")
