"""A year of a citizen's life at one terminal: the card lost, reported, bridged, made anew and collected; the exam and
the licence; the pass whose endorsements are used up, and renewed.

One world and one headquarters all along; the terminal is off while nothing happens. At the end the money is held
against what the payment provider says.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from central.database import transaction
from central.desks.loading import Two, load_document
from central.model import CardCase, CardState, Document
from central.reconcile import reconcile
from kiosk.counter.duty import VisitReport
from kiosk.nights.many import in_order
from kiosk.nights.night import Night, in_virtual_time
from kiosk.nights.truths import untrue
from kiosk.people.synthetic import Situation
from kiosk.simulation.citizen import Act, Citizen, Expect, lay, tap
from kiosk.simulation.following import Follower
from kiosk.simulation.scripts.exit_entry import CRJ01
from kiosk.simulation.scripts.household import HZ01, HZ02, HZ03, HZ04, HZ05
from kiosk.simulation.scripts.traffic import JG03, JG04
from tests.visits.nights import a_night
from tests.visits.test_refusals import up_to

WHO = Situation.LICENCE_NO_REPORT
COMPARTMENT = 21
BY_NUMBER: Mapping[str, Act] = {"ReadCard": tap("without-card")}
"""Whoever has lost the card."""
WITH_THE_NEW_CARD = {"ReadCard": lay("new")}


async def visit(night: Night, code: str, script: Sequence[Expect], habits: Mapping[str, Act]) -> VisitReport:
    """One visit of the year, and the terminal in order afterwards."""
    assert night.running is not None
    person = night.street.call("person-arrives", situation=WHO.value, nth=1)["person"]
    before = len(night.reports)
    citizen = Citizen(
        night.running.hands, night.street, person["number"], person["phone"], lambda _: None, night.clock.monotonic
    )
    await in_virtual_time(Follower(citizen, code, script, habits).visit())
    await in_order(night)
    assert len(night.reports) == before + 1
    assert untrue(night) == []
    return night.reports[-1]


async def pass_days(night: Night, days: int) -> None:
    """The terminal is switched off with its notebook, and on again; headquarters goes on."""
    assert night.running is not None
    notebook = night.running.folder
    await night.shut()
    shutil.copytree(notebook, night.folder / f"start-{night.starts:03d}")
    for _ in range(days):
        await asyncio.sleep(timedelta(days=1).total_seconds())
        night.headquarters.look_at_the_clock()
    night.street.call("calibrate-booth", on=night.clock.now().date().isoformat())
    _ = await night.start()


def loaded(night: Night, case_number: str) -> None:
    """Two of the staff lay the finished card into the cabinet: on the books, and in the world."""
    with transaction(night.headquarters.engine) as db:
        case = db.get(CardCase, case_number)
        assert case is not None and case.state is CardState.STOCKED
        document = db.get(Document, case.item)
        assert document is not None and case.issue_date is not None
        made: dict[str, Any] = {
            "item": case.item,
            "case_number": case.number,
            "ground": case.ground.value,
            "issue_date": case.issue_date.isoformat(),
            "valid_to": None if case.valid_to is None else case.valid_to.isoformat(),
            "authority": case.authority,
        }
    place = f"cabinet:KDL-001:1:{COMPARTMENT}"
    night.headquarters.by_a_person(lambda desk: load_document(desk, made["item"], place, Two("012345", "054321")).now)
    index = night.street.call("find", situation=WHO.value, nth=1)["person"]["index"]
    night.street.call("load-card", person=index, board=1, compartment=COMPARTMENT, **made)


def test_a_year_of_a_citizens_life_ends_with_every_yuan_explained() -> None:
    collect = (
        *up_to(HZ02, "ReadCard"),
        Expect("ReadCard", tap("without-card")),
        *(e for e in HZ02 if e.page in ("FacePage", "FingerPage", "SignPage", "TakePage")),
        Expect("ReadCard", lay("new")),
        HZ02[-1],
    )

    async def scene(night: Night) -> None:
        reported = await visit(night, "HZ03", HZ03, {})
        assert (reported.ending, reported.topic) == ("done", "closing-reported-lost")
        applied = await visit(night, "HZ01", HZ01, {**BY_NUMBER, "ChoosePage": tap("choose:loss")})
        assert applied.ending == "done"
        bridged = await visit(night, "HZ05", HZ05, {})
        assert bridged.ending == "done"
        await pass_days(night, 5)
        asked = await visit(night, "HZ04", HZ04, BY_NUMBER)
        assert asked.ending == "done"
        await pass_days(night, 14)
        loaded(night, applied.number)
        fetched = await visit(night, "HZ02", collect, {})
        assert fetched.ending == "done"
        (card,) = [d for d in night.ledger()["documents"] if d["case"] == applied.number]
        assert card["place"] == "citizen"
        await pass_days(night, 10)
        examined = await visit(night, "JG03", JG03, WITH_THE_NEW_CARD)
        assert (examined.ending, examined.topic) == ("done", "closing-exam-sent")
        # The doctor's answer comes within hours, and the licence is renewed on it.
        await pass_days(night, 1)
        renewed = await visit(night, "JG04", JG04, WITH_THE_NEW_CARD)
        assert renewed.ending == "done"
        await pass_days(night, 40)
        endorsed = await visit(night, "CRJ01", CRJ01, WITH_THE_NEW_CARD)
        assert (endorsed.ending, endorsed.topic) == ("done", "closing-pass-endorsed")
        await pass_days(night, 289)
        with transaction(night.headquarters.engine) as db:
            report = reconcile(db, None, night.clock.now())
        assert report["unexplained"] == 0
        assert report["differences"] == []
        assert report["kept_fen"] == report["ours_fen"] == 4_000 + 1_000 + 1_000 + 4_500
        assert untrue(night) == []

    a_night(scene)
