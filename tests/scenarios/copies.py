"""Copies of an installation's files, and every way of opening what is in them."""

import base64
import binascii
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import msgspec
import psycopg
from sqlalchemy import Engine, select

from connector.calls.keeping import KIND, SERVICE, KeptDays
from connector.calls.models import Call
from connector.calls.rows import ids_of
from connector.calls.views import CallView, open_rows
from jobs.embedded.binaries import postgres_programs
from jobs.embedded.postgres import EmbeddedPostgres
from jobs.embedded.roles import APP, DATABASE, KEEPER, libpq_url
from jobs.embedded.users import server_user
from privacy.core.db.engine import make_engine
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.errors import SiltaError
from privacy.core.settings import Settings
from privacy.vault.bundles import Bundle
from privacy.vault.custody import Custody, make_custody
from privacy.vault.derivations import KEY_BYTES, commitment_of
from privacy.vault.errors import OpenError
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey
from privacy.vault.labels import Index
from privacy.vault.leases import SealLease
from privacy.vault.roots import read_root_file
from privacy.vault.wrapping import KeyKind, KeyRow, Wrapper

_RING = (
    "SELECT tenant_id, key_id, kind, service, data, day, version, epoch, wrapped, commitment, "
    "seals_leased, created_at FROM key_ring"
)
_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{43,}={0,2}|[0-9A-Fa-f]{64,}")
_FOREVER = 36_500
_BUNDLE_HEAD = len(b"silta-bundle-1\n") + 32


def copy_of(folder: Path, target: Path) -> Path:
    """Copy everything, owners and holes included."""
    subprocess.run(["cp", "-a", folder, target], check=True)
    return target


def dump(url: str, target: Path) -> Path:
    """Write what `pg_dump` gives the superuser."""
    program = postgres_programs(server_user(target.parent)) / "pg_dump"
    done = subprocess.run([program, "--dbname", url], capture_output=True, check=True)
    target.write_bytes(done.stdout)
    return target


@dataclass(frozen=True)
class Holdings:
    """What somebody has of an installation outside its database: `root.key`, `keys`, `escrow`."""

    folder: Path

    def settings(self, **urls: str) -> Settings:
        """Settings that lead here."""
        given = {"database_url": "postgresql:///none", "redis_url": "redis://localhost"} | urls
        return Settings.model_validate(
            given
            | {
                "env": "development",
                "root_key_file": self.folder / "root.key",
                "keys_folder": self.folder / "keys",
                "escrow_bundle_folder": self.folder / "escrow" / "bundles",
                "escrow_epoch_folder": self.folder / "escrow" / "epochs",
            }
        )

    def custody(self) -> Custody:
        """Root key, key port and escrow."""
        return make_custody(self.settings())

    def epoch_keys(self) -> list[bytes]:
        """Every epoch key that port and escrow give."""
        custody = self.custody()
        places = (custody.port, custody.escrow.epochs)
        return [place.read_epoch(number) for place in places for number in place.epochs()]

    def bundled(self) -> list[KeyRow]:
        """Every wrapped key in escrow, whoever signed for it."""
        bundles = self.folder / "escrow" / "bundles"
        files = [path for kind in ("bundle", "additions") for path in (bundles / kind).rglob("*")]
        contents = [path.read_bytes() for path in files if path.is_file()]
        decode = msgspec.msgpack.Decoder(Bundle).decode
        return [row for content in contents for row in decode(content[_BUNDLE_HEAD:]).rows]

    def keys(self, rows: Iterable[KeyRow]) -> list[bytes]:
        """Root and epoch keys, and those of the ring that an epoch key opens."""
        epochs = self.epoch_keys()
        roots = read_root_file(self.folder / "root.key").versions.values()
        return [*roots, *epochs, *(key for _, key in unwrap([*rows, *self.bundled()], epochs))]

    def guesses(self) -> set[bytes]:
        """Every 32 bytes in a row of every file, encoded ones decoded."""
        found: set[bytes] = set()
        for path in self._files():
            content = path.read_bytes()
            for text in (content, *_decoded(content)):
                found.update(text[at : at + KEY_BYTES] for at in range(len(text) - KEY_BYTES + 1))
        return found

    def _files(self) -> Iterator[Path]:
        for place in (self.folder / "root.key", self.folder / "keys", self.folder / "escrow"):
            yield from [path for path in (place, *place.rglob("*")) if path.is_file()]


def unwrap(rows: Iterable[KeyRow], epoch_keys: Iterable[bytes]) -> list[tuple[KeyRow, bytes]]:
    """The rows that any of the epoch keys opens, and what is in them."""
    keys, opened = set(epoch_keys), []
    for row in rows:
        for key in keys:
            try:
                opened.append((row, Wrapper(row.epoch, key).unwrap(row)))
            except OpenError:
                continue
    return opened


def guessed(rows: Sequence[KeyRow], guesses: Iterable[bytes]) -> int:
    """How many guesses are one of the keys, or the epoch key of any."""
    commitments = {row.commitment for row in rows}
    one_of_each = list({row.epoch: row for row in rows}.values())
    candidates = set(guesses)
    right = sum(commitment_of(guess) in commitments for guess in candidates)
    return right + len(unwrap(one_of_each, candidates))


class Copy:
    """An old database that runs again, on its own."""

    def __init__(self, server: EmbeddedPostgres, database: str) -> None:
        self._url = server.url
        self._admin = server.url_for("postgres", server.password_of("postgres"), database)
        self._database = database

    def engine(self, role: str = APP) -> Engine:
        """As one of the service's roles."""
        return make_engine(self._url(role, self._database))

    def urls(self) -> dict[str, str]:
        """For settings."""
        return {
            "database_url": self._url(APP, self._database),
            "keeper_database_url": self._url(KEEPER, self._database),
        }

    def rows(self) -> list[KeyRow]:
        """Every wrapped key in it."""
        return [KeyRow(*each) for each in self._select(_RING)]

    def tokens(self) -> set[object]:
        """Every index token and every id of a call."""
        columns = self._select("SELECT caller_token, called_token, user_token, id FROM calls")
        return {token for row in columns for token in row if token is not None}

    def payloads(self) -> list[dict[str, object]]:
        """What jobs were told."""
        return [row[0] for row in self._select("SELECT payload FROM outbox_jobs")]

    def tenants(self) -> list[UUID]:
        """Whoever has calls."""
        return [row[0] for row in self._select("SELECT DISTINCT tenant_id FROM calls")]

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self._select(f"SELECT count(*) FROM {table}")[0][0])

    def open_calls(self, custody: Custody) -> list[CallView]:
        """What the service itself opens of all calls."""
        engine = self.engine()
        ring, opened = Keyring(engine, custody), list[CallView]()
        for tenant in self.tenants():
            try:
                opened += _open_calls(engine, ring, tenant)
            except SiltaError:
                continue
        engine.dispose()
        return opened

    def _select(self, statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(libpq_url(self._admin)) as connection:
            return connection.execute(statement.encode()).fetchall()


@contextmanager
def running(folder: Path, *dumps: Path) -> Iterator[list[Copy]]:
    """Start the server of a copied folder, with a database for each dump beside its own."""
    with EmbeddedPostgres(folder / "postgres", log=folder / "log" / "copy.log") as server:
        names = [DATABASE, *(_load(server, path) for path in dumps)]
        yield [Copy(server, name) for name in names]


def tokens_of(keys: Iterable[bytes], calls: Sequence[CallView]) -> set[object]:
    """What each key, were it a day's, makes of these calls: tokens and ids."""
    made: set[object] = set()
    for raw in keys:
        for call in calls:
            key = DayKey(b"", raw, call.day, _FOREVER, SealLease(lambda _: None))
            record = call.record
            sides = [side.encode() for side in (record.caller, record.called) if side]
            made.update(key.index(Index.NUMBER).tokens(sides))
            made.update(key.index(Index.USER).tokens([(record.user_id or "").encode()]))
            made.update(UUID(bytes=each) for each in ids_of(key, call.account_id, [record]))
    return made


def _open_calls(engine: Engine, ring: Keyring, tenant: UUID) -> list[CallView]:
    with unit_of_work(engine, tenant_id=tenant, actor=SYSTEM) as work:
        columns = (Call.id, Call.day, Call.slot, Call.account_id, Call.version, Call.sealed)
        rows = work.session.execute(select(*columns).where(Call.tenant_id == tenant)).all()
        first, last = min(row.day for row in rows), max(row.day for row in rows)
        keys = ring.day_keys(work, service=SERVICE, data=KIND, first=first, last=last)
        return open_rows(work, keys, KeptDays(work.today, 30), cast("Any", rows))


def _load(server: EmbeddedPostgres, path: Path) -> str:
    admin, name = libpq_url(server.admin_url), "loaded"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    url = libpq_url(server.url_for("postgres", server.password_of("postgres"), name))
    psql: list[str | Path] = [
        server.programs / "psql",
        "--quiet",
        "--no-psqlrc",
        "--set=ON_ERROR_STOP=1",
    ]
    subprocess.run([*psql, "--dbname", url, "--file", path], capture_output=True, check=True)
    return name


def _decoded(content: bytes) -> Iterator[bytes]:
    for match in _ENCODED.finditer(content):
        text = match[0]
        try:
            yield base64.b64decode(text.replace(b"-", b"+").replace(b"_", b"/") + b"==")
            yield bytes.fromhex(text.decode())
        except (binascii.Error, ValueError):
            continue


def day_rows(rows: Iterable[KeyRow]) -> list[KeyRow]:
    """Keys of days, those of calls and of visits."""
    return [row for row in rows if row.kind is KeyKind.DAY]
