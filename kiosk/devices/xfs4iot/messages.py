"""XFS4IoT's messages: JSON text in, values out, no I/O (CEN/XFS XFS4IoT specification, message headers).

    {"header": {"name": "Class.Verb", "requestId": 1, "type": "command", "version": "2.0", "timeout": 1000},
     "payload": {}}

A command is acknowledged (its status is null, or a refusal after which nothing follows), may be followed by events of
the same request id, and ends with exactly one completion. Unsolicited events carry no request id.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

from kiosk.devices.words import Completion, DeviceFault

VERSION = "2.0"
"""Of the messages sent. A service that speaks a later one of the same major number answers as well."""
LONGEST = 4 << 20
"""Characters of one message: a page's picture in base64 is far below."""
LARGEST_ID = 2**31 - 1


class MalformedMessage(ValueError):
    """What arrived is no message. Says what is wrong with it, and nothing of what it holds."""


class Kind(enum.Enum):
    """header.type."""

    COMMAND = "command"
    ACKNOWLEDGE = "acknowledge"
    EVENT = "event"
    COMPLETION = "completion"
    UNSOLICITED = "unsolicited"


SUCCESS = "success"
COMMAND_ERROR = "commandErrorCode"

_COMPLETIONS: Mapping[str, Completion] = MappingProxyType(
    {
        COMMAND_ERROR: Completion.COMMAND_ERROR,
        "canceled": Completion.CANCELED,
        "deviceNotReady": Completion.DEVICE_NOT_READY,
        "hardwareError": Completion.HARDWARE_ERROR,
        "internalError": Completion.HARDWARE_ERROR,
        "invalidCommand": Completion.UNSUPPORTED,
        "invalidRequestID": Completion.SEQUENCE_ERROR,
        "timeOut": Completion.TIME_OUT,
        "unsupportedCommand": Completion.UNSUPPORTED,
        "invalidData": Completion.INVALID_DATA,
        "userError": Completion.USER_ERROR,
        "unsupportedData": Completion.UNSUPPORTED,
        "fraudAttempt": Completion.HARDWARE_ERROR,
        "sequenceError": Completion.SEQUENCE_ERROR,
        "authorisationRequired": Completion.AUTHORISATION_REQUIRED,
        "noCommandNonce": Completion.AUTHORISATION_REQUIRED,
        "invalidToken": Completion.AUTHORISATION_REQUIRED,
        "invalidTokenNonce": Completion.AUTHORISATION_REQUIRED,
        "invalidTokenHMAC": Completion.AUTHORISATION_REQUIRED,
        "invalidTokenFormat": Completion.AUTHORISATION_REQUIRED,
        "invalidTokenKeyNoValue": Completion.AUTHORISATION_REQUIRED,
        "notEnoughSpace": Completion.HARDWARE_ERROR,
    }
)
"""Every completion code of the specification but success, in the words all devices share."""

_SAME_NAME = frozenset(
    ("canceled", "deviceNotReady", "hardwareError", "timeOut", "invalidData", "userError", "sequenceError")
)

_NEVER_ACTED = frozenset(
    {
        Completion.UNSUPPORTED,
        Completion.INVALID_DATA,
        Completion.SEQUENCE_ERROR,
        Completion.AUTHORISATION_REQUIRED,
    }
)
"""The service refused before it began."""

_NOTHING_MOVED = frozenset(
    {
        "noMedia",
        "noMediaPresent",
        "occupied",
        "full",
        "retainBinFull",
        "formNotFound",
        "mediaNotFound",
        "fieldSpecFailure",
        "charSetData",
        "readNotSupported",
        "sequenceInvalid",
        "sourceInvalid",
        "invalidMedia",
        "protocolNotSupported",
        "atrNotObtained",
    }
)
"""Error words that say by themselves that nothing was moved or printed."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Its payload may name people: it is never shown."""

    name: str
    kind: Kind
    request_id: int | None
    status: str = ""
    completion: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    def part(self, name: str) -> Mapping[str, Any]:
        """An object of the payload, empty when there is none."""
        return part(self.payload, name)


def part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside another, empty when there is none or it is something else."""
    inner: object = of.get(name)
    return cast("Mapping[str, Any]", inner) if isinstance(inner, dict) else {}


def word(of: Mapping[str, Any], name: str) -> str:
    """A text inside an object, "" when there is none or it is something else."""
    inner: object = of.get(name)
    return inner if isinstance(inner, str) else ""


def number(of: Mapping[str, Any], name: str) -> int | None:
    """A count inside an object; None when there is none, it is negative, or something else."""
    inner: object = of.get(name)
    return inner if isinstance(inner, int) and not isinstance(inner, bool) and inner >= 0 else None


def command(name: str, request_id: int, payload: Mapping[str, Any] | None, *, milliseconds: int) -> str:
    """The text of a command. A timeout of 0 would mean none: at least 1 is asked for."""
    header = {
        "name": name,
        "requestId": request_id,
        "type": Kind.COMMAND.value,
        "version": VERSION,
        "timeout": max(1, milliseconds),
    }
    message: dict[str, Any] = {"header": header}
    if payload is not None:
        message["payload"] = dict(payload)
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def parse(text: str) -> Message:
    """One message. Properties nobody knows are passed over. Raises MalformedMessage."""
    if len(text) > LONGEST:
        raise MalformedMessage("too long")
    try:
        whole: object = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedMessage("no JSON") from None
    if not isinstance(whole, dict):
        raise MalformedMessage("no object")
    message = cast("dict[str, Any]", whole)
    header = part(message, "header")
    name = word(header, "name")
    if not name:
        raise MalformedMessage("no name")
    try:
        kind = Kind(word(header, "type"))
    except ValueError:
        raise MalformedMessage("no type of the specification") from None
    request_id = number(header, "requestId")
    if kind is not Kind.UNSOLICITED and not (request_id and request_id <= LARGEST_ID):
        raise MalformedMessage("no request id")
    completion = word(header, "completionCode")
    if kind is Kind.COMPLETION and not completion:
        raise MalformedMessage("no completion code")
    return Message(name, kind, request_id, word(header, "status"), completion, part(message, "payload"))


def fault_of(completion: Message) -> DeviceFault:
    """The fault of a command that did not succeed. A code of a later version is a hardware error of its name."""
    said = completion.completion
    ended = _COMPLETIONS.get(said, Completion.HARDWARE_ERROR)
    code = "" if said in _SAME_NAME else said
    if said == COMMAND_ERROR:
        code = word(completion.payload, "errorCode")
    acted = ended not in _NEVER_ACTED and code not in _NOTHING_MOVED
    return DeviceFault(ended, code, acted=acted)
