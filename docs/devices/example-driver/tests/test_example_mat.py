"""The example's own tests: its codec, and the rules every driver keeps."""

from __future__ import annotations

import asyncio

import pytest
from example_mat import DRIVER, Decoder, Mat, MatSettings
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.classes import DeviceClass
from kiosk.devices.conformance import memory as rules
from kiosk.devices.transport import Transport


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_no_bytes_break_the_codec(pieces: list[bytes]) -> None:
    decoder = Decoder()
    for piece in pieces:
        assert all(found is None or 0 <= found <= 999 for found in decoder.feed(piece))


def test_a_weight_is_read() -> None:
    assert Decoder().feed(b"W 071\nW 71\nW 003\n") == (71, None, 3)


async def mat(far: Transport) -> None:
    """The device, played from its description."""
    while True:
        for _ in range((await far.read(64)).count(b"\n")):
            await asyncio.sleep(0.01)
            await far.write(b"W 071\n")


SUBJECT = rules.Subject(
    DeviceClass.PRESENCE,
    DRIVER.name,
    lambda line: Mat(line, MatSettings(port="here")),
    lambda: mat,
    {"look": lambda sensor: sensor.look()},
)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_it_keeps_the_rules(rule: rules.RuleCheck) -> None:
    rule(SUBJECT)
