"""Archives and restorations against plain pg_dump and pg_restore of the same run; a drill."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
from pydantic import SecretStr

from bench.contexts import Context
from bench.results import Better, Goal, Result
from bench.rounds import alternate, seconds
from bench.sites import Site
from jobs.commands.drills import erase_again
from jobs.embedded.postgres import SUPERUSER
from jobs.embedded.roles import DATABASE, DRILL, create_drill_role, libpq_url
from jobs.yards import yard_of
from migrations.run import known_revisions
from privacy.backups.depots import Depot
from privacy.backups.drill import Drilling, run_drill
from privacy.backups.fetches import fetched
from privacy.backups.pour import compare, pour
from privacy.backups.run import Yard, run_backup
from privacy.backups.scratches import scratch_database
from privacy.backups.seals import make_identity, read_identities
from privacy.backups.shelves import Shelved

_MEGA = 1e6
_ROUNDS = 2
_PEAK = """
import sys
from bench.memories import peak_mib
from jobs.installation import open_installation
from jobs.yards import yard_of
from privacy.backups.run import run_backup
installation = open_installation()
yard = yard_of(installation)
before = peak_mib()
run_backup(yard, force=True)
print(before, peak_mib())
"""


def measure(context: Context) -> Iterator[Result]:
    """All of it over the stock of calls, with the store beside the database."""
    context.stock  # noqa: B018 - made before the clock runs
    place = _Place(context.site)
    yield from _throughputs(context, place)
    yield _memory(place)
    yield _drill(place)


class _Place:
    """A store, keys, and files for the yardstick."""

    def __init__(self, site: Site) -> None:
        self.site, folder = site, site.folder / "bench-archives"
        folder.mkdir(exist_ok=True)
        self.identity = folder / "identity.txt"
        self.plain = folder / "plain.dump"
        update = {
            "backup_store": str(folder / "store"),
            "backup_recipients": make_identity(self.identity),
        }
        house = site.house
        self.settings = house.settings.model_copy(update=update)
        self.depot = Depot.of(self.settings, house.signer.identity)
        house.settings = self.settings
        self.yard: Yard = replace(yard_of(house), settings=self.settings, depot=self.depot)
        create_drill_role(site.postgres.admin_url, site.postgres.password_of(DRILL))
        self.server = SecretStr(site.postgres.url(DRILL, "postgres"))
        self.made: Shelved | None = None

    def admin(self, database: str = DATABASE) -> str:
        """The superuser's URL: the yardstick has no walls to mind."""
        return libpq_url(self.site.postgres.url(SUPERUSER, database))

    def archive(self) -> None:
        """Ours: snapshot, counts, digests, compression, encryption, parts, manifest."""
        self.made = run_backup(self.yard, force=True)

    def dump(self) -> None:
        """The yardstick, with its own compression."""
        programs = self.site.postgres.programs
        command = [str(programs / "pg_dump"), "-Fc", "-f", str(self.plain), self.admin()]
        subprocess.run(command, check=True)

    def restore(self) -> None:
        """Ours: digests of the ciphertext, decryption, rows, counts and digests again."""
        assert self.made is not None
        identities = read_identities(self.identity)
        with (
            scratch_database(self.server) as scratch,
            fetched(self.depot, self.made.manifest, identities) as file,
        ):
            pour(file, identities, url=scratch.url, programs=None, roles=False)
            compare(scratch.engine, self.made.manifest)

    def restore_plainly(self) -> None:
        """The yardstick."""
        name = f"plain_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(self.admin("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
            program = str(self.site.postgres.programs / "pg_restore")
            command = [program, "--no-owner", "-n", "public", "-d", self.admin(name)]
            subprocess.run([*command, str(self.plain)], check=True)
            connection.execute(f"DROP DATABASE {name}".encode())


def _throughputs(context: Context, place: _Place) -> Iterator[Result]:
    with place.site.admin() as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    size = int(str(row[0])) / _MEGA
    ours, plain = alternate([place.archive, place.dump], rounds=_ROUNDS, amount=size)
    assert place.made is not None
    yield Result(
        f"archive of {size:,.0f} MB of database",
        ours.text("MB/s"),
        f"{plain.text('MB/s')} by pg_dump -Fc",
        ours.over(plain),
        Goal(0.8, 1.0),
        "pg_dump's text; zstd, ChaCha20 and SHA-256 take one core together",
        notes=[f"{place.made.manifest.size / _MEGA:,.0f} MB; {_size(place.plain)} by pg_dump"],
    )
    back, plainly = alternate([place.restore, place.restore_plainly], rounds=_ROUNDS, amount=size)
    yield Result(
        "restore, with counts and digests compared",
        back.text("MB/s"),
        f"{plainly.text('MB/s')} by pg_restore",
        back.over(plainly),
        Goal(0.8, 1.0),
        "COPY and the building of indexes",
    )


def _memory(place: _Place) -> Result:
    done = subprocess.run(
        [sys.executable, "-c", _PEAK],
        check=True,
        capture_output=True,
        text=True,
        env=_environment(place),
    )
    before, after = map(float, done.stdout.split())
    return Result(
        "memory of an archive",
        f"{after:,.0f} MiB",
        f"{before:,.0f} MiB before it",
        after - before,
        Goal(64, 40, Better.LOWER),
        "two parts of 8 MiB, zstd's window",
    )


def _environment(place: _Place) -> dict[str, str]:
    settings = place.settings
    return os.environ | {
        "SILTA_BACKUP_STORE": settings.backup_store or "",
        "SILTA_BACKUP_RECIPIENTS": settings.backup_recipients or "",
    }


def _drill(place: _Place) -> Result:
    house = place.site.house
    given = Drilling(
        server=place.server,
        depot=place.depot,
        custody=house.custody,
        roots=house.roots,
        identities=read_identities(place.identity),
        anchors=house.anchors,
        revisions=known_revisions(),
        replay=partial(erase_again, marks=house.anchors.marked()),
    )
    took = seconds(lambda: run_drill(given))
    rows = place.made.manifest.rows if place.made else 0
    return Result(f"drill of {rows:,} rows", f"{took:,.1f} s", limit="the restoration in it")


def _size(path: Path) -> str:
    return f"{path.stat().st_size / _MEGA:,.0f} MB"
