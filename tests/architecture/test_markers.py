"""The threat list is covered: each number that this version answers for has a test."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterator

from tests.architecture.sources import ROOT, called, own_tests

ANSWERED = frozenset({1, 2, *range(4, 46), *range(51, 56), *range(57, 61), 68})
KNOWN = range(1, 70)


def _marks(name: str) -> Iterator[tuple[object, str]]:
    """Every argument of `pytest.mark.<name>(…)` in the tests, and where."""
    for source in own_tests():
        for node in source.nodes:
            if not (isinstance(node, ast.Call) and called(node) == name):
                continue
            if ast.unparse(node.func) == f"pytest.mark.{name}":
                for argument in node.args:
                    yield ast.literal_eval(argument), source.at(node)


def test_every_attack_that_we_answer_for_is_tried() -> None:
    tried = {number for number, _ in _marks("attack")}
    assert sorted(ANSWERED - tried) == []


def test_numbers_are_of_the_list() -> None:
    wrong = {place: number for number, place in _marks("attack") if number not in KNOWN}
    assert wrong == {}


def test_promises_are_named_by_their_id() -> None:
    wrong = defaultdict(list)
    for promise, place in _marks("promise"):
        if not (isinstance(promise, str) and promise[:1].isupper() and promise[1:].isdigit()):
            wrong[place].append(promise)
    assert dict(wrong) == {}


def test_markers_are_registered() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    named = {line.partition(":")[0].partition("(")[0] for line in options["markers"]}
    assert named >= {"attack", "promise", "slow"}
    assert "--strict-markers" in options["addopts"]
    assert options["filterwarnings"] == ["error"]
