"""Which services are offered: read from the catalogue, so that whoever asks knows a new one by itself."""

from __future__ import annotations

from functools import cache

from kiosk.flows.catalogue import FLOWS
from kiosk.settings import load_settings
from kiosk.settings.model import Service
from kiosk.simulation.scripts.straight import SCRIPTS

THOROUGH = ("HZ01", "HZ02", "JG01", "JG02", "JG05")
"""Visits that the tests break in many places: a document taken in and one handed out, a decision, a fine, a fee.

`kiosk proof` breaks those of every service that is offered; this is what there is time for in ten minutes.
"""
MEASURED = ("HZ01", "HZ02", "JG01")
"""Visits that are measured and killed again and again: those the goals are stated for."""


@cache
def catalogue() -> tuple[Service, ...]:
    """All of the packaged catalogue, in its order."""
    return tuple(load_settings(None, None).services.values())


def offered() -> tuple[str, ...]:
    """Codes of what is enabled and built and has a scripted citizen, in the catalogue's order."""
    return tuple(s.code for s in catalogue() if s.enabled and s.code in FLOWS and s.code in SCRIPTS)


def service(code: str) -> Service:
    """One of the 28. Raises KeyError."""
    return {s.code: s for s in catalogue()}[code]
