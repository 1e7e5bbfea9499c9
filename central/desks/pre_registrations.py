"""预登记: what somebody left at a terminal without a line, and who calls them. It is no application."""

from __future__ import annotations

import base64
import binascii

from pydantic import ValidationError

from central.desks.answers import accepted
from central.desks.desk import Desk
from central.desks.incidents import tell
from central.desks.notifying import notify
from central.desks.unresolved import LONGEST_NOTE
from central.model_pre_registration import PreRegistrationRow, PreRegistrationState
from central.problems import Declined, unknown
from kiosk.protocol.filings import PreRegistered, PreRegistration
from kiosk.protocol.messages import Filing, FilingReply, own_number
from kiosk.protocol.records import NotToBeOpened


def pre_registered(filing: Filing, payload: PreRegistered, desk: Desk) -> FilingReply:
    """Kept as it came; whoever left it is told that it has arrived. Raises Declined(422) for what nobody can open."""
    told = _opened(desk, payload.sealed)
    if told is None or told.service != payload.service or desk.number(told.number) is None:
        raise Declined(422, "payload", "sealed: not for this headquarters, or no pre-registration")
    row = PreRegistrationRow(
        number=f"Y{desk.serial('pre-registration')}",
        quoted=own_number(filing.case, filing.key),
        terminal=desk.terminal,
        visit=filing.case,
        service=payload.service,
        at=filing.at,
        received_at=desk.now,
        sealed=payload.sealed,
        state=PreRegistrationState.OPEN,
        by="",
        found="",
        settled_at=None,
    )
    desk.db.add(row)
    text = f"您在24小时警局留下的预登记已送达，编号{row.number}。预登记不是受理，工作人员会打电话与您联系。"
    notify(desk, told.phone, text, row.number)
    tell(desk.db, desk.now, desk.terminal, "help-handed", "pre-registration", row.number)
    return accepted(row.number)


def look_into(desk: Desk, number: str) -> tuple[PreRegistrationRow, PreRegistration]:
    """Who left it. The caller records the look. Raises Declined(404)."""
    row = desk.db.get(PreRegistrationRow, number)
    if row is None:
        raise unknown("pre-registration")
    told = _opened(desk, row.sealed)
    if told is None:
        raise Declined(409, "sealed", "the key that opened it is not here any more")
    return row, told


def settle(desk: Desk, number: str, by: str, found: str) -> None:
    """Somebody called, and what came of it. Raises Declined: 404, 409 "closed", 422 "reason"."""
    row = desk.db.get(PreRegistrationRow, number, with_for_update=True)
    if row is None:
        raise unknown("pre-registration")
    if row.state is PreRegistrationState.SETTLED:
        raise Declined(409, "closed", "this is settled")
    words = " ".join(found.split())
    if not 0 < len(words) <= LONGEST_NOTE:
        raise Declined(422, "reason", "say what came of it, without names or numbers")
    row.state, row.by, row.found, row.settled_at = PreRegistrationState.SETTLED, by, words, desk.now
    tell(desk.db, desk.now, row.terminal, "help-handed", "settled", number)


def _opened(desk: Desk, sealed: str) -> PreRegistration | None:
    try:
        return PreRegistration.model_validate_json(desk.unsealing.opened(base64.b64decode(sealed, validate=True)))
    except (binascii.Error, NotToBeOpened, ValidationError):
        return None
