"""Questions that can be foreseen: asked as one, right after the tenant is bound.

A use case asks its unit of work and need not know whether the edge foresaw it. So what a request
always needs costs one round trip instead of one for each part, and each part still asks for what
is its own.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

import psycopg

S = TypeVar("S", bound=NamedTuple)


class Question(NamedTuple, Generic[S]):
    """A SELECT that finds one row or none, in the driver's words: `%s` for each parameter.

    `shape` names its columns, in their order.
    """

    shape: type[S]
    sql: str
    parameters: tuple[object, ...] = ()

    def put(self, driver: psycopg.Connection[Any]) -> S | None:
        """Ask it alone."""
        row = driver.execute(self.sql, self.parameters, prepare=True).fetchone()
        return None if row is None else self.shape(*row)


Answers = dict[Question[Any], Any]
"""What was found, or None, by what was asked."""


def ask_together(driver: psycopg.Connection[Any], questions: Sequence[Question[Any]]) -> Answers:
    """Ask several in one statement."""
    if not questions:
        return {}
    parameters = [value for question in questions for value in question.parameters]
    joined = _joined(tuple(question.sql for question in questions))
    [row] = driver.execute(joined, parameters, prepare=True)
    answers: Answers = {}
    at = 0
    for question in questions:
        begin, at = at + 1, at + 1 + len(question.shape._fields)
        answers[question] = question.shape(*row[begin:at]) if row[begin - 1] else None
    return answers


@cache
def _joined(selects: tuple[str, ...]) -> str:
    """One row: before the columns of each, whether it found anything."""
    parts = "".join(
        f" LEFT JOIN (SELECT true, asked.* FROM ({select}) AS asked) AS q{n} ON true"
        for n, select in enumerate(selects)
    )
    return f"SELECT {', '.join(f'q{n}.*' for n in range(len(selects)))} FROM (SELECT) AS one{parts}"
