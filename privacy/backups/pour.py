"""Pour an archive into an empty database, in one transaction: whole or not at all."""

import subprocess
import tempfile
from pathlib import Path
from typing import IO, Any, Final

import zstandard
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, text

from privacy.backups.errors import ArchiveDamaged, RestoreFailed
from privacy.backups.manifests import Manifest
from privacy.backups.programs import environment, find_program
from privacy.backups.seals import Identities, open_stream
from privacy.backups.tallies import take_tallies

FLAGS: Final = (
    "--format=custom",
    "--no-owner",
    "--schema=public",
    "--exit-on-error",
    "--single-transaction",
)
_MAJOR: Final = 10_000
_ANYTHING = text(
    "SELECT EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p', 'v', 'm', 'S'))"
)
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid()"
)
_FORCED = text(
    "SELECT c.relname FROM pg_class c WHERE c.relforcerowsecurity "
    "AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
)
_SERVER = text("SELECT current_setting('server_version_num')::int")


def check_empty(owner: Engine) -> None:
    """Whether nothing is in the database, and nobody else. Raises RestoreFailed."""
    with owner.connect() as connection:
        if connection.execute(_ANYTHING).scalar_one():
            raise RestoreFailed(
                "The database is not empty. Restore onto an empty one; nothing was changed."
            )
        if connection.execute(_OTHERS).scalar_one():
            raise RestoreFailed(
                "Others are connected to the database. Stop web, worker and scheduler first."
            )


def pour(
    ciphertext: IO[bytes],
    identities: Identities,
    *,
    url: SecretStr,
    programs: Path | None,
    roles: bool = True,
) -> None:
    """Decrypt, decompress, restore, in flat memory.

    Args:
        ciphertext: verified beforehand (see fetches).
        url: of the database's owner.
        roles: whether the service's roles get their rights; a scratch copy needs none.

    Raises:
        RestoreFailed: pg_restore refused; everything was rolled back.
    """
    command = [str(find_program("pg_restore", programs)), *FLAGS]
    command += [] if roles else ["--no-privileges"]
    variables = environment(url)
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603
            [*command, f"--dbname={variables['PGDATABASE']}"],
            env=variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        ) as child,
    ):
        _feed(child, ciphertext, identities)
        if child.wait() != 0:
            raise RestoreFailed(f"pg_restore ended with code {child.returncode}. {_first(said)}")


def _feed(child: subprocess.Popen[bytes], ciphertext: IO[bytes], identities: Identities) -> None:
    assert child.stdin is not None  # noqa: S101 - for the type checker
    try:
        _decompress(ciphertext, child.stdin, identities)
        child.stdin.close()
    except BrokenPipeError:
        child.kill()  # its exit code says that it refused
    except BaseException:
        # Killed before its input ends: what was read so far is never committed.
        child.kill()
        raise


def compare(owner: Engine, manifest: Manifest) -> None:
    """Count and digest every table, as the manifest does. Raises RestoreFailed.

    Digests are compared on the same major version of PostgreSQL only.
    """
    with owner.connect() as connection:
        _see_everything(connection)
        server = connection.execute(_SERVER).scalar_one()
        alike = server // _MAJOR == manifest.server // _MAJOR
        found = take_tallies(connection, digests=alike)
        connection.rollback()
    wanted = manifest.tables
    different = [
        name
        for name in sorted(found.keys() | wanted.keys())
        if name not in found
        or name not in wanted
        or found[name].rows != wanted[name].rows
        or (alike and found[name].digest != wanted[name].digest)
    ]
    if different:
        raise RestoreFailed(
            f"{len(different)} tables are not as the manifest says, {different[0]} first. The "
            "database does not open for the service."
        )


def _see_everything(connection: Connection) -> None:
    """Until the transaction is rolled back; the owner of a forced table sees no row of it."""
    for name in connection.execute(_FORCED).scalars().all():
        connection.execute(text(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY'))


def _decompress(ciphertext: IO[bytes], into: IO[bytes], identities: Identities) -> None:
    with zstandard.ZstdDecompressor().stream_writer(into, closefd=False) as writer:
        open_stream(ciphertext, _Whole(writer), identities)


class _Whole:
    """What zstandard's writer returns is not how much was taken."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def write(self, data: bytes, /) -> int:
        """See Writable."""
        try:
            self._writer.write(data)
        except zstandard.ZstdError:
            raise ArchiveDamaged("The archive does not decompress.") from None
        return len(data)

    def flush(self) -> None:
        """See Writable."""
        self._writer.flush()


def _first(said: IO[bytes]) -> str:
    """The kind of the first complaint; never what it quotes of rows."""
    said.seek(0)
    text_said = said.read(4_096).decode(errors="replace")
    for word, meaning in _MEANINGS.items():
        if word in text_said:
            return meaning
    return "Nothing was restored."


_MEANINGS: Final = {
    "does not exist": "A role is missing: run roles.sql first. Nothing was restored.",
    "permission denied": "The owner may not do that here: run roles.sql. Nothing was restored.",
    "No space left": "The server's disk is full. Nothing was restored.",
    "unsupported version": "pg_restore is older than the pg_dump that made it.",
    "could not connect": "The database does not answer.",
}
