"""Rounds that alternate, so that what disturbs one side disturbs the other."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

Block = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of several rounds."""

    figures: Sequence[float]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.figures)

    def text(self, unit: str, form: str = ",.0f") -> str:
        """`1,234 unit (1,100-1,300)`: median, lowest, highest."""
        low, high = min(self.figures), max(self.figures)
        return f"{self.median:{form}} {unit} ({low:{form}}-{high:{form}})"

    def over(self, other: "Series") -> float:
        """Median of the ratios round by round: a slow minute of the machine cancels out."""
        return median(a / b for a, b in zip(self.figures, other.figures, strict=True))


def alternate(
    blocks: Sequence[Block], *, rounds: int, amount: float | Sequence[float] = 1.0
) -> list[Series]:
    """`amount` (of all, or of each) per second; A B A B …, the first round not counted.

    The order turns around in each round, so that none is always the one who pays for a
    checkpoint that the other has filled.
    """
    amounts = [amount] * len(blocks) if isinstance(amount, int | float) else amount
    figures: list[list[float]] = [[] for _ in blocks]
    for round_number in range(rounds + 1):
        order = list(range(len(blocks)))
        for index in order if round_number % 2 else reversed(order):
            took = seconds(blocks[index])
            if round_number:
                figures[index].append(amounts[index] / took)
    return [Series(each) for each in figures]


def seconds(block: Block) -> float:
    """How long `block` takes."""
    gc.collect()
    began = perf_counter()
    block()
    return perf_counter() - began


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of them lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
