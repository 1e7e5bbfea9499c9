"""`central user add|reset|disable|list`: who may look at the console."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from sqlalchemy.orm import Session

from central.console import accounts
from central.database import migrate, open_database, sqlite_url, transaction
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
            roles = frozenset(Role(word.strip()) for word in options.roles.split(",") if word.strip())
            return accounts.add_user(db, now, ids, options.name, options.shown, roles).as_json()
        case "reset":
            return accounts.reset_user(db, now, ids, options.name).as_json()
        case "disable":
            accounts.disable_user(db, now, "", options.name)
            return {"user": options.name, "disabled": True}
        case _:
            return {
                "users": [
                    {"user": u.name, "shown": u.shown, "roles": sorted(u.held), "disabled": u.disabled}
                    for u in accounts.users(db)
                ]
            }
