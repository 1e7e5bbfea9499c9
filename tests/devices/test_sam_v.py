"""The conversation with a SAM-V module, against scripted bytes: what goes well, and a fault at every step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from kiosk.devices.id_reader.contract import CardRead
from kiosk.devices.id_reader.sam_v import Fingers, SamV, SamVSettings
from kiosk.devices.id_reader.statuses import MEANINGS
from kiosk.devices.lines import MemoryLine, SerialLine
from kiosk.devices.transport import Transport
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from kiosk.people.id_card import CardKind
from tests.devices.cards import resident
from tests.devices.farends import FixedClock, Pty, played, pty_played, read_exactly
from tests.devices.virtual import run_virtual

STATUS, SAM_ID, RESET = "11ff", "12ff", "10ff"
FIND, SELECT, READ, READ_FINGERS = "2001", "2002", "3001", "3010"

Act = Callable[[Transport], Awaitable[None]]


def frame(status: str, data: bytes = b"") -> bytes:
    body = bytes.fromhex(status) + data
    checked = (len(body) + 1).to_bytes(2, "big") + body
    return b"\xaa\xaa\xaa\x96\x69" + checked + bytes([reduce(lambda a, b: a ^ b, checked)])


OK = frame("000090")
NO_CARD = frame("000080")
FOUND = frame("00009f", bytes(4))
SELECTED = frame("000090", bytes(8))
PHOTO = b"\x5a" * 1024
PRINTS = b"\x01" * 512 + b"\x02" * 512


def base(text: bytes | None = None) -> bytes:
    return frame("000090", b"\x01\x00\x04\x00" + (resident() if text is None else text) + PHOTO)


def base_and_fingers(text: bytes | None = None) -> bytes:
    return frame("000090", b"\x01\x00\x04\x00\x04\x00" + (resident() if text is None else text) + PHOTO + PRINTS)


def silent(_far: Transport) -> Awaitable[None]:
    return asyncio.sleep(0)


def say(*pieces: bytes, after: float = 0.05, between: float = 0.0) -> Act:
    async def act(far: Transport) -> None:
        await asyncio.sleep(after)
        for piece in pieces:
            await far.write(piece)
            await asyncio.sleep(between)

    return act


@dataclass
class Script:
    """Answers by command, in turn; the last one goes on for ever. Notes what was asked, and when."""

    answers: dict[str, Sequence[bytes | Act]]
    asked: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])

    @property
    def commands(self) -> list[str]:
        return [command for _, command in self.asked]

    async def __call__(self, far: Transport) -> None:
        while True:
            request = await read_exactly(far, 10)
            assert request[:7] == bytes.fromhex("aaaaaa96690003")
            assert reduce(lambda a, b: a ^ b, request[5:]) == 0
            command = request[7:9].hex()
            turn = self.commands.count(command)
            self.asked.append((asyncio.get_running_loop().time(), command))
            choices = self.answers[command]
            answer = choices[min(turn, len(choices) - 1)]
            act = say(answer) if isinstance(answer, bytes) else answer
            await act(far)


def a_card(**changes: Sequence[bytes | Act]) -> Script:
    answers: dict[str, Sequence[bytes | Act]] = {
        STATUS: [OK],
        FIND: [FOUND, NO_CARD],
        SELECT: [SELECTED],
        READ_FINGERS: [base_and_fingers()],
        READ: [base()],
    }
    names = {"find": FIND, "select": SELECT, "fingers": READ_FINGERS, "read": READ, "status": STATUS}
    return Script({**answers, **{names[name]: value for name, value in changes.items()}})


def sam_v(line: MemoryLine | SerialLine, **settings: Any) -> SamV:
    return SamV(line, SamVSettings(port="here", **settings), FixedClock())


def reading(script: Script, *, seconds: float = 20.0, **settings: Any) -> CardRead:
    async def main() -> CardRead:
        async with played(script) as line:
            return await sam_v(line, **settings).read(seconds=seconds)

    return run_virtual(main())


def fault(script: Script, *, seconds: float = 20.0) -> DeviceFault:
    with pytest.raises(DeviceFault) as caught:
        reading(script, seconds=seconds)
    assert not caught.value.acted
    return caught.value


def test_a_card_is_found_selected_and_read_with_fingers() -> None:
    script = a_card(find=[NO_CARD, NO_CARD, FOUND])
    read = reading(script)
    assert (read.card.name, read.card.kind, read.photo) == ("王小芳", CardKind.RESIDENT, PHOTO)
    assert read.fingers == (b"\x01" * 512, b"\x02" * 512)
    assert script.commands == [FIND, FIND, FIND, SELECT, READ_FINGERS]


def test_searches_begin_at_least_300_ms_apart() -> None:
    script = a_card(find=[NO_CARD] * 5 + [FOUND])
    reading(script)
    times = [at for at, command in script.asked if command == FIND]
    assert all(b - a >= 0.3 - 1e-9 for a, b in pairwise(times))


def test_the_wire_time_is_the_devices_own_and_nothing_of_ours_is_hidden_in_it() -> None:
    script = a_card(find=[NO_CARD, say(FOUND, after=0.04)], select=[say(SELECTED, after=0.06)])
    script.answers[READ_FINGERS] = [say(base_and_fingers(), after=0.9)]
    read = reading(script)
    assert round(read.wire_seconds, 6) == 1.0
    assert round(read.own_seconds, 6) == 0.0


def test_card_seen_is_told_once_before_the_card_is_read() -> None:
    async def main() -> None:
        script = a_card()
        seen: list[list[str]] = []
        async with played(script) as line:
            await sam_v(line).read(seconds=5, card_seen=lambda: seen.append(list(script.commands)))
        assert seen == [[FIND]]

    run_virtual(main())


@pytest.mark.parametrize("refusal", ["000011", "000021", "000023", "000024"])
def test_a_module_without_fingerprints_is_asked_for_text_and_photo_and_remembered(refusal: str) -> None:
    async def main() -> None:
        script = a_card(find=[FOUND], fingers=[frame(refusal)])
        async with played(script) as line:
            reader = sam_v(line)
            first = await reader.read(seconds=5)
            second = await reader.read(seconds=5)
            assert (first.fingers, second.card.name) == ((), "王小芳")
            assert script.commands.count(READ_FINGERS) == 1
            line.unplug()
            line.plug()
            with pytest.raises(DeviceFault):
                await reader.read(seconds=5)
            await reader.read(seconds=5)
            assert script.commands.count(READ_FINGERS) == 2

    run_virtual(main())


def test_fingerprints_are_not_asked_for_where_they_are_not_wanted() -> None:
    script = a_card()
    assert reading(script, fingers=Fingers.NEVER).fingers == ()
    assert READ_FINGERS not in script.commands


def test_nobody_comes() -> None:
    assert fault(a_card(find=[NO_CARD]), seconds=3).completion is Completion.TIME_OUT


def test_the_wait_for_a_person_does_not_cut_a_reading_short() -> None:
    script = a_card(find=[say(FOUND, after=0.9)], fingers=[say(base_and_fingers(), after=2.0)])
    assert reading(script, seconds=1).card.name == "王小芳"


def test_bytes_in_crumbs_with_pauses_are_one_answer() -> None:
    answer = base_and_fingers()
    crumbs = [answer[at : at + 37] for at in range(0, len(answer), 37)]
    assert reading(a_card(fingers=[say(*crumbs, between=0.02)])).card.name == "王小芳"


def test_unasked_frames_and_noise_are_passed_over() -> None:
    script = a_card(
        find=[say(b"\x00\xff\xaa\xaa", OK, FOUND)],
        select=[say(NO_CARD, FOUND, SELECTED)],
        fingers=[say(SELECTED, NO_CARD, base_and_fingers())],
    )
    assert reading(script).card.name == "王小芳"


def test_bytes_left_over_from_before_are_dropped() -> None:
    script = a_card(find=[say(NO_CARD, FOUND), FOUND])
    assert reading(script).card.name == "王小芳"


def corrupt(answer: bytes) -> bytes:
    return answer[:-1] + bytes([answer[-1] ^ 0x40])


def test_a_wrong_checksum_at_each_step_is_asked_again() -> None:
    script = a_card(
        find=[corrupt(FOUND), FOUND],
        select=[corrupt(SELECTED), SELECTED],
        fingers=[corrupt(base_and_fingers()), base_and_fingers()],
    )
    assert reading(script).card.name == "王小芳"


def test_a_torn_answer_at_each_step_is_asked_again() -> None:
    script = a_card(
        find=[FOUND[:9], FOUND],
        select=[SELECTED[:12], SELECTED],
        fingers=[base_and_fingers()[:900], base_and_fingers()],
    )
    assert reading(script).card.name == "王小芳"


@pytest.mark.parametrize("again", [frame("000034"), frame("000041"), corrupt(base_and_fingers())])
def test_a_reading_torn_twice_asks_for_the_card_to_be_laid_down_again(again: bytes) -> None:
    torn = fault(a_card(fingers=[corrupt(base_and_fingers()), again]))
    assert (torn.completion, torn.code) == (Completion.COMMAND_ERROR, "mediaLost")


def test_a_module_that_reports_its_own_timeout_counts_as_torn() -> None:
    quirk = bytes.fromhex("AAAAAA966900050505 0505")
    assert reading(a_card(select=[quirk, SELECTED])).card.name == "王小芳"


def test_a_card_pulled_while_it_is_selected_or_read_is_lost() -> None:
    for script in (
        a_card(select=[frame("000081")]),
        a_card(fingers=[frame("010241")]),
        a_card(fingers=[frame("010247")]),
    ):
        assert fault(script).code == "mediaLost"


@pytest.mark.parametrize("sw3", sorted(MEANINGS))
def test_every_status_the_module_knows_ends_a_reading_in_words(sw3: int) -> None:
    expected = MEANINGS[sw3]
    if sw3 in (0x11, 0x21, 0x23, 0x24):
        script = a_card(fingers=[frame("000021")], read=[frame(f"0000{sw3:02x}")])
    elif sw3 == 0x80:
        script = a_card(find=[NO_CARD])
        assert fault(script, seconds=2).completion is Completion.TIME_OUT
        return
    else:
        script = a_card(fingers=[frame(f"0000{sw3:02x}")])
    got = fault(script)
    assert (got.completion, got.code) == (expected.completion, expected.code)


def test_a_status_nobody_lists_is_a_hardware_error() -> None:
    assert fault(a_card(select=[frame("0000ee")])).completion is Completion.HARDWARE_ERROR
    assert fault(a_card(find=[frame("000060")])).completion is Completion.HARDWARE_ERROR


@pytest.mark.parametrize(
    "text",
    [
        resident(kind="Q"),
        resident(birth="20301231"),
        resident(birth="19851332"),
        resident(number="150207198506150027"),
        bytes(256),
    ],
)
def test_a_card_that_makes_no_sense_is_invalid_media(text: bytes) -> None:
    assert fault(a_card(fingers=[base_and_fingers(text)])).code == "invalidMedia"


def test_lengths_that_do_not_add_up_are_invalid_media() -> None:
    assert fault(a_card(fingers=[frame("000090", b"\x01\x00\x04\x00\x04\x00" + bytes(400))])).code == "invalidMedia"


def test_silence_at_each_step_is_a_dead_reader_and_nobody_hangs() -> None:
    for script in (
        a_card(find=[silent]),
        a_card(select=[silent], status=[silent]),
        a_card(fingers=[silent], status=[silent]),
        a_card(fingers=[silent], status=[OK[:6]]),
    ):
        assert fault(script).completion is Completion.DEVICE_NOT_READY


def test_a_module_silent_over_a_card_that_answers_otherwise_has_lost_the_card() -> None:
    for script in (a_card(select=[silent]), a_card(fingers=[silent]), a_card(fingers=[say(base(), after=4.5)])):
        assert fault(script).code == "mediaLost"


def test_a_cable_pulled_while_a_silent_module_is_asked_is_told() -> None:
    async def main() -> None:
        lines: list[MemoryLine] = []

        async def pull(_far: Transport) -> None:
            lines[0].unplug()

        async with played(a_card(select=[silent], status=[pull])) as line:
            lines.append(line)
            with pytest.raises(DeviceFault) as caught:
                await sam_v(line).read(seconds=5)
            assert caught.value.completion is Completion.DEVICE_NOT_READY

    run_virtual(main())


def test_a_few_unanswered_searches_are_not_the_end() -> None:
    assert reading(a_card(find=[silent] * 5 + [FOUND])).card.name == "王小芳"


def test_an_answer_that_keeps_coming_may_take_longer_than_its_timeout() -> None:
    answer = base_and_fingers()
    crumbs = [answer[at : at + 1] for at in range(len(answer))]
    assert reading(a_card(fingers=[say(*crumbs, between=0.002)])).card.name == "王小芳"


def test_noise_without_an_end_is_no_answer() -> None:
    async def babble(far: Transport) -> None:
        while True:
            await far.write(b"\xaa\x00")
            await asyncio.sleep(0.1)

    assert fault(a_card(find=[babble]), seconds=60).completion in (Completion.DEVICE_NOT_READY, Completion.TIME_OUT)


@pytest.mark.parametrize("step", ["find", "select", "fingers"])
def test_a_cable_pulled_at_each_step_is_told_and_the_next_reading_works(step: str) -> None:
    async def main() -> None:
        lines: list[MemoryLine] = []

        async def pull(_far: Transport) -> None:
            lines[0].unplug()

        good = {"find": FOUND, "select": SELECTED, "fingers": base_and_fingers()}[step]
        script = a_card(**{"find": [FOUND], step: [pull, good]})
        async with played(script) as line:
            lines.append(line)
            reader = sam_v(line)
            with pytest.raises(DeviceFault) as caught:
                await reader.read(seconds=5)
            assert caught.value.completion is Completion.DEVICE_NOT_READY
            assert (await reader.health()).state is DeviceState.POWER_OFF
            with pytest.raises(DeviceFault):
                await reader.read(seconds=5)
            line.plug()
            assert (await reader.health()).state is DeviceState.ONLINE
            assert (await reader.read(seconds=5)).card.name == "王小芳"
            await reader.close()

    run_virtual(main())


def test_an_abandoned_readings_late_answer_is_not_taken_for_the_next_ones() -> None:
    async def main() -> None:
        other = resident(name="张三", number="150203199003070017", birth="19900307", sex="1")
        script = a_card(find=[FOUND], fingers=[say(base_and_fingers(), after=1.2), base_and_fingers(other)])
        async with played(script) as line:
            reader = sam_v(line)
            first = asyncio.get_running_loop().create_task(reader.read(seconds=5))
            while READ_FINGERS not in script.commands:
                await asyncio.sleep(0.01)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            assert (await reader.read(seconds=5)).card.name == "张三"

    run_virtual(main())


def test_an_answer_that_an_abandoned_reading_is_owed_is_no_silence_of_the_next_search() -> None:
    async def main() -> None:
        script = a_card(find=[FOUND], fingers=[say(base_and_fingers(), after=1.2), base_and_fingers()])
        async with played(script) as line:
            reader = sam_v(line)
            first = asyncio.get_running_loop().create_task(reader.read(seconds=5))
            while READ_FINGERS not in script.commands:
                await asyncio.sleep(0.01)
            first.cancel()
            await asyncio.wait({first})
            again = asyncio.get_running_loop().create_task(reader.read(seconds=5))
            await asyncio.sleep(1.0)
            assert (await reader.health()).state is not DeviceState.POWER_OFF
            assert (await again).card.name == "王小芳"

    run_virtual(main())


def test_an_abandoned_request_that_is_never_answered_is_waited_for_once() -> None:
    async def main() -> None:
        script = a_card(find=[silent, FOUND])
        async with played(script) as line:
            reader = sam_v(line)
            with pytest.raises(DeviceFault) as caught:
                await reader.read(seconds=0.2)
            assert caught.value.completion is Completion.TIME_OUT
            assert (await reader.read(seconds=5)).card.name == "王小芳"

    run_virtual(main())


def test_a_line_lost_under_an_abandoned_request_is_opened_anew() -> None:
    async def main() -> None:
        script = a_card(find=[silent, FOUND])
        async with played(script) as line:
            reader = sam_v(line)
            with pytest.raises(DeviceFault):
                await reader.read(seconds=0.2)
            line.unplug()
            line.plug()
            with pytest.raises(DeviceFault) as caught:
                await reader.read(seconds=5)
            assert caught.value.completion is Completion.DEVICE_NOT_READY
            assert (await reader.read(seconds=5)).card.name == "王小芳"

    run_virtual(main())


def test_health_asks_the_module_and_resets_one_whose_self_test_failed() -> None:
    async def main() -> None:
        script = Script({STATUS: [OK, frame("000060"), OK, frame("000066"), silent], RESET: [OK]})
        async with played(script) as line:
            reader = sam_v(line)
            assert (await reader.health()).state is DeviceState.ONLINE
            assert (await reader.health()).state is DeviceState.ONLINE
            assert script.commands == [STATUS, STATUS, RESET, STATUS]
            keyless = await reader.health()
            assert (keyless.state, keyless.detail) == (DeviceState.HARDWARE_ERROR, "no production keys in the module")
            assert (await reader.health()).state is DeviceState.POWER_OFF

    run_virtual(main())


def test_what_a_killed_terminals_reading_still_brings_is_not_the_modules_state() -> None:
    async def main() -> None:
        script = Script({STATUS: [say(frame("000041"), OK)]})
        async with played(script) as line:
            assert (await sam_v(line).health()).state is DeviceState.ONLINE
            assert script.commands == [STATUS]

    run_virtual(main())


def test_a_search_that_is_answered_ends_what_was_thought_wrong_with_the_module() -> None:
    async def main() -> None:
        script = Script({STATUS: [frame("000050")], FIND: [NO_CARD]})
        async with played(script) as line:
            reader = sam_v(line)
            assert (await reader.health()).state is DeviceState.HARDWARE_ERROR
            searching = asyncio.ensure_future(reader.read(seconds=5))
            while script.commands.count(FIND) < 2:
                await asyncio.sleep(0.01)
            # The second search is under way: only what was last heard can be said.
            assert (await reader.health()).state is DeviceState.ONLINE
            assert script.commands.count(STATUS) == 1
            searching.cancel()
            await asyncio.wait({searching})

    run_virtual(main())


def test_health_does_not_disturb_a_reading() -> None:
    async def main() -> None:
        script = a_card(fingers=[say(base_and_fingers(), after=1.0)])
        async with played(script) as line:
            reader = sam_v(line)
            task = asyncio.get_running_loop().create_task(reader.read(seconds=5))
            while READ_FINGERS not in script.commands:
                await asyncio.sleep(0.01)
            assert (await reader.health()).state is DeviceState.ONLINE
            await task
            assert STATUS not in script.commands

    run_virtual(main())


def test_the_modules_number_and_reset() -> None:
    async def main() -> None:
        number = bytes.fromhex("05000100250233 0140E20100B168DE3A")
        script = Script({SAM_ID: [frame("000090", number), frame("000023"), silent], RESET: [OK, frame("000010")]})
        async with played(script) as line:
            reader = sam_v(line)
            assert await reader.sam_id() == f"05.01-20120101-0000123456-0987654321 ({number.hex()})"
            with pytest.raises(DeviceFault) as refused:
                await reader.sam_id()
            assert refused.value.completion is Completion.AUTHORISATION_REQUIRED
            with pytest.raises(DeviceFault) as dead:
                await reader.sam_id()
            assert dead.value.completion is Completion.DEVICE_NOT_READY
            await reader.reset()
            with pytest.raises(DeviceFault):
                await reader.reset()
            line.unplug()
            with pytest.raises(DeviceFault):
                await reader.reset()

    run_virtual(main())


def test_over_a_real_pty_our_share_of_a_reading_is_under_five_milliseconds(tmp_path: Path) -> None:
    async def main() -> None:
        answer = base_and_fingers()
        crumbs = [answer[at : at + 64] for at in range(0, len(answer), 64)]
        script = a_card(find=[NO_CARD, FOUND], fingers=[say(*crumbs, between=0.002)])
        async with asyncio.timeout(20), pty_played(tmp_path / "port", script):
            reader = sam_v(SerialLine(str(tmp_path / "port"), 115200))
            shares = [(await reader.read(seconds=5)).own_seconds]
            for _ in range(4):
                script.asked.clear()
                shares.append((await reader.read(seconds=5)).own_seconds)
            await reader.close()
            assert sorted(shares)[2] < 0.005

    asyncio.run(main())


def test_over_a_real_pty_a_reader_pulled_out_comes_back(tmp_path: Path) -> None:
    async def main() -> None:
        async with asyncio.timeout(20):
            pty = Pty(tmp_path / "port")
            reader = sam_v(SerialLine(str(tmp_path / "port"), 115200))
            waiting = asyncio.get_running_loop().create_task(reader.read(seconds=10))
            await read_exactly(pty.far, 10)
            pty.unplug()
            with pytest.raises(DeviceFault) as caught:
                await waiting
            assert caught.value.completion is Completion.DEVICE_NOT_READY
            assert (await reader.health()).state is DeviceState.POWER_OFF
        async with asyncio.timeout(20), pty_played(tmp_path / "port", a_card()):
            assert (await reader.health()).state is DeviceState.ONLINE
            assert (await reader.read(seconds=5)).card.name == "王小芳"
            await reader.close()

    asyncio.run(main())


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_card_has_two_fingerprints_one_or_none(count: int) -> None:
    prints = PRINTS[: 512 * count]
    lengths = b"\x01\x00\x04\x00" + len(prints).to_bytes(2, "big")
    read = reading(a_card(fingers=[frame("000090", lengths + resident() + PHOTO + prints)]))
    assert b"".join(read.fingers) == prints
    assert len(read.fingers) == count
    assert read.photo == PHOTO


NEW_ADDRESS = "内蒙古自治区包头市九原区试验路2号"
ON_CARD = NEW_ADDRESS.ljust(35).encode("utf-16-le")


def address_of(*answers: bytes) -> str:
    async def main() -> str:
        script = a_card()
        script.answers = {**script.answers, "3003": answers}
        async with played(script) as line:
            reader = sam_v(line)
            await reader.read(seconds=20)
            return await reader.additional_address()

    return run_virtual(main())


def test_the_newest_additional_address_is_read_of_the_card_that_lies_there() -> None:
    assert address_of(frame("000090", ON_CARD)) == NEW_ADDRESS
    assert address_of(frame("000090", len(ON_CARD).to_bytes(2, "big") + ON_CARD)) == NEW_ADDRESS
    assert address_of(frame("000091")) == ""
    assert address_of(frame("000090", ON_CARD)[:30], frame("000090", ON_CARD)) == NEW_ADDRESS


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (frame("000034"), "sequenceError"),
        (frame("000041"), "commandErrorCode:mediaLost"),
        (frame("000090", b"\x00\xd8" * 35), "commandErrorCode:invalidMedia"),
    ],
)
def test_an_additional_address_that_cannot_be_read_is_told(answer: bytes, said: str) -> None:
    with pytest.raises(DeviceFault) as caught:
        address_of(answer)
    assert str(caught.value) == said
