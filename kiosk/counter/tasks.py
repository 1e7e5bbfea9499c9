"""Ending what runs beside a conversation."""

from __future__ import annotations

import asyncio
from typing import Any


async def end(*tasks: asyncio.Future[Any]) -> None:
    """Cancel these and wait until they have ended; how they ended is nobody's business any more.

    Awaiting a cancelled task and passing over its CancelledError would also pass over the caller's own: whoever
    switches the terminal off in that moment would wait for ever.
    """
    for task in tasks:
        task.cancel()
    _ = await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            _ = task.exception()
