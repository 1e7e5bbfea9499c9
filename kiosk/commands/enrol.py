"""`kiosk enrol`: become a terminal of the fleet, with a code that headquarters gave out for it.

The code is a line of standard input, never echoed, so that it stands in no list of processes. The authority's
certificate and the station file are laid on the machine before. Exit status 0 when enrolled; 1 when headquarters says
no; 3 when it cannot be asked or the machine is not ready for it. Safe to repeat: the same code gets the same
certificate.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kiosk.settings import Settings, SettingsError, load_settings

REFUSED, NOT_READY = 1, 3

_SAID = {
    "code": "the code is wrong, used, void or over, or was given out for another terminal",
    "hardware": "this terminal was invited with a key module: name it in the station file",
    "proof": "headquarters does not accept the key module's signature",
    "blocked": "another terminal has this key: this machine's disk is a copy; remove the folder identities",
    "request": "headquarters does not sign this request",
}


def run(argv: Sequence[str]) -> int:
    """See the module."""
    parser = argparse.ArgumentParser(prog="kiosk enrol", description="become a terminal of the fleet")
    parser.add_argument("--station", type=Path, required=True, help="the station file")
    options = parser.parse_args(argv)
    try:
        settings = load_settings(options.station)
    except SettingsError as wrong:
        print(f"kiosk enrol: {wrong}", file=sys.stderr)
        return NOT_READY
    code = (getpass.getpass("code: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    status, told = asyncio.run(enrolled(settings, code))
    if status:
        print(f"kiosk enrol: {told['problem']}", file=sys.stderr)
    else:
        print(json.dumps(told))
    return status


async def enrolled(settings: Settings, code: str) -> tuple[int, dict[str, Any]]:
    """Exit status, and what to print: the terminal with its certificate's end, or what is in the way."""
    from kiosk.backend.exchange import Rejected, Unreachable
    from kiosk.backend.proof import NoKey
    from kiosk.enrolment.enrolling import NothingToRenew
    from kiosk.enrolment.identity import enrolment_of
    from kiosk.enrolment.keys import NotOurs
    from kiosk.times import ThreadWorker

    hq, worker = settings.headquarters, ThreadWorker("enrolment")
    enrolment = enrolment_of(hq, settings.terminal.name, worker)
    if enrolment is None:
        return NOT_READY, {"problem": "the station file does not say where: headquarters.enrolment"}
    if not hq.file(hq.authority).is_file():
        return NOT_READY, {"problem": "the authority's certificate is not there: headquarters.authority"}
    try:
        until = await enrolment.enrol(code)
    except Rejected as no:
        return REFUSED, {"problem": _SAID.get(no.problem.code, no.problem.code)}
    except Unreachable as failure:
        return NOT_READY, {"problem": f"headquarters cannot be asked: {failure}"}
    except NoKey as failure:
        return NOT_READY, {"problem": str(failure)}
    except NothingToRenew:
        return NOT_READY, {
            "problem": "certificate and key lie where somebody else put them; name a folder of their own"
        }
    except (NotOurs, OSError) as failure:
        return NOT_READY, {"problem": f"the certificate cannot be kept ({type(failure).__name__})"}
    finally:
        await worker.close()
    key = "file" if hq.module is None else "module"
    return 0, {"terminal": settings.terminal.name, "key": key, "until": until.isoformat(timespec="seconds")}
