"""The house's floors: who may import whom."""

import ast

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.architecture.sources import ROOT, Source, product


def test_the_contracts_of_the_house_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_nobody_imports_the_composition_root() -> None:
    assert [s.name for s in product() if "wsgi" in _imported(s)] == []


def test_imports_stand_at_the_head_of_a_file() -> None:
    """An import inside a function hides a cycle or a cost."""
    hidden = [
        source.at(node)
        for source in product()
        for function in source.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_no_import_is_only_for_types() -> None:
    walls = [s.name for s in product() if "TYPE_CHECKING" in _imported(s)]
    assert walls == []


def _imported(source: Source) -> set[str]:
    found: set[str] = set()
    for node in source.nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").partition(".")[0], *(a.name for a in node.names)}
    return found
