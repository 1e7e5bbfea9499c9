"""`kiosk services --json`: the services of this terminal as data."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from kiosk.flows.catalogue import FLOWS
from kiosk.settings import load_settings


def run(argv: Sequence[str]) -> int:
    """Prints all 28; `built` says whether this version can carry the service out."""
    parser = argparse.ArgumentParser(prog="kiosk services")
    parser.add_argument("--json", action="store_true", help="JSON (the default is a table)")
    options = parser.parse_args(argv)
    settings = load_settings(None, None)
    rows = [
        {
            "code": service.code,
            "name": {"zh-CN": service.name.zh, "en": service.name.en},
            "branch": service.branch.value,
            "enabled": service.enabled,
            "built": service.code in FLOWS,
            "minutes": service.minutes,
            "needs": list(service.devices),
            "offline": service.offline.value,
        }
        for service in settings.services.values()
    ]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            mark = "open  " if row["enabled"] and row["built"] else "closed"
            print(f"{row['code']}  {mark}  {settings.services[str(row['code'])].name.zh}")
    return 0
