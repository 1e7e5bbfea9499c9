"""The loudspeaker: goes on until hushed, and a broken one disturbs nobody."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from kiosk.devices.audio import player
from kiosk.devices.audio.contract import Silent, Sound
from kiosk.devices.audio.player import Player, wav
from kiosk.devices.words import DeviceState


async def until(true: object, seconds: float = 20.0) -> None:
    """Wait for a condition, with a deadline."""
    assert callable(true)
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


def test_a_sound_goes_on_until_it_is_hushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "PAUSE_SECONDS", 0.01)
    heard = tmp_path / "heard.jsonl"

    def lines() -> list[str]:
        return heard.read_text("utf-8").splitlines() if heard.exists() else []

    async def story() -> int:
        speaker = Player((sys.executable, "-m", "kiosk.simulation.speaker", str(heard)))
        speaker.sound(Sound.DOOR_OPEN)
        speaker.sound(Sound.DOOR_OPEN)
        await until(lambda: len(lines()) >= 2)
        assert (await speaker.health()).state is DeviceState.ONLINE
        speaker.hush(Sound.DOOR_OPEN)
        await speaker.close()
        return len(lines())

    asyncio.run(story())
    first = json.loads(lines()[0])
    assert first == {"seconds": 0.5, "silent": False}


@pytest.mark.parametrize(
    ("command", "code"),
    [(("no-such-player",), "noPlayer"), ((sys.executable, "-c", "raise SystemExit(1)"), "playerFailed")],
)
def test_a_broken_player_is_a_state_and_no_error(command: tuple[str, ...], code: str) -> None:
    async def story() -> str:
        speaker = Player(command)
        speaker.sound(Sound.DOOR_OPEN)

        async def known() -> str:
            while not (await speaker.health()).code:
                await asyncio.sleep(0.02)
            return (await speaker.health()).code

        found = await asyncio.wait_for(known(), 20)
        await speaker.close()
        return found

    assert asyncio.run(story()) == code


def test_a_machine_without_a_loudspeaker_says_so() -> None:
    assert asyncio.run(Silent().health()).state is DeviceState.NO_DEVICE


def test_equal_sounds_are_equal_bytes() -> None:
    assert wav(Sound.DOOR_OPEN) == wav(Sound.DOOR_OPEN)
