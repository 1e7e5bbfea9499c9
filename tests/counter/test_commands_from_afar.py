"""Headquarters' commands at the terminal: believed, obeyed once, never during a visit unless safety asks for it."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from central.desks.commands import Wanted, as_message, order
from central.desks.desk import Desk
from central.model import TerminalRow
from central.model_command import CommandRow, CommandState
from kiosk.nights.night import Night, in_virtual_time
from kiosk.protocol.commands import Command, CommandKind
from kiosk.screens.states import OutOfService
from tests.visits.nights import a_night, visitor

TERMINAL = "KDL-001"


def tell(night: Night, wanted: Wanted, because: str = "water on the floor") -> str:
    number = night.headquarters.by_a_person(lambda desk: order(desk, TERMINAL, wanted, "wang", because).number)
    if night.running is not None:
        night.running.built.link.beat_now()
    return number


def row(night: Night, number: str) -> tuple[str, str, dict[str, Any], str]:
    def look(desk: Any) -> tuple[str, str, dict[str, Any], str]:
        found = desk.db.get(CommandRow, number)
        return found.state.value, found.code, json.loads(found.found), found.blob

    return night.headquarters.by_a_person(look)


def given(desk: Desk, number: str) -> tuple[Command, ...]:
    found = desk.db.get(CommandRow, number)
    return () if found is None else (as_message(found),)


async def answered(night: Night, number: str, seconds: float = 60.0) -> tuple[str, str, dict[str, Any], str]:
    async with asyncio.timeout(seconds):
        while row(night, number)[0] == CommandState.ORDERED.value:
            await asyncio.sleep(0.5)
    return row(night, number)


def shown(night: Night) -> object:
    assert night.running is not None and night.running.stage.shown is not None
    return night.running.stage.shown.state


CLOSE = Wanted(CommandKind.OUT_OF_SERVICE, text_zh="地面有水", text_en="Water on the floor")
SAFETY = Wanted(CommandKind.OUT_OF_SERVICE, safety=True, text_zh="地面有水", text_en="Water on the floor")


def test_out_of_service_with_a_text_stays_so_over_a_power_cut_until_it_is_taken_back() -> None:
    async def scene(night: Night) -> None:
        number = tell(night, CLOSE)
        assert await answered(night, number) == ("done", "", {}, "")
        assert shown(night) == OutOfService("ordered", said=("地面有水", "Water on the floor"))
        _ = await night.kill()
        starting = asyncio.ensure_future(night.start())
        await asyncio.sleep(40.0)
        assert shown(night) == OutOfService("ordered", said=("地面有水", "Water on the floor"))
        beat = night.headquarters.by_a_person(lambda desk: _beat(desk))
        assert (beat["out_of_service"], beat["services_open"]) == ("ordered", [])
        assert await answered(night, tell(night, Wanted(CommandKind.BACK_IN_SERVICE))) == ("done", "", {}, "")
        _ = await starting
        again = tell(night, Wanted(CommandKind.BACK_IN_SERVICE))
        assert await answered(night, again) == ("refused", "not-out-of-service", {}, "")

    a_night(scene)


def _beat(desk: Any) -> Any:
    return json.loads(desk.db.get(TerminalRow, TERMINAL).heartbeat)


def test_during_a_visit_only_safety_is_obeyed_and_the_visit_ends_in_order() -> None:
    async def scene(night: Night) -> None:
        someone = visitor(night, "card-finished-renewal")
        hands = someone.running.hands
        hands.tap("service:HZ02")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "NoticePage", "the notice"))
        for wanted in (CLOSE, Wanted(CommandKind.RESTART), Wanted(CommandKind.DIAGNOSTICS)):
            assert await answered(night, tell(night, wanted), 40.0) == ("refused", "visit", {}, "")
        assert hands.look().kind == "NoticePage"
        assert await answered(night, tell(night, SAFETY)) == ("done", "", {"visit": "ended"}, "")
        await in_virtual_time(someone.citizen.until(lambda: hands.look().kind == "OutOfService", "closed"))
        assert [(r.service, r.ending) for r in night.reports] == [("HZ02", "no-time")]

    a_night(scene)


def test_a_command_is_done_once_however_often_it_comes_and_forged_or_late_ones_are_not_believed() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        built = night.running.built
        number = tell(night, Wanted(CommandKind.LOCK_COMPARTMENT, compartment=7))
        (message,) = night.headquarters.by_a_person(lambda desk: given(desk, number))
        assert await answered(night, number) == ("done", "", {}, "")
        assert built.desk.kept_shut == {(message.board, 7)}
        undone = tell(night, Wanted(CommandKind.UNLOCK_COMPARTMENT, compartment=7))
        assert (await answered(night, undone))[0] == "done"
        forged = message.model_copy(update={"nonce": "f" * 32, "number": "Z1"})
        elsewhere = message.model_copy(update={"terminal": "KDL-006", "nonce": "e" * 32})
        an_hour = timedelta(hours=1)
        past = {"issued": message.issued - an_hour, "expires": message.expires - an_hour, "nonce": "d" * 32}
        late = message.model_copy(update=past)
        late = late.model_copy(update={"signature": night.headquarters.signer.sign(late.signed_text())})

        async def commands() -> Any:
            return (message, message, forged, elsewhere, late)

        built.headquarters.commands = commands
        for _ in range(2):
            built.obedience.look()
            await asyncio.sleep(2.0)
        assert built.desk.kept_shut == set()
        rows = [json.loads(line.text) for line in await built.store.audit.rows_after(0, 10_000)]
        why = {r["details"]["why"] for r in rows if r["event"] == "command-disbelieved"}
        begun = [r["details"]["number"] for r in rows if r["event"] == "command-begun"]
        assert (why, begun) == ({"signature", "another-terminal", "not-of-now"}, [number, undone])

    a_night(scene)


def test_a_device_is_tested_diagnostics_go_up_and_the_program_starts_again_once() -> None:
    async def scene(night: Night) -> None:
        assert night.running is not None
        night.street.call("fault", device="receipt-printer", fault="paper-out")
        await asyncio.sleep(3.0)
        tested = await answered(night, tell(night, Wanted(CommandKind.TEST_DEVICE, device="receipt-printer")))
        assert (tested[0], tested[2]["code"], tested[2]["paper"]) == ("done", "paperOut", "out")
        nothing = tell(night, Wanted(CommandKind.TEST_DEVICE, device="coffee-machine"))
        assert (await answered(night, nothing))[:2] == ("refused", "no-such-device")
        night.street.call("clear", device="receipt-printer")
        state, _, found, blob = await answered(night, tell(night, Wanted(CommandKind.DIAGNOSTICS)))
        content = night.headquarters.blobs.get(blob)
        assert state == "done" and content is not None and found["bytes"] == str(len(content))
        with zipfile.ZipFile(io.BytesIO(content)) as bundle:
            texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
        assert "receipt-printer is not usable" in texts["log.txt"]
        assert set(texts) >= {"README.txt", "devices.json", "self-test.json", "audit.jsonl", "settings.json"}
        task = night.running.task
        number = tell(night, Wanted(CommandKind.RESTART))
        async with asyncio.timeout(60.0):
            await task
        assert row(night, number)[0] == "ordered"
        _ = await night.kill()
        _ = await night.start()
        assert await answered(night, number) == ("done", "", {}, "")
        await asyncio.sleep(60.0)
        assert night.running is not None and not night.running.task.done()

    a_night(scene)
