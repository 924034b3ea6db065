"""Rules on how code treats what must stay secret."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, called, product

SECRET = re.compile(
    r"(?:^|_)(?:digest|token|secret|mac|signature|password|commitment)$", re.IGNORECASE
)
PUBLIC = {
    "privacy/ledger/": "digests of a chain are open to whoever verifies it",
    "privacy/backups/": "digests of archives and rows stand in a signed manifest",
}
"""Where digests are no secrets, and why."""

PRINTS = ("jobs/commands/", "jobs/embedded/", "wsgi.py")
"""What is run by hand and speaks to a person."""


@pytest.mark.attack(32)
def test_secrets_are_compared_in_constant_time() -> None:
    """By hmac.compare_digest; or found by their digest, in SQL, which compares whole keys."""
    compared = [
        source.at(node)
        for source in product()
        if not source.name.startswith(tuple(PUBLIC))
        for node in source.nodes
        if isinstance(node, ast.Compare) and _equates(node) and _of_secrets(node)
    ]
    assert compared == []


def _equates(node: ast.Compare) -> bool:
    return any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops)


def _of_secrets(node: ast.Compare) -> bool:
    sides = [node.left, *node.comparators]
    if any(_is_column(side) for side in sides):
        return False
    if any(isinstance(side, ast.Constant | ast.Tuple | ast.List | ast.Set) for side in sides):
        return False  # a name or a shape, not a value that somebody could guess
    return any(SECRET.search(name) for side in sides for name in _names(side))


def _names(side: ast.expr) -> Iterator[str]:
    if isinstance(side, ast.Name):
        yield side.id
    elif isinstance(side, ast.Attribute):
        yield side.attr
    elif isinstance(side, ast.Call):
        yield called(side)


def _is_column(side: ast.expr) -> bool:
    """`User.email_digest`, `bindparam(…)`: SQLAlchemy makes SQL of the comparison."""
    if isinstance(side, ast.Call):
        return called(side) == "bindparam"
    return (
        isinstance(side, ast.Attribute)
        and isinstance(side.value, ast.Name)
        and side.value.id[:1].isupper()
    )


@pytest.mark.attack(18)
def test_chance_comes_from_the_system() -> None:
    """`random` only for its SystemRandom, and for reseeding it after a fork."""
    used = [
        source.at(node)
        for source in product()
        for node in source.nodes
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "random"
        and node.attr not in ("SystemRandom", "seed")
    ]
    assert used == []
    assert [s.name for s in product() if _imports_from(s, "random")] == []


@pytest.mark.attack(51)
def test_nothing_is_unpickled() -> None:
    for module in ("pickle", "marshal", "shelve", "dill", "cloudpickle"):
        assert [s.name for s in product() if _imports(s, module)] == []


def test_only_commands_print() -> None:
    prints = [
        source.at(node)
        for source in product()
        if not source.name.startswith(PRINTS)
        for node in source.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and called(node) == "print"
    ]
    assert prints == []


def _imports(source: Source, module: str) -> bool:
    named = {
        alias.name.partition(".")[0]
        for node in source.nodes
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    return module in named or _imports_from(source, module)


def _imports_from(source: Source, module: str) -> bool:
    return any(
        isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == module
        for node in source.nodes
    )
