"""One place reads the clock, so that a month can pass in a test and in a demonstration."""

import ast

import pytest

from tests.architecture.sources import product

THE_CLOCK = "privacy/core/clock.py"
READS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
}


@pytest.mark.attack(68)
def test_nobody_else_reads_the_clock() -> None:
    reads = [
        source.at(node)
        for source in product()
        if source.name != THE_CLOCK
        for node in source.nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.attr in READS.get(node.value.id, set())
    ]
    assert reads == []


@pytest.mark.attack(68)
def test_no_statement_takes_the_time_of_the_database_unshifted() -> None:
    """`now()` in SQL knows nothing of the development clock: bind the unit of work's time."""
    reads = [
        source.at(node)
        for source in product()
        if not source.name.startswith("migrations/")
        for node in source.nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(word in node.value.lower() for word in (" now()", "current_timestamp"))
        and node.value.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))
    ]
    assert reads == []
