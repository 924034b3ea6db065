"""The composition root: settings become an application, and the `silta` command."""

import jobs.early  # noqa: F401  # isort: skip

import gc
import sys

import click
from flask import Flask
from flask.cli import AppGroup
from redis import RedisError
from sqlalchemy.exc import OperationalError, ProgrammingError

from connector.http.figures import InstallationFigures
from connector.http.metrics import serve_metrics
from jobs.commands.backups import backup, restore
from jobs.commands.calls import calls
from jobs.commands.certificates import certificate
from jobs.commands.checks import checks
from jobs.commands.demo import demo
from jobs.commands.dev import dev
from jobs.commands.doctor import doctor
from jobs.commands.drills import drill
from jobs.commands.keys import keys
from jobs.commands.ledger import ledger
from jobs.commands.marketplaces import marketplace
from jobs.commands.migrate import migrate
from jobs.commands.moves import move
from jobs.commands.processes import scheduler, web, worker
from jobs.commands.promises import promises
from jobs.commands.retention import retention
from jobs.commands.simulate import simulate
from jobs.commands.tenants import tenant, user
from jobs.installation import open_installation
from jobs.parents import follow_server
from privacy.core.errors import SiltaError
from privacy.core.logs import get_log

gc.enable()
gc.freeze()

COMMANDS: tuple[click.Command, ...] = (
    dev,
    web,
    worker,
    scheduler,
    migrate,
    tenant,
    user,
    marketplace,
    keys,
    calls,
    retention,
    backup,
    restore,
    drill,
    move,
    ledger,
    certificate,
    doctor,
    promises,
    checks,
    demo,
    simulate,
)

silta = AppGroup(
    "silta",
    commands={command.name or "": command for command in COMMANDS},
    help="Silta: a connector backend that enforces the privacy policy it publishes.",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def create() -> Flask:
    """The web application; called in each web process, after the fork.

    What stops it is logged by type and place: an exception's text can hold a URL with a password.
    """
    follow_server()
    installation = open_installation()
    try:
        app = installation.web()
    except Exception:  # noqa: BLE001
        get_log("web").error("web cannot start", exc_info=True)
        sys.exit(2)
    serve_metrics(installation.settings.metrics_bind, InstallationFigures(installation.engines))
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
