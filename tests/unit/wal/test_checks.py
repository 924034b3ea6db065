"""Each thing that can be wrong with the log's archive is told, and nothing else is."""

from datetime import timedelta
from pathlib import Path

import pytest

from privacy.backups.errors import StoreFailed
from privacy.backups.wal.archivers import end_of
from privacy.backups.wal.checks import of_archiver, of_places, of_repository, remarks_on
from privacy.backups.wal.configs import archive_command
from privacy.backups.wal.defects import REMARKS, SAID, Defect, Remark
from privacy.backups.wal.repositories import Repository, look_into, open_repository
from tests.unit.wal.shared import NOW, archiver, settings

DAY = timedelta(days=1)


def test_a_server_that_archives_has_no_defect() -> None:
    assert of_archiver(archiver(), stanza="silta") == []


@pytest.mark.parametrize(
    ("chosen", "defect"),
    [
        ({"mode": "off"}, Defect.OFF),
        ({"wal_level": "minimal"}, Defect.OFF),
        ({"command": ""}, Defect.COMMAND),
        ({"command": "/bin/true"}, Defect.COMMAND),
        ({"command": "pgbackrest --stanza=other archive-push %p"}, Defect.COMMAND),
        ({"command": "pgbackrest --stanza=silta archive-push %p || true"}, Defect.COMMAND),
        ({"timeout": 0}, Defect.TIMEOUT),
        ({"timeout": 300}, Defect.TIMEOUT),
        ({"failing": True}, Defect.FAILING),
        ({"lag": timedelta(minutes=6)}, Defect.LATE),
    ],
)
def test_each_defect_of_a_server(chosen: dict[str, object], defect: Defect) -> None:
    assert of_archiver(archiver(**chosen), stanza="silta") == [defect]


@pytest.mark.parametrize("between", ["--archive-push-queue-max=1GB", "--repo1-cipher-type=none"])
def test_a_command_says_nothing_of_the_repository(between: str) -> None:
    right = archive_command("silta", Path("/etc/silta/log.conf"))
    assert of_archiver(archiver(command=right), stanza="silta") == []
    wrong = right.replace("archive-push", f"{between} archive-push")
    assert of_archiver(archiver(command=wrong), stanza="silta") == [Defect.COMMAND]


def test_where_a_segment_ends() -> None:
    segment = 16 << 20
    assert end_of("000000010000000000000003", segment) == 4 * segment
    assert end_of("000000020000000A000000FF", segment) == (0xA << 32) + 256 * segment
    assert end_of("000000010000000000000003.00000028.backup", segment) == 4 * segment
    assert end_of("00000002.history", segment) is None
    assert end_of(None, segment) is None


def _made(*days_ago: float, full: float = 1, encrypted: bool | None = True) -> Repository:
    made = tuple(sorted(NOW - days * DAY for days in (*days_ago, full)))
    return Repository((NOW - full * DAY,), made, encrypted)


@pytest.mark.promise("F4")
@pytest.mark.parametrize(
    ("found", "defects"),
    [
        (_made(0.5), []),
        (_made(0.5, full=7.5), []),
        (_made(0.5, 35.5), []),
        (Repository((), (), None), [Defect.NO_BACKUP]),
        (_made(2.5, full=2.5), [Defect.OVERDUE]),
        (_made(0.5, full=8.5), [Defect.OVERDUE]),
        (_made(0.5, 36.5), [Defect.KEPT]),
        (_made(0.5, encrypted=False), [Defect.PLAIN]),
    ],
)
def test_each_defect_of_a_repository(found: Repository, defects: list[Defect]) -> None:
    assert of_repository(found, settings(), now=NOW) == defects


def test_names_tell_when_whole_backups_were_made(tmp_path: Path) -> None:
    home = tmp_path / "backup" / "silta"
    for label in ("20261122-021700F", "20261122-021700F_20261123-021700D", "20261123-110000F"):
        (home / label).mkdir(parents=True)
    for whole in ("20261122-021700F", "20261122-021700F_20261123-021700D"):
        (home / whole / "backup.manifest").write_bytes(b"Salted__")
    (home / "backup.history").mkdir()
    (home / "backup.info").write_bytes(b"Salted__and more")
    store = open_repository(settings(wal_store=str(tmp_path)))
    found = look_into(store, "silta")
    assert [f"{made:%d %H}" for made in found.fulls] == ["22 02"]
    assert [f"{made:%d %H}" for made in found.backups] == ["22 02", "23 02"]
    assert found.encrypted is True
    (home / "backup.info").write_bytes(b"[backup]")
    assert look_into(store, "silta").encrypted is False
    assert look_into(store, "other") == Repository((), (), None)
    with pytest.raises(StoreFailed):
        open_repository(settings(wal_store=str(tmp_path / "missing")))
    assert not (tmp_path / "missing").exists()


@pytest.mark.promise("E4")
def test_it_is_where_a_profile_says() -> None:
    german = settings(wal_country="DE", backup_country="SE")
    assert of_places(german, services={"V"}, data=None) == []
    assert of_places(settings(backup_country="DE"), services={"V"}, data=None) == []
    swedish = settings(wal_country="SE", backup_country="DE")
    assert of_places(swedish, services={"V"}, data=None) == [Defect.ABROAD]


@pytest.mark.promise("B1")
def test_keys_lie_apart(tmp_path: Path) -> None:
    """A copy of the whole data directory must not hold what opens it."""
    data, log = tmp_path / "main", tmp_path / "log"
    apart = {"keys_folder": tmp_path / "keys", "wal_store": str(log)}
    assert of_places(settings(**apart), services=(), data=data) == []
    for inside in (
        {"keys_folder": data / "keys"},
        {"escrow_epoch_folder": log / "epochs"},
        {"escrow_bundle_folder": tmp_path},
    ):
        found = of_places(settings(**(apart | inside)), services=(), data=data)
        assert found == [Defect.KEYS_BESIDE]


def test_one_disk_is_remarked(tmp_path: Path) -> None:
    here = settings(wal_store=str(tmp_path))
    assert remarks_on(here, data=tmp_path) == [Remark.SAME_DISK]
    assert remarks_on(here, data=None) == [Remark.SAME_HOST]
    assert remarks_on(settings(wal_store="/srv/not/here"), data=None) == []
    near = settings(wal_store="s3://log?endpoint=https://localhost:9")
    assert remarks_on(near, data=None) == [Remark.SAME_HOST]
    assert (
        remarks_on(settings(wal_store="s3://log?endpoint=https://s3.example.com"), data=None) == []
    )


def test_every_defect_has_its_line() -> None:
    assert set(SAID) == set(Defect)
    assert set(REMARKS) == set(Remark)
