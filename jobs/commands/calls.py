"""`silta calls import`."""

import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from connector.imports.archived import files_in
from connector.imports.run import Imported, file_size, import_file
from connector.remaps.run import remap_calls
from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from privacy.core.db.work import Actor, ActorKind


@click.group()
def calls() -> None:
    """Call records from files."""


@calls.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tenant", "tenant_id", type=click.UUID, required=True)
@click.option("--account", "account_id", type=click.UUID, required=True)
@as_json
def import_calls(path: Path, tenant_id: uuid.UUID, account_id: uuid.UUID, as_json: bool) -> None:
    """Import a file of an Asterisk or 3CX account, or a zip or tar of such files.

    An import that was interrupted goes on.
    """
    installation = open_installation()
    installation.check()
    with files_in(path) as files:
        for file in files:
            done = _import(installation, file, tenant_id, account_id, silent=as_json)
            answer(_document(done), *_lines(done), as_json=as_json)


def _import(
    installation: Installation,
    path: Path,
    tenant_id: uuid.UUID,
    account_id: uuid.UUID,
    *,
    silent: bool,
) -> Imported:
    with path.open("rb") as stream, _bar(file_size(stream), silent=silent) as bar:
        return import_file(
            installation.engines.app,
            vault=installation.vault,
            tenant_id=tenant_id,
            actor=Actor(ActorKind.OPERATOR),
            account_id=account_id,
            stream=stream,
            on_progress=bar.update,
        )


@calls.command("remap")
@click.option("--tenant", "tenant_id", type=click.UUID, required=True)
@click.option("--account", "account_id", type=click.UUID, required=True)
@as_json
def remap(tenant_id: uuid.UUID, account_id: uuid.UUID, as_json: bool) -> None:
    """Read an account's kept calls again, as its settings and mapping are now."""
    installation = open_installation()
    installation.check()
    done = remap_calls(
        installation.engines.app,
        vault=installation.vault,
        tenant_id=tenant_id,
        actor=Actor(ActorKind.OPERATOR),
        account_id=account_id,
        on_progress=_shown(silent=as_json),
    )
    line = f"{done.read} calls were read again, {done.changed} changed by it."
    answer({"read": done.read, "changed": done.changed}, line, as_json=as_json)


def _shown(*, silent: bool) -> Callable[[date, int], None]:
    def show(day: date, count: int) -> None:
        if count and not silent:
            click.echo(f"  {day}: {count}")

    return show


def _bar(size: int, *, silent: bool) -> "click._termui_impl.ProgressBar[int]":
    return click.progressbar(length=size, label="Reading", hidden=silent)


def _document(done: Imported) -> dict[str, object]:
    return {
        "accepted": done.accepted,
        "duplicates": done.duplicates,
        "expired": done.expired,
        "rejected": done.rejected,
        "resumed_at": done.resumed_at,
    }


def _lines(done: Imported) -> list[str]:
    lines = [f"Went on from byte {done.resumed_at}."] if done.resumed_at else []
    return [
        *lines,
        f"{done.accepted} calls accepted, {done.duplicates} known before, {done.expired} older "
        f"than the retention, {done.rejected} not readable.",
    ]
