"""Several loops of one device that live and die together."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine


async def together(**parts: Coroutine[object, object, None]) -> None:
    """Run all; when one ends or fails, stop the others and end or fail the same way."""
    tasks = [asyncio.create_task(part, name=name) for name, part in parts.items()]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
