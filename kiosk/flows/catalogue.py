"""Which procedure answers to which code. A table: importing a module registers nothing."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import Any

from kiosk.flows.entrance import let_in_by_card, let_in_by_guard
from kiosk.flows.exit_entry.apply_for_document import (
    apply_for_hk_macao_pass,
    apply_for_passport,
    apply_for_taiwan_pass,
)
from kiosk.flows.exit_entry.collect_document import collect_document
from kiosk.flows.exit_entry.endorsing import endorse_for_hong_kong_and_macao, endorse_for_taiwan
from kiosk.flows.exit_entry.query_crossings import query_crossings
from kiosk.flows.exit_entry.query_standing import query_exit_entry
from kiosk.flows.household.apply_for_id_card import apply_for_id_card
from kiosk.flows.household.collect_id_card import collect_id_card
from kiosk.flows.household.count_namesakes import count_namesakes
from kiosk.flows.household.endorse_permit import endorse_permit
from kiosk.flows.household.follow_application import follow_application
from kiosk.flows.household.household_certificate import household_certificate
from kiosk.flows.household.no_record_certificate import no_record_certificate
from kiosk.flows.household.register_residence import register_residence
from kiosk.flows.household.report_card_lost import report_card_lost
from kiosk.flows.household.temporary_id_card import temporary_id_card
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.pre_registering import or_pre_registered
from kiosk.flows.steps import Phase
from kiosk.flows.traffic.claim_inspection_mark import claim_inspection_mark
from kiosk.flows.traffic.driver_exam import driver_exam
from kiosk.flows.traffic.handle_violations import handle_violations
from kiosk.flows.traffic.pay_fines import pay_fines
from kiosk.flows.traffic.query_standing import query_standing
from kiosk.flows.traffic.renew_licence import renew_licence
from kiosk.flows.traffic.replace_lost_licence import replace_lost_licence
from kiosk.flows.traffic.replace_vehicle_licence import replace_vehicle_licence
from kiosk.flows.traffic.submit_review import submit_review
from kiosk.flows.traffic.temporary_plate import temporary_plate
from kiosk.flows.waiting import what_is_waiting

WAITING = "WAITING"
"""Behind a card laid down on the attract page: none of the services, and named in no list of them."""

ENTRY = "ENTRY"
"""The zone's door, by a card on its reader; as little a service as WAITING."""
ENTRY_BY_GUARD = "ENTRY-BY-GUARD"
"""The zone's door, because a person on duty said so."""

Service = Callable[[Opening], Coroutine[Any, Any, Outcome]]

FLOWS: Mapping[str, Service] = MappingProxyType(
    {
        "HZ01": or_pre_registered(apply_for_id_card),
        "HZ02": collect_id_card,
        "HZ03": report_card_lost,
        "HZ04": follow_application,
        "HZ05": temporary_id_card,
        "HZ06": household_certificate,
        "HZ07": no_record_certificate,
        "HZ08": or_pre_registered(register_residence),
        "HZ09": endorse_permit,
        "HZ10": count_namesakes,
        "JG01": handle_violations,
        "JG02": pay_fines,
        "JG03": driver_exam,
        "JG04": renew_licence,
        "JG05": replace_lost_licence,
        "JG06": query_standing,
        "JG07": replace_vehicle_licence,
        "JG08": claim_inspection_mark,
        "JG09": temporary_plate,
        "JG10": submit_review,
        "CRJ01": endorse_for_hong_kong_and_macao,
        "CRJ02": endorse_for_taiwan,
        "CRJ03": query_crossings,
        "CRJ04": or_pre_registered(apply_for_passport),
        "CRJ05": or_pre_registered(apply_for_hk_macao_pass),
        "CRJ06": or_pre_registered(apply_for_taiwan_pass),
        "CRJ07": collect_document,
        "CRJ08": query_exit_entry,
        WAITING: what_is_waiting,
        ENTRY: let_in_by_card,
        ENTRY_BY_GUARD: let_in_by_guard,
    }
)

PHASES: Mapping[str, tuple[Phase, ...]] = MappingProxyType(
    {
        "HZ01": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "HZ02": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "HZ03": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "HZ04": (Phase.IDENTITY, Phase.FINISH),
        "HZ05": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "HZ06": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "HZ07": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "HZ08": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "HZ09": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "HZ10": (Phase.DETAILS, Phase.FINISH),
        "JG01": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "JG02": (Phase.IDENTITY, Phase.DETAILS, Phase.PAY, Phase.FINISH),
        "JG03": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "JG04": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "JG05": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "JG08": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "JG09": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "JG10": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "JG07": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "JG06": (Phase.IDENTITY, Phase.FINISH),
        "CRJ01": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "CRJ02": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "CRJ03": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "CRJ04": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "CRJ05": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "CRJ06": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.PAY, Phase.FINISH),
        "CRJ07": (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
        "CRJ08": (Phase.IDENTITY, Phase.FINISH),
        ENTRY: (Phase.IDENTITY, Phase.FINISH),
        ENTRY_BY_GUARD: (Phase.FINISH,),
        WAITING: (Phase.IDENTITY, Phase.DETAILS, Phase.CONFIRM, Phase.FINISH),
    }
)
"""The bar at the top of the page, by service."""
