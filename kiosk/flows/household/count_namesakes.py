"""HZ10 重名查询: how many people bear a name. No card, no identities, no paper."""

from __future__ import annotations

from kiosk.flows.common import refuse
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import NamesakesOf
from kiosk.flows.steps import Choose, EnterName, LookUp, Phase, Section, ShowResult
from kiosk.people.names import Namesakes, PersonName, SexAsked
from kiosk.people.records import Refusal


async def count_namesakes(opening: Opening) -> Outcome:
    """HZ10 重名查询. Headquarters counts how often each terminal asks in a day."""
    del opening
    name = await EnterName(key="name", phase=Phase.DETAILS, topic="enter-name-to-count")
    sex = await Choose(key="sex", phase=Phase.DETAILS, topic="choose-namesakes", options=tuple(SexAsked))
    found = await LookUp(key="namesakes", phase=Phase.FINISH, query=NamesakesOf(name, sex))
    if isinstance(found, Refusal):
        return await refuse(found)
    _ = await ShowResult(key="shown", phase=Phase.FINISH, topic=topic(found), sections=sections(name, sex, found))
    return Outcome(Ending.DONE, "closing-namesakes")


def topic(found: Namesakes) -> str:
    """Nobody is an answer of its own."""
    return "result-namesakes" if found.nation else "result-namesakes-none"


def sections(name: PersonName, sex: SexAsked, found: Namesakes) -> tuple[Section, ...]:
    """What was asked, then the three numbers and their day."""
    return (
        Section(
            "",
            (
                ("name_asked", name.text),
                ("sex_asked", sex.value),
                ("namesakes_nation", str(found.nation)),
                ("namesakes_province", str(found.province)),
                ("namesakes_city", str(found.city)),
                ("counted_on", found.as_of.isoformat()),
            ),
        ),
    )
