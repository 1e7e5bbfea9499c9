"""`central door open`: a person on duty lets somebody in, with a reason on record."""

from __future__ import annotations

import argparse
import json
import sys

from central.database import sqlite_url
from central.desks.desk import BEIJING, Desk
from central.desks.doors import described, order_door
from central.desks.settling import Reason
from central.handle import Headquarters
from central.problems import Declined
from central.state import State
from central.system import SystemClock, SystemIds, no_pause
from kiosk.people.synthetic import PopulationKey


def run(options: argparse.Namespace) -> int:
    """0 and the order as JSON; 1 and why not."""
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
        row = order_door(desk, options.terminal, Reason(options.by, options.because))
        return json.dumps(described(row, desk.now), ensure_ascii=False, indent=2)

    try:
        print(headquarters.by_a_person(act))
    except Declined as declined:
        print(f"{declined.problem.code}: {declined.problem.detail}", file=sys.stderr)
        return 1
    finally:
        headquarters.close()
    return 0
