"""The whole way: fill, archive, destroy, erase, lose the machine, restore."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from connector.calls.ingest import ingest_calls
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.calls.views import CallView
from connector.contacts.erase import erase_contact
from connector.inquiries.erase import erase_inquiry
from connector.providers.port import Received
from jobs.commands.doctor import CHECKS
from jobs.installation import Installation as Opened
from privacy.backups.errors import NotAtHome
from privacy.backups.fetches import fetched
from privacy.backups.manifests import Manifest
from privacy.backups.pour import pour
from privacy.backups.seals import read_identities
from privacy.core import clock
from privacy.core.db.work import SYSTEM, unit_of_work
from privacy.core.settings import Settings
from privacy.erasures.export import export_all
from privacy.erasures.journals import open_journal
from privacy.ledger.sequencer import sequence
from privacy.ledger.verify import verify_all
from privacy.retention.run import run_retention
from privacy.vault.restores import _read
from privacy.vault.wrapping import KeyKind, Wrapper
from tests.database.backups.laps import Laps
from tests.database.backups.stations import Silta, Station
from tests.database.records.books import Books, a_contact, an_account, received
from tests.database.subjects.people import EMAIL, Rights, fill_every_room
from tests.factories import a_call, days_ago
from tests.scenarios.copies import tokens_of

CALLS = int(os.environ.get("SILTA_TEST_CALLS", "0"))
CONTACTS = int(os.environ.get("SILTA_TEST_CONTACTS", "0"))
"""At full size: SILTA_TEST_CALLS=1000000 SILTA_TEST_CONTACTS=100000, and what each part took is
written to the file SILTA_TEST_FIGURES. It takes half an hour; see docs/benchmarks.md."""
ERASED = 10
"""People, once there are so many."""
DESTROYED = (29, 28, 27)
"""Days ago when the archive is made; three days later their time is over."""

_PARTITIONS = text(
    "SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' "
    "AND right(relname, 10) = ANY (:d)"
)


@contextmanager
def three_days_later() -> Iterator[None]:
    before = clock.offset()
    clock.set_offset(before + timedelta(days=3))
    try:
        yield
    finally:
        clock.set_offset(before)


@pytest.mark.attack(9)
@pytest.mark.attack(11)
@pytest.mark.attack(64)
@pytest.mark.attack(65)
@pytest.mark.promise("B1")
@pytest.mark.promise("F4")
def test_a_lost_machine_comes_back_without_what_had_ended(station: Station, silta: Silta) -> None:
    laps = Laps()
    rights = _fill(station)
    old = [day.date() for day in map(days_ago, DESTROYED)]
    doomed = [call for call in _calls(rights) if call.day in old]
    assert len(doomed) == len(DESTROYED)
    _fill_up(rights)
    station.chain()
    laps("filled")
    made = station.archive(part_bytes=64_000 + 8 * CALLS)
    laps("archived")
    with three_days_later():
        _live_on(station, rights)
        before = _facts(station.settings)
        with station.elsewhere() as settings:
            laps("lived on")
            assert "database is open" in _restore(silta, station, settings)
            laps("restored")
            after = _facts(settings)
            assert after == before
            assert (after["contacts"], after["inquiries"]) == (max(0, CONTACTS + 2 - ERASED), 1)
            _look_for_the_ended(settings, old)
            laps("looked through and verified")
            _serve(settings)
            assert "open already" in silta(settings, "restore", "--finish", code=2)
        with station.elsewhere() as settings:
            _try_the_archive_itself(station, settings, made.manifest, old, doomed)
            # As if the restoration had been killed there, or made by other means.
            assert "database is open" in silta(settings, "restore", "--finish")
            assert _facts(settings) == before
            _look_for_the_ended(settings, old)
            _carry_away(settings)
    laps.write(rows=made.manifest.rows, bytes=made.manifest.size)


def _fill(station: Station) -> Rights:
    rights = Rights(station.house, station.house.alice)
    fill_every_room(rights.tenant)
    account = rights.tenant.account(name="Old calls")
    calls = [a_call(started_at=days_ago(ago)) for ago in (*DESTROYED, 5)]
    with rights.tenant.work() as work:
        ingest_calls(work, vault=rights.tenant.vault, account=account, calls=calls)
    return rights


def _fill_up(rights: Rights) -> None:
    books = Books(rights.tenant, an_account(rights.tenant, AccountKind.NETVISOR))
    for first in range(0, CONTACTS, 500):
        books.save(*(_somebody(number) for number in range(first, min(first + 500, CONTACTS))))
    account = rights.tenant.account(name="Many calls")
    for number in range(CALLS // 1_000):
        many = [a_call(started_at=days_ago(number % 20)) for _ in range(1_000)]
        with rights.tenant.work() as work:
            ingest_calls(work, vault=rights.tenant.vault, account=account, calls=many)


def _somebody(number: int) -> Received:
    mail = f"person-{number}@example.com"
    person = a_contact(name=f"Person {number}", is_person=True, emails=(mail,), code=str(number))
    return received(f"p-{number}", person)


def _live_on(station: Station, rights: Rights) -> None:
    """What happens between the archive and the loss: an erasure, three days' ends, an epoch."""
    with rights.tenant.work() as work:
        # Robin and Sam are the oldest; ids are in order.
        query = text("SELECT id FROM contacts ORDER BY id LIMIT :n")
        for contact in work.connection.execute(query, {"n": ERASED}).scalars().all():
            erase_contact(work, vault=rights.tenant.vault, contact_id=contact)
        inquiry = work.connection.execute(text("SELECT id FROM inquiries LIMIT 1")).scalar_one()
        erase_inquiry(work, inquiry_id=inquiry, because="request")
    with rights.tenant.work() as work:
        assert export_all(work, open_journal(station.house.custody))
    ended = run_retention(station.made.engines, station.house.custody)
    assert ended.keys >= len(DESTROYED)
    station.chain()


def _calls(rights: Rights) -> list[CallView]:
    with rights.tenant.work() as work:
        page = search_calls(work, vault=rights.tenant.vault, query=Query(), cursor=None, limit=100)
    return list(page.calls)


def _facts(settings: Settings) -> dict[str, object]:
    """What has to be the same here and there, over all tenants."""
    opened = Opened(settings)
    with opened.engines.backup.connect() as connection:
        facts: dict[str, object] = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("calls", "contacts", "invoices", "inquiries", "consents", "objections")
        }
        facts["days"] = connection.execute(text("SELECT DISTINCT day FROM calls")).scalars().all()
        facts["days"] = sorted(facts["days"])  # type: ignore[call-overload]
    with opened.engines.keeper.connect() as connection:
        keys = text("SELECT tenant_id, kind, service, data, day, version FROM key_ring")
        facts["keys"] = {tuple(row) for row in connection.execute(keys)}
    opened.close()
    return facts


def _restore(silta: Silta, station: Station, settings: Settings) -> str:
    said = silta(settings, "restore", "--identity", str(station.identity))
    for step in ("manifest", "whole", "agree", "ring", "erased again", "ended again", "goes on"):
        assert step in said, said
    return said


def _look_for_the_ended(settings: Settings, old: list[date]) -> None:
    """Destroyed days and the erased person are in no table; the ledger verifies."""
    opened = Opened(settings)
    with opened.engines.keeper.connect() as connection:
        ring = connection.execute(text("SELECT count(*) FROM key_ring WHERE day = ANY (:d)"),
                                  {"d": old}).scalar_one()  # fmt: skip
    with opened.engines.backup.connect() as connection:
        left = connection.execute(text("SELECT count(*) FROM calls WHERE day = ANY (:d)"),
                                  {"d": old}).scalar_one()  # fmt: skip
        parts = connection.execute(_PARTITIONS, {"d": [f"{d:%Y_%m_%d}" for d in old]}).all()
        names = connection.execute(text("SELECT tenant_id FROM tenants")).scalars().all()
    assert (ring, left, parts) == (0, 0, [])
    for tenant in names:
        with unit_of_work(opened.engines.app, tenant_id=tenant, actor=SYSTEM) as work:
            page = search_calls(work, vault=opened.vault, query=Query(), cursor=None, limit=100)
            assert all(EMAIL not in str(call) for call in page.calls)
    reports = list(
        verify_all(
            opened.engines.sequencer, opened.identity, opened.anchors, app=opened.engines.app
        )
    )
    assert reports
    assert [found for report in reports for found in report.findings] == []
    opened.close()


def _serve(settings: Settings) -> None:
    """Web, worker and scheduler begin with this check, and the ledger goes on from there."""
    opened = Opened(settings)
    opened.check()
    CHECKS["schema"](opened)
    while sequence_all(opened):
        pass
    reports = list(verify_all(opened.engines.sequencer, opened.identity, opened.anchors))
    assert [found for report in reports for found in report.findings] == []
    opened.close()


def sequence_all(opened: Opened) -> int:
    return sequence(opened.engines.sequencer, opened.signer, opened.anchors)


def _try_the_archive_itself(
    station: Station,
    settings: Settings,
    manifest: Manifest,
    old: list[date],
    doomed: list[CallView],
) -> None:
    """Poured out without the rest: the rows are there, nothing opens them, nobody serves them."""
    identities = read_identities(station.identity)
    with fetched(station.depot, manifest, identities) as file:
        url = settings.owner_database_url
        assert url is not None
        pour(file, identities, url=url, programs=None)
    opened = Opened(settings)
    with pytest.raises(NotAtHome):
        opened.check()
    with opened.engines.keeper.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM key_ring")).scalar_one() == 0
    with opened.engines.backup.connect() as connection:
        rows = connection.execute(
            text("SELECT id, caller_token, called_token FROM calls WHERE day = ANY (:d)"),
            {"d": old},
        ).all()
    assert len(rows) == len(DESTROYED)
    escrowed = _read(opened.custody)
    assert not [r for r in escrowed.rows if r.kind is KeyKind.DAY and r.day in old]
    keys = [Wrapper(r.epoch, escrowed.epochs[r.epoch]).unwrap(r) for r in escrowed.rows]
    keys += [*escrowed.epochs.values(), *opened.roots.versions.values()]
    assert not {value for row in rows for value in row} & tokens_of(keys, doomed)
    opened.close()


def _carry_away(settings: Settings) -> None:
    """The data directory, copied to another machine or brought back by a standby: closed again."""
    opened = Opened(settings)
    with opened.engines.keeper.begin() as connection:
        connection.execute(text("UPDATE database_home SET place = '1/1'"))
    with pytest.raises(NotAtHome):
        opened.check()
    opened.close()
