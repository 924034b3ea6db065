"""What newcomers type wrongly is answered in one line, and with exit code 2."""

import socket
import sys
from pathlib import Path

import click
import pytest

from privacy.core.errors import Invalid
from privacy.core.logs import configure_logs, get_log
from wsgi import COMMANDS, main

GROUPS = [one.name for one in COMMANDS if isinstance(one, click.Group) and one.no_args_is_help]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line."""
    sys.argv = ["silta", *words]
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1
    return said.err


@pytest.fixture(autouse=True)
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", sys.argv)


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_without_its_command_names_its_commands(
    capsys: pytest.CaptureFixture[str], group: str
) -> None:
    line = refused(capsys, group)
    assert f"silta {group} needs one of: " in line
    assert "--help" in line


def test_what_is_wrong_is_said_and_not_that_something_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong() -> None:
        raise Invalid(fields={"name": "Give the key a name of up to 80 characters."})

    monkeypatch.setattr("jobs.commands.marketplaces.open_installation", wrong)
    line = refused(capsys, "marketplace", "key", "")
    assert line == "silta: Give the key a name of up to 80 characters.\n"


def test_a_port_that_is_taken_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        line = refused(capfd, "simulate", "netvisor", "--port", port, "--customers", "0")
    assert line == f"silta: port {port} is in use: choose another with --port\n"


def test_a_certificate_can_be_checked_without_an_installation(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("SILTA_DATABASE_URL", "SILTA_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "certificate.json"
    file.write_text("{}")
    assert "--identity" in refused(capsys, "certificate", "verify", str(file))


def test_promises_are_told_without_a_line_for_each_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(*_: object, **__: object) -> None:
        get_log("web").info("request", route="/", status=200)
        raise Invalid("Looked.")

    for name in ("open_installation", "LivePremises"):
        monkeypatch.setattr(f"jobs.commands.promises.{name}", lambda *_: None)
    monkeypatch.setattr("jobs.commands.promises.examine", look)
    configure_logs("INFO")
    assert refused(capsys, "promises") == "silta: Looked.\n"
