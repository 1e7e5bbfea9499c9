"""`kiosk virtual`: many visits under the virtual clock, in one thread (rule 24).

Equal seeds give equal digests, whatever the folder and the hash seed. Exit status 0, or 1 when something that must be
true after every visit is not.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def run(argv: Sequence[str]) -> int:
    """See the module."""
    from kiosk.nights.many import Untrue, timed_visits

    parser = argparse.ArgumentParser(prog="kiosk virtual")
    parser.add_argument("--visits", type=int, default=100)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--state", type=Path, help="keep every night here; an empty or absent folder")
    options = parser.parse_args(argv)
    # Devices come and go thousands of times on purpose.
    logging.getLogger("kiosk").setLevel(logging.ERROR)
    try:
        if options.state is not None:
            if options.state.exists() and any(options.state.iterdir()):
                print(f"kiosk virtual: {options.state} is not empty", file=sys.stderr)
                return 2
            made = timed_visits(options.state.resolve(), options.visits, options.seed)
        else:
            with tempfile.TemporaryDirectory(prefix="kiosk-virtual-") as folder:
                made = timed_visits(Path(folder), options.visits, options.seed)
    except Untrue as wrong:
        print(f"kiosk virtual: {wrong}", file=sys.stderr)
        return 1
    print(json.dumps(made.as_json(), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
