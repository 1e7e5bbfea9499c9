"""Which task answers to which code, who may do it, and how many it takes. A table, as for services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from kiosk.flows.play import Flow
from kiosk.flows.steps import Phase
from kiosk.maintenance.bins import empty_bin
from kiosk.maintenance.cabinet_tasks import load_documents, unload_documents
from kiosk.maintenance.doors import free_door
from kiosk.maintenance.doubts import settle_doubts
from kiosk.maintenance.line import check_line, enrol_anew
from kiosk.maintenance.records import read_records
from kiosk.maintenance.settings import configure
from kiosk.maintenance.tasks import calibrate, exchange_supply, hand_back, mend_fault, prove_readiness
from kiosk.people.staff import Role

LOADING = "MT01"
EXCHANGE = "MT02"
REPAIR = "MT03"
READINESS = "MT04"
HANDOVER = "MT06"
RECORDS = "MT10"
SETTINGS = "MT11"
DOUBTS = "MT12"
BIN = "MT13"
STUCK_DOOR = "MT14"
CALIBRATION = "MT20"
LINE = "MT21"
ENROLMENT = "MT22"
UNLOADING = "MT07"


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `roles` may do it; with `people` 2 a second person signs in first, for this one task.

    The second one is of `beside`, or of `roles` too where that is empty.

    `offered` tasks stand as buttons on the overview, `listed` ones behind one; the others begin at a device's row.
    """

    code: str
    flow: Flow
    roles: tuple[Role, ...]
    phases: tuple[Phase, ...]
    people: int = 1
    beside: tuple[Role, ...] = ()
    minutes: int = 3
    offered: bool = False
    listed: bool = False
    """Stands in the list of further tasks instead."""


_HANDS = (Role.ATTENDANT, Role.TECHNICIAN)
_ALL = tuple(Role)
_PAIR = (Role.LOADER,)
_WHOLE = (Phase.DETAILS, Phase.CONFIRM, Phase.FINISH)

TASKS: Mapping[str, Task] = MappingProxyType(
    {
        task.code: task
        for task in (
            Task(LOADING, load_documents, _PAIR, _WHOLE, people=2, minutes=10, offered=True),
            Task(UNLOADING, unload_documents, _PAIR, _WHOLE, people=2, minutes=10, listed=True),
            Task(EXCHANGE, exchange_supply, _HANDS, (Phase.DETAILS, Phase.CONFIRM)),
            Task(REPAIR, mend_fault, _HANDS, (Phase.DETAILS, Phase.CONFIRM)),
            Task(
                READINESS,
                prove_readiness,
                (Role.TECHNICIAN,),
                (Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
                minutes=10,
                offered=True,
            ),
            Task(RECORDS, read_records, _ALL, (Phase.DETAILS, Phase.CONFIRM), listed=True),
            Task(SETTINGS, configure, (Role.TECHNICIAN, Role.SECURITY), (Phase.DETAILS,), listed=True),
            Task(
                DOUBTS,
                settle_doubts,
                (Role.TECHNICIAN, Role.SECURITY),
                (Phase.DETAILS, Phase.CONFIRM),
                people=2,
                beside=_ALL,
                listed=True,
            ),
            Task(BIN, empty_bin, _HANDS, (Phase.DETAILS, Phase.CONFIRM), people=2, beside=_ALL, listed=True),
            Task(STUCK_DOOR, free_door, _HANDS, (Phase.DETAILS, Phase.CONFIRM), people=2, beside=_ALL),
            Task(
                CALIBRATION,
                calibrate,
                (Role.TECHNICIAN,),
                (Phase.DETAILS, Phase.CONFIRM),
                minutes=3,
                listed=True,
            ),
            Task(LINE, check_line, (Role.TECHNICIAN, Role.SECURITY), (Phase.DETAILS,), listed=True),
            Task(ENROLMENT, enrol_anew, (Role.TECHNICIAN,), (Phase.DETAILS,), listed=True),
            Task(HANDOVER, hand_back, _ALL, (Phase.CONFIRM, Phase.FINISH), minutes=1, offered=True),
        )
    }
)

FLOWS: Mapping[str, Flow] = MappingProxyType({code: task.flow for code, task in TASKS.items()})
"""For the engine, and for the recovery after a power cut."""
