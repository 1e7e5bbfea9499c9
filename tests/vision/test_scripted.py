"""The camera of the virtual clock: what is written down happens, to the second and to the byte."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime

import pytest
from PIL import Image as Pillow

from kiosk.devices.camera.contract import Advice, Camera, Comparison, Guidance, Shot
from kiosk.devices.words import Completion, DeviceFault, DeviceState
from kiosk.people.portrait import ID_CARD_PORTRAIT
from kiosk.virtual import run_virtual
from kiosk.vision.scripted import ScriptedCamera, ScriptedPerson
from kiosk.vision.simulated_photos import MARKER

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
LATE = ScriptedPerson("1031", ((1.5, Advice.COME_CLOSER), (0.5, Advice.CLOSE_MOUTH)))
CHIP = (MARKER + b"1031").ljust(1024, b"\0")


def photographed(person: ScriptedPerson | None, seconds: float) -> tuple[Shot, list[Guidance], float]:
    async def visit() -> tuple[Shot, list[Guidance], float]:
        camera = ScriptedCamera()
        as_contract: Camera = camera
        camera.place(person)
        said: list[Guidance] = []
        await as_contract.watch(ID_CARD_PORTRAIT, said.append)
        shot = await as_contract.shoot(seconds=seconds)
        took = asyncio.get_running_loop().time()
        await as_contract.close()
        return shot, said, took

    return run_virtual(visit(), START)


def test_guidance_comes_in_order_and_the_shot_when_all_was_well_for_long_enough() -> None:
    shot, said, took = photographed(LATE, 10.0)
    assert [guidance.advice for guidance in said][:3] == [Advice.COME_CLOSER, Advice.CLOSE_MOUTH, Advice.GOOD]
    assert shot.acceptable and took == pytest.approx(2.6)


def test_two_runs_give_equal_bytes() -> None:
    assert photographed(LATE, 10.0) == photographed(LATE, 10.0)


def test_the_pictures_are_real_files_of_the_right_size() -> None:
    shot, _, _ = photographed(LATE, 10.0)
    product = Pillow.open(io.BytesIO(shot.product_jpeg))
    assert (product.size, product.info["dpi"]) == ((358, 441), (350, 350))
    assert 14 * 1024 <= len(shot.product_jpeg) <= 20 * 1024
    assert Pillow.open(io.BytesIO(shot.frame_jpeg)).size == (1280, 720)


def test_a_person_who_never_gets_it_right_ends_at_the_deadline() -> None:
    shot, said, took = photographed(ScriptedPerson("1031", never_right=Advice.OPEN_EYES), 8.0)
    assert not shot.acceptable and took == pytest.approx(8.0) and shot.product_jpeg
    assert said[-1].advice is Advice.OPEN_EYES


def test_nobody_there_has_no_product() -> None:
    shot, said, _ = photographed(None, 2.0)
    assert not shot.acceptable and shot.product_jpeg == b"" and shot.measures == ()
    assert [guidance.advice for guidance in said] == [Advice.NO_FACE]


def test_comparison_follows_the_table_and_never_passes_what_it_does_not_know() -> None:
    shot, _, _ = photographed(LATE, 10.0)
    empty, _, _ = photographed(None, 1.0)

    async def verdicts() -> list[Comparison]:
        camera = ScriptedCamera()
        twins = ScriptedCamera(distances={("1031", "1122"): 0.4})
        other = CHIP.replace(b"1031", b"1122")
        scores = [
            await camera.compare(shot.frame_jpeg, CHIP),
            await camera.compare(shot.frame_jpeg, other),
            await twins.compare(shot.frame_jpeg, other),
            await camera.compare(empty.frame_jpeg, CHIP),
            await camera.compare(shot.frame_jpeg, b"WLf" + bytes(1021)),
            await camera.compare(shot.frame_jpeg, shot.product_jpeg),
        ]
        return [score.verdict for score in scores]

    assert run_virtual(verdicts(), START) == [
        Comparison.SAME,
        Comparison.DIFFERENT,
        Comparison.SAME,
        Comparison.NO_FACE,
        Comparison.NOT_AVAILABLE,
        Comparison.SAME,
    ]


def test_a_fault_ends_every_command_until_it_is_gone() -> None:
    async def visit() -> None:
        camera = ScriptedCamera()
        camera.place(LATE)
        camera.fail(DeviceFault(Completion.DEVICE_NOT_READY, "sourceLost"))
        assert (await camera.health()).state is DeviceState.OFFLINE
        for command in (camera.watch(None, lambda _: None), camera.shoot(seconds=1), camera.compare(b"", CHIP)):
            with pytest.raises(DeviceFault, match="sourceLost"):
                await command
        camera.fail(None)
        with pytest.raises(DeviceFault, match="sequenceError"):
            await camera.shoot(seconds=1)
        await camera.watch(None, lambda _: None)
        assert (await camera.shoot(seconds=9)).product_jpeg == b""
        await camera.close()

    run_virtual(visit(), START)


def test_rest_ends_a_shot() -> None:
    async def visit() -> None:
        camera = ScriptedCamera()
        camera.place(LATE)
        await camera.watch(None, lambda _: None)
        shooting = asyncio.ensure_future(camera.shoot(seconds=9))
        await asyncio.sleep(0.5)
        await camera.rest()
        with pytest.raises(DeviceFault, match="canceled"):
            await shooting

    run_virtual(visit(), START)
