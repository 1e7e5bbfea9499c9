"""The camera's process may die, hang, lose its source: it comes back, and nobody is left waiting."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from kiosk.devices.camera.contract import Advice, Asked, Comparison, Guidance, Move, Presence, Standing
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.vision import wire
from kiosk.vision.camera import VisionCamera
from kiosk.vision.models import BroughtModel, ModelUse
from kiosk.vision.picture import decode, encode_jpeg
from kiosk.vision.ring import Ring
from kiosk.vision.settings import CameraSettings, Deadlines, DecoderChoice, EngineChoice
from kiosk.vision.simulated_photos import MARKER
from tests.vision.people import Projector, chip, empty_room, folder, frame_of

PATIENCE = 20.0
"""Seconds after which a condition counts as never met on a busy machine."""

QUICK = Deadlines(beat=1.5, read_source=0.7, frozen=1.0, restart_first=0.1, reopen_first=0.1, reopen_most=0.3)


def settings_for(source: str, models: Path) -> CameraSettings:
    options = (("faces", str(folder())),)
    decoder = DecoderChoice("kiosk.vision.simulated_photos:decoder", options)
    return CameraSettings(source, models, decoders=(decoder,), deadlines=QUICK)


@asynccontextmanager
async def opened(settings: CameraSettings) -> AsyncGenerator[VisionCamera]:
    camera = VisionCamera(settings)
    camera.start()
    try:
        yield camera
    finally:
        await camera.close()


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


async def in_state(camera: VisionCamera, state: DeviceState, code: str = "") -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            health = await camera.health()
            if (health.state, health.code) == (state, code):
                return
            await asyncio.sleep(0.02)


def ignore(_: Guidance) -> None:
    return


def ended(process_id: int) -> bool:
    try:
        return psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def living(camera: VisionCamera) -> int:
    child = camera.child_id
    assert child is not None
    return child


def test_a_citizen_is_guided_photographed_and_compared(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            said: list[Guidance] = []
            announced: list[int] = []
            camera.frames.listen(announced.append)
            await camera.watch(ID_CARD_PORTRAIT, said.append)
            await camera.expect(chip("1122"))
            shot = await camera.shoot(seconds=PATIENCE)
            assert shot.acceptable
            assert said[-1].advice is Advice.GOOD and said[-1].held_seconds >= 0.6
            assert shot.frame == said[-1].frame
            assert 14 * 1024 <= len(shot.product_jpeg) <= 20 * 1024
            assert announced == sorted(announced) and announced[-1] >= shot.frame
            picture = camera.frames.latest()
            assert picture is not None and picture[1:3] == (1280, 720) and len(picture[3]) == 1280 * 720 * 3
            same = await camera.compare(shot.frame_jpeg, (MARKER + b"1031").ljust(1024, b"\0"))
            other = await camera.compare(shot.frame_jpeg, chip("1122"))
            assert (same.verdict, other.verdict) == (Comparison.SAME, Comparison.DIFFERENT)
            second = await camera.shoot(seconds=PATIENCE)
            assert second.frame > shot.frame and second.acceptable

    asyncio.run(visit())


def test_who_does_not_move_is_not_judged_living_and_what_was_asked_for_was_told(
    projector: Projector, models: Path
) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            with pytest.raises(DeviceFault) as refused:
                await camera.challenge((Move.OPEN_MOUTH,), seconds=1.0, tell=asked.append)
            assert refused.value.completion is Completion.SEQUENCE_ERROR
            await camera.watch(None, ignore)
            await camera.shoot(seconds=PATIENCE)
            found = await camera.challenge(
                (Move.OPEN_MOUTH, Move.TURN_LEFT, Move.BLINK), seconds=PATIENCE, tell=asked.append
            )
            assert (found.presence, found.reasons) == (Presence.NOT_DECIDED, ("too-slow",))
            assert (found.engine, found.standing) == ("basic", Standing.BASIC)
            assert asked[-1] == Asked(Move.OPEN_MOUTH, 0, 3)
            picture = decode(found.straight_jpeg)
            assert picture is not None and picture.shape == (720, 1280, 3)

    asked: list[Asked] = []
    asyncio.run(visit())


def test_a_challenge_ends_with_the_watch(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            await camera.watch(None, ignore)
            asked: list[Asked] = []
            running = asyncio.create_task(camera.challenge((Move.OPEN_MOUTH,), seconds=PATIENCE, tell=asked.append))
            await eventually(lambda: bool(asked))
            await camera.rest()
            with pytest.raises(DeviceFault) as ended_by:
                await running
            assert ended_by.value.completion is Completion.CANCELED

    asyncio.run(visit())


def test_it_works_on_a_thread_of_its_own(projector: Projector, models: Path) -> None:
    async def visit() -> tuple[bool, int]:
        async with opened(settings_for(projector.url, models)) as camera:
            await camera.watch(None, ignore)
            shot = await camera.shoot(seconds=PATIENCE)
            return shot.acceptable, living(camera)

    with ThreadPoolExecutor(1) as core:
        acceptable, child = core.submit(asyncio.run, visit()).result(PATIENCE)
    assert acceptable and ended(child)


def test_the_frame_in_the_shot_is_the_frame_that_was_shown(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            shown: dict[int, bytes] = {}

            def keep(_: int) -> None:
                picture = camera.frames.latest()
                if picture is not None:
                    shown[picture[0]] = picture[3]

            camera.frames.listen(keep)
            await camera.watch(None, ignore)
            shot = await camera.shoot(seconds=PATIENCE)
            assert shot.product_jpeg == b""
            picture = decode(shot.frame_jpeg)
            assert picture is not None
            rgb = np.frombuffer(shown[shot.frame], np.uint8).reshape(picture.shape)
            assert float(np.abs(rgb[:, :, ::-1].astype(int) - picture).mean()) < 2.5

    asyncio.run(visit())


def test_killed_child_comes_back_and_the_shot_is_taken_all_the_same(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            said: list[Guidance] = []
            await camera.watch(ID_CARD_PORTRAIT, said.append)
            await eventually(lambda: len(said) > 0)
            shooting = asyncio.ensure_future(camera.shoot(seconds=PATIENCE))
            await asyncio.sleep(0)
            killed = living(camera)
            os.kill(killed, signal.SIGKILL)
            shot = await shooting
            assert shot.acceptable and camera.starts == 2 and living(camera) != killed
            numbers = [guidance.frame for guidance in said]
            assert numbers == sorted(numbers), "frames are numbered on, not anew"

    asyncio.run(visit())


def test_an_expected_photograph_does_not_answer_for_another(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            await in_state(camera, DeviceState.ONLINE)
            await camera.expect(chip("1122"))
            live = encode_jpeg(frame_of("1031"), 92)
            assert (await camera.compare(live, chip("1031"))).verdict is Comparison.SAME
            assert (await camera.compare(live, chip("1122"))).verdict is Comparison.DIFFERENT
            await camera.rest()
            assert (await camera.compare(live, chip("1031"))).verdict is Comparison.SAME

    asyncio.run(visit())


def test_killed_child_does_not_lose_a_comparison(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            await in_state(camera, DeviceState.ONLINE)
            comparing = asyncio.ensure_future(camera.compare(encode_jpeg(frame_of("1031"), 92), chip("1031")))
            await asyncio.sleep(0)
            os.kill(living(camera), signal.SIGKILL)
            assert (await comparing).verdict is Comparison.SAME

    asyncio.run(visit())


def test_hung_child_is_killed_and_replaced(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            await camera.watch(ID_CARD_PORTRAIT, ignore)
            await in_state(camera, DeviceState.ONLINE)
            hung = living(camera)
            os.kill(hung, signal.SIGSTOP)
            shot = await camera.shoot(seconds=PATIENCE)
            assert shot.acceptable and living(camera) != hung
            assert ended(hung)

    asyncio.run(visit())


def test_hung_child_says_so_to_the_supervisor(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        slow = replace(QUICK, restart_first=2.0)
        async with opened(replace(settings_for(projector.url, models), deadlines=slow)) as camera:
            await in_state(camera, DeviceState.ONLINE)
            os.kill(living(camera), signal.SIGSTOP)
            await in_state(camera, DeviceState.OFFLINE, "processHung")

    asyncio.run(visit())


def test_stream_gone_and_back(projector: Projector, models: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            said: list[Guidance] = []
            await camera.watch(ID_CARD_PORTRAIT, said.append)
            await in_state(camera, DeviceState.ONLINE)
            child = living(camera)
            projector.close()
            await in_state(camera, DeviceState.OFFLINE, "sourceLost")
            await eventually(lambda: camera.frames.latest() is None)
            said.clear()
            projector.open()
            shot = await camera.shoot(seconds=PATIENCE)
            assert shot.acceptable and said
            assert living(camera) == child, "the process reconnects by itself"
            await eventually(lambda: len(caplog.messages) > 1)
            assert caplog.messages == ["camera is down: process alive, source away", "camera is back"]

    asyncio.run(visit())


def test_frozen_picture_is_noticed_and_so_is_its_end(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            await camera.watch(ID_CARD_PORTRAIT, ignore)
            await in_state(camera, DeviceState.ONLINE)
            projector.freeze()
            await in_state(camera, DeviceState.HARDWARE_ERROR, "frozen")
            projector.show(frame_of("1031"))
            await in_state(camera, DeviceState.ONLINE)

    asyncio.run(visit())


def test_an_empty_wall_is_not_a_frozen_camera(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for(projector.url, models)) as camera:
            said: list[Guidance] = []
            projector.show_without_noise(empty_room())
            await camera.watch(ID_CARD_PORTRAIT, said.append)
            await eventually(lambda: len(said) > 15)
            assert (await camera.health()).state is DeviceState.ONLINE
            assert said[-1].advice is Advice.NO_FACE

    asyncio.run(visit())


def test_nobody_there_gives_a_shot_that_is_not_acceptable(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        projector.show(empty_room())
        async with opened(settings_for(projector.url, models)) as camera:
            await camera.watch(ID_CARD_PORTRAIT, ignore)
            await in_state(camera, DeviceState.ONLINE)
            shot = await camera.shoot(seconds=1.0)
            assert not shot.acceptable
            assert shot.frame_jpeg.startswith(b"\xff\xd8") and shot.product_jpeg == b""

    asyncio.run(visit())


def test_somebody_whose_light_is_wrong_gets_the_best_frame_for_review(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        dark = (frame_of("1129") * 0.2).astype("uint8")
        projector.show(dark)
        async with opened(settings_for(projector.url, models)) as camera:
            said: list[Guidance] = []
            await camera.watch(ID_CARD_PORTRAIT, said.append)
            await eventually(lambda: len(said) > 0)
            shot = await camera.shoot(seconds=1.0)
            assert not shot.acceptable and said[-1].advice is Advice.TOO_DARK
            assert shot.product_jpeg.startswith(b"\xff\xd8")

    asyncio.run(visit())


def test_no_source_is_a_fault_within_the_deadline(models: Path) -> None:
    async def visit() -> None:
        async with opened(settings_for("/dev/v4l/by-id/none", models)) as camera:
            await camera.watch(ID_CARD_PORTRAIT, ignore)
            await in_state(camera, DeviceState.POWER_OFF, "unplugged")
            with pytest.raises(DeviceFault) as fault:
                await camera.shoot(seconds=0.5)
            assert (fault.value.completion, fault.value.code) == (Completion.TIME_OUT, "noFrame")

    asyncio.run(visit())


def test_a_command_out_of_order_or_after_the_end_is_refused(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        camera = VisionCamera(settings_for(projector.url, models))
        with pytest.raises(DeviceFault, match="sequenceError"):
            await camera.shoot(seconds=1.0)
        await camera.close()
        await camera.close()
        with pytest.raises(DeviceFault, match="deviceNotReady"):
            await camera.watch(None, ignore)
        assert camera.frames.latest() is None

    asyncio.run(visit())


def test_rest_ends_the_shot_and_leaves_no_picture_in_memory(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        projector.show(empty_room())
        async with opened(settings_for(projector.url, models)) as camera:
            said: list[Guidance] = []
            await camera.watch(ID_CARD_PORTRAIT, said.append)
            await eventually(lambda: camera.frames.latest() is not None)
            shooting = asyncio.ensure_future(camera.shoot(seconds=PATIENCE))
            await asyncio.sleep(0)
            await camera.rest()
            with pytest.raises(DeviceFault, match="canceled"):
                await shooting
            assert camera.frames.latest() is None
            ring = memory_of(camera)
            await eventually(lambda: not any(os.pread(ring, 60_000_000, 4096)[::997]))
            heard = len(said)
            await in_state(camera, DeviceState.ONLINE)
            assert len(said) == heard

    asyncio.run(visit())


def memory_of(camera: VisionCamera) -> int:
    """The descriptor of the frames' memory, found among those of this process."""
    assert camera.child_id is not None
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return next(int(link.name) for link in links if "memfd:frames" in str(link.readlink()))


def test_without_an_engine_every_comparison_is_left_to_headquarters(projector: Projector, models: Path) -> None:
    async def visit() -> None:
        async with opened(replace(settings_for(projector.url, models), engine=EngineChoice.NONE)) as camera:
            score = await camera.compare(b"", chip("1031"))
            assert score.verdict is Comparison.NOT_AVAILABLE and score.distance > 1

    asyncio.run(visit())


def test_a_recording_repeats_for_ever(models: Path, tmp_path: Path) -> None:
    for number in range(4):
        shifted = frame_of("1031").copy()
        shifted[:4, :4] = number * 60
        (tmp_path / f"f{number:03d}.jpg").write_bytes(encode_jpeg(shifted, 90))

    async def visit() -> None:
        async with opened(settings_for(str(tmp_path / "f%03d.jpg"), models)) as camera:
            await camera.watch(ID_CARD_PORTRAIT, ignore)
            shot = await camera.shoot(seconds=PATIENCE)
            assert shot.frame > 4 and shot.acceptable

    asyncio.run(visit())


_TERMINAL = """
import asyncio, sys
from pathlib import Path
from kiosk.vision.camera import VisionCamera
from kiosk.vision.settings import CameraSettings

async def main():
    camera = VisionCamera(CameraSettings(sys.argv[1], Path(sys.argv[2])))
    camera.start()
    while (await camera.health()).state.value != "online":
        await asyncio.sleep(0.02)
    print(camera.child_id, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "hung"])
def test_terminal_killed_leaves_no_child(projector: Projector, models: Path, stopped: bool) -> None:
    arguments = [sys.executable, "-c", _TERMINAL, projector.url, str(models)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as terminal:
        assert terminal.stdout is not None
        child = int(terminal.stdout.readline())
        if stopped:
            os.kill(child, signal.SIGSTOP)
        terminal.kill()
        until = time.monotonic() + 1.0
        while not ended(child) and time.monotonic() < until:
            time.sleep(0.01)
        assert ended(child)


def test_end_of_the_pipe_ends_a_child_that_is_stuck_in_its_source(models: Path) -> None:
    """The source accepts the connection and then says nothing, so that opening it blocks."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        source = f"http://127.0.0.1:{silent.getsockname()[1]}/camera"
        settings = replace(settings_for(source, models), deadlines=Deadlines(open_source=30.0))
        ring = Ring.create(1280, 720)
        heard, notify = os.pipe()
        arguments = [sys.executable, "-m", "kiosk.vision.process", "--ring", str(ring.descriptor)]
        arguments += ["--capacity", str(ring.capacity), "--notify", str(notify), "--parent", str(os.getpid())]
        with subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=(ring.descriptor, notify)
        ) as child:
            assert child.stdin is not None and child.stdout is not None
            child.stdin.write(wire.line({"do": "begin", "settings": wire.settings_out(settings)}))
            child.stdin.flush()
            assert wire.parse(child.stdout.readline())["say"] == "beat"
            connection, _ = silent.accept()
            child.stdin.close()
            assert child.wait(1.0) == 0
            connection.close()
        os.close(heard)
        os.close(notify)
        ring.close()


def test_a_model_of_a_set_that_cannot_be_used_is_seen_as_a_camera_that_fell(tmp_path: Path) -> None:
    """So a set with such a model is taken back by the terminal's own health."""

    async def fallen() -> None:
        pushed = (BroughtModel(ModelUse.FACE_DETECTOR, tmp_path / "gone", "0" * 64),)
        settings = replace(settings_for("http://127.0.0.1:9/x", tmp_path), brought=pushed)
        async with opened(settings) as camera:
            await in_state(camera, DeviceState.OFFLINE, "processDied")

    asyncio.run(fallen())


def test_settings_survive_the_pipe(models: Path) -> None:
    pushed = (BroughtModel(ModelUse.FACE_MESH, models / "x", "0" * 64),)
    settings = replace(settings_for("http://127.0.0.1/x", models), brought=pushed)
    assert wire.settings_in(wire.parse(wire.line(wire.settings_out(settings)))) == settings


def test_without_a_decoder_the_status_says_that_the_chips_photo_is_not_decodable(tmp_path: Path) -> None:
    async def said(settings: CameraSettings) -> str:
        camera = VisionCamera(settings)
        try:
            return (await camera.health()).detail
        finally:
            await camera.close()

    plain = CameraSettings("nothing", tmp_path)
    assert "chip photo not decodable" in asyncio.run(said(plain))
    with_one = replace(plain, decoders=(DecoderChoice("vendor"),))
    assert "chip photo vendor" in asyncio.run(said(with_one))
