"""Questions that can be foreseen: asked together with the binding of the tenant, in one round trip.

A use case asks its unit of work and need not know whether the edge foresaw it. So what a request
always needs costs one wait instead of four, and each part still asks for what is its own.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg.rows import namedtuple_row


class Question(NamedTuple):
    """A SELECT in the driver's words, `%s` for each parameter. Rows are named tuples."""

    sql: str
    parameters: tuple[object, ...] = ()

    def put(self, driver: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
        """Ask; in a pipeline the answer comes when that ends."""
        cursor = driver.cursor(row_factory=namedtuple_row)
        return cursor.execute(self.sql, self.parameters, prepare=True)


Answers = dict[Question, list[Any]]
"""Rows of what was asked ahead."""


def ask_after(
    driver: psycopg.Connection[Any], first: Question, foreseen: Sequence[Question]
) -> tuple[Any, Answers]:
    """The one row of `first`, and what `foreseen` find when that has taken effect."""
    if not foreseen:
        return first.put(driver).fetchone(), {}
    with driver.pipeline():
        opening = first.put(driver)
        asked = {question: question.put(driver) for question in foreseen}
    return opening.fetchone(), {question: found.fetchall() for question, found in asked.items()}
