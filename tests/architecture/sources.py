"""The product's own source, parsed once for all rules."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("privacy", "tenants", "connector", "jobs", "migrations")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its path within the project."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every part of the tree; to look them up anew for each rule takes seconds."""
        return tuple(ast.walk(self.tree))

    def functions(self) -> Iterator[Function]:
        """Every function and method, however deep."""
        for node in self.nodes:
            if isinstance(node, Function):
                yield node

    def at(self, node: ast.AST) -> str:
        """`file:line`, for a message."""
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


@cache
def product() -> tuple[Source, ...]:
    """Every Python file that ships."""
    found = [path for root in PRODUCT for path in sorted((ROOT / root).rglob("*.py"))]
    return tuple(_read(path) for path in (*found, ROOT / "wsgi.py"))


@cache
def own_tests() -> tuple[Source, ...]:
    """Every Python file of the tests."""
    return tuple(_read(path) for path in sorted((ROOT / "tests").rglob("*.py")))


def templates() -> list[Path]:
    """Every page template that ships."""
    return sorted(path for root in PRODUCT for path in (ROOT / root).rglob("*.html"))


def called(node: ast.Call) -> str:
    """The last name of what is called: `text`, `execute`, `error`."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text))
