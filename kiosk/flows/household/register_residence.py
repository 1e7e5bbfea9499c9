"""HZ08 居住登记/居住证申领: registered at once; the permit after half a year, with a proof on file."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.common import (
    Citizen,
    come_in,
    declare_and_sign,
    file,
    give,
    refuse,
)
from kiosk.flows.effects import PaperKind
from kiosk.flows.filing import filing
from kiosk.flows.opening import Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.queries import MayRegisterResidence
from kiosk.flows.steps import (
    NO_PORTRAIT,
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
    TakePortrait,
)
from kiosk.people.portrait import RESIDENCE_PERMIT_PORTRAIT
from kiosk.people.records import Refusal
from kiosk.people.residence import Proof, ResidenceMatter, ResidenceOffer, StillThere

Picture = Portrait | PortraitForReview


@dataclass(frozen=True, slots=True)
class Address:
    """A community's id, and building, unit and room as 001-02-0301; both empty: as registered."""

    community: str = ""
    house: str = ""


async def register_residence(opening: Opening) -> Outcome:
    """HZ08 居住登记/居住证申领. Residence Permit Regulations art. 2, 9, 21."""
    citizen = await come_in(opening, "HZ08")
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
    await show("first", "result-residence-first", ("permit_from", offer.permit_from.isoformat()))
    return await file_at(citizen, offer, await ask_address(offer), None, None)


async def apply_for_permit(citizen: Citizen, offer: ResidenceOffer) -> Outcome:
    """居住证申领."""
    proof = await Choose(key="proof", phase=Phase.DETAILS, topic="choose-residence-proof", options=offer.proofs)
    await show("on-file", "result-residence-on-file", ("residence_place", offer.place))
    ways = tuple(StillThere)
    still = await Choose(key="still-there", phase=Phase.DETAILS, topic="choose-still-there", options=ways)
    address = Address() if still is StillThere.SAME else await ask_address(offer)
    portrait = await TakePortrait(key="portrait", phase=Phase.DETAILS, standard=RESIDENCE_PERMIT_PORTRAIT)
    return await file_at(citizen, offer, address, proof, portrait)


async def show(key: str, topic: str, fact: tuple[str, str]) -> None:
    """One thing to know before going on."""
    _ = await ShowResult(key=key, phase=Phase.DETAILS, topic=topic, sections=(Section("", (fact,)),))


async def ask_address(offer: ResidenceOffer) -> Address:
    """Subdistrict, then one of its communities, then the numbers of the house: chosen, never written."""
    streets = (
        Field("residence_street", FieldKind.OPTION, tuple((street.id, street.name) for street in offer.streets)),
    )
    first = await FillForm(key="street", phase=Phase.DETAILS, topic="form-residence", fields=streets)
    street = next(s for s in offer.streets if s.id == first["residence_street"])
    communities = Field("residence_community", FieldKind.OPTION, street.communities)
    house = (communities, Field("residence_house", FieldKind.HOUSE))
    then = await FillForm(key="address", phase=Phase.DETAILS, topic="form-residence", fields=house)
    return Address(then["residence_community"], then["residence_house"])


async def file_at(
    citizen: Citizen, offer: ResidenceOffer, address: Address, proof: Proof | None, portrait: Picture | None
) -> Outcome:
    """声明, 签名, 提交 and 受理回执."""
    signature = await declare_and_sign(citizen, "declare-residence", "sign-residence")
    if isinstance(signature, Outcome):
        return signature
    matter = offer.matter.value
    place = (("community", address.community), ("house", address.house))
    pictures = portrait.filed if portrait else NO_PORTRAIT
    facts = (("matter", matter), *place, ("proof", proof.id if proof else ""), *pictures)
    filed = await file(citizen, filing(citizen, "residence", "residence", facts, signature, portrait=portrait))
    if isinstance(filed, Outcome):
        return filed
    facts = (("residence_matter", matter), *filed.extras)
    await give(citizen, "residence-slip", PaperKind.RESIDENCE_SLIP, filed.number, *facts)
    return citizen.leaves(Ending.DONE, f"closing-residence-{matter}", filed.number, "receipt")
