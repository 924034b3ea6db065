"""`silta move …`: to another PostgreSQL server, and back as long as it is not final."""

import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from jobs.commands.backups import Shown
from jobs.commands.output import answer, as_json
from jobs.installation import Installation, open_installation
from jobs.yards import services_of
from migrations.run import head, migrate
from privacy.moves import moving
from privacy.moves.errors import MoveRefused
from privacy.moves.links import LinkState, Progress
from privacy.moves.models import MoveRow
from privacy.moves.plan import Looked, plan
from privacy.moves.roads import Road
from privacy.moves.sides import Side
from privacy.moves.targets import read_target

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path)
_to = click.option(
    "--to", "target", type=_FILE, required=True, help="File with the new side's SILTA_… variables."
)
_longest = click.option(
    "--seconds",
    default=60,
    show_default=True,
    type=click.IntRange(5, 3600),
    help="Longest silence; then it is taken back.",
)


@click.group()
def move() -> None:
    """Move the database to another server: plan, sync, switch, then finish or roll back.

    Run all of it with the old side's variables, on a host that reaches both.
    """


@move.command("plan")
@_to
@click.option("--room", type=click.FloatRange(0), help="Free space there, in GiB.")
@as_json
def plan_(target: Path, room: float | None, as_json: bool) -> None:
    """Look at both servers; changes nothing. Exit code 2: something is missing."""
    with _road(target) as (installation, road):
        looked = plan(road, services=services_of(installation), revision=str(head()), room=room)
    missing = [one for one in looked if one.problem]
    document = {"ready": not missing, "looks": {one.name: one.problem or "ok" for one in looked}}
    answer(document, *map(_line, looked), as_json=as_json)
    sys.exit(2 if missing else 0)


@move.command("sync")
@_to
@as_json
def sync(target: Path, as_json: bool) -> None:
    """Copy, and follow; comes back when both are in step. Kill and repeat it as you like."""
    shown = _Shown(silent=as_json)
    with _road(target) as (_, road):
        done = moving.sync(road, migrate=migrate, revision=str(head()), on_progress=shown)
    document = {"tables": done.tables, "behind_bytes": done.behind, "in_step": done.in_step}
    answer(document, f"{done.tables} tables are in step. Next: silta move switch.", as_json=as_json)


@move.command("status")
@_to
@as_json
def status(target: Path, as_json: bool) -> None:
    """Where the move stands; changes nothing."""
    with _road(target) as (_, road):
        stage, link = road.stage(), road.forth
        done = link.progress() if link.state() is LinkState.LIVE else None
        document = {
            "stage": stage.value,
            "tables": done and done.tables,
            "ready": done and done.ready,
            "behind_bytes": done and done.behind,
        }
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in document.items()]
    answer(document, *lines, as_json=as_json)


@move.command("switch")
@_to
@_longest
@click.option("--then", "then", help="Run this when it is open; its time counts as silence.")
@as_json
def switch(target: Path, seconds: int, then: str | None, as_json: bool) -> None:
    """Close the old side, compare, open the new one."""
    longest = timedelta(seconds=seconds)
    with _road(target) as (installation, road):
        # Whoever opens the new side must hold keys and escrow of this database.
        installation.custody.escrow.check()
        row = moving.switch(
            road,
            on_step=Shown(silent=as_json),
            longest=longest,
            then=(lambda: _run(then)) if then else None,
        )
    answer(_document(row), _words(row), as_json=as_json)


@move.command("rollback")
@_to
@_longest
@as_json
def rollback(target: Path, seconds: int, as_json: bool) -> None:
    """Let the old side serve again, with what was written on the new one."""
    with _road(target) as (_, road):
        longest = timedelta(seconds=seconds)
        moving.roll_back(road, on_step=Shown(silent=as_json), longest=longest)
    answer({"serves": "old"}, "The old side serves again; the new one is closed.", as_json=as_json)


@move.command("finish")
@_to
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
def finish(target: Path, yes: bool, as_json: bool) -> None:
    """Give up the way back. The old side stays closed; destroy it."""
    if not yes:
        click.confirm("After this nothing brings the old side back. Finish?", abort=True)
    with _road(target) as (_, road):
        moving.finish(road)
    line = "The move is final. Drop silta_mover on both servers and destroy the old one's disk."
    answer({"final": True}, line, as_json=as_json)


@contextmanager
def _road(target: Path) -> Iterator[tuple[Installation, Road]]:
    installation = open_installation()
    new = read_target(target, installation.settings)
    road = Road(Side(installation.settings), Side(new), installation.custody)
    try:
        yield installation, road
    finally:
        road.close()
        installation.close()


class _Shown:
    """Shows progress whenever it changed."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self._last: Progress | None = None

    def __call__(self, now: Progress) -> None:
        if not self._silent and now != self._last:
            troubles = (
                f", {now.troubles} troubles (see the new server's log)" if now.troubles else ""
            )
            click.echo(f"  {now.ready}/{now.tables} tables, {now.behind} bytes behind{troubles}")
        self._last = now


def _run(command: str) -> None:
    """Without a shell. What it says goes to standard error."""
    done = subprocess.run(shlex.split(command), check=False, stdout=sys.stderr)  # noqa: S603
    if done.returncode != 0:
        raise MoveRefused(
            f"The new side is open, and the command of --then ended with code {done.returncode}."
        )


def _line(one: Looked) -> str:
    return f"{'✗' if one.problem else '✓'} {one.name}: {one.problem or 'ok'}"


def _document(row: MoveRow) -> dict[str, object]:
    return {
        "from": row.from_host,
        "to": row.to_host,
        "downtime_ms": row.downtime_ms,
        "tables": row.tables,
        "rows": row.row_count,
        "opened_at": row.opened_at,
    }


def _words(row: MoveRow) -> str:
    took = (row.downtime_ms or 0) / 1000
    return (
        f"The new side is open: {row.row_count} rows of {row.tables} tables are equal, nothing "
        f"could be written for {took:.1f} s. Until `silta move finish` there is a way back."
    )
