"""HZ06 户籍证明打印: certificates of what the household register says of the citizen and their household."""

from __future__ import annotations

from kiosk.flows.common import come_in, file, one_of, refuse, sign
from kiosk.flows.effects import PaperKind
from kiosk.flows.filing import filing
from kiosk.flows.household.certificates import hand_out
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Outcome
from kiosk.flows.queries import CertificatesFor
from kiosk.flows.steps import Choose, FillForm, LookUp, Phase
from kiosk.people.household import CERTIFICATE_PURPOSES, CertificateKind, CertificatesOnOffer, CertificateSubject
from kiosk.people.records import Refusal


async def household_certificate(opening: Opening) -> Outcome:
    """HZ06 户籍证明打印. Household Registration Regulations art. 4: the register proves what it says."""
    citizen = await come_in(opening, "HZ06")
    if isinstance(citizen, Outcome):
        return citizen
    offered = await LookUp(key="certificates", phase=Phase.DETAILS, query=CertificatesFor(citizen.number))
    if isinstance(offered, Refusal):
        return await refuse(offered)
    kind = await Choose(key="kind", phase=Phase.DETAILS, topic="choose-certificate", options=offered.kinds)
    subject = await choose_subject(offered, kind)
    questions = (one_of("certificate_purpose", CERTIFICATE_PURPOSES),)
    form = await FillForm(key="form", phase=Phase.DETAILS, topic="form-certificate", fields=questions)
    signature = await sign(citizen, "sign-certificate")
    if isinstance(signature, Outcome):
        return signature
    asked = (("kind", kind.value), ("subject", subject.id), ("purpose", form["certificate_purpose"]))
    filed = await file(citizen, filing(citizen, "household-certificate", "household-certificate", asked, signature))
    if isinstance(filed, Outcome):
        return filed
    return await hand_out(citizen, PaperKind.HOUSEHOLD_CERTIFICATE, filed, (("kind", kind.value),))


async def choose_subject(offered: CertificatesOnOffer, kind: CertificateKind) -> CertificateSubject:
    """Whom it is about, asked only where there is a choice."""
    subjects = offered.of(kind)
    if len(subjects) == 1:
        return subjects[0]
    return await Choose(key="subject", phase=Phase.DETAILS, topic="choose-relative", options=subjects)
