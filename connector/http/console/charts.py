"""Bar charts as plain SVG geometry: no script, no style attribute, and a table says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HEIGHT = 240
TOP, BOTTOM = 14, 26
LEFT, RIGHT = 5.0, 2.0
"""Pixels above and below the bars; per cent of the width left and right of them."""
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Day:
    """One day's calls."""

    day: date
    incoming: int
    outgoing: int
    internal: int = 0

    @property
    def total(self) -> int:
        """All directions."""
        return self.incoming + self.outgoing + self.internal


@dataclass(frozen=True, slots=True)
class Part:
    """One direction's share of a bar, in pixels; `kind` is its class in the style sheet."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a day is drawn; x and widths in per cent, y and heights in pixels."""

    day: Day
    x: float
    width: float
    middle: float
    parts: list[Part]
    label: str
    sparse: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that the template draws."""

    bars: list[Bar]
    rules: list[tuple[float, int]]
    ground: float
    left: float
    height: int = HEIGHT


def bar_chart(days: Sequence[Day]) -> Chart:
    """Lay out `days`, oldest first, under a rounded-up scale."""
    step = _step(max((day.total for day in days), default=0))
    top = max(step * -(-max((d.total for d in days), default=0) // step), step)
    ground = HEIGHT - BOTTOM
    pixels = (ground - TOP) / top
    slot = (100 - LEFT - RIGHT) / max(len(days), 1)
    bars = [_bar(day, n, len(days), slot, pixels, ground) for n, day in enumerate(days)]
    rules = [(ground - value * pixels, value) for value in range(step, top + 1, step)]
    return Chart(bars, rules, ground, LEFT)


def _bar(day: Day, number: int, of: int, slot: float, pixels: float, ground: float) -> Bar:
    x = LEFT + number * slot
    back = of - 1 - number
    return Bar(
        day=day,
        x=round(x + slot * 0.14, 3),
        width=round(slot * 0.72, 3),
        middle=round(x + slot / 2, 3),
        parts=_parts(day, pixels, ground),
        label=day.day.strftime("%-d %b") if back % 4 == 0 else "",
        sparse=back % 8 != 0,
    )


def _parts(day: Day, pixels: float, ground: float) -> list[Part]:
    """From the ground up; a direction without calls is left out."""
    parts: list[Part] = []
    for kind, calls in (("in", day.incoming), ("out", day.outgoing), ("within", day.internal)):
        height = calls * pixels
        ground -= height
        if calls:
            parts.append(Part(kind, round(ground, 1), round(height, 1)))
    return parts


def _step(highest: int) -> int:
    """A round distance between rules, so that three to five of them are drawn."""
    size = 1
    while True:
        for factor in _STEPS:
            if factor * size * 4 >= highest:
                return factor * size
        size *= 10
