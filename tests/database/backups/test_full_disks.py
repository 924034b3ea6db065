"""Disks that are really full: small filesystems in memory, where this process may mount them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519
from sqlalchemy import text

from jobs.commands import exports
from jobs.installation import Installation as Opened
from privacy.backups.alerts import Alert, standing_alerts
from privacy.backups.errors import NoScratch, StoreFull
from privacy.backups.fetches import fetched
from privacy.backups.parts import PartWriter
from privacy.backups.pour import check_empty
from privacy.backups.run import run_backup
from privacy.backups.seals import read_identities
from privacy.backups.stores import OffsiteStore
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import SYSTEM
from tests.database.backups.stations import Silta, Station
from tests.database.backups.test_runs import watch
from tests.database.subjects.people import Rights, fill_every_room

PART = 4_000


@contextmanager
def _disk(folder: Path, size: str) -> Iterator[Path]:
    """A filesystem of this size at `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this process may not mount a filesystem")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def _filled(folder: Path, *, leave: int) -> Iterator[None]:
    """All of the disk but `leave` bytes is taken."""
    room = os.statvfs(folder)
    ballast = folder / "ballast"
    ballast.write_bytes(bytes(room.f_bavail * room.f_bsize - leave))
    try:
        yield
    finally:
        ballast.unlink()


@pytest.fixture
def disks() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def _hurried(store: OffsiteStore, prefix: str, **given: Any) -> PartWriter:
    return PartWriter(store, prefix, pauses=(0.0,), **given)


@pytest.mark.promise("F4")
def test_a_full_store_harms_no_older_archive_and_the_next_run_succeeds(
    station: Station, disks: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = disks.enter_context(_disk(station.store, "8m"))
    station.house.alice.account()
    old = station.archive(part_bytes=PART)
    assert len(old.manifest.parts) > 4
    monkeypatch.setattr("privacy.backups.archive.PartWriter", _hurried)
    with _filled(store, leave=3 * 4_096):
        with pytest.raises(StoreFull):
            run_backup(station.yard(), force=True, part_bytes=PART)
        shelf = station.depot.shelf()
        assert [one.manifest.archive_id for one in shelf.archives] == [old.manifest.archive_id]
        with fetched(station.depot, old.manifest, read_identities(station.identity)):
            pass
        watch(station)
        with station.opened.desk.installation(SYSTEM) as work:
            assert [alert for alert, _ in standing_alerts(work)] == [Alert.ARCHIVE_FAILED]
    made = station.archive(part_bytes=PART)
    shelf = station.depot.shelf()
    assert shelf.newest is not None
    assert shelf.newest.manifest.archive_id == made.manifest.archive_id
    assert (shelf.orphans, shelf.refused) == ({}, {})
    assert not list(store.rglob("*#*"))
    watch(station)
    with station.opened.desk.installation(SYSTEM) as work:
        assert standing_alerts(work) == []


@pytest.mark.promise("F4")
def test_a_restoration_without_room_says_so_before_it_writes(
    station: Station, disks: ExitStack, silta: Silta
) -> None:
    scratch = disks.enter_context(_disk(station.folder / "scratch", "16k"))
    made = station.archive()
    with (
        pytest.raises(NoScratch),
        fetched(station.depot, made.manifest, read_identities(station.identity), folder=scratch),
    ):
        pytest.fail("it has no room")
    with (
        pytest.raises(NoScratch),
        fetched(
            station.depot, made.manifest, read_identities(station.identity), folder=scratch / "none"
        ),
    ):
        pytest.fail("there is no such folder")
    with station.elsewhere() as settings:
        given = ("restore", "--identity", str(station.identity), "--folder")
        assert "no room" in silta(settings, *given, str(scratch), code=2)
        assert list(scratch.iterdir()) == []
        owner = Opened(settings).engines.owner
        check_empty(owner)
        owner.dispose()


@pytest.mark.promise("B1")
def test_an_export_to_a_full_disk_leaves_nothing_there_and_can_be_made_again(
    station: Station, disks: ExitStack, silta: Silta, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights = Rights(station.house, station.house.alice)
    fill_every_room(rights.tenant)
    with station.made.superuser().begin() as connection:
        row = "INSERT INTO tenant_directory VALUES (CAST(:i AS uuid), CAST(:t AS uuid), now())"
        connection.execute(text(row), {"i": str(INSTALLATION_ID), "t": str(rights.tenant.id)})
    monkeypatch.setattr(exports, "open_installation", lambda: station.opened)
    out = disks.enter_context(_disk(station.folder / "out", "64k"))
    key = str(x25519.Identity.generate().to_public())
    ask = ("tenant", "export", str(rights.tenant.id), "--to", key, "--out", str(out / "a.age"))
    with _filled(out, leave=4_096):
        said = silta(station.settings, *ask, code=2)
        assert "No space left" in said
        assert [one.name for one in out.iterdir()] == ["ballast"]
    assert "was written" in silta(station.settings, *ask)
    states = "SELECT state FROM tenant_exports ORDER BY id"
    assert [row[0] for row in station.house.rows(states)] == ["fetched", "fetched"]
