"""The terminals' endpoints: method and path to a function over the office."""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TypeVar

from central import lines
from central.agencies.contract import FaceMatching
from central.desks.batches import file_batch
from central.desks.clips import clip_for
from central.desks.commands import fetched
from central.desks.configuration import assigned, bundle, file_of, reported
from central.desks.desk import Desk
from central.desks.faces import compare_face, compare_finger
from central.desks.filings import file
from central.desks.fleet import audit, heartbeat, ledger_of_case
from central.desks.grants import custody_place, grant, use_grant
from central.desks.loading_list import loading_list
from central.desks.lookups import look_up
from central.desks.orders import close_order, create_order, order_state
from central.desks.sights import shown
from central.desks.tickets import asked_after
from central.problems import PROBLEM, Declined, unknown
from kiosk.protocol import events
from kiosk.protocol.clips import MEDIA_TYPE
from kiosk.protocol.configuration import BundleRequest, FileRequest, SetReport
from kiosk.protocol.loading import LoadingListRequest
from kiosk.protocol.messages import (
    AuditBatch,
    CloseOrder,
    CustodyRequest,
    FaceRequest,
    Filing,
    FilingBatch,
    FingerRequest,
    GrantRequest,
    GrantUse,
    Heartbeat,
    HelpAsk,
    LedgerCheck,
    LookupRequest,
    Message,
    OrderRequest,
    Problem,
    UploadAsk,
    UploadState,
)
from kiosk.protocol.sight import LIMIT, Sight

M = TypeVar("M", bound=Message)

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer without its headers."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    @staticmethod
    def json(status: int, message: Message) -> Answer:
        """A message as body."""
        return Answer(status, message.model_dump_json().encode())

    @staticmethod
    def problem(problem: Problem, *headers: tuple[str, str]) -> Answer:
        """An error, with the status it names."""
        return Answer(problem.status, problem.model_dump_json().encode(), PROBLEM, headers)


@dataclass(frozen=True, slots=True)
class Office:
    """Opens transactions one at a time; `faces` works outside of any."""

    desk: Callable[[], AbstractContextManager[Desk]]
    faces: FaceMatching


Handler = Callable[[Office, dict[str, str], bytes], Answer]
Routes = dict[str, list[tuple[re.Pattern[str], Handler]]]


def route_table(*entries: tuple[str, str, Handler]) -> Routes:
    """Method, path with {name} parts, handler."""
    table: Routes = {}
    for method, path, handler in entries:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        table.setdefault(method, []).append((pattern, handler))
    return table


def _with(kind: type[M], act: Callable[[M, Desk], Message]) -> Handler:
    def handler(office: Office, parts: dict[str, str], body: bytes) -> Answer:
        del parts
        message = kind.model_validate_json(body)
        with office.desk() as desk:
            return Answer.json(200, act(message, desk))

    return handler


def _filing(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    message = Filing.model_validate_json(body)
    with office.desk() as desk:
        reply, terminal = file(message, desk), desk.terminal
    # It is in the books only now.
    lines.filed(_LOG, message.case, message.key, terminal, "duplicate" if reply.duplicate else reply.status)
    return Answer.json(200, reply)


def _batch(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    message = FilingBatch.model_validate_json(body)
    with office.desk() as desk:
        reply, terminal = file_batch(message, desk), desk.terminal
    for asked, item in zip(message.items, reply.items, strict=True):
        outcome = item.state if item.reply is None else "duplicate" if item.reply.duplicate else item.reply.status
        lines.filed(_LOG, str(asked.get("case", "")), item.key, terminal, outcome)
    return Answer.json(200, reply)


def _with_number(kind: type[M], act: Callable[[str, M, Desk], Message]) -> Handler:
    def handler(office: Office, parts: dict[str, str], body: bytes) -> Answer:
        message = kind.model_validate_json(body)
        with office.desk() as desk:
            return Answer.json(200, act(parts["number"], message, desk))

    return handler


def _order(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del body
    with office.desk() as desk:
        return Answer.json(200, order_state(parts["number"], desk))


def _use_grant(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    use = GrantUse.model_validate_json(body)
    with office.desk() as desk:
        use_grant(parts["grant"], use, desk)
    return Answer(204, b"")


def _put_blob(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    if hashlib.sha256(body).hexdigest() != parts["sha256"]:
        raise Declined(422, "digest", "these bytes have another SHA-256")
    with office.desk() as desk:
        blobs = desk.blobs
    if blobs.has(parts["sha256"]):
        return Answer(200, b"")
    _ = blobs.put(body)
    return Answer(204, b"")


def _upload(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    asked = UploadAsk.model_validate_json(body)
    with office.desk() as desk:
        blobs, terminal = desk.blobs, desk.terminal
    offset = blobs.assemble(terminal, asked.sha256, asked.length)
    return Answer.json(200, UploadState(offset=offset, whole=offset >= asked.length))


def _upload_part(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    if not re.fullmatch(r"\d{1,10}", parts["offset"], re.ASCII):
        raise Declined(422, "message", "offset: not a number of bytes")
    with office.desk() as desk:
        blobs, terminal = desk.blobs, desk.terminal
    offset = blobs.append(terminal, parts["sha256"], int(parts["offset"]), body)
    return Answer.json(200, UploadState(offset=offset))


def _get_blob(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del body
    with office.desk() as desk:
        content = desk.blobs.get(parts["sha256"])
    if content is None:
        raise unknown("blob")
    return Answer(200, content, "application/octet-stream")


def _face(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    request = FaceRequest.model_validate_json(body)
    try:
        live = base64.b64decode(request.live, validate=True)
        chip = base64.b64decode(request.chip_photo, validate=True)
    except (binascii.Error, ValueError):
        raise Declined(422, "message", "live, chip_photo: not base64") from None
    return Answer.json(200, compare_face(request.number, live, chip, office.desk, office.faces))


def _finger(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    request = FingerRequest.model_validate_json(body)
    try:
        live = bytes.fromhex(request.live)
    except ValueError:
        raise Declined(422, "message", "live: not hexadecimal") from None
    return Answer.json(200, compare_finger(request.number, live, office.desk))


def _assigned(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts, body
    with office.desk() as desk:
        return Answer.json(200, assigned(desk))


def _commands(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts, body
    with office.desk() as desk:
        return Answer.json(200, fetched(desk))


def _configuration_file(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    request = FileRequest.model_validate_json(body)
    with office.desk() as desk:
        return Answer(200, file_of(request, desk), "application/octet-stream")


def _clip(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del body
    with office.desk() as desk:
        return Answer(200, clip_for(desk, parts["sha256"]), MEDIA_TYPE)


def _sight(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    if len(body) > LIMIT:
        raise Declined(413, "size", f"a sight has {LIMIT} bytes at most")
    return _with(Sight, shown)(office, parts, body)


def _events(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    """Nothing yet; a server that holds connections goes on from here."""
    del office, parts, body
    return Answer(200, b"", events.MEDIA_TYPE)


TERMINALS = route_table(
    ("POST", "/v1/lookups", _with(LookupRequest, look_up)),
    ("PUT", "/v1/blobs/{sha256}", _put_blob),
    ("GET", "/v1/blobs/{sha256}", _get_blob),
    ("POST", "/v1/uploads", _upload),
    ("PATCH", "/v1/uploads/{sha256}/{offset}", _upload_part),
    ("POST", "/v1/filings", _filing),
    ("POST", "/v1/batches", _batch),
    ("POST", "/v1/orders", _with(OrderRequest, create_order)),
    ("GET", "/v1/orders/{number}", _order),
    ("POST", "/v1/orders/{number}/close", _with_number(CloseOrder, close_order)),
    ("POST", "/v1/grants", _with(GrantRequest, grant)),
    ("POST", "/v1/grants/{grant}/use", _use_grant),
    ("POST", "/v1/custody-places", _with(CustodyRequest, custody_place)),
    ("POST", "/v1/loading-lists", _with(LoadingListRequest, loading_list)),
    ("POST", "/v1/faces", _face),
    ("POST", "/v1/fingers", _finger),
    ("POST", "/v1/heartbeats", _with(Heartbeat, heartbeat)),
    ("GET", "/v1/commands", _commands),
    ("POST", "/v1/help", _with(HelpAsk, asked_after)),
    ("POST", "/v1/help/sights", _sight),
    ("GET", "/v1/help/clips/{sha256}", _clip),
    ("POST", "/v1/audit", _with(AuditBatch, audit)),
    ("POST", "/v1/ledger-checks", _with(LedgerCheck, ledger_of_case)),
    ("GET", events.PATH, _events),
    ("GET", "/v1/configuration", _assigned),
    ("POST", "/v1/configuration/bundles", _with(BundleRequest, bundle)),
    ("POST", "/v1/configuration/files", _configuration_file),
    ("POST", "/v1/configuration/reports", _with(SetReport, reported)),
)
