"""What a measurement says: ours beside a baseline of the same run, a goal, and what limits it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Better(StrEnum):
    """Which way is better for the figure that is compared with the goal."""

    HIGHER = "at least"
    LOWER = "at most"


@dataclass(frozen=True, slots=True)
class Goal:
    """What the figure must reach, and what it should reach."""

    floor: float
    aim: float
    better: Better = Better.HIGHER

    def verdict(self, figure: float) -> str:
        """aim, floor, or by how much the floor is missed."""
        sign = 1 if self.better is Better.HIGHER else -1
        if sign * figure >= sign * self.aim:
            return "aim"
        if sign * figure >= sign * self.floor:
            return "floor"
        return f"MISSED by {abs(figure - self.floor) / self.floor:.0%}"

    def __str__(self) -> str:
        return f"{self.better.value} {self.floor:g} / {self.aim:g}"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table.

    Args:
        ours, baseline: with unit and, in brackets, the spread of the rounds.
        figure: what the goal is about: a ratio, milliseconds, seconds … None without a goal.
        limit: what physically bounds it, as measured in this run where it can be.
    """

    name: str
    ours: str
    baseline: str = ""
    figure: float | None = None
    goal: Goal | None = None
    limit: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """How the figure stands to the goal."""
        if self.goal is None or self.figure is None:
            return ""
        return self.goal.verdict(self.figure)
