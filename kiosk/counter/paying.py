"""缴费: the code is on the screen, the truth is at headquarters (rule 13)."""

from __future__ import annotations

import asyncio

from kiosk.backend.exchange import Rejected, Unreachable
from kiosk.counter.desk import Desk
from kiosk.counter.filing import digest_of
from kiosk.counter.pages import Conversation
from kiosk.flows.effects import (
    Certainty,
    EffectState,
    Paid,
    PaidElsewhere,
    Pay,
    PayBySlip,
    PaymentCancelled,
    PaymentExpired,
    Unsettled,
)
from kiosk.flows.performing import At, Evidence, Leave, Prepared, Recorder, Settled
from kiosk.people.bills import bill_topic
from kiosk.people.money import Money
from kiosk.protocol.messages import CloseOrder, CloseReason, Order, OrderRequest, OrderState
from kiosk.screens.stage import Intent
from kiosk.screens.states import PayPage, PayStage

CLOSE_TRIES = 3
PAID_ALREADY = "paid-already"
"""Headquarters' word for a bill on which nothing is due any more."""


class PayDesk:
    """Order, code, poll; every way out closes the order first, and the answer may be Paid."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def prepare(self, step: Pay, at: At) -> Prepared:
        del step, at
        return Prepared({"order": "asked"})

    def _request(self, step: Pay, at: At) -> OrderRequest:
        arguments = {
            "bill": step.bill.reference,
            "payer": step.bill.payer.text,
            "expected_fen": step.bill.amount.fen,
        }
        return OrderRequest(
            key=at.key,
            digest=digest_of(arguments),
            case=at.case,
            bill=step.bill.reference,
            payer=step.bill.payer.text,
            expected_fen=step.bill.amount.fen,
        )

    async def perform(self, step: Pay, at: At, before: Evidence, record: Recorder) -> Settled:
        del before
        desk = self._desk
        page = desk.pages.conversation(step.phase, at)
        page.show(PayPage(PayStage.ASKING, step.bill.amount, _topic(step)))
        try:
            order = await desk.ask_headquarters(
                desk.headquarters.order(self._request(step, at)), desk.durations.order
            )
        except Rejected as no:
            if no.problem.code == PAID_ALREADY:
                return Settled(EffectState.FAILED, PaidElsewhere(at.case[-8:]), {"rejected": no.problem.code})
            return Settled(EffectState.FAILED, PaymentCancelled(at.case[-8:]), {"rejected": no.problem.code})
        except (Unreachable, TimeoutError):
            return await self._no_order(step, at)
        await record.stage("ordered", {"order": order.number}, Certainty.SENSED)
        page.amend(PayPage(PayStage.CODE, step.bill.amount, _topic(step), order.number, order.url))
        reason = await self._until_decided(page, order)
        if isinstance(reason, Order):
            return _settled(reason)
        page.amend(PayPage(PayStage.CLOSING, step.bill.amount, _topic(step), order.number))
        return await self._close(order.number, reason)

    async def _no_order(self, step: Pay, at: At) -> Settled:
        """No answer: an order may or may not exist. The same key finds it; it is closed before anything is said."""
        desk = self._desk
        try:
            order = await desk.ask_headquarters(
                desk.headquarters.order(self._request(step, at)), desk.durations.order
            )
        except (Unreachable, Rejected, TimeoutError):
            return Settled(EffectState.IN_DOUBT, Unsettled(at.case[-8:]), {"order": "unknown"})
        return await self._close(order.number, CloseReason.LEFT)

    async def _until_decided(self, page: Conversation, order: Order) -> Order | CloseReason:
        try:
            got = await page.alongside(
                self._poll(page, order), "by-slip", "cancel", idle=self._desk.durations.without_idle
            )
        except Leave:
            return CloseReason.LEFT
        if isinstance(got, Intent):
            return CloseReason.BY_SLIP if got.action == "by-slip" else CloseReason.LEFT
        return got

    async def _poll(self, page: Conversation, order: Order) -> Order | CloseReason:
        desk = self._desk
        while True:
            await asyncio.sleep(desk.durations.order_poll)
            left = (order.expires - desk.clock.now()).total_seconds()
            page.live(seconds_left=max(0, int(left)))
            if left <= 0:
                return CloseReason.EXPIRED
            try:
                now = await desk.ask_headquarters(desk.headquarters.order_state(order.number), desk.durations.order)
            except (Unreachable, Rejected, TimeoutError):
                continue
            if now.state is not OrderState.OPEN:
                return now

    async def _close(self, number: str, reason: CloseReason) -> Settled:
        desk = self._desk
        for _ in range(CLOSE_TRIES):
            try:
                closing = desk.headquarters.close_order(number, CloseOrder(reason=reason))
                order = await desk.ask_headquarters(closing, desk.durations.order)
            except (Unreachable, TimeoutError):
                await asyncio.sleep(desk.durations.order_poll)
                continue
            except Rejected:
                break
            return _settled(order)
        return Settled(EffectState.IN_DOUBT, Unsettled(number), {"order": number})

    async def settle(self, step: Pay, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        """The same key finds the order without making a second one; it is closed, unless it was captured."""
        del before, stages
        desk = self._desk
        try:
            order = await desk.ask_headquarters(
                desk.headquarters.order(self._request(step, at)), desk.durations.order
            )
        except (Unreachable, TimeoutError, Rejected):
            return Settled(EffectState.IN_DOUBT, Unsettled(at.case[-8:]), {"order": "unknown"})
        return await self._close(order.number, CloseReason.RECOVERY)


def _topic(step: Pay) -> str:
    return bill_topic(step.bill.reference)


def _settled(order: Order) -> Settled:
    evidence = {"order": order.number, "state": order.state.value}
    if order.paid_elsewhere:
        return Settled(EffectState.FAILED, PaidElsewhere(order.number), evidence)
    match order.state:
        case OrderState.CAPTURED:
            return Settled(
                EffectState.DONE, Paid(order.number, Money(order.fen), order.receipt, order.verify_url), evidence
            )
        case OrderState.EXPIRED:
            return Settled(EffectState.FAILED, PaymentExpired(order.number), evidence)
        case OrderState.CLOSED if order.slip:
            slip = PayBySlip(order.number, order.slip, Money(order.fen), order.due)
            return Settled(EffectState.DONE, slip, evidence)
        case OrderState.CLOSED | OrderState.REFUNDED:
            return Settled(EffectState.FAILED, PaymentCancelled(order.number), evidence)
        case OrderState.OPEN:
            return Settled(EffectState.IN_DOUBT, Unsettled(order.number), evidence)
