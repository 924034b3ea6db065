"""How long drills took, as plain SVG geometry; the table beside it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

HEIGHT: Final = 200
TOP: Final = 14
BOTTOM: Final = 26
LEFT: Final = 7.0
RIGHT: Final = 2.0
"""Pixels above and below the bars; per cent of the width left and right of them."""
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class DrillBar:
    """One drill."""

    at: datetime
    seconds: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """Where it is drawn; x and width in per cent, y and height in pixels."""

    bar: DrillBar
    x: float
    width: float
    y: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class DrillChart:
    """Everything that the template draws."""

    bars: list[Drawn]
    rules: list[tuple[float, int]]
    ground: float
    left: float = LEFT
    height: int = HEIGHT


def drill_chart(drills: Sequence[DrillBar]) -> DrillChart:
    """Lay out `drills`, oldest first, under a rounded-up scale of seconds."""
    highest = max((one.seconds for one in drills), default=0.0)
    step = _step(highest)
    top = step * max(1, -(-int(highest + 0.999) // step))
    ground = HEIGHT - BOTTOM
    pixels = (ground - TOP) / top
    slot = (100 - LEFT - RIGHT) / max(len(drills), 1)
    bars = [_draw(one, n, len(drills), slot, pixels, ground) for n, one in enumerate(drills)]
    rules = [(ground - value * pixels, value) for value in range(step, top + 1, step)]
    return DrillChart(bars, rules, ground)


def _draw(bar: DrillBar, number: int, of: int, slot: float, pixels: float, ground: float) -> Drawn:
    height = max(2.0, bar.seconds * pixels)
    label = bar.at.strftime("%-d %b") if (of - 1 - number) % 4 == 0 else ""
    x = LEFT + number * slot
    return Drawn(
        bar, round(x + slot * 0.2, 3), round(slot * 0.6, 3), round(ground - height, 1),
        round(height, 1), label,
    )  # fmt: skip


def _step(highest: float) -> int:
    """A round distance between rules, so that a few of them are drawn."""
    size = 1
    while True:
        for factor in _STEPS:
            if factor * size * 4 >= highest:
                return factor * size
        size *= 10
