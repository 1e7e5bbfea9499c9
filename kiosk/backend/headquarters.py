"""The typed client: one method for each message of the protocol, two errors.

Filings are not here: only the outbox sends them.
"""

from __future__ import annotations

import contextlib
import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import TypeAdapter, ValidationError

from kiosk.backend.behalf import on_behalf_of
from kiosk.backend.exchange import BYTES, JSON, Arrival, Cause, Exchange, Rejected, Unreachable
from kiosk.backend.patience import Patience
from kiosk.clock import Clock
from kiosk.protocol.clips import milliseconds_of
from kiosk.protocol.commands import Command, Commands
from kiosk.protocol.loading import LoadingList, LoadingListRequest
from kiosk.protocol.messages import (
    AuditBatch,
    AuditReply,
    CloseOrder,
    CustodyReply,
    CustodyRequest,
    FaceReply,
    FaceRequest,
    FingerReply,
    FingerRequest,
    Grant,
    GrantRequest,
    GrantUse,
    Heartbeat,
    HeartbeatReply,
    HelpAnswer,
    HelpAsk,
    LedgerCheck,
    LedgerReply,
    LookupReply,
    LookupRequest,
    Message,
    Order,
    OrderRequest,
    Problem,
    UploadAsk,
    UploadState,
)
from kiosk.protocol.sight import Sight, SightReply

M = TypeVar("M", bound=Message)

UPLOADS = "/v1/uploads"
_BUSY = frozenset({408, 425, 429})


async def ask(
    exchange: Exchange, method: str, path: str, body: bytes, *, seconds: float, content_type: str = JSON
) -> bytes:
    """The body of a 2xx reply. 4xx with a Problem raises Rejected, everything else Unreachable."""
    reply = await exchange.exchange(method, path, body, content_type=content_type, seconds=seconds)
    if 200 <= reply.status < 300:
        return reply.body
    if reply.status >= 500 or reply.status in _BUSY:
        raise Unreachable(Cause.SERVER_ERROR, Arrival.PERHAPS, str(reply.status), reply.retry_after)
    problem = _parsed(Problem, reply.body)
    if problem is None:
        raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, str(reply.status))
    raise Rejected(problem, reply.status)


def read(kind: type[M], body: bytes) -> M:
    """A message out of a body. Raises Unreachable(GARBAGE), without quoting what was read."""
    message = _parsed(kind, body)
    if message is None:
        raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, kind.__name__)
    return message


def _parsed(kind: type[M], body: bytes) -> M | None:
    # None instead of a chained error: a validation error quotes its input, and would live on in __context__.
    try:
        return kind.model_validate_json(body)
    except ValidationError:
        return None


@lru_cache(maxsize=64)
def _adapter(answer_type: Any) -> TypeAdapter[Any]:
    return TypeAdapter(answer_type)


class Headquarters:
    """What a terminal asks and tells. Every method raises Unreachable or Rejected, nothing else.

    `terminal` is the name headquarters knows this machine by; `grant_key` verifies grants.
    """

    def __init__(
        self,
        exchange: Exchange,
        *,
        terminal: str,
        grant_key: Ed25519PublicKey,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        self._exchange = exchange
        self._terminal = terminal
        self._grant_key = grant_key
        self._clock = clock
        self._patience = patience if patience is not None else Patience()

    async def lookup(self, name: str, arguments: dict[str, Any], case: str, answer_type: Any) -> Any:
        """Ask a question without side effects; the answer is a value of `answer_type` (kiosk.people)."""
        request = LookupRequest(name=name, arguments=arguments, case=case)
        reply = await self._post("/v1/lookups", request, LookupReply, self._patience.lookup)
        with contextlib.suppress(TypeError, ValueError):  # pydantic's own error is a ValueError
            return _adapter(answer_type).validate_python(reply.answer)
        raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, name)

    async def order(self, request: OrderRequest) -> Order:
        """A payment order; the same key is answered with the same order."""
        return await self._post("/v1/orders", request, Order, self._patience.order)

    async def order_state(self, number: str) -> Order:
        """How an order stands."""
        body = await ask(
            self._exchange, "GET", f"/v1/orders/{quote(number, safe='')}", b"", seconds=self._patience.order
        )
        return read(Order, body)

    async def close_order(self, number: str, request: CloseOrder) -> Order:
        """Close an order unless it is captured; the reply may say captured."""
        return await self._post(f"/v1/orders/{quote(number, safe='')}/close", request, Order, self._patience.order)

    async def grant(self, request: GrantRequest) -> Grant:
        """A verified single-use grant for exactly what was asked. A grant that is not is Rejected("grant-...")."""
        grant = await self._post("/v1/grants", request, Grant, self._patience.grant)
        asked = (request.case, request.item, request.board, request.compartment, request.nonce)
        if (grant.case, grant.item, grant.board, grant.compartment, grant.nonce) != asked:
            raise _not_ours("grant-mismatch", "a grant for something that was not asked")
        self._verify(grant)
        return grant

    async def use_grant(self, grant: str, use: GrantUse) -> None:
        """Tell what came of a grant; telling the same twice is no error."""
        await ask(
            self._exchange,
            "POST",
            f"/v1/grants/{quote(grant, safe='')}/use",
            use.model_dump_json().encode(),
            seconds=self._patience.grant,
        )

    async def custody_place(self, request: CustodyRequest) -> CustodyReply:
        """An empty compartment for an old document, with the verified grant that opens it."""
        reply = await self._post("/v1/custody-places", request, CustodyReply, self._patience.grant)
        if (reply.grant.case, reply.grant.item, reply.grant.nonce) != (request.case, reply.custody, request.nonce):
            raise _not_ours("grant-mismatch", "a grant for something that was not asked")
        self._verify(reply.grant)
        return reply

    async def loading_list(self, nonce: str) -> LoadingList:
        """What belongs into this cabinet and out of it, verified. What is not is Rejected("list-...")."""
        request = LoadingListRequest(nonce=nonce)
        got = await self._post("/v1/loading-lists", request, LoadingList, self._patience.lookup)
        if got.nonce != nonce:
            raise _not_ours("list-mismatch", "a list that was not asked for now")
        if not self._signed_for_us(got):
            raise _not_ours("list-signature", "a list headquarters did not sign for this terminal")
        return got

    def kept_list(self, text: str) -> LoadingList | None:
        """A list that was kept, if headquarters signed it for this terminal and it still holds."""
        found = _parsed(LoadingList, text.encode())
        if found is None or not self._signed_for_us(found) or found.expires <= self._clock.now():
            return None
        return found

    def _signed_for_us(self, found: LoadingList) -> bool:
        if found.terminal != self._terminal:
            return False
        try:
            self._grant_key.verify(bytes.fromhex(found.signature), found.signed_text())
        except (InvalidSignature, ValueError):
            return False
        return True

    async def compare_face(self, request: FaceRequest) -> FaceReply:
        """Compare one to one at headquarters."""
        return await self._post("/v1/faces", request, FaceReply, self._patience.face)

    async def compare_finger(self, request: FingerRequest) -> FingerReply:
        """Compare a live fingerprint with the library's. Raises Unreachable, Rejected."""
        return await self._post("/v1/fingers", request, FingerReply, self._patience.face)

    async def put_blob(self, sha256: str, content: bytes) -> None:
        """Send a blob up; one that is known already is no error."""
        await send_blob(self._exchange, sha256, content, self._patience.blob)

    async def get_blob(self, sha256: str) -> bytes:
        """Fetch a blob and check that it is the one named."""
        path = f"/v1/blobs/{quote(sha256, safe='')}"
        content = await ask(self._exchange, "GET", path, b"", seconds=self._patience.picture, content_type=BYTES)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, "a blob with another digest")
        return content

    async def heartbeat(self, heartbeat: Heartbeat) -> HeartbeatReply:
        """Tell how this machine is; the reply carries headquarters' clock."""
        return await self._post("/v1/heartbeats", heartbeat, HeartbeatReply, self._patience.heartbeat)

    async def help_answer(self, ask: HelpAsk) -> HelpAnswer:
        """What somebody of the staff answered to a call for help so far."""
        return await self._post("/v1/help", ask, HelpAnswer, self._patience.heartbeat)

    async def show(self, sight: Sight) -> SightReply:
        """What whoever called for help looks at now; nothing of theirs is in it."""
        content = sight.model_dump_json(exclude_defaults=True).encode()
        body = await ask(self._exchange, "POST", "/v1/help/sights", content, seconds=self._patience.heartbeat)
        return read(SightReply, body)

    async def clip(self, sha256: str) -> bytes:
        """What an officer says aloud, checked. Raises Unreachable for what is none or another."""
        path = f"/v1/help/clips/{quote(sha256, safe='')}"
        content = await ask(self._exchange, "GET", path, b"", seconds=self._patience.picture, content_type=BYTES)
        try:
            _ = milliseconds_of(content)
        except ValueError:
            raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, "no clip") from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, "a clip with another digest")
        return content

    async def commands(self) -> tuple[Command, ...]:
        """What headquarters tells this terminal to do. Nothing of it is believed before `why_not_obeyed` says ""."""
        body = await ask(self._exchange, "GET", "/v1/commands", b"", seconds=self._patience.heartbeat)
        return read(Commands, body).commands

    def why_not_obeyed(self, command: Command) -> str:
        """Why a command is not believed: another terminal's, not headquarters' word, or not of now; "" when it is."""
        if command.terminal != self._terminal:
            return "another-terminal"
        try:
            self._grant_key.verify(bytes.fromhex(command.signature), command.signed_text())
        except (InvalidSignature, ValueError):
            return "signature"
        now = self._clock.now()
        early = now < command.issued - timedelta(seconds=self._patience.clock_skew)
        return "not-of-now" if early or now >= command.expires else ""

    async def push_audit(self, batch: AuditBatch) -> AuditReply:
        """Send rows of the audit chain up, in order."""
        return await self._post("/v1/audit", batch, AuditReply, self._patience.audit)

    async def ledger(self, check: LedgerCheck) -> LedgerReply:
        """Which effects of a case headquarters knows."""
        return await self._post("/v1/ledger-checks", check, LedgerReply, self._patience.ledger)

    async def _post(self, path: str, message: Message, kind: type[M], seconds: float) -> M:
        with on_behalf_of(str(getattr(message, "case", "") or getattr(message, "key", ""))):
            body = await ask(self._exchange, "POST", path, message.model_dump_json().encode(), seconds=seconds)
        return read(kind, body)

    def _verify(self, grant: Grant) -> None:
        if grant.terminal != self._terminal:
            raise _not_ours("grant-terminal", "a grant for another terminal")
        if not _in_future(grant.expires, self._clock.now()):
            raise _not_ours("grant-expired", "a grant whose time is over")
        try:
            self._grant_key.verify(bytes.fromhex(grant.signature), grant.signed_text())
        except (InvalidSignature, ValueError):
            raise _not_ours("grant-signature", "a grant headquarters did not sign") from None


WHOLE = 512 * 1024
"""A blob up to this long, in bytes, goes up in one request where the line has not failed it yet."""
_ROUNDS = 3
"""Asked how far it came, sent the rest, asked again; once more if another server knows less."""
PART = 64 * 1024
"""How long a part is after that: a line of 32 kbit/s carries it within a blob's deadline."""


async def send_blob(exchange: Exchange, sha256: str, content: bytes, seconds: float, part: int = WHOLE) -> None:
    """Send one blob up, in parts where it is longer than one; `seconds` for each. What has come stays there."""
    name = quote(sha256, safe="")
    if len(content) <= part:
        await ask(exchange, "PUT", f"/v1/blobs/{name}", content, seconds=seconds, content_type=BYTES)
        return
    question = UploadAsk(sha256=sha256, length=len(content)).model_dump_json().encode()
    for _ in range(_ROUNDS):
        state = read(UploadState, await ask(exchange, "POST", UPLOADS, question, seconds=seconds))
        if state.whole:
            return
        offset = state.offset
        if not 0 <= offset < len(content):
            raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, "an offset outside of the blob")
        while offset < len(content):
            body = content[offset : offset + part]
            path = f"{UPLOADS}/{name}/{offset}"
            said = read(UploadState, await ask(exchange, "PATCH", path, body, seconds=seconds, content_type=BYTES))
            if not offset < said.offset <= len(content):
                raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, "an upload that does not move on")
            offset = said.offset
    raise Unreachable(Cause.GARBAGE, Arrival.PERHAPS, "an upload that never ends")


def _in_future(moment: datetime, now: datetime) -> bool:
    return moment.tzinfo is not None and moment > now


def _not_ours(code: str, detail: str) -> Rejected:
    return Rejected(Problem(code=code, detail=detail), 200)
