"""A sound card's mixer as `amixer` shows it: `python -m kiosk.simulation.mixer FILE ARGUMENTS...`.

FILE is JSON and is the card: {"percent": 40, "on": true, "headset": false}; without it there is no card. What is set
is rounded to the card's 31 steps, as a card does.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

_STEPS = 31


def main(argv: list[str]) -> int:
    """Answers as the program does: 0 and text, or 1 and a sentence on standard error."""
    file = Path(argv[0])
    if not file.exists():
        print("Invalid card number '0'.", file=sys.stderr)
        return 1
    card = json.loads(file.read_text("utf-8"))
    match [word for word in argv[1:] if word != "-M"]:
        case ["sset", name, percent, "unmute"]:
            card |= {"percent": int(percent.rstrip("%")), "on": True}
            file.write_text(json.dumps(card), "utf-8")
            _print_level(name, card["percent"], card["on"])
        case ["sget", name]:
            _print_level(name, card["percent"], card["on"])
        case ["cget", _]:
            print("numid=12,iface=CARD,name='Headphone Jack'")
            print("  ; type=BOOLEAN,access=r-------,values=1")
            print(f"  : values={'on' if card['headset'] else 'off'}")
        case _:
            print("amixer: Unknown command", file=sys.stderr)
            return 1
    return 0


def _print_level(name: str, percent: int, on: bool) -> None:
    step = round(percent * _STEPS / 100)
    print(f"Simple mixer control '{name}',0")
    print("  Capabilities: pvolume pvolume-joined pswitch pswitch-joined")
    print("  Playback channels: Mono")
    print(f"  Limits: Playback 0 - {_STEPS}")
    print(f"  Mono: Playback {step} [{round(step * 100 / _STEPS)}%] [-14.25dB] [{'on' if on else 'off'}]")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
