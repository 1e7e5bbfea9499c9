"""`central retention --json [--act]`: what would go now, or what goes; and the chain of all that went."""

from __future__ import annotations

import argparse
import json
import sys

from sqlalchemy.exc import OperationalError, ProgrammingError

from central.blobs import Blobs
from central.cupboards import CupboardFailed, open_cupboard
from central.database import open_database, sqlite_url
from central.retention import act, due, proof, rules
from central.state import State
from central.system import SystemClock


def run(options: argparse.Namespace) -> int:
    """0 when the chain of deletions holds; 1 when it does not, or nothing can be read."""
    state = State(options.state.resolve())
    engine = open_database(options.database or sqlite_url(state.database))
    now = SystemClock().now()
    try:
        found = [
            {"class": d.rule.id, "table": d.kept.table, "month": str(d.month), "rows": d.rows}
            for d in due(engine, now)
        ]
        said: dict[str, object] = {"due": found}
        if options.act:
            blobs = Blobs(open_cupboard(options.blobs or state.central / "blobs"))
            said = {"went": act(engine, blobs, now, options.by)}
        whole = proof(engine)
    except (OperationalError, ProgrammingError) as error:
        print(f"no books can be read there: {type(error.orig).__name__}", file=sys.stderr)
        return 1
    except CupboardFailed as failed:
        print(f"what holds the pictures does not answer: {failed}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    kept = [{"class": r.id, "keep_days": r.keep_days, "source": r.source, "as_of": str(r.as_of)} for r in rules()]
    print(json.dumps({"rules": kept, **said, **whole}, ensure_ascii=False, indent=2))
    return 1 if whole["broken_at"] else 0
