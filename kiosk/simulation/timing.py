"""How long simulated hardware takes, in seconds, in one place."""

from __future__ import annotations

import random
from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Timing:
    """Ranges are drawn from evenly by the seeded generator of each device."""

    find: Range = (0.030, 0.080)
    select: Range = (0.030, 0.080)
    read: Range = (0.600, 1.200)
    """Card reading, before the first byte of the answer."""
    append: Range = (0.100, 0.200)
    module: Range = (0.005, 0.020)
    lock: Range = (0.100, 1.000)
    """From the opening pulse to the answer."""
    lock_query: Range = (0.010, 0.030)
    print_line: Range = (0.010, 0.014)
    """Per 24 dot rows of thermal paper (3 mm at about 250 mm/s)."""
    cut: Range = (0.200, 0.400)
    page: Range = (1.500, 2.500)
    touch: Range = (0.200, 0.500)
    match: Range = (0.050, 0.150)
    slow_network: float = 3.0
    frame_gap: float = 0.5
    """A frame that stays unfinished this long is given up by the device."""

    def scaled(self, pace: float) -> Timing:
        """All waits times `pace` (the frame gap stays)."""

        def times(value: Range) -> Range:
            return value[0] * pace, value[1] * pace

        return Timing(
            find=times(self.find),
            select=times(self.select),
            read=times(self.read),
            append=times(self.append),
            module=times(self.module),
            lock=times(self.lock),
            lock_query=times(self.lock_query),
            print_line=times(self.print_line),
            cut=times(self.cut),
            page=times(self.page),
            touch=times(self.touch),
            match=times(self.match),
            slow_network=self.slow_network * pace,
            frame_gap=self.frame_gap,
        )


def draw(rng: random.Random, bounds: Range) -> float:
    """One duration of a range."""
    return rng.uniform(*bounds)
