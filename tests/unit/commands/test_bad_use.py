"""What newcomers type wrongly is answered in one line, and with exit code 2."""

import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest

from privacy.core.errors import Invalid, Misconfigured
from privacy.core.logs import configure_logs, get_log
from privacy.core.settings import Settings, load_settings
from wsgi import COMMANDS, main, silta

FOUND = [silta.get_command(click.Context(silta), name) for name in COMMANDS]
GROUPS = [one.name for one in FOUND if isinstance(one, click.Group) and one.no_args_is_help]


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


def test_every_command_is_where_it_is_said_to_be() -> None:
    assert [one and one.name for one in FOUND] == list(COMMANDS)


def test_the_line_shown_for_each_command_is_its_own() -> None:
    said = {one.name: one.get_short_help_str(200) for one in FOUND if one}
    assert {name: known.help for name, known in COMMANDS.items()} == said


def test_help_imports_no_command() -> None:
    code = (
        "import sys, wsgi; wsgi.silta.main(['--help'], standalone_mode=False);"
        "print([name for name in sys.modules if name.startswith('jobs.commands')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"
    assert all(f"\n  {name} " in said.stdout for name in COMMANDS)


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


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CLOCK_DAYS", "x", "must be a whole number"),
        ("CLOCK_DAYS", "1.5", "must be a whole number"),
        ("CLOCK_DAYS", "-3", "must be 0 or more"),
        ("TRUSTED_PROXIES", "9", "must be 5 or less"),
        ("DRILL_DAYS", "0", "must be 1 or more"),
        ("OUTBOUND_LOOPBACK", "maybe", "must be true or false"),
        ("LOG_LEVEL", "loud", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("BACKUP_COUNTRY", "fi", "must be a country's code of two capital letters, like FI"),
        (
            "IMAP_ADDRESS",
            "here",
            "is not written as it must be; docs/operators/settings.md says how",
        ),
    ],
)
def test_a_bad_setting_is_told_in_our_words(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    said: str,
) -> None:
    monkeypatch.setenv("SILTA_DATABASE_URL", "postgresql://127.0.0.1/silta")
    monkeypatch.setenv("SILTA_REDIS_URL", "redis://127.0.0.1")
    monkeypatch.setenv(f"SILTA_{name}", value)
    assert refused(capsys, "doctor") == f"silta: SILTA_{name} {said}\n"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_no_setting_answers_in_a_library_s_words(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for known in Settings.model_fields:
        monkeypatch.delenv(f"SILTA_{known.upper()}", raising=False)
    monkeypatch.setenv(f"SILTA_{name.upper()}", "\x07")
    with pytest.raises(Misconfigured) as refusal:
        load_settings()
    assert not set(refusal.value.message.lower().split()) & {"input", "string", "valid", "parse"}


def test_an_exchange_whose_calls_nobody_takes_has_failed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    words = ("--kind", "kamailio", "--to", f"http://127.0.0.1:{port}/in/x", "--count", "1")
    monkeypatch.setattr(sys, "argv", ["silta", "simulate", "exchange", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().err
    assert said == "silta: nothing arrived: is this the account's whole address?\n"
