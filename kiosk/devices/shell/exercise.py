"""Everything a device can be made to do without a person at it, one after the other, with what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.devices.shell.words import Answer, Command, Moves, Options, exit_of_answer, exit_of_fault
from kiosk.devices.words import DeviceFault


async def exercise(
    driver: Any, commands: Mapping[str, Command], options: Options, moves: Moves, seconds: Callable[[], float]
) -> tuple[Answer, int]:
    """All commands that need nobody, those that move hardware only where `moves` says so; and the exit code.

    The worst of the steps is the whole's.
    """
    steps: list[Answer] = []
    worst = 0
    left_out: list[str] = []
    for name, command in commands.items():
        if command.person or (command.moves is Moves.YES and moves is Moves.NO):
            left_out.append(name)
            continue
        began = seconds()
        try:
            answer = await command.run(driver, options)
        except DeviceFault as fault:
            said: Answer = {"error": fault.completion.value, "code": fault.code}
            ended = exit_of_fault(fault)
        else:
            said, ended = {"answer": answer}, exit_of_answer(answer)
        steps.append({"step": name, "seconds": round(seconds() - began, 3), "exit": ended, **said})
        worst = max(worst, ended)
    return {"steps": steps, "left_out": left_out}, worst
