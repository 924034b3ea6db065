"""SQL is written, never put together from what comes in (ATTACK 45)."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import ROOT, Source, called, product

SQL = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|DROP|ALTER|GRANT|REVOKE|SET|LOCK|TRUNCATE|COPY"
    r"|VALUES|COMMENT|DECLARE|FETCH)\s"
)
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*")
TAKES_SQL = {"text", "exec_driver_sql", "literal_column", "SQL"}

NAMES_FROM_OURSELVES = {
    "privacy/vault/reseals.py": "names of tables and columns from the registry in the code",
    "privacy/ledger/rollbacks.py": "names of tables and columns from the registry in the code",
    "privacy/retention/partitions.py": "names of partitions from the catalogue, days as dates",
    "privacy/core/db/questions.py": "whole statements of the code, their values still apart",
    "privacy/backups/": "names of tables from the catalogue, of scratch databases, of columns",
    "privacy/moves/orders.py": "constants of its callers; names from the catalogue, all quoted",
    "jobs/embedded/roles.py": "names of roles and of the database, which operators choose",
    "migrations/": "no data comes near a migration's statements",
}
"""Identifiers cannot be bound; these files put in names that nobody outside chooses."""


@pytest.mark.attack(45)
def test_values_are_bound() -> None:
    """Into a statement go constants of its own file; all else is a parameter."""
    made = [
        f"{source.at(node)} {ast.unparse(node)[:90]}"
        for source in product()
        if not source.name.startswith(tuple(NAMES_FROM_OURSELVES))
        for node in _put_together(source)
    ]
    assert made == []


def test_exemptions_are_needed() -> None:
    for name in NAMES_FROM_OURSELVES:
        assert (ROOT / name).exists(), name
        assert any(
            s.name.startswith(name) and any(True for _ in _put_together(s)) for s in product()
        ), name


@pytest.mark.parametrize(
    "bad",
    [
        'f"SELECT 1 FROM calls WHERE id = {call_id}"',
        '"SELECT 1 FROM calls WHERE id = " + call_id',
        '"SELECT 1 FROM calls WHERE id = %s" % call_id',
        '"SELECT 1 FROM {}".format(table)',
        '"DELETE FROM calls WHERE id = {x}".format(x=1 + y)',
        "text(statement)",
        "text(_HEAD + tail)",
        'text(_HEAD.format(where=f"id = {call_id}"))',
        "connection.exec_driver_sql(request.args['q'])",
    ],
)
def test_the_rule_finds_what_it_looks_for(bad: str) -> None:
    assert list(_put_together(Source(ROOT / "x.py", bad, ast.parse(bad))))


@pytest.mark.parametrize(
    "good",
    [
        'f"SELECT {_COLUMNS} FROM calls WHERE id = :id"',
        'text(_HEAD + "FOR UPDATE")',
        'text(_HEAD.format(where="id = :id"))',
        "text(_FIND)",
        'f"{count} calls"',
        '"Select a row" + ending',
    ],
)
def test_the_rule_lets_constants_pass(good: str) -> None:
    assert not list(_put_together(Source(ROOT / "x.py", good, ast.parse(good))))


def _put_together(source: Source) -> Iterator[ast.AST]:
    """Strings that read like SQL, or are used as SQL, and hold more than constants."""
    for node in source.nodes:
        if isinstance(node, ast.JoinedStr | ast.BinOp) or _formats(node):
            found = SQL.match(_start(node)) and not _is_fixed(node)
        elif isinstance(node, ast.Call) and called(node) in TAKES_SQL and node.args:
            found = not _is_fixed(node.args[0])
        else:
            continue
        if found:
            yield node


def _formats(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "format"
    )


def _is_fixed(node: ast.AST) -> bool:
    """Whether nothing that comes in at run time can be in this string."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return CONSTANT.fullmatch(name) is not None
        case ast.JoinedStr(values=parts):
            return all(_is_fixed(part) for part in parts)
        case ast.FormattedValue(value=value):
            return _is_fixed(value)
        case ast.BinOp(left=left, right=right):
            return _is_fixed(left) and _is_fixed(right)
        case ast.Call(func=ast.Attribute(value=text, attr="format"), args=args, keywords=named):
            return all(map(_is_fixed, (text, *args, *(keyword.value for keyword in named))))
        case ast.Call(func=ast.Name(), args=args, keywords=[]):
            return all(map(_is_fixed, args))
    return False


def _start(node: ast.AST) -> str:
    """What a string begins with, as far as it is known."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=[first, *_]) | ast.BinOp(left=first):
            return _start(first)
        case ast.Call(func=ast.Attribute(value=text)):
            return _start(text)
    return ""
