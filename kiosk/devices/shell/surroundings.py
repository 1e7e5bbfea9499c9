"""Commands of what is round the terminal: door, lights, presence, supply."""

from __future__ import annotations

import asyncio
from typing import cast

from kiosk.devices.audio.contract import Audio
from kiosk.devices.door.contract import Door
from kiosk.devices.help_button.contract import HelpButton
from kiosk.devices.key_switch.contract import KeySwitch
from kiosk.devices.lights.contract import FlashRate, Light, Lights
from kiosk.devices.presence.contract import PresenceSensor
from kiosk.devices.shell.words import Answer, Command, Moves, Options, Usage, plain

TRIAL_SECONDS = 0.2
"""How long each light shines in an exercise."""


async def _release(door: Door, _options: Options) -> Answer:
    await door.release()
    return {"door": (await door.state()).value}


async def _state(door: Door, _options: Options) -> Answer:
    return {"door": (await door.state()).value}


async def _light(lights: Lights, options: Options) -> Answer:
    """`--name statusGood`, for `--seconds`."""
    try:
        light = Light(options.named())
    except ValueError:
        raise Usage(f"--name is one of {', '.join(light.value for light in Light)}") from None
    await _shine(lights, light, options.seconds)
    return {"light": light.value}


async def _shine(lights: Lights, light: Light, seconds: float) -> None:
    await lights.set(light, FlashRate.CONTINUOUS)
    await asyncio.sleep(seconds)
    await lights.set(light, FlashRate.OFF)


async def _each(lights: Lights, _options: Options) -> Answer:
    """One light after the other."""
    there = sorted(lights.capabilities.lights, key=lambda light: light.value)
    for light in there:
        await _shine(lights, light, TRIAL_SECONDS)
    return {"lights": [light.value for light in there]}


async def _look(sensor: PresenceSensor, _options: Options) -> Answer:
    return cast("Answer", plain(await sensor.look()))


async def _button(button: HelpButton, _options: Options) -> Answer:
    return {"button": (await button.state()).value}


async def _press(button: HelpButton, options: Options) -> Answer:
    """The next event within `--seconds`."""
    event = await button.event(seconds=options.seconds)
    return {"event": None if event is None else event.value}


async def _position(key: KeySwitch, _options: Options) -> Answer:
    return {"position": (await key.position()).value}


async def _level(audio: Audio, _options: Options) -> Answer:
    return {"level": (await audio.reset_level()).value}


async def _headset(audio: Audio, _options: Options) -> Answer:
    return {"headset": (await audio.headset()).value}


HELP_BUTTON = {"state": Command(_button), "event": Command(_press, person=True)}
KEY_SWITCH = {"position": Command(_position)}
AUDIO = {"level": Command(_level), "headset": Command(_headset)}
DOOR = {"release": Command(_release, Moves.YES), "state": Command(_state)}
LIGHTS = {"light": Command(_light, person=True), "each": Command(_each)}
PRESENCE = {"look": Command(_look)}
