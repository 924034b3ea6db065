"""The log's archive, on a server that has none: planned, asked for, and missed out loud."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from connector.http.archive_metrics import ArchiveMetrics
from privacy.backups.alerts import Alert, find_alerts
from privacy.backups.wal.archivers import read_archiver
from privacy.backups.wal.configs import read_config
from privacy.core.db.work import SYSTEM
from tests.database.backups.stations import Silta, Station

DATA = ("--data-folder", "/var/lib/postgresql/15/main")


@pytest.mark.promise("F4")
def test_a_log_that_is_not_archived_is_missed(station: Station, silta: Silta) -> None:
    assert "SILTA_WAL_STORE is not set" in silta(
        station.settings, "backup", "wal", "plan", *DATA, code=2
    )
    assert _alerts(station, None) == set()
    log = station.outside / "log"
    assert _alerts(station, log) == {Alert.WAL_LATE, Alert.WAL_REPOSITORY}
    log.mkdir()
    settings = station.settings.model_copy(update={"wal_store": str(log)})
    found = json.loads(silta(settings, "backup", "wal", "check", "--json", code=1))
    assert set(found["defects"]) == {"off", "no_backup"}
    said = silta(settings, "backup", "wal", "check", code=1)
    assert said.count("✗") == 2
    with station.opened.engines.app.connect() as connection:
        state = read_archiver(connection)
        assert (state.mode, state.lag.total_seconds(), state.failing) == ("off", 0, False)
        written = connection.execute(text("SELECT pg_current_wal_lsn()::text")).scalar_one()
        assert "/" in written
    names = {metric.name for metric in ArchiveMetrics(station.opened.engines.app).collect()}
    assert "silta_wal_lag_seconds" not in names
    assert "silta_backup_alert" in names


def test_a_plan_changes_nothing_and_a_file_keeps_its_passphrase(
    station: Station, silta: Silta, tmp_path: Path
) -> None:
    # The database's host has no root key, and must not need one.
    no_key = {"root_key_file": None, "keys_folder": tmp_path / "none"}
    settings = station.settings.model_copy(update={"wal_store": "/srv/log"} | no_key)
    file, server = tmp_path / "pgbackrest.conf", tmp_path / "silta.conf"
    words = (
        "backup",
        "wal",
        "configure",
        *DATA,
        "--file",
        str(file),
        "--owner",
        file.parent.owner(),
    )
    planned = silta(settings, "backup", "wal", "plan", *DATA, "--file", str(file))
    assert "wal_level = logical" in planned, "as it is"
    assert not file.exists()
    assert "absolute" in silta(settings, "backup", "wal", "plan", "--data-folder", "main", code=2)

    made = json.loads(silta(settings, *words, "--server-file", str(server), "--json"))
    assert server.read_text().splitlines() == made["postgresql_conf"]
    first = read_config(file)["global"]["repo1-cipher-pass"]
    assert first not in json.dumps(made)
    assert first not in planned
    assert "exists already" in silta(settings, *words, code=2)
    moved = settings.model_copy(update={"wal_store": "/srv/elsewhere"})
    silta(moved, *words, "--again")
    again = read_config(file)["global"]
    assert (again["repo1-cipher-pass"], again["repo1-path"]) == (first, "/srv/elsewhere")
    file.write_text("[global]\n")
    assert "to keep" in silta(moved, *words, "--again", code=2)


def _alerts(station: Station, log: Path | None) -> set[Alert]:
    settings = station.settings.model_copy(update={"wal_store": str(log) if log else None})
    with station.opened.desk.installation(SYSTEM) as work:
        found = find_alerts(work, settings, services=(), escrow=lambda: None)
    return {one for one in found if one.value.startswith("wal")}
