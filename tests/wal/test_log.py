"""The log is archived by pgBackRest; the server is killed, its disk is gone, and it comes back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from connector.calls.ingest import ingest_calls
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.contacts.erase import erase_contact
from jobs.embedded.children import wait_until
from jobs.installation import Installation as Opened
from privacy.backups.errors import NotAtHome
from privacy.backups.wal.archivers import Archiver, read_archiver
from privacy.core import clock
from privacy.core.db.work import SYSTEM
from privacy.core.ids import new_id
from privacy.erasures.export import export_all
from privacy.erasures.journals import open_journal
from privacy.ledger.sequencer import sequence
from privacy.ledger.verify import verify_all
from privacy.retention.run import run_retention
from privacy.vault.errors import KeyCheckFailed
from privacy.vault.restores import _read as escrowed
from privacy.vault.restores import restore_from_escrow
from tests.database.backups.stations import Silta, Station
from tests.database.subjects.people import EMAIL, Rights, fill_every_room
from tests.factories import a_call, days_ago
from tests.wal.clusters import CONF, Cluster

DOOMED = 29
"""Days ago; three days later its time is over."""


@pytest.mark.attack(9)
@pytest.mark.attack(64)
@pytest.mark.attack(65)
@pytest.mark.promise("B1")
@pytest.mark.promise("F4")
def test_minutes_are_lost_and_nothing_comes_back(
    cluster: Cluster, station: Station, silta: Silta
) -> None:
    assert _defects(silta, station) == {"off", "no_backup"}
    _set_up(cluster, station, silta)
    rights, old = _fill(station)
    assert _defects(silta, station) == {"no_backup"}
    cluster.backrest("--type=full", "--archive-copy", "backup")
    _commit(rights, 3)
    earlier, before_erasure = _facts(station), _moment(station)
    secrets = _epoch_secrets(station)
    with _three_days_later():
        _live_on(station, rights)
        _commit(rights, 5)
        station.chain()
        cluster.hand_over()
        here = ("--data-folder", str(cluster.data), "--file", str(cluster.config))
        assert _check(silta, station, *here)["well"] is True
        _refuse(cluster, station, silta, rights)
        kept = _facts(station)
        assert kept["contacts"] == 0
        _commit(rights, 1)
        _look_for(secrets | _epoch_secrets(station), cluster.data)

        cluster.lose()
        cluster.come_back()
        _closed(station)
        # All that was handed over, and nothing that was not.
        assert _facts(station) == kept
        assert "database is open" in silta(station.settings, "restore", "--finish")
        _ended(station, old)
        assert _facts(station) == kept

        cluster.hand_over()
        cluster.lose()
        cluster.come_back("--type=time", f"--target={before_erasure}", "--target-action=promote")
        _closed(station)
        assert _facts(station) == earlier
        assert earlier["contacts"] == 2
        _keys_open_nothing(station, old)
        said = silta(station.settings, "restore", "--finish")
        assert "0 rows erased again" not in said
        _ended(station, old)
        assert _facts(station)["contacts"] == 0

        # As a snapshot of the disk: no log is played, no timeline tells, and nobody is told.
        cluster.lose()
        cluster.come_back("--type=none")
        _told_by_nobody(station)


def _told_by_nobody(station: Station) -> None:
    """The copy's epoch is destroyed, so nothing starts; with the ring from escrow, the boot's own
    check erases who was erased."""
    opened = Opened(station.settings)
    with pytest.raises(KeyCheckFailed):
        opened.check()
    restore_from_escrow(opened.engines.keeper, opened.custody)
    assert _facts(station)["contacts"] == 2
    opened.check()
    assert _facts(station)["contacts"] == 0
    opened.close()


def _set_up(cluster: Cluster, station: Station, silta: Silta) -> None:
    where = ("--data-folder", str(cluster.data), "--socket-folder", str(cluster.sockets))
    shared = ("backup", "wal", "configure", *where, "--file", str(cluster.config))
    lines = ("--owner", cluster.owner, "--server-file", str(cluster.data / CONF))
    said = silta(station.settings, *shared, *lines)
    assert "archive_mode = on" in said
    assert "exists already" in silta(station.settings, *shared, code=2)
    cluster.restart()
    cluster.backrest("stanza-create")
    cluster.backrest("check")


def _check(silta: Silta, station: Station, *more: str, code: int = 0) -> dict[str, object]:
    words = ("backup", "wal", "check", "--json", *more)
    found: dict[str, object] = json.loads(silta(station.settings, *words, code=code))
    return found


def _defects(silta: Silta, station: Station) -> set[str]:
    found = _check(silta, station, code=1)["defects"]
    assert isinstance(found, dict)
    return set(found)


def _refuse(cluster: Cluster, station: Station, silta: Silta, rights: Rights) -> None:
    """The repository takes nothing for a while: it is told, and nothing is lost by it."""
    place = cluster.repository / "archive" / "silta"
    aside = place.rename(place.with_name("aside"))
    _commit(rights, 1)
    cluster.switch()
    assert wait_until(lambda: bool(_archiver(station).failing), timeout=20)
    assert _defects(silta, station) == {"failing"}
    aside.rename(place)
    cluster.hand_over()
    state = _archiver(station)
    assert (state.failing, state.lag) == (False, timedelta(0))


def _archiver(station: Station) -> Archiver:
    with station.opened.engines.app.connect() as connection:
        return read_archiver(connection)


def _epoch_secrets(station: Station) -> set[bytes]:
    """Epoch keys as they are, and as escrow and key port have them."""
    folders = (station.settings.escrow_epoch_folder, station.settings.keys_folder)
    files = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    kept = {content for path in files if len(content := path.read_bytes()) >= 32}
    epochs = set(escrowed(station.opened.custody).epochs.values())
    assert epochs
    assert kept
    return kept | epochs


def _look_for(secrets: set[bytes], data: Path) -> None:
    """No file of the server, its log included, holds what wraps the keys in it."""
    for path in data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in secrets), path


def _keys_open_nothing(station: Station, old: date) -> None:
    """What the log brought back of the key ring: the ended day's key too, under an epoch that is
    destroyed wherever it was."""
    opened = Opened(station.settings)
    with opened.engines.keeper.connect() as connection:
        rows = connection.execute(text("SELECT day, epoch FROM key_ring")).all()
    assert old in {row.day for row in rows}
    assert not {row.epoch for row in rows} & set(escrowed(opened.custody).epochs)
    opened.close()


def _fill(station: Station) -> tuple[Rights, date]:
    rights = Rights(station.house, station.house.alice)
    fill_every_room(rights.tenant)
    _commit(rights, 1, ago=DOOMED)
    return rights, days_ago(DOOMED).date()


def _commit(rights: Rights, many: int, ago: int = 5) -> None:
    account = rights.tenant.account(name=f"Calls {new_id()}")
    calls = [a_call(started_at=days_ago(ago)) for _ in range(many)]
    with rights.tenant.work() as work:
        ingest_calls(work, vault=rights.tenant.vault, account=account, calls=calls)


def _moment(station: Station) -> str:
    """Now, as the server says. pgBackRest counts a backup's end in whole seconds."""
    with station.opened.engines.app.connect() as connection:
        pause = text("SELECT clock_timestamp() FROM pg_sleep(1.1)")
        now: datetime = connection.execute(pause).scalar_one()
    return now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f+00")


@contextmanager
def _three_days_later() -> Iterator[None]:
    before = clock.offset()
    clock.set_offset(before + timedelta(days=3))
    try:
        yield
    finally:
        clock.set_offset(before)


def _live_on(station: Station, rights: Rights) -> None:
    """An erasure, a day's end, an epoch's end."""
    with rights.tenant.work() as work:
        for contact in work.connection.execute(text("SELECT id FROM contacts")).scalars().all():
            erase_contact(work, vault=rights.tenant.vault, contact_id=contact)
    with rights.tenant.work() as work:
        assert export_all(work, open_journal(station.house.custody))
    assert run_retention(station.made.engines, station.house.custody).keys >= 1


def _facts(station: Station) -> dict[str, object]:
    opened = Opened(station.settings)
    with opened.engines.backup.connect() as connection:
        facts: dict[str, object] = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("calls", "contacts", "invoices", "inquiries", "consents", "objections")
        }
    opened.close()
    return facts


def _closed(station: Station) -> None:
    """Nothing is served from what was restored, whoever starts it."""
    opened = Opened(station.settings)
    with pytest.raises(NotAtHome):
        opened.check()
    opened.close()


def _ended(station: Station, old: date) -> None:
    """The boot's check passes; who was erased and the day that ended are not back."""
    opened = Opened(station.settings)
    opened.check()
    given = {"d": old}
    with opened.engines.keeper.connect() as connection:
        keys = text("SELECT count(*) FROM key_ring WHERE day = :d")
        assert connection.execute(keys, given).scalar_one() == 0
    with opened.engines.backup.connect() as connection:
        rows = text("SELECT count(*) FROM calls WHERE day = :d")
        assert connection.execute(rows, given).scalar_one() == 0
    with opened.desk.tenant(station.house.alice.id, SYSTEM) as work:
        page = search_calls(work, vault=opened.vault, query=Query(), cursor=None, limit=100)
    assert page.calls
    assert all(EMAIL not in str(call) for call in page.calls)
    while sequence(opened.engines.sequencer, opened.signer, opened.anchors):
        pass
    reports = list(verify_all(opened.engines.sequencer, opened.identity, opened.anchors))
    assert [found for report in reports for found in report.findings] == []
    opened.close()
