"""Tables of the documentation that are made from code: `python -m tests.documentation.tables`."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlalchemy import Column

from connector.exports.tables import sealed_columns, taken_tables, written_columns
from migrations.metadata import metadata
from privacy.core.db.declarations import Impersonal, Personal
from tests.architecture.sources import own_tests
from tests.documentation.pages import DOCS, rows
from tests.documentation.promises import PAGE, gaps, table

MARKED = {
    "attack": (DOCS / "auditors" / "attacks.md", r"\d+"),
}
"""Marker, page, and what the first cell of a row looks like. The last of three cells is filled."""

EXPORTS = DOCS / "admins" / "exports.md"
COLUMNS = DOCS / "auditors" / "columns.md"
_BLOCK = r"(<!-- {name} -->\n\n).*?(\n<!-- /{name} -->)"


def marks(name: str) -> dict[str, list[str]]:
    """Marked number or id → test files, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for source in own_tests():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"pytest.mark.{name}":
                for argument in node.args:
                    found[str(ast.literal_eval(argument))].add(source.name)
    return {key: sorted(files) for key, files in found.items()}


def personal_table() -> str:
    """Every column with personal data: how it lies there, what it is, why, and until when."""
    lines = ["| column | as | what | purpose | basis | ends with |", "| --- " * 6 + "|"]
    for name, column in _columns():
        holds = column.info["holds"]
        if isinstance(holds, Personal):
            words = (holds.category, holds.purpose, holds.basis, holds.retention)
            cells = [f"`{name}`", form_of(column), *(str(word) for word in words)]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def impersonal_table() -> str:
    """Every column without personal data, by the reason that the model gives."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for name, column in _columns():
        if isinstance(holds := column.info["holds"], Impersonal):
            reasons[holds.reason].append(name)
    lines = ["| reason | columns |", "| --- | --- |"]
    for reason, names in sorted(reasons.items()):
        lines.append(f"| {reason} | {_shorten(names)} |")
    return "\n".join(lines) + "\n"


def exported_table() -> str:
    """Every field of a tenant's archive, by file: what it is, and how it is written."""
    lines = ["| file | field | written as | what |", "| --- " * 4 + "|"]
    for one in sorted((pair[0] for pair in taken_tables()), key=lambda one: one.name):
        for column in written_columns(one):
            holds, sealed = column.info["holds"], sealed_columns(one.name)
            what = holds.category if isinstance(holds, Personal) else holds.reason
            form = "opened" if column.name in sealed else str(column.type).partition("(")[0].lower()
            lines.append(f"| `{one.name}` | `{column.name}` | {form} | {what} |")
    return "\n".join(lines) + "\n"


def form_of(column: Column[Any]) -> str:
    """How a column's value lies in the table, by the names that the house gives."""
    name = str(column.name)
    if name.endswith("sealed"):
        return "sealed"
    if name.endswith(("token", "digest")) or (column.table.name, name) == ("attempt_counts", "key"):
        return "keyed digest" if not _random(column) else "digest of a random secret"
    if name.endswith(("_id", "_by")) or name == "subject":
        return "random id"
    return "**plain**"


def _random(column: Column[Any]) -> bool:
    """What is hashed has enough randomness of its own; nothing leads back to a person."""
    return str(column.info["holds"].category) == "user.authorization.credentials"


def _shorten(names: list[str]) -> str:
    """All of them; a column that all tables have is said once."""
    if {name.partition(".")[2] for name in names} == {"tenant_id"}:
        return f"`tenant_id` of {len(names)} tables"
    return ", ".join(f"`{name}`" for name in names)


def _columns() -> list[tuple[str, Column[Any]]]:
    tables = sorted(metadata.sorted_tables, key=lambda table: table.name)
    return [(f"{table.name}.{column.name}", column) for table in tables for column in table.columns]


def block(path: Path, name: str) -> str:
    """What stands in a page between the comments of `name`."""
    found = re.search(_BLOCK.format(name=name), path.read_text(), re.DOTALL)
    assert found is not None, f"{path.name} has no block {name}"
    return found[0].partition("-->\n\n")[2].rpartition("\n<!--")[0]


def _write_block(path: Path, name: str, content: str) -> None:
    pattern = re.compile(_BLOCK.format(name=name), re.DOTALL)
    text, count = pattern.subn(lambda m: f"{m[1]}{content}{m[2]}", path.read_text())
    assert count == 1, f"{path.name} has no block {name}"
    path.write_text(text)


def _write_marks(name: str) -> None:
    path, key = MARKED[name]
    found, text = marks(name), path.read_text()
    for cells in list(rows(text, 3)):
        if re.fullmatch(key, cells[0]):
            files = ", ".join(f"`{file}`" for file in found.get(cells[0], []))
            head = f"| {cells[0]} | {cells[1]} |"
            text = re.sub(rf"^{re.escape(head)}.*$", f"{head} {files} |", text, flags=re.MULTILINE)
    path.write_text(text)


def main() -> None:
    """Write every table anew."""
    _write_block(COLUMNS, "personal", personal_table())
    _write_block(COLUMNS, "impersonal", impersonal_table())
    _write_block(EXPORTS, "fields", exported_table())
    for name in MARKED:
        _write_marks(name)
    _write_block(PAGE, "promises", table(marks("promise")))
    _write_block(PAGE, "gaps", gaps())


if __name__ == "__main__":
    main()
