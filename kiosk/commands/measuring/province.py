"""What a province needs in machines: a computation from measured figures, with every assumption in it named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.commands.measuring.amounts import Visit

_DAY = 86_400
_MIB, _GIB = 2**20, 2**30


@dataclass(frozen=True, slots=True)
class Province:
    """Who is there. At `peak_visits` a second, as many visits begin as end."""

    terminals: int = 10_000
    visits_a_day: int = 600_000
    peak_visits: float = 25.0
    heartbeat_seconds: float = 30.0
    visit_seconds: float = 180.0
    """How long one lasts: so long its terminal sends rows of its audit chain at each beat, and once afterwards."""

    @property
    def beats(self) -> float:
        """Heartbeats a second."""
        return self.terminals / self.heartbeat_seconds

    @property
    def chains(self) -> float:
        """Requests with rows of the audit chain, for each visit."""
        return self.visit_seconds / self.heartbeat_seconds + 1


def needs(measured: Mapping[str, Any], visit: Visit, asked: Province) -> dict[str, float]:
    """At the peak and in a day, from one database's figures as the bench tells them.

    What a visit asks and what tells of its audit chain are taken to cost as much as a filing does; a core is one
    wholly busy; nothing is added for a machine that fails.
    """
    filing, beat, backlog = measured["ingest"], measured["heartbeat"], measured["backlog"]
    by_visit = visit.requests + asked.chains
    others = asked.peak_visits * by_visit
    chain_row = (backlog["stored_mib"] * _MIB - backlog["filings"] * filing["stored_bytes"]) / backlog["audit_rows"]
    beats_a_day, others_a_day = asked.beats * _DAY, asked.visits_a_day * by_visit
    pictures = asked.peak_visits * visit.picture_bytes
    up = asked.beats * beat["on_line_bytes"]["up"] + others * filing["on_line_bytes"]["up"] + pictures
    down = asked.beats * beat["on_line_bytes"]["down"] + others * filing["on_line_bytes"]["down"]
    told = {
        "heartbeats_per_s": asked.beats,
        "requests_of_visits_per_s": asked.peak_visits * visit.requests,
        "audit_requests_per_s": asked.peak_visits * asked.chains,
        "server_cores": _cores("server_cpu_ms", beat, filing, asked.beats, others),
        "database_cores": _cores("database_cpu_ms", beat, filing, asked.beats, others),
        "to_disk_mib_per_s": (asked.beats * beat["to_disk_bytes"] + others * filing["to_disk_bytes"]) / _MIB,
        "to_disk_gib_a_day": (beats_a_day * beat["to_disk_bytes"] + others_a_day * filing["to_disk_bytes"]) / _GIB,
        "filings_gib_a_day": asked.visits_a_day * visit.outbox_rows * filing["stored_bytes"] / _GIB,
        "audit_gib_a_day": asked.visits_a_day * visit.audit_rows * chain_row / _GIB,
        "pictures_gib_a_day": asked.visits_a_day * visit.picture_bytes / _GIB,
        "up_mbit_per_s": 8 * up / 1e6,
        "down_mbit_per_s": 8 * down / 1e6,
        "three_days_of_all_core_hours": asked.visits_a_day
        * 3
        * (visit.outbox_rows + visit.audit_rows)
        * backlog["cpu_ms_per_row"]
        / 3.6e6,
    }
    return {name: float(f"{value:.3g}") for name, value in told.items()}


def _cores(name: str, beat: Mapping[str, Any], filing: Mapping[str, Any], beats: float, others: float) -> float:
    return (beats * beat[name] + others * filing[name]) / 1000
