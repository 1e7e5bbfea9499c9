"""The papers of an interrupted visit, made again from the books (rule 17): same numbers, same facts.

Only what the books bear out today: an old card that went back has no custody slip any more, and a decision whose
texts were replaced since is not printed with other ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from central.desks.desk import Desk
from central.desks.papers import documents, household, money, traffic
from central.desks.papers.visit import Visit
from kiosk.people.id_number import IdNumber
from kiosk.people.records import PaperOnFile


def papers_of(desk: Desk, number: IdNumber, case: str) -> tuple[PaperOnFile, ...]:
    """Every paper that is due for this visit, in the order in which the visit gave them; none to anybody else."""
    person = desk.agencies.population.person(number.text)
    if person is None:
        return ()
    visit = Visit(desk, case, number, person)
    makers: tuple[Callable[[Visit], Iterator[PaperOnFile]], ...] = (
        documents.custody,
        documents.collections,
        documents.applications,
        documents.travel_applications,
        household.losses,
        household.temporary,
        household.residence,
        household.endorsements,
        household.certificates,
        household.record_receipts,
        documents.crossings,
        documents.pass_endorsements,
        traffic.traffic_cases,
        traffic.reviews,
        traffic.exams,
        traffic.marks,
        traffic.plates,
        traffic.objections,
        traffic.decisions,
        money.money,
    )
    return tuple(paper for make in makers for paper in make(visit))
