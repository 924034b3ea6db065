"""How the promises about archives and moves are broken on purpose."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from privacy.backups.wal import look
from privacy.backups.wal.archivers import Archiver
from privacy.backups.wal.configs import archive_command
from privacy.backups.wal.repositories import Repository
from privacy.core import clock
from tests.database.promises.trials import Trial

Act = Callable[[Trial, pytest.MonkeyPatch], object]

_DRILL = (
    "INSERT INTO backup_drills (id, state, began_at) "
    "VALUES (gen_random_uuid(), '{state}', now() - interval '{ago}')"
)
_ARCHIVE = (
    "INSERT INTO backup_archives (id, state, began_at, snapshot_at, keep_until) VALUES "
    "(gen_random_uuid(), 'whole', now(), now() - interval '{ago}', "
    "now() - interval '{ago}' + interval '35 days')"
)
_MOVE = (
    "INSERT INTO database_moves (id, state, from_host, to_host, revision, began_at, opened_at, "
    "downtime_ms, tables, row_count) VALUES (gen_random_uuid(), 'final', 'a', 'b', 'x', now(), "
    "now(), {silence}, 9, 9)"
)
GRANTED = "CREATE POLICY silta_backup ON key_ring FOR SELECT TO silta_backup USING (true)"


def archived(*ago: str) -> Act:
    """A store, and archives of so long ago."""

    def act(trial: Trial, _: pytest.MonkeyPatch) -> None:
        store_in("DE")(trial, _)
        trial.do("DELETE FROM backup_archives", *(_ARCHIVE.format(ago=one) for one in ago))

    return act


def drilled(state: str) -> Act:
    """A drill of an hour ago; one that failed came after it."""
    ago = "30 minutes" if state == "failed" else "1 hour"
    return lambda trial, _: trial.do(_DRILL.format(state=state, ago=ago))


def store_in(country: str) -> Act:
    """A store in a country, for people of a service that is bound to one."""

    def act(trial: Trial, _: pytest.MonkeyPatch) -> None:
        update = {"backup_store": "/srv/archives", "backup_country": country}
        trial.settings = trial.settings.model_copy(update=update)
        trial.services = ("V",)

    return act


def logged(minutes: int) -> Act:
    """A server whose log is so far behind, and a repository with today's backup."""

    def act(trial: Trial, patch: pytest.MonkeyPatch) -> None:
        trial.settings = trial.settings.model_copy(update={"wal_store": "/srv/log"})
        now = clock.now() - clock.offset()
        lag, command = timedelta(minutes=minutes), archive_command("silta")
        state = Archiver("on", command, 60, "replica", 5432, now - lag, lag, 0, failing=False)
        patch.setattr(look, "read_archiver", lambda _: state)
        patch.setattr(look, "_repository", lambda _: Repository((now,), (now,), encrypted=True))

    return act


def lose_escrow(trial: Trial, patch: pytest.MonkeyPatch) -> None:
    """Its folder gives nothing back."""
    patch.setattr(type(trial.custody.escrow.bundles), "get", lambda *_: None)


def moved(silence: int) -> Act:
    """A move during which nothing could be written for so many milliseconds."""
    return lambda trial, _: trial.do(_MOVE.format(silence=silence))
