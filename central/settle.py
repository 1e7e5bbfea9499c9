"""`central settle` and `central load`: what people find and do with documents, written down once."""

from __future__ import annotations

import argparse
import json
import sys

from central.database import sqlite_url
from central.desks.desk import BEIJING, Desk
from central.desks.loading import Two, load_document
from central.desks.settling import Reason, settle_document, settle_effect
from central.handle import Headquarters
from central.ledger import settlement
from central.model import Settlement
from central.problems import Declined
from central.state import State
from central.system import SystemClock, SystemIds, no_pause
from kiosk.people.synthetic import PopulationKey


def run(options: argparse.Namespace) -> int:
    """0 and the settlement as JSON; 1 and why not."""
    state = State(options.state.resolve())
    clock = SystemClock()
    headquarters = Headquarters(
        options.database or sqlite_url(state.database),
        clock,
        SystemIds(),
        state=state.central,
        key=PopulationKey(1, clock.now().astimezone(BEIJING).date()),
        pause=no_pause,
    )

    def act(desk: Desk) -> str:
        if options.command == "load":
            return _shown(load_document(desk, options.name, options.place, Two(options.by, options.beside)))
        reason = Reason(options.by, options.because)
        if options.subject == "document":
            row = settle_document(desk, options.name, options.place, reason)
        else:
            row = settle_effect(desk, options.name, options.outcome, reason)
        return _shown(row)

    try:
        print(headquarters.by_a_person(act))
    except Declined as declined:
        print(f"{declined.problem.code}: {declined.problem.detail}", file=sys.stderr)
        return 1
    finally:
        headquarters.close()
    return 0


def _shown(row: Settlement) -> str:
    return json.dumps(settlement(row), ensure_ascii=False, indent=2)
