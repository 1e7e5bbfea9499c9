"""Recorded voice: WAV as the terminal's player takes it, audible, and of a length that somebody listens to."""

from __future__ import annotations

import io
import wave

import numpy as np

LARGEST_FILE = 4 * 1024 * 1024
LEAST_SECONDS, MOST_SECONDS = 0.5, 30.0
RATES = (16_000, 22_050, 24_000, 44_100, 48_000)
QUIETEST = 0.01
"""Of full scale, as the root of the mean square: less is silence to whoever stands in a hall."""
_CLIPPED = 0.02
"""Of all samples at the very limit: more is a recording that was too loud."""


def judge_voice(path: str, content: bytes) -> tuple[str, ...]:
    """What is wrong with it; none where it can be played."""
    if len(content) > LARGEST_FILE:
        return (f"{path}: has {len(content)} bytes. At most {LARGEST_FILE} are played.",)
    try:
        with wave.open(io.BytesIO(content)) as file:
            rate, channels, width, frames = (
                file.getframerate(),
                file.getnchannels(),
                file.getsampwidth(),
                file.getnframes(),
            )
            data = file.readframes(frames)
    except (wave.Error, EOFError) as wrong:
        return (f"{path}: is no WAV file with PCM sound ({wrong}). Save it as WAV, PCM, 16 bits.",)
    if width != 2 or channels not in (1, 2) or rate not in RATES:
        wanted = f"16 bits, one or two channels, {', '.join(str(each) for each in RATES)} Hz"
        return (f"{path}: has {8 * width} bits, {channels} channels, {rate} Hz. Save it with {wanted}.",)
    if len(data) != frames * channels * width:
        return (f"{path}: is cut off. Save it again, whole.",)
    found: list[str] = []
    seconds = frames / rate
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        found.append(f"{path}: lasts {seconds:.1f} s. Between {LEAST_SECONDS} and {MOST_SECONDS} s are played.")
    samples = np.frombuffer(data, "<i2").astype(np.float64) / 32768
    if samples.size and float(np.sqrt(np.mean(samples**2))) < QUIETEST:
        found.append(f"{path}: is too quiet to be heard. Record it louder.")
    if samples.size and float(np.mean(np.abs(samples) >= 32767 / 32768)) > _CLIPPED:
        found.append(f"{path}: was recorded too loud and is torn. Record it again.")
    return tuple(found)
