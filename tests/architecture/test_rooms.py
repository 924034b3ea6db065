"""Rooms of the connector's floor: what an account is, what a call is, who tells about calls."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FLOOR = Path(__file__).parents[2] / "connector"
ORDER = ("accounts", "calls", "providers", "imports", "http")
"""Each may know those before it."""


def _known_to(room: str) -> Iterator[str]:
    for file in (FLOOR / room).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("connector."):
                yield str(node.module).split(".")[1]


@pytest.mark.parametrize("room", ORDER)
def test_a_room_knows_only_those_before_it(room: str) -> None:
    later = set(ORDER[ORDER.index(room) + 1 :])
    assert not later & set(_known_to(room))


def test_nobody_on_this_floor_but_its_callers_reads_calls_again() -> None:
    assert not {room for room in ORDER if "remaps" in set(_known_to(room))}
