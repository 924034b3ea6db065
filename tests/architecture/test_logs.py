"""Log lines hold declared fields, and say in constant words what happened (ATTACK 52, 53)."""

import ast
import json
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from privacy.core.logs import FIELDS, configure_logs, get_log
from tests.architecture.sources import Source, called, product

LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log", "bind"}
SAYS_MORE = {"exc_info"}
"""What structlog itself takes: `logs` turns it into a type and places."""


def _lines(source: Source) -> Iterator[ast.Call]:
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            speaker = ast.unparse(node.func.value)
            if node.func.attr in LEVELS and (speaker.endswith("log") or "get_log(" in speaker):
                yield node


@pytest.mark.attack(52)
def test_every_field_is_on_the_list() -> None:
    unlisted = [
        f"{source.at(line)} {keyword.arg}"
        for source in product()
        for line in _lines(source)
        for keyword in line.keywords
        if keyword.arg not in FIELDS | SAYS_MORE
    ]
    assert unlisted == []


@pytest.mark.attack(53)
def test_what_happened_is_said_in_constant_words() -> None:
    made = [
        source.at(line)
        for source in product()
        for line in _lines(source)
        if line.args and not _constant(line.args[0])
    ]
    assert made == []


def test_the_rules_see_log_lines() -> None:
    assert sum(1 for source in product() for _ in _lines(source)) > 20


@pytest.mark.attack(52)
def test_nobody_logs_past_the_list() -> None:
    """Only `logs` sets up a logger; the standard library's are not used for our own lines."""
    past = [
        source.at(node)
        for source in product()
        if source.name != "privacy/core/logs.py"
        for node in source.nodes
        if isinstance(node, ast.Call) and called(node) in ("getLogger", "get_logger", "basicConfig")
    ]
    assert past == []


@pytest.mark.attack(52)
def test_a_field_that_nobody_declared_is_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (line,) = _logged(capsys, lambda: get_log("web").info("x", status=200, number="+12025550123"))
    assert line["undeclared"] == ["number"]
    assert line["status"] == 200
    assert "2025550123" not in json.dumps(line)


@pytest.mark.attack(52)
def test_other_libraries_say_where_and_not_what(capsys: pytest.CaptureFixture[str]) -> None:
    speak = logging.getLogger("some.library").warning
    (line,) = _logged(capsys, lambda: speak("number %s", "+12025550123"))
    assert line["logger"] == "some.library"
    assert "2025550123" not in json.dumps(line)


@pytest.mark.attack(52)
def test_an_exception_is_told_by_type_and_place(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> None:
        try:
            raise ValueError("+12025550123")
        except ValueError:
            get_log("web").error("x", exc_info=True)

    (line,) = _logged(capsys, fails)
    assert line["error"] == "ValueError"
    assert "test_logs.py" in str(line["where"])
    assert "2025550123" not in json.dumps(line)


def _logged(
    capsys: pytest.CaptureFixture[str], speak: Callable[[], object]
) -> list[dict[str, object]]:
    configure_logs("DEBUG")
    try:
        speak()
    finally:
        structlog.reset_defaults()
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def _constant(node: ast.expr) -> bool:
    if isinstance(node, ast.IfExp):
        return _constant(node.body) and _constant(node.orelse)
    return isinstance(node, ast.Constant)
