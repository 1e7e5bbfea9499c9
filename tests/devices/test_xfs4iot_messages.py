"""XFS4IoT's messages: what is sent, what is understood, and that no noise is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.words import Completion
from kiosk.devices.xfs4iot.addresses import Address
from kiosk.devices.xfs4iot.messages import (
    LARGEST_ID,
    LONGEST,
    Kind,
    MalformedMessage,
    Message,
    command,
    fault_of,
    number,
    parse,
    part,
    word,
)

COMPLETION_CODES = [
    *("commandErrorCode", "canceled", "deviceNotReady", "hardwareError", "internalError", "invalidCommand"),
    *("invalidRequestID", "timeOut", "unsupportedCommand", "invalidData", "userError", "unsupportedData"),
    *("fraudAttempt", "sequenceError", "authorisationRequired", "noCommandNonce", "invalidToken"),
    *("invalidTokenNonce", "invalidTokenHMAC", "invalidTokenFormat", "invalidTokenKeyNoValue", "notEnoughSpace"),
]


def test_a_command_is_the_specifications_own_text() -> None:
    text = command("CardReader.Move", 7, {"from": "transport", "to": "exit"}, milliseconds=20_000)
    assert json.loads(text) == {
        "header": {"name": "CardReader.Move", "requestId": 7, "type": "command", "version": "2.0", "timeout": 20_000},
        "payload": {"from": "transport", "to": "exit"},
    }
    assert "payload" not in json.loads(command("Common.Status", 1, None, milliseconds=0))


def test_a_deadline_is_never_none() -> None:
    assert json.loads(command("X.Y", 1, None, milliseconds=0))["header"]["timeout"] == 1


def text(**header: Any) -> str:
    return json.dumps({"header": header, "payload": {"a": 1}})


@pytest.mark.parametrize(
    ("said", "kind", "number_of"),
    [
        (text(name="X.Y", type="acknowledge", requestId=3, status=None), Kind.ACKNOWLEDGE, 3),
        (text(name="X.Y", type="event", requestId=3), Kind.EVENT, 3),
        (
            text(name="X.Y", type="completion", requestId=LARGEST_ID, completionCode="success"),
            Kind.COMPLETION,
            LARGEST_ID,
        ),
        (text(name="X.Y", type="unsolicited", future={"x": [1]}), Kind.UNSOLICITED, None),
    ],
)
def test_what_a_message_says(said: str, kind: Kind, number_of: int | None) -> None:
    message = parse(said)
    assert (message.kind, message.request_id, message.payload) == (kind, number_of, {"a": 1})
    assert "'a'" not in repr(message)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[]",
        "7",
        "{}",
        '{"header": []}',
        text(name="X.Y", type="neither", requestId=1),
        text(type="event", requestId=1),
        text(name="X.Y", type="event"),
        text(name="X.Y", type="event", requestId=0),
        text(name="X.Y", type="event", requestId=-1),
        text(name="X.Y", type="event", requestId=True),
        text(name="X.Y", type="event", requestId=2**31),
        text(name="X.Y", type="completion", requestId=1),
        "[" * 100_000,
        " " * (LONGEST + 1),
    ],
)
def test_what_is_no_message_is_said_to_be_none_without_repeating_it(said: str) -> None:
    with pytest.raises(MalformedMessage) as caught:
        _ = parse(said)
    assert len(str(caught.value)) < 60


WORDS = st.sampled_from(["header", "name", "type", "requestId", "completionCode", "payload", "event", "x"])
LEAVES = st.none() | st.booleans() | st.integers() | WORDS
TREES = st.recursive(LEAVES, lambda c: st.lists(c, max_size=4) | st.dictionaries(WORDS, c, max_size=6), max_leaves=20)


@given(st.text(max_size=300) | TREES.map(json.dumps))
def test_no_noise_raises_anything_but_its_own_error(noise: str) -> None:
    try:
        assert isinstance(parse(noise), Message)
    except MalformedMessage:
        return


@pytest.mark.parametrize("code", COMPLETION_CODES)
def test_every_completion_code_has_its_word(code: str) -> None:
    fault = fault_of(Message("X.Y", Kind.COMPLETION, 1, completion=code, payload={"errorCode": "mediaJam"}))
    assert fault.completion in Completion
    assert (fault.code == "mediaJam") == (code == "commandErrorCode")


def test_a_code_of_a_later_specification_is_a_hardware_error_that_may_have_acted() -> None:
    fault = fault_of(Message("X.Y", Kind.COMPLETION, 1, completion="quantumError"))
    assert (fault.completion, fault.code, fault.acted) == (Completion.HARDWARE_ERROR, "quantumError", True)


@pytest.mark.parametrize(
    ("code", "error", "acted"),
    [
        ("commandErrorCode", "mediaJam", True),
        ("commandErrorCode", "noMedia", False),
        ("commandErrorCode", "inkOut", True),
        ("commandErrorCode", "", True),
        ("unsupportedCommand", "", False),
        ("invalidData", "", False),
        ("timeOut", "", True),
        ("canceled", "", True),
        ("hardwareError", "", True),
    ],
)
def test_only_what_surely_did_not_act_is_said_not_to_have(code: str, error: str, acted: bool) -> None:
    assert fault_of(Message("X.Y", Kind.COMPLETION, 1, completion=code, payload={"errorCode": error})).acted is acted


def test_what_is_of_another_kind_is_not_there() -> None:
    odd: dict[str, Any] = {"a": 1, "b": [], "c": True, "d": -1, "e": "x"}
    assert (part(odd, "a"), word(odd, "a"), number(odd, "e")) == ({}, "", None)
    assert (number(odd, "c"), number(odd, "d"), number(odd, "a")) == (None, None, 1)


@pytest.mark.parametrize(
    ("uri", "ca", "port"),
    [
        ("ws://localhost:5846/xfs4iot/v1.0/x", "", "tcp://localhost:5846"),
        ("ws://127.0.0.1/xfs4iot/v1.0/x", "", "tcp://127.0.0.1:80"),
        ("wss://maker.example:5847/xfs4iot/v1.0/x", "", "tls://maker.example:5847"),
        ("wss://maker.example/x", "/etc/a b.pem", "tls://maker.example:443?ca=/etc/a%20b.pem"),
    ],
)
def test_where_a_service_is(uri: str, ca: str, port: str) -> None:
    assert Address(uri, ca=ca).port_of(uri) == port


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://localhost/",
        "ws:///x",
        "ws://maker.example/x",
        "ws://10.0.0.7/x",
        "ws://u@localhost/x",
        "ws://localhost/x?y=1",
    ],
)
def test_a_service_on_the_network_is_spoken_to_with_tls_or_not_at_all(uri: str) -> None:
    with pytest.raises(ValueError, match="ser"):
        _ = Address(uri)


def test_a_publishers_list_is_read_with_care() -> None:
    address = Address("ws://localhost:5846/xfs4iot/v1.0", "maker")

    def published(*services: object) -> Message:
        return Message("ServicePublisher.GetServices", Kind.COMPLETION, 1, payload={"services": list(services)})

    good = "ws://localhost:5847/xfs4iot/v1.0/maker"
    assert address.found_in(published(7, {"serviceURI": "ws://localhost/x/other"}, {"serviceURI": good})) == good
    for wrong in (published(), published({"serviceURI": "ws://evil.example/x/maker"}), Message("X.Y", Kind.EVENT, 1)):
        with pytest.raises(LookupError):
            _ = address.found_in(wrong)
