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

    @property
    def total(self) -> int:
        """Both directions."""
        return self.incoming + self.outgoing


@dataclass(frozen=True, slots=True)
class Bar:
    """Where a day is drawn; x and widths in per cent, y and heights in pixels."""

    day: Day
    x: float
    width: float
    middle: float
    incoming_y: float
    incoming_height: float
    outgoing_y: float
    outgoing_height: float
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
    incoming, outgoing = day.incoming * pixels, day.outgoing * pixels
    back = of - 1 - number
    return Bar(
        day=day,
        x=round(x + slot * 0.14, 3),
        width=round(slot * 0.72, 3),
        middle=round(x + slot / 2, 3),
        incoming_y=round(ground - incoming, 1),
        incoming_height=round(incoming, 1),
        outgoing_y=round(ground - incoming - outgoing, 1),
        outgoing_height=round(outgoing, 1),
        label=day.day.strftime("%-d %b") if back % 4 == 0 else "",
        sparse=back % 8 != 0,
    )


def _step(highest: int) -> int:
    """A round distance between rules, so that three to five of them are drawn."""
    size = 1
    while True:
        for factor in _STEPS:
            if factor * size * 4 >= highest:
                return factor * size
        size *= 10
