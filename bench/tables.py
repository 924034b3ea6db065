"""The one table."""

from collections.abc import Sequence

from bench.results import Result

_HEADS = ("name", "ours", "baseline", "figure", "goal (floor / aim)", "verdict", "limit")


def table(results: Sequence[Result], *, markdown: bool = False) -> str:
    """All results, a line each, and their notes below."""
    cells = [_HEADS, *map(_cells, results)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADS))]
    lines = [_line(row, widths, markdown=markdown) for row in cells]
    rule = ["-" * width for width in widths]
    lines.insert(1, _line(rule, widths, markdown=markdown))
    notes = [f"{result.name}: {note}" for result in results for note in result.notes]
    return "\n".join([*lines, *([""] if notes else []), *notes])


def _cells(result: Result) -> tuple[str, ...]:
    figure = "" if result.figure is None else f"{result.figure:.3g}"
    goal = "" if result.goal is None else str(result.goal)
    return (
        result.name,
        result.ours,
        result.baseline,
        figure,
        goal,
        result.verdict,
        result.limit,
    )


def _line(row: Sequence[str], widths: Sequence[int], *, markdown: bool) -> str:
    padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
    return f"| {' | '.join(padded)} |" if markdown else "  ".join(padded).rstrip()
