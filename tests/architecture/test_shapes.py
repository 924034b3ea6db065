"""Files and functions that fit into a head, names that say something, words where due."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Function, Source, product

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}


def _code() -> Iterator[Source]:
    """Migrations are lists of statements, and read by nobody but Alembic."""
    return (source for source in product() if not source.name.startswith("migrations/versions/"))


def test_no_file_is_long() -> None:
    long = {s.name: s.text.count("\n") for s in product() if s.text.count("\n") > LONGEST_FILE}
    assert long == {}


def test_no_function_is_long() -> None:
    long = [
        f"{source.at(function)} {function.name}"
        for source in _code()
        for function in source.functions()
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_no_name_says_nothing() -> None:
    parts = {part.removesuffix(".py") for s in product() for part in s.name.split("/")}
    assert parts & SAYS_NOTHING == set()


def test_every_file_says_what_it_is_for() -> None:
    mute = [
        s.name for s in product() if s.path.name != "__init__.py" and not ast.get_docstring(s.tree)
    ]
    assert mute == []


def test_every_public_name_is_explained() -> None:
    mute = [
        f"{source.at(node)} {node.name}"
        for source in _code()
        for node in _public(source.tree)
        if not ast.get_docstring(node)
    ]
    assert mute == []


def _public(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
