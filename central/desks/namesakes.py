"""HZ10: how many people bear a name. Numbers only; each terminal asks so often a day and no more.

The name is used for the count and kept nowhere: what is counted of a terminal is how often it asked.
"""

from __future__ import annotations

from central.desks.desk import Desk
from central.problems import Declined
from kiosk.people.names import InvalidName, Namesakes, PersonName, SexAsked
from kiosk.people.records import Refusal, RefusalCode


def namesakes_of(desk: Desk, wanted: PersonName, sex: SexAsked) -> Namesakes | Refusal:
    """Raises Declined(422) where it is no name."""
    try:
        name = PersonName.parse(wanted.text)
    except InvalidName as wrong:
        raise Declined(422, "arguments", f"wanted: {wrong.fault.value}") from None
    if desk.next(f"names/{desk.terminal}/{desk.today:%y%m%d}") > desk.tables.rules["name-queries-a-day"]:
        return desk.sent_to(RefusalCode.ASKED_ENOUGH, "household")
    found = desk.agencies.names.count(name, sex)
    return Namesakes(nation=found.nation, province=found.province, city=found.city, as_of=found.as_of)
