"""A new PostgreSQL cluster: made beside its place, and moved there whole."""

import os
import signal
import subprocess
from pathlib import Path

from jobs.embedded.children import end_strays
from jobs.embedded.errors import StackError
from jobs.embedded.folders import private_folder, remove
from jobs.embedded.users import ServerUser

WHOLE = "silta.whole"
"""A file in a cluster that is complete."""


def create_cluster(
    data: Path, *, programs: Path, user: ServerUser, superuser: tuple[str, str], durable: bool
) -> None:
    """Make the cluster `data`; a kill leaves no half in its place.

    Args:
        superuser: name and password.
        durable: whether it must survive a power cut.

    Raises:
        StackError: initdb failed; its last line says why.
    """
    partial = data.with_name("data.partial")
    end_strays(partial, ask=signal.SIGKILL)
    remove(partial)
    private_folder(partial, user)
    _initdb(partial, programs, user, superuser, durable)
    with (partial / "postgresql.conf").open("a") as file:
        file.write("\ninclude_if_exists = 'app.conf'\n")
    (partial / WHOLE).touch()
    os.sync()
    partial.rename(data)


def _initdb(
    place: Path, programs: Path, user: ServerUser, superuser: tuple[str, str], durable: bool
) -> None:
    name, password = superuser
    reader = _pipe_with(password, user)
    command: list[str | Path] = [
        *(programs / "initdb", "-D", place, "-U", name),
        *("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"),
        *("--auth-host=scram-sha-256", "--auth-local=scram-sha-256"),
        *(f"--pwfile=/dev/fd/{reader}", "--no-instructions"),
        *([] if durable else ["--no-sync"]),
    ]
    try:
        done = subprocess.run(  # noqa: S603
            command,
            pass_fds=[reader],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=place,
            check=False,
            user=user.uid if user.dropped else None,
            group=user.gid if user.dropped else None,
            extra_groups=[] if user.dropped else None,
        )
    finally:
        os.close(reader)
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise StackError(f"PostgreSQL could not create its data in {place}: {said}")


def _pipe_with(password: str, user: ServerUser) -> int:
    """The password goes through a pipe, not by command line or disk."""
    reader, writer = os.pipe()
    if user.dropped:
        os.fchown(reader, user.uid, user.gid)
    os.write(writer, password.encode())
    os.close(writer)
    return reader
