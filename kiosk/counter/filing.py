"""提交: only the outbox sends; here its outcome is waited for."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from pydantic_core import to_jsonable_python

from kiosk.counter.desk import Desk
from kiosk.counter.ports import OutboxAnswer
from kiosk.counter.watch import Whose
from kiosk.flows.effects import EffectState, Filed, NotFiled, Pending, Submit
from kiosk.flows.opening import Line
from kiosk.flows.performing import At, Evidence, OutboxItem, Prepared, Recorder, Settled
from kiosk.people.records import Refusal
from kiosk.protocol.filings import PreRegistration
from kiosk.protocol.messages import Filing, FilingKind, FilingReply, own_number
from kiosk.screens.states import WorkingPage, WorkTopic

FILINGS = "/v1/filings"


def digest_of(payload: Any) -> str:
    """SHA-256 of canonical JSON: the same arguments always give the same digest."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def payload_of(step: Submit) -> dict[str, Any]:
    """The payload as headquarters expects it: texts of law by their hash."""
    payload = {name: to_jsonable_python(value) for name, value in step.payload}
    if "rights_text" in payload:
        payload["rights_text_sha256"] = hashlib.sha256(str(payload.pop("rights_text")).encode()).hexdigest()
    return payload


class SubmitDesk:
    """Waits for the row's outcome to a deadline, then says Pending; the row stays and is sent (rule 9)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def prepare(self, step: Submit, at: At) -> Prepared:
        payload = payload_of(step)
        kind = FilingKind(step.filing)
        if kind is FilingKind.PRE_REGISTRATION:
            payload = self._sealed(payload)
        filing = Filing(
            key=at.key,
            digest=digest_of(payload),
            case=at.case,
            kind=kind,
            payload=payload,
            blobs=step.blobs,
            at=at.opening.now,
        )
        return Prepared(outbox=OutboxItem(at.key, FILINGS, filing.model_dump_json(), step.blobs))

    async def perform(self, step: Submit, at: At, before: Evidence, record: Recorder) -> Settled:
        del before, record
        page = self._desk.pages.conversation(step.phase, at, finishing="finishing-filing")
        return _settled(at, await page.wait(self._outcome(at), WorkingPage(WorkTopic.FILING)))

    async def settle(self, step: Submit, at: At, before: Evidence, stages: tuple[str, ...]) -> Settled:
        del step, before, stages
        return _settled(at, await self._desk.outbox.outcome(at.key, self._patience(at)))

    async def _outcome(self, at: At) -> OutboxAnswer | None:
        with self._desk.watch.waiting_for(Whose.NETWORK):
            return await self._desk.outbox.outcome(at.key, self._patience(at))

    def _patience(self, at: At) -> float:
        durations = self._desk.durations
        return durations.filing if at.opening.line is Line.UP else durations.filing_without_line

    def _sealed(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Only headquarters opens it: it may lie here for weeks. Raises NobodyToSealFor."""
        told = PreRegistration.model_validate(payload)
        sealed = self._desk.seal(told.model_dump_json().encode())
        return {"service": told.service, "sealed": base64.b64encode(sealed).decode()}


def _settled(at: At, answer: OutboxAnswer | None) -> Settled:
    if answer is None:
        return Settled(EffectState.DONE, Pending(own_number(at.case, at.key)), {"outbox": "waiting"})
    reply = FilingReply.model_validate_json(answer.reply) if answer.reply else None
    if answer.accepted and reply is not None and reply.status == "accepted":
        extras = tuple(sorted(reply.extras.items()))
        return Settled(EffectState.DONE, Filed(reply.number, extras), {"duplicate": str(reply.duplicate)})
    refusal = reply.refusal if reply is not None and reply.refusal is not None else Refusal.other()
    return Settled(EffectState.FAILED, NotFiled(refusal), {"code": refusal.code.value})
