"""The documentation as text: pages, tables in them, and what they link to."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT

DOCS = ROOT / "docs"
_CELL = re.compile(r"(?<!\\)\|")


def pages() -> list[Path]:
    """Every page for people, the front page among them."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def rows(text: str, columns: int) -> Iterator[list[str]]:
    """The cells of every table row with so many columns; headings and rules too."""
    for line in text.splitlines():
        cells = [cell.strip() for cell in _CELL.split(line)]
        if line.startswith("|") and len(cells) == columns + 2:
            yield cells[1:-1]


def keyed(path: Path, columns: int, key: str) -> dict[str, list[str]]:
    """Rows by their first cell, of those whose first cell matches `key` wholly."""
    found = [cells for cells in rows(path.read_text(), columns) if re.fullmatch(key, cells[0])]
    return {cells[0]: cells[1:] for cells in found}
