"""The composition root: settings become an application, and the `silta` command."""

import jobs.early  # noqa: F401  # isort: skip

import gc
import sys
from typing import Any, NamedTuple

import click
from flask import Flask
from flask.cli import AppGroup
from redis import RedisError
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.utils import import_string

from jobs.parents import follow_server
from privacy.core.errors import SiltaError
from privacy.core.logs import get_log

gc.enable()


class Known(NamedTuple):
    """A command that is not imported yet: `module:name`, and its help in a line."""

    place: str
    help: str


COMMANDS = {
    "dev": Known(
        "jobs.commands.dev:dev", "Start PostgreSQL, Redis, web, worker and scheduler here."
    ),
    "web": Known("jobs.commands.web:web", "Serve console, API and exchanges."),
    "worker": Known("jobs.commands.worker:worker", "Run jobs, one at a time."),
    "scheduler": Known(
        "jobs.commands.scheduler:scheduler", "Ring jobs, keep the schedule, chain the ledger."
    ),
    "migrate": Known(
        "jobs.commands.migrate:migrate", "Bring database and key ring up to this version."
    ),
    "tenant": Known(
        "jobs.commands.tenants:tenant", "Make tenants, move them, and certify the end of one."
    ),
    "user": Known("jobs.commands.tenants:user", "Invite people."),
    "marketplace": Known(
        "jobs.commands.marketplaces:marketplace",
        "Keys of marketplaces, and where changes are announced.",
    ),
    "keys": Known("jobs.commands.keys:keys", "Root, epoch and tenant keys."),
    "calls": Known("jobs.commands.calls:calls", "Call records from files."),
    "retention": Known("jobs.commands.retention:retention", "What ends when its time is over."),
    "backup": Known("jobs.commands.backups:backup", "Encrypted archives in the off-site store."),
    "restore": Known(
        "jobs.commands.backups:restore",
        "Restore onto an empty database, do again what was erased since, then open it.",
    ),
    "drill": Known(
        "jobs.commands.drills:drill",
        "Restore the newest archive into a scratch database, check everything, drop it.",
    ),
    "move": Known(
        "jobs.commands.moves:move",
        "Move the database to another server: plan, sync, switch, then finish or roll back.",
    ),
    "ledger": Known(
        "jobs.commands.ledger:ledger",
        "The chained record of every security- or privacy-relevant act.",
    ),
    "certificate": Known(
        "jobs.commands.certificates:certificate", "Certificates of erasures and destructions."
    ),
    "doctor": Known(
        "jobs.commands.doctor:doctor", "Check everything from schema to jobs; exit 1 on a problem."
    ),
    "promises": Known(
        "jobs.commands.promises:promises",
        "Hold every promise against this installation now; exit 1 when one is broken.",
    ),
    "checks": Known(
        "jobs.commands.checks:checks", "Security advisories and drift of the configuration."
    ),
    "demo": Known("jobs.commands.demo:demo", "Send sample calls of the demo tenant until stopped."),
    "simulate": Known(
        "jobs.commands.simulate:simulate", "Run a simulator of an outside system until stopped."
    ),
}
"""Where each command is. Its module is imported when it is asked for: to import all of them, and
the pages that none of them shows, takes longer than most of them run. So `--help` shows the lines
above; a test holds them against the commands' own."""


def load(place: str) -> Any:
    """What is at `module:name`. While its module is imported, garbage is not looked for; what came
    with it stays (see jobs.early)."""
    if place.partition(":")[0] not in sys.modules:
        gc.disable()
        try:
            import_string(place)
        finally:
            gc.enable()
        gc.freeze()
    return import_string(place)


class Commands(AppGroup):
    """The commands, in the order above."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now."""
        known = COMMANDS.get(cmd_name)
        command: click.Command | None = load(known.place) if known else None
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Names and lines, as click writes them, with nothing imported."""
        limit = formatter.width - 6 - max(map(len, COMMANDS))
        said = [click.Command(name, help=known.help) for name, known in COMMANDS.items()]
        lines = [(str(each.name), each.get_short_help_str(limit)) for each in said]
        with formatter.section("Commands"):
            formatter.write_dl(lines)


silta = Commands(
    "silta",
    help="Silta: a connector backend that enforces the privacy policy it publishes.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def create() -> Flask:
    """The web application; called in each web process, after the fork.

    What stops it is logged by type and place: an exception's text can hold a URL with a password.
    """
    follow_server()
    try:
        app: Flask = load("jobs.sites:make_site")()
    except Exception:  # noqa: BLE001
        get_log("web").error("web cannot start", exc_info=True)
        sys.exit(2)
    # What boot has made stays. To look through it again and again for garbage would each time
    # stop all threads for a tenth of a second.
    gc.collect()
    gc.freeze()
    return app


def main() -> None:
    """Run a command. Bad use, bad input and bad settings: one line, exit code 2."""
    try:
        code = silta.main(prog_name="silta", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        _show_help(error)
    except click.ClickException as error:
        _stop(error.format_message() + _hint(error), 2)
    except (click.Abort, KeyboardInterrupt):
        _stop("stopped", 130)
    except SiltaError as error:
        _stop(_said(error), 2)
    except OperationalError:
        _stop("the database does not answer: check the SILTA_…DATABASE_URLs and the server", 2)
    except ProgrammingError:
        _stop("the database is not as this version needs it: run `silta migrate`", 2)
    except RedisError:
        _stop("Redis does not answer: check SILTA_REDIS_URL and the server", 2)
    sys.exit(code if isinstance(code, int) else 0)


def _hint(error: click.ClickException) -> str:
    """Where the commands are listed, for whoever named one that there is not."""
    unknown = error.format_message().startswith("No such command")
    context = error.ctx if isinstance(error, click.UsageError) and unknown else None
    return f" `{context.command_path} --help` lists them." if context else ""


def _show_help(error: click.exceptions.NoArgsIsHelpError) -> None:
    """All of it for `silta` alone; a group without its command is bad use: one line."""
    context = error.ctx
    if context.parent is None or not isinstance(context.command, click.Group):
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    known = ", ".join(context.command.list_commands(context))
    _stop(f"{context.command_path} needs one of: {known}; --help says more", 2)


def _said(error: SiltaError) -> str:
    """What is wrong with what was given, where that is known; else what went wrong."""
    fields = error.details.get("fields")
    complaints = list(map(str, fields.values())) if isinstance(fields, dict) else []
    return complaints[0] if complaints else error.message


def _stop(message: str, code: int) -> None:
    line = " ".join(message.split())
    click.echo(f"silta: {line}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
