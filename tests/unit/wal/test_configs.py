"""What pgBackRest and PostgreSQL are told: encrypted, ended in time, and no secret on a screen."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from privacy.backups.wal.checks import of_config
from privacy.backups.wal.configs import (
    Rhythm,
    archive_command,
    backrest_config,
    cron_lines,
    new_passphrase,
    read_config,
    server_lines,
)
from privacy.backups.wal.defects import Defect
from privacy.backups.wal.places import repository_place
from privacy.backups.wal.write import write_new
from privacy.core.errors import Misconfigured
from tests.unit.wal.shared import BUCKET, CLUSTER, settings


def _read(text: str, folder: Path) -> dict[str, dict[str, str]]:
    file = folder / "pgbackrest.conf"
    file.write_text(text)
    return read_config(file)


def test_the_folder_is_encrypted_and_ends_in_time(tmp_path: Path) -> None:
    phrase = new_passphrase()
    told = _read(backrest_config(settings(), CLUSTER, passphrase=phrase), tmp_path)
    whole = told["global"]
    assert (whole["repo1-type"], whole["repo1-path"]) == ("posix", "/srv/log")
    assert (whole["repo1-cipher-type"], whole["repo1-cipher-pass"]) == ("aes-256-cbc", phrase)
    assert (whole["repo1-retention-full-type"], whole["repo1-retention-full"]) == ("time", "27")
    assert told["silta"]["pg1-path"] == "/var/lib/postgresql/15/main"
    assert of_config(told, settings()) == []
    assert new_passphrase() != phrase


def test_a_bucket_is_told_as_pgbackrest_names_its_parts(tmp_path: Path) -> None:
    keys = {"wal_store_key_id": "AK", "wal_store_secret": SecretStr("hush")}
    chosen = settings(wal_store=BUCKET, **keys)
    whole = _read(backrest_config(chosen, CLUSTER, passphrase="p"), tmp_path)["global"]
    assert whole["repo1-path"] == "/silta"
    assert whole["repo1-s3-bucket"] == "log"
    assert whole["repo1-s3-endpoint"] == "s3.example.com"
    assert whole["repo1-storage-port"] == "8443"
    assert whole["repo1-s3-uri-style"] == "path"
    assert (whole["repo1-s3-key"], whole["repo1-s3-key-secret"]) == ("AK", "hush")
    assert "hush" not in backrest_config(chosen, CLUSTER, passphrase=None)
    amazon = settings(wal_store="s3://log/a/b?region=eu-north-1", **keys)
    whole = _read(backrest_config(amazon, CLUSTER, passphrase="p"), tmp_path)["global"]
    assert whole["repo1-s3-endpoint"] == "s3.eu-north-1.amazonaws.com"
    assert (whole["repo1-path"], whole["repo1-s3-uri-style"]) == ("/a/b", "host")


def test_the_archives_key_serves_where_the_log_has_none(tmp_path: Path) -> None:
    chosen = settings(
        wal_store=BUCKET, backup_store_key_id="BK", backup_store_secret=SecretStr("quiet")
    )
    whole = _read(backrest_config(chosen, CLUSTER, passphrase="p"), tmp_path)["global"]
    assert (whole["repo1-s3-key"], whole["repo1-s3-key-secret"]) == ("BK", "quiet")


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"wal_store": None}, "SILTA_WAL_STORE is not set"),
        ({"wal_store": "relative/folder"}, "absolute path"),
        ({"wal_store": "/a", "backup_store": "/a"}, "one place"),
        ({"wal_store": BUCKET}, "SILTA_WAL_STORE_KEY_ID"),
        (
            {"wal_store": "s3://log?endpoint=http://127.0.0.1:9", "wal_store_key_id": "A",
             "wal_store_secret": SecretStr("b")},
            "https://",
        ),
        ({"wal_store": "/srv/lo\ng"}, "no line may have"),
        ({"backup_keep_days": 2}, "3 at least"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(chosen: dict[str, object], said: str) -> None:
    with pytest.raises(Misconfigured, match=said):
        backrest_config(settings(**chosen), CLUSTER, passphrase="p")


@pytest.mark.promise("B1")
@pytest.mark.parametrize("days", [3, 7, 13, 14, 35, 90])
def test_no_copy_is_older_than_promised(days: int) -> None:
    """A full backup goes when the next one has been kept as long, at the day's run after it."""
    rhythm = Rhythm.within(days)
    assert rhythm.keep_days >= 1
    assert rhythm.full_days + rhythm.keep_days + 1 <= days


def test_postgresql_is_told_once_and_cron_daily() -> None:
    assert server_lines(settings(), CLUSTER) == [
        "wal_level = replica",
        "archive_mode = on",
        "archive_command = 'pgbackrest --stanza=silta archive-push %p'",
        "archive_timeout = 60",
    ]
    elsewhere = Path("/etc/silta/log.conf")
    assert "--config=/etc/silta/log.conf " in archive_command("silta", elsewhere)
    full, diff = cron_lines(settings(), user="postgres")
    assert full.startswith("17 2 * * 0 postgres pgbackrest --stanza=silta --type=full")
    assert diff.startswith("17 2 * * 1-6")
    assert len(cron_lines(settings(backup_keep_days=7), user="postgres")) == 1


@pytest.mark.attack(45)
@pytest.mark.parametrize(
    "path", ["relative.conf", "/etc/a b.conf", "/etc/a'; rm b", "/etc/%p.conf", "/etc/a\n* * * * *"]
)
def test_no_path_says_more_to_a_shell_than_where_a_file_is(path: str) -> None:
    with pytest.raises(Misconfigured, match="--file is an absolute path"):
        archive_command("silta", Path(path))
    with pytest.raises(Misconfigured, match="--file is an absolute path"):
        cron_lines(settings(), user="postgres", config=Path(path))


@pytest.mark.attack(45)
@pytest.mark.parametrize("user", ["", "root sh -c", "postgres\n* * * * * root", "-x"])
def test_no_user_says_more_to_cron_than_who_runs_it(user: str) -> None:
    with pytest.raises(Misconfigured, match="--owner is the name"):
        cron_lines(settings(), user=user)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    other, link = tmp_path / "other", tmp_path / "pgbackrest.conf"
    other.write_text("somebody's")
    link.symlink_to(other)
    for replace in (True, False):
        with pytest.raises(Misconfigured, match="is a link"):
            write_new(link, "ours", owner=None, mode=0o600, replace=replace)
    assert (link.is_symlink(), other.read_text()) == (True, "somebody's")


def test_a_place_of_its_own() -> None:
    assert repository_place(settings(backup_store="/srv/archives")) == "/srv/log"


def test_what_weakens_the_file_is_a_defect(tmp_path: Path) -> None:
    good = backrest_config(settings(), CLUSTER, passphrase="p")
    for old, new in (
        ("cipher-type=aes-256-cbc", "cipher-type=none"),
        ("retention-full=27", "retention-full=35"),
        ("retention-full-type=time", "retention-full-type=count"),
        ("[silta]", "[main]"),
        ("start-fast=y", "archive-push-queue-max=1GB"),
        ("start-fast=y", "expire-auto=n"),
        ("start-fast=y", "repo2-path=/srv/plain"),
        ("pg1-port=", "repo1-cipher-type=none\npg1-port="),
        ("[silta]", "[global:archive-push]\nrepo1-cipher-type=none\n[silta]"),
        ("[silta]", "[silta:backup]\nexpire-auto=n\n[silta]"),
        ("repo1-path=/srv/log", "repo1-path=/srv/other"),
    ):
        assert old in good
        assert of_config(_read(good.replace(old, new), tmp_path), settings()) == [Defect.CONFIG]
    with pytest.raises(Misconfigured, match="no configuration"):
        _read("what", tmp_path)
    with pytest.raises(Misconfigured, match="cannot be read"):
        read_config(tmp_path / "missing")


def test_nothing_is_written_over_and_nothing_halfway(tmp_path: Path) -> None:
    file = tmp_path / "pgbackrest.conf"
    write_new(file, "first", owner=None, mode=0o600, replace=False)
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Misconfigured, match="exists already"):
        write_new(file, "second", owner=None, mode=0o600, replace=False)
    with pytest.raises(Misconfigured, match="no user"):
        write_new(file, "second", owner="nobody-of-that-name", mode=0o600, replace=True)
    assert file.read_text() == "first"
    write_new(file, "second", owner=None, mode=0o600, replace=True)
    assert file.read_text() == "second"
    with pytest.raises(Misconfigured, match="cannot be written"):
        write_new(tmp_path / "no" / "x", "", owner=None, mode=0o600, replace=False)
    assert [path.name for path in tmp_path.iterdir()] == ["pgbackrest.conf"]
