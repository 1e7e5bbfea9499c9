"""From the touch to the row: one id in the lines of both sides, in requests and in the books; nobody is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.lines import Lines
from kiosk.nights.night import Night, nightfall
from kiosk.nights.somebody import straight_visit
from kiosk.protocol.tracing import Trace
from kiosk.simulation.scripts.straight import SCRIPTS
from kiosk.times import sortable_id
from kiosk.virtual import run_virtual
from tests.visits.nights import DAY


@given(st.integers(1, (1 << 48) - 1), st.integers(0, (1 << 80) - 1), st.text(max_size=40))
def test_a_visits_id_and_its_trace_are_told_from_each_other(milliseconds: int, bits: int, which: str) -> None:
    visit = sortable_id(milliseconds, bits)
    trace = Trace.of(visit, which)
    assert trace is not None and trace.visit == visit
    assert Trace.read(trace.header) == trace == Trace.of(visit, which)


@given(st.text(max_size=60))
def test_what_is_no_header_is_as_if_it_were_not_there(text: str) -> None:
    assert Trace.read(text) is None
    assert Trace.read("00-" + "0" * 32 + "-" + "1" * 16 + "-01") is None
    assert Trace.read("00-" + "1" * 32 + "-" + "1" * 16 + "-01-more") is None
    assert Trace.read("ff-" + "1" * 32 + "-" + "1" * 16 + "-01") is None
    assert Trace.read("cc-" + "1" * 32 + "-" + "1" * 16 + "-01-more") is not None
    assert Trace.of("CASE00001", "") is None


def test_whole_visits_leave_lines_of_the_same_visit_on_both_sides_and_nobodys_name_or_number(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="kiosk")
    caplog.set_level("DEBUG", logger="central")
    personal: list[str] = []

    async def night() -> None:
        async with Night(tmp_path, 7, DAY) as made:
            _ = await made.start()
            for service in ("HZ01", "JG01"):
                person = made.street.call("find", situation=SCRIPTS[service][0], nth=0)["person"]
                personal.extend(person[word] for word in ("number", "name", "phone"))
                await straight_visit(made, service)

    run_virtual(night(), nightfall(DAY))
    lines = [json.loads(Lines().format(record)) for record in caplog.records]
    begun = [getattr(record, "visit", "") for record in caplog.records if record.name == "kiosk.flows.engine"]
    filed = {line["visit"] for line in lines if line["text"] == "filed" and line["visit"]}
    assert len(begun) == 2 and filed == set(begun)
    text = "\n".join(f"{record.getMessage()} {record.__dict__.get('said', '')}" for record in caplog.records)
    assert all(personal) and not [word for word in personal if word in text]
