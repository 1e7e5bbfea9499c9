"""预登记: what remains of a service while the machine has no line to headquarters.

Nothing is applied for and no legal date begins: the citizen leaves who they are and a telephone number, sealed for
headquarters, and somebody calls. Who they are is proved by their card's chip and their finger, in the sensor; a face
alone proves nothing here (rule 33), and nobody can be looked up.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any

from kiosk.flows.common import ExpiredCard, identify, notify_of, refuse
from kiosk.flows.effects import Filed, NotFiled, PaperKind, Pending, Print, Submit
from kiosk.flows.opening import Line, Opening
from kiosk.flows.outcome import Ending, Outcome
from kiosk.flows.steps import Consent, ConsentAnswer, Field, FieldKind, FillForm, Phase, WithoutCard

KIND = "pre-registration"

Service = Callable[[Opening], Coroutine[Any, Any, Outcome]]


def or_pre_registered(service: Service) -> Service:
    """The service, or what remains of it where the visit began without a line."""

    @functools.wraps(service)
    async def either(opening: Opening) -> Outcome:
        match opening.line:
            case Line.UP:
                return await service(opening)
            case Line.DOWN:
                return await pre_register(opening)

    return either


async def pre_register(opening: Opening) -> Outcome:
    """预登记. An expired card will do: whoever wants another one holds just that."""
    await notify_of("notice-pre-registration", opening.service, Phase.IDENTITY)
    citizen = await identify(opening, ConsentAnswer.DECLINE, WithoutCard.NOT_OFFERED, ExpiredCard.ACCEPTED)
    if isinstance(citizen, Outcome):
        return citizen
    told = await FillForm(
        key="form",
        phase=Phase.DETAILS,
        topic="form-pre-registration",
        fields=(Field("callback_phone", FieldKind.MOBILE),),
    )
    if await Consent(key="consent", phase=Phase.DETAILS, topic="consent-pre-registration") is ConsentAnswer.DECLINE:
        return citizen.leaves(Ending.NOT_NOW, "closing-not-now")
    match await Submit(
        key=KIND,
        phase=Phase.FINISH,
        filing=KIND,
        payload=(
            ("service", opening.service),
            ("number", citizen.number.text),
            ("name", citizen.name),
            ("phone", told["callback_phone"]),
        ),
    ):
        case Filed(number=number) | Pending(number=number):
            _ = await Print(
                key="slip",
                phase=Phase.FINISH,
                paper=PaperKind.PRE_REGISTRATION_SLIP,
                values=(("number", number), *citizen.on_paper, ("matter", f"pre-{opening.service}")),
            )
            return citizen.leaves(Ending.PENDING, "closing-pre-registered", number, "receipt")
        case NotFiled(refusal=refusal):
            return await refuse(refusal)
