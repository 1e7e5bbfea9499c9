"""HZ08 居住登记/居住证申领: registered at once; the permit after half a year, with a proof on file."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.common import Citizen, ExpiredCard, declare_and_sign, file, identify, notify_and_ask_consent, refuse
from kiosk.flows.effects import Filed, PaperKind, Print, Submit
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayRegisterResidence
from kiosk.flows.steps import (
    Choose,
    Field,
    FieldKind,
    FillForm,
    LookUp,
    Phase,
    Portrait,
    PortraitForReview,
    Section,
    ShowResult,
    Signature,
    TakePortrait,
    WithoutCard,
)
from kiosk.people.portrait import RESIDENCE_PERMIT_PORTRAIT
from kiosk.people.records import Refusal
from kiosk.people.residence import Proof, ResidenceMatter, ResidenceOffer, StillThere


@dataclass(frozen=True, slots=True)
class Address:
    """A community's id, and building, unit and room as 001-02-0301; both empty: as registered."""

    community: str = ""
    house: str = ""


async def register_residence(opening: Opening) -> Outcome:
    """HZ08 居住登记/居住证申领. Residence Permit Regulations art. 2, 9, 21."""
    consent = await notify_and_ask_consent("HZ08")
    citizen = await identify(opening, consent, WithoutCard.NOT_OFFERED, ExpiredCard.REFUSED)
    if isinstance(citizen, Outcome):
        return citizen
    offer = await LookUp(key="offer", phase=Phase.DETAILS, query=MayRegisterResidence(citizen.number))
    if isinstance(offer, Refusal):
        return await refuse(offer)
    match offer.matter:
        case ResidenceMatter.REGISTRATION:
            return await register(citizen, offer)
        case ResidenceMatter.PERMIT:
            return await apply_for_permit(citizen, offer)


async def register(citizen: Citizen, offer: ResidenceOffer) -> Outcome:
    """居住登记. That it is no permit yet, and from when on there can be one, is said before anything is asked."""
    facts = (("permit_from", offer.permit_from.isoformat()),)
    _ = await ShowResult(
        key="first", phase=Phase.DETAILS, topic="result-residence-first", sections=(Section("", facts),)
    )
    address = await ask_address(offer)
    signature = await declare_and_sign(citizen, "declare-residence", "sign-residence")
    if isinstance(signature, Outcome):
        return signature
    filed = await file(citizen, application(citizen, offer, address, signature, None, None))
    if isinstance(filed, Outcome):
        return filed
    return await give_slip(citizen, offer, filed)


async def apply_for_permit(citizen: Citizen, offer: ResidenceOffer) -> Outcome:
    """居住证申领."""
    proof = await Choose(key="proof", phase=Phase.DETAILS, topic="choose-residence-proof", options=offer.proofs)
    facts = (("residence_place", offer.place),)
    _ = await ShowResult(
        key="on-file", phase=Phase.DETAILS, topic="result-residence-on-file", sections=(Section("", facts),)
    )
    still = await Choose(
        key="still-there", phase=Phase.DETAILS, topic="choose-still-there", options=tuple(StillThere)
    )
    address = Address() if still is StillThere.SAME else await ask_address(offer)
    portrait = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=RESIDENCE_PERMIT_PORTRAIT)
    signature = await declare_and_sign(citizen, "declare-residence", "sign-residence")
    if isinstance(signature, Outcome):
        return signature
    filed = await file(citizen, application(citizen, offer, address, signature, proof, portrait))
    if isinstance(filed, Outcome):
        return filed
    return await give_slip(citizen, offer, filed)


async def ask_address(offer: ResidenceOffer) -> Address:
    """Subdistrict, then one of its communities, then the numbers of the house: chosen, never written."""
    streets = tuple((street.id, street.name) for street in offer.streets)
    first = await FillForm(
        key="street",
        phase=Phase.DETAILS,
        topic="form-residence",
        fields=(Field("residence_street", FieldKind.OPTION, streets),),
    )
    street = next(s for s in offer.streets if s.id == first["residence_street"])
    then = await FillForm(
        key="address",
        phase=Phase.DETAILS,
        topic="form-residence",
        fields=(
            Field("residence_community", FieldKind.OPTION, street.communities),
            Field("residence_house", FieldKind.HOUSE),
        ),
    )
    return Address(then["residence_community"], then["residence_house"])


def application(
    citizen: Citizen,
    offer: ResidenceOffer,
    address: Address,
    signature: Signature,
    proof: Proof | None,
    portrait: Portrait | PortraitForReview | None,
) -> Submit:
    """居住登记 or 居住证申领."""
    pictures = (portrait.picture.sha256,) if portrait is not None else ()
    return Submit(
        key="residence",
        phase=Phase.FINISH,
        filing="residence",
        payload=(
            ("number", citizen.number.text),
            ("matter", offer.matter.value),
            ("community", address.community),
            ("house", address.house),
            ("proof", proof.id if proof is not None else ""),
            ("portrait", portrait.picture.sha256 if portrait is not None else ""),
            ("portrait_review", isinstance(portrait, PortraitForReview)),
            ("signature", signature.picture.sha256),
        ),
        blobs=(*pictures, signature.picture.sha256, signature.strokes.sha256),
    )


async def give_slip(citizen: Citizen, offer: ResidenceOffer, filed: Filed) -> Outcome:
    """受理回执."""
    _ = await Print(
        key="residence-slip",
        phase=Phase.FINISH,
        paper=PaperKind.RESIDENCE_SLIP,
        values=(
            ("number", filed.number),
            *citizen.on_paper,
            ("residence_matter", offer.matter.value),
            *filed.extras,
        ),
    )
    topic = f"closing-residence-{offer.matter.value}"
    return Outcome(Ending.DONE, topic, filed.number, take=("receipt", *citizen.brought))
