"""pg_dump as a stream: everything but keys, in a snapshot that others can look at too."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from pydantic import SecretStr

from privacy.backups.errors import DumpFailed
from privacy.backups.programs import environment, find_program
from privacy.backups.tallies import NEVER_ARCHIVED

_PATIENCE_SECONDS: Final = 60
FLAGS: Final = (
    "--format=custom",
    "--compress=none",
    "--enable-row-security",
    "--no-publications",
    "--no-subscriptions",
    f"--lock-wait-timeout={_PATIENCE_SECONDS}s",
    *(f"--exclude-table-data={table}" for table in NEVER_ARCHIVED),
)


@contextmanager
def dumping(url: SecretStr, snapshot: str, *, programs: Path | None) -> Iterator[IO[bytes]]:
    """What pg_dump writes. Killed when the block is left early.

    Raises:
        DumpFailed: it did not end well; what it says can quote rows, so only its code is told.
    """
    command = [str(find_program("pg_dump", programs)), *FLAGS, f"--snapshot={snapshot}"]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603
            command,
            env=environment(url),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as child,
    ):
        assert child.stdout is not None  # noqa: S101 - for the type checker
        try:
            yield child.stdout
        except BaseException:
            child.kill()
            raise
        if child.wait() != 0:
            raise DumpFailed(f"pg_dump ended with code {child.returncode}.")
