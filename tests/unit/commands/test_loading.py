"""Commands are imported when they are asked for; one that is broken harms itself alone."""

import gc
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import wsgi


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a command whose module cannot be imported."""
    (tmp_path / "broken_command.py").write_text('raise RuntimeError("half installed")\n')
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(wsgi.COMMANDS, "broken", wsgi.Known("broken_command:broken", "Broken."))
    return "broken"


def test_a_broken_command_says_what_is_wrong_and_leaves_garbage_collected(broken: str) -> None:
    with pytest.raises(RuntimeError, match="half installed"):
        wsgi.silta.main([broken, "--help"], standalone_mode=False)
    assert gc.isenabled()
    assert "broken_command" not in sys.modules


def test_a_broken_command_stops_no_other(broken: str) -> None:
    run = CliRunner().invoke
    assert broken in run(wsgi.silta, ["--help"]).output
    assert run(wsgi.silta, ["keys", "--help"]).exit_code == 0


def test_an_unknown_command_is_bad_use(broken: str) -> None:
    answer = CliRunner().invoke(wsgi.silta, ["nothing"])
    assert (answer.exit_code, "No such command" in answer.output) == (2, True)
