"""The straight visit of every service that has a scripted citizen."""

from __future__ import annotations

from types import MappingProxyType

from kiosk.simulation.scripts import exit_entry, household, traffic

SCRIPTS = MappingProxyType(household.SCRIPTS | traffic.SCRIPTS | exit_entry.SCRIPTS)
"""Situation of the person, and what they do, by service."""
