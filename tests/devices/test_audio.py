"""The loudspeaker: goes on until hushed, and a broken one disturbs nobody."""

from __future__ import annotations

import asyncio
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.devices.audio import player, speech
from kiosk.devices.audio.contract import Audio, AudioCapabilities, Headset, Level, Played, Route, Silent, Sound
from kiosk.devices.audio.mixer import headset_said, jack_arguments, level_said
from kiosk.devices.audio.player import Player, PlayerSettings, wav
from kiosk.devices.audio.speech import VOICES, recording_name
from kiosk.devices.words import DeviceState


def speaker_command(heard: Path) -> str:
    return shlex.join([sys.executable, "-m", "kiosk.simulation.speaker", str(heard)])


def mixer_command(card: Path) -> str:
    return shlex.join([sys.executable, "-m", "kiosk.simulation.mixer", str(card)])


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
        speaker = Player(PlayerSettings(command=speaker_command(heard)))
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
        speaker = Player(PlayerSettings(command=shlex.join(command)))
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


def a_card(path: Path, *, percent: int = 20, on: bool = False, headset: bool = False) -> Path:
    path.write_text(json.dumps({"percent": percent, "on": on, "headset": headset}))
    return path


def test_every_visit_begins_at_65_dba_and_the_mixer_itself_says_so(tmp_path: Path) -> None:
    card = a_card(tmp_path / "card")

    async def story() -> None:
        player = Player(PlayerSettings(command="true", mixer=mixer_command(card), percent_at_65_dba=62))
        assert player.capabilities == AudioCapabilities(
            resets_level=True, senses_headset=False, private=False, speaks=False
        )
        player.visit_begins()
        await until(lambda: json.loads(card.read_text())["percent"] == 62)
        await player.close()
        assert await player.reset_level() is Level.RESET
        assert json.loads(card.read_text())["on"]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("settings", "level", "headset"),
    [
        ({}, Level.NOT_SUPPORTED, Headset.NOT_SUPPORTED),
        ({"percent_at_65_dba": "62"}, Level.NOT_SUPPORTED, Headset.NOT_SUPPORTED),
        ({"mixer": "no-such-mixer", "jack": "Headphone Jack"}, Level.NOT_SUPPORTED, Headset.UNKNOWN),
        ({"mixer": "false", "percent_at_65_dba": "62", "jack": "Headphone Jack"}, Level.FAILED, Headset.UNKNOWN),
        ({"mixer": "echo", "percent_at_65_dba": "62", "jack": "Headphone Jack"}, Level.FAILED, Headset.UNKNOWN),
    ],
)
def test_what_a_card_cannot_do_is_said(settings: dict[str, str], level: Level, headset: Headset) -> None:
    async def story() -> tuple[Level, Headset]:
        player = Player(PlayerSettings.model_validate({"command": "true", **settings}))
        return await player.reset_level(), await player.headset()

    assert asyncio.run(story()) == (level, headset)


def test_a_mixer_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "MIXER_SECONDS", 0.05)
    hanging = shlex.join([sys.executable, "-c", "import time; time.sleep(600)"])
    hung = Player(PlayerSettings(command="true", mixer=hanging, percent_at_65_dba=50))
    assert asyncio.run(hung.reset_level()) is Level.FAILED


def test_what_is_private_is_played_into_a_headset_or_not_at_all(tmp_path: Path) -> None:
    card, public, private = a_card(tmp_path / "card"), tmp_path / "public", tmp_path / "private"
    settings = PlayerSettings(
        command=speaker_command(public),
        headset_command=speaker_command(private),
        mixer=mixer_command(card),
        jack="Headphone Jack",
    )
    spoken = wav(Sound.DOOR_OPEN)

    async def story() -> None:
        audio: Audio = Player(settings)
        assert (await audio.health()).state is DeviceState.ONLINE
        assert await audio.headset() is Headset.NOT_PRESENT
        assert await audio.play(spoken, Route.PRIVATE) is Played.NO_HEADSET
        assert not public.exists()
        assert await audio.play(spoken, Route.PUBLIC) is Played.PLAYED
        assert public.exists()
        assert not private.exists()
        _ = a_card(card, headset=True)
        assert await audio.headset() is Headset.PRESENT
        assert await audio.play(spoken, Route.PRIVATE) is Played.PLAYED
        assert len(private.read_text().splitlines()) == 1
        assert len(public.read_text().splitlines()) == 1
        card.unlink()
        assert await audio.play(spoken, Route.PRIVATE) is Played.NO_HEADSET
        await audio.close()

    asyncio.run(story())


def test_a_mixer_that_is_not_there_is_said_before_the_first_sound(tmp_path: Path) -> None:
    missing = Player(PlayerSettings(command="true", mixer=mixer_command(tmp_path / "none")))
    assert asyncio.run(missing.health()).code == "noMixer"


def test_a_machine_without_sound_claims_nothing() -> None:
    silent: Audio = Silent()
    silent.visit_begins()
    assert asyncio.run(silent.reset_level()) is Level.NOT_SUPPORTED
    assert asyncio.run(silent.headset()) is Headset.NOT_SUPPORTED
    assert asyncio.run(silent.play(b"", Route.PUBLIC)) is Played.NOT_SUPPORTED
    assert not silent.capabilities.private


TWO_CHANNELS = """Simple mixer control 'Master',0
  Front Left: Playback 41 [62%] [-24.00dB] [on]
  Front Right: Playback {} [{}%] [-24.00dB] [{}]
"""


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        (TWO_CHANNELS.format(41, 62, "on"), Level.RESET),
        (TWO_CHANNELS.format(42, 64, "on"), Level.RESET),
        (TWO_CHANNELS.format(42, 65, "on"), Level.FAILED),
        (TWO_CHANNELS.format(41, 62, "off"), Level.FAILED),
        ("  Mono: Playback 41 [62%]", Level.RESET),
        ("  Mono: Capture 41 [62%]", Level.FAILED),
        ("", Level.FAILED),
    ],
)
def test_a_level_is_reset_when_every_channel_says_so(answer: str, level: Level) -> None:
    assert level_said(answer, 62) is level


@given(st.text(max_size=300))
def test_no_answer_of_a_mixer_is_misread(noise: str) -> None:
    assert headset_said(noise) in Headset
    assert level_said(noise, 50) in Level


@pytest.mark.parametrize("jack", ["", "a'b", "x" * 65, "a\nb", "a;b"])
def test_a_jacks_name_cannot_be_another_command(jack: str) -> None:
    with pytest.raises(ValueError, match="jack"):
        _ = jack_arguments(jack)


def lines_of(heard: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in heard.read_text("utf-8").splitlines()] if heard.exists() else []


@pytest.mark.parametrize(("language", "text"), [("zh-CN", "请正对镜头，再近一点。"), ("en", "Come a little nearer.")])
def test_a_line_is_said_in_the_language_of_the_page(tmp_path: Path, language: str, text: str) -> None:
    heard = tmp_path / "heard.jsonl"

    async def story() -> Played:
        speaker = Player(PlayerSettings(command=speaker_command(heard), voice="espeak-ng"))
        assert speaker.capabilities.speaks
        return await speaker.speak(text, language, Route.PUBLIC)

    assert asyncio.run(story()) is Played.PLAYED
    (line,) = lines_of(heard)
    assert line["silent"] is False


def test_chinese_is_read_in_mandarin_syllable_by_syllable() -> None:
    said = subprocess.run(
        ["espeak-ng", "-v", VOICES["zh-CN"], "-q", "-x", "--stdin"],
        input="请正对镜头".encode(),
        capture_output=True,
        check=True,
        timeout=20,
    )
    syllables = said.stdout.decode().split()
    assert len(syllables) == 5
    assert all(any(tone in syllable for tone in ("55", "35", "21", "51", "33", "22")) for syllable in syllables)


def test_a_recording_is_preferred_to_a_made_voice(tmp_path: Path) -> None:
    heard = tmp_path / "heard.jsonl"
    (tmp_path / recording_name("请取走您的证件", "zh-CN")).write_bytes(wav(Sound.DOOR_OPEN))

    async def story() -> None:
        settings = PlayerSettings(command=speaker_command(heard), voice="espeak-ng", recordings=tmp_path)
        speaker = Player(settings)
        assert await speaker.speak("请取走您的证件", "zh-CN", Route.PUBLIC) is Played.PLAYED

    asyncio.run(story())
    assert lines_of(heard) == [{"seconds": 0.5, "silent": False}]


def test_a_recording_that_came_by_itself_goes_before_those_of_the_folder(tmp_path: Path) -> None:
    heard = tmp_path / "heard.jsonl"
    brought = tmp_path / "brought"
    brought.write_bytes(wav(Sound.DOOR_OPEN))
    name = recording_name("欢迎", "zh-CN")
    (tmp_path / name).write_bytes(b"no sound at all")

    async def story() -> None:
        speaker = Player(PlayerSettings(command=speaker_command(heard), recordings=tmp_path), {name: brought})
        assert await speaker.speak("欢迎", "zh-CN", Route.PUBLIC) is Played.PLAYED

    asyncio.run(story())
    assert lines_of(heard) == [{"seconds": 0.5, "silent": False}]


@pytest.mark.parametrize("voice", ["/does/not/exist", "false", "sleep", "true"])
def test_a_voice_that_is_missing_fails_or_says_nothing_is_silence(voice: str) -> None:
    async def story() -> Played:
        return await Player(PlayerSettings(command="true", voice=voice)).speak("请稍候", "zh-CN", Route.PUBLIC)

    assert asyncio.run(story()) is Played.FAILED


def test_what_no_voice_can_read_is_not_said() -> None:
    async def story() -> None:
        speaker = Player(PlayerSettings(command="true", voice="espeak-ng"))
        assert await speaker.speak("ᠮᠣᠩᠭᠣᠯ", "mn-Mong", Route.PUBLIC) is Played.FAILED
        assert await Player(PlayerSettings(command="true")).speak("请", "zh-CN", Route.PUBLIC) is Played.NOT_SUPPORTED
        assert await Silent().speak("请", "zh-CN", Route.PUBLIC) is Played.NOT_SUPPORTED

    asyncio.run(story())


def test_a_voice_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(speech, "SPEAKING_SECONDS", 0.05)
    hanging = tmp_path / "hanging"
    hanging.write_text("#!/bin/sh\nexec sleep 60\n")
    hanging.chmod(0o700)

    async def story() -> Played:
        return await Player(PlayerSettings(command="true", voice=str(hanging))).speak("请", "zh-CN", Route.PUBLIC)

    assert asyncio.run(story()) is Played.FAILED
