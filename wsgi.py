"""The composition root: settings become an application, and the `silta` command."""

import jobs.early  # noqa: F401  # isort: skip

import gc
import sys
from typing import Any

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

COMMANDS = {
    "dev": "jobs.commands.dev:dev",
    "web": "jobs.commands.web:web",
    "worker": "jobs.commands.worker:worker",
    "scheduler": "jobs.commands.scheduler:scheduler",
    "migrate": "jobs.commands.migrate:migrate",
    "tenant": "jobs.commands.tenants:tenant",
    "user": "jobs.commands.tenants:user",
    "marketplace": "jobs.commands.marketplaces:marketplace",
    "keys": "jobs.commands.keys:keys",
    "calls": "jobs.commands.calls:calls",
    "retention": "jobs.commands.retention:retention",
    "backup": "jobs.commands.backups:backup",
    "restore": "jobs.commands.backups:restore",
    "drill": "jobs.commands.drills:drill",
    "move": "jobs.commands.moves:move",
    "ledger": "jobs.commands.ledger:ledger",
    "certificate": "jobs.commands.certificates:certificate",
    "doctor": "jobs.commands.doctor:doctor",
    "promises": "jobs.commands.promises:promises",
    "checks": "jobs.commands.checks:checks",
    "demo": "jobs.commands.demo:demo",
    "simulate": "jobs.commands.simulate:simulate",
}
"""Where each command is. Its module is imported when it is asked for: to import all of them, and
the pages that none of them shows, takes longer than most of them run."""


def load(place: str) -> Any:
    """What is at `module:name`. While its module is imported, garbage is not looked for; what came
    with it stays (see jobs.early)."""
    if place.partition(":")[0] not in sys.modules:
        gc.disable()
        import_string(place)
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
        place = COMMANDS.get(cmd_name)
        command: click.Command | None = load(place) if place else None
        return command


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
        _stop(error.format_message(), 2)
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
