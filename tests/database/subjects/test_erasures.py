"""The journal of erasures: written with them, chained in escrow, replayed after a restore."""

import uuid
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from connector.subjects.registry import HOLDERS
from connector.subjects.replays import erase_again, replay
from privacy.core import clock
from privacy.core.db.work import SYSTEM, UnitOfWork, unit_of_work
from privacy.erasures.export import export_all
from privacy.erasures.journals import Journal, open_journal
from privacy.erasures.replay import Replayed, replay_erasures, tenants_behind
from privacy.erasures.segments import BEGINNING, Segment, encode
from privacy.ledger.anchors import DirectoryAnchors
from privacy.ledger.journal_marks import Marks
from privacy.ledger.sequencer import sequence
from privacy.ledger.signing import Signer, load_signer
from privacy.profiles.parts import Objection
from privacy.subjects.words import RequestKind
from privacy.vault.errors import EscrowFailed
from tests.database.registers.people import object_to
from tests.database.subjects.people import ROBIN, Rights, fill_every_room
from tests.tenancies import House

NOT_JOURNALED = {
    "contact_tokens": "end with their contact",
    "free_values": "end with their record",
    "restrictions": "end with their request",
    "legal_holds": "outlive every erasure",
    "disclosures": "outlive every erasure, and end by themselves",
    "disclosure_tokens": "end with their disclosure",
    "registrant_agreements": "end with their registration",
    "consent_tokens": "end with their consent",
    "consent_events": "end with their consent",
    "objection_tokens": "end with their objection",
    "suppressions": "outlive every erasure",
    "subject_requests": "outlive every erasure, and end by themselves",
    "subject_steps": "end with their request",
    "subject_parts": "end after a week",
    "subject_day_parts": "end after a week",
}


@pytest.fixture
def rights(house: House) -> Rights:
    made = Rights(house, house.alice)
    fill_every_room(house.alice)
    return made


def _export(rights: Rights) -> Journal:
    journal = open_journal(rights.house.custody)
    with rights.tenant.work() as work:
        assert export_all(work, journal)
    return journal


def _open(rights: Rights) -> Any:
    engine = rights.house.installation.engines.app

    def opened(tenant_id: uuid.UUID) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(engine, tenant_id=tenant_id, actor=SYSTEM)

    return opened


def _replay(rights: Rights, **since: float) -> Replayed:
    with rights.tenant.work() as work:
        begun = work.now + timedelta(**since)
    house = rights.house
    return replay(_open(rights), house.vault, house.custody, since=begun, marks={})


class Archive:
    """What a restore of the whole database would bring back, without one: rows as they were."""

    def __init__(self, house: House) -> None:
        self._house, self._rows = house, dict[str, list[Any]]()
        tables = {table for one in HOLDERS for table in one.tables} | {"erased_records"}
        self._tables = sorted(tables | {"erasure_heads"})
        with house.installation.superuser().begin() as connection:
            for table in self._tables:
                connection.execute(text(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}"))

    def restore(self) -> None:
        """As they were when this was made."""
        with self._house.installation.superuser().begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in self._tables:
                connection.execute(text(f"DELETE FROM {table}"))
                connection.execute(text(f"INSERT INTO {table} SELECT * FROM kept_{table}"))

    def counts(self) -> dict[str, int]:
        """Rows of what is erased."""
        kept_out = ("subject_", "mails", "suppressions", "erasure_heads", "consent_")
        return {
            table: self._house.installation.count(table)
            for table in self._tables
            if not table.startswith(kept_out)
        }


@pytest.mark.attack(64)
@pytest.mark.promise("C2")
def test_a_restored_database_erases_again_before_anybody_sees_it(rights: Rights) -> None:
    archive = Archive(rights.house)
    rights.done(RequestKind.ERASURE)
    journal = _export(rights)
    erased = archive.counts()
    assert tenants_behind(_open(rights), journal) == []
    archive.restore()
    assert archive.counts() != erased
    assert tenants_behind(_open(rights), journal) == [rights.tenant.id]
    done = _replay(rights, minutes=-1)
    assert done.rows > 10
    assert archive.counts() == erased
    assert tenants_behind(_open(rights), journal) == []
    states = "SELECT state, ends_on IS NOT NULL, email_digest IS NULL FROM registrants"
    assert list(rights.house.rows(states)) == [("closed", True, True)]
    held = "SELECT state, document_sealed IS NULL FROM invoices ORDER BY state"
    assert list(rights.house.rows(held)) == [("held", True), ("living", False)]
    withdrawn = "SELECT count(*) FROM consent_events WHERE act = 'withdrawn'"
    assert list(rights.house.rows(withdrawn)) == [(1,)]
    _replay(rights, minutes=-1)
    assert archive.counts() == erased, "once more changes nothing"


@pytest.mark.attack(64)
def test_a_snapshot_that_is_put_back_serves_nobody_who_was_erased(rights: Rights) -> None:
    """Nobody ran a restore: the service notices at its start."""
    archive, house = Archive(rights.house), rights.house

    def start() -> int:
        return erase_again(_open(rights), house.vault, house.custody)

    rights.done(RequestKind.ERASURE)
    _export(rights)
    erased = archive.counts()
    assert start() == 0, "what is known is not done again"
    archive.restore()
    assert start() > 10
    assert archive.counts() == erased
    assert start() == 0
    fill_every_room(rights.tenant)
    living = archive.counts()
    assert start() == 0
    assert archive.counts() == living, "what came later stays"


@pytest.mark.attack(64)
def test_what_was_erased_before_the_archive_is_not_replayed(rights: Rights) -> None:
    rights.done(RequestKind.ERASURE)
    _export(rights)
    assert _replay(rights, hours=2).notes == 0


@pytest.mark.attack(61)
@pytest.mark.attack(64)
def test_a_journal_that_was_meddled_with_is_refused(rights: Rights) -> None:
    rights.done(RequestKind.ERASURE)
    journal = _export(rights)
    store, folder = journal.store, f"erasures/{rights.tenant.id.hex}/"
    names = head, first, second = f"{folder}head", f"{folder}0000000001", f"{folder}0000000002"
    old_head = store.get(head) or b""
    fill_every_room(rights.tenant)
    rights.done(RequestKind.ERASURE)
    _export(rights)
    whole = {name: store.get(name) or b"" for name in names}
    empty = Segment(rights.tenant.id, 1, BEGINNING, clock.now(), [])
    harms: dict[str, dict[str, bytes | None]] = {
        "changed": {first: whole[first][:-1] + b"x"},
        "missing": {first: None},
        "swapped": {first: whole[second], second: whole[first]},
        "without its head": {head: None},
        "cut short": {second: None},
        "head of another time": {head: old_head, first: whole[second]},
        "another one that was really made": {first: encode(journal.key, empty)[0]},
    }
    for harm, contents in harms.items():
        for name, content in (whole | contents).items():
            store.put(name, content) if content is not None else store.delete(name)
        try:
            _replay(rights, minutes=-5)
        except EscrowFailed:
            continue
        pytest.fail(harm)
    for name, content in whole.items():
        store.put(name, content)
    known = [rights.tenant.id]
    replay_erasures(_open(rights), journal, since=clock.now(), remakes={}, known=known)
    for lost in ((second,), names):
        for name in lost:
            store.delete(name)
        store.put(head, old_head) if head not in lost else None
        with pytest.raises(EscrowFailed, match="shorter than this database knows"):
            replay_erasures(_open(rights), journal, since=clock.now(), remakes={}, known=known)
    for name, content in whole.items():
        store.put(name, content)
    store.put(head, old_head)
    with pytest.raises(EscrowFailed, match="shorter than this database knows"):
        replay_erasures(_open(rights), journal, since=clock.now(), remakes={}, known=known)


def _sequence(rights: Rights, anchors: DirectoryAnchors, signer: Signer) -> None:
    assert sequence(rights.house.installation.engines.sequencer, signer, anchors)


@pytest.mark.attack(64)
def test_an_older_journal_that_was_put_back_is_not_the_one_that_the_anchors_know(
    rights: Rights, tmp_path: Path
) -> None:
    """It is authentic, and a restored database knows no more than it: only the anchors do."""
    anchors = DirectoryAnchors(tmp_path / "anchors")
    signer = load_signer(tmp_path, wrap=bytes, unwrap=bytes, pinned=None)
    rights.done(RequestKind.ERASURE)
    journal = _export(rights)
    head, last = (f"erasures/{rights.tenant.id.hex}/{part}" for part in ("head", "0000000002"))
    old = journal.store.get(head) or b""
    fill_every_room(rights.tenant)
    rights.done(RequestKind.ERASURE)
    _export(rights)
    _sequence(rights, anchors, signer)
    new = journal.store.get(head) or b""
    with rights.house.installation.superuser().begin() as restored:
        restored.execute(text("DELETE FROM erasure_heads"))

    def replayed(marks: Marks) -> Replayed:
        since = clock.now() - timedelta(minutes=5)
        return replay_erasures(_open(rights), journal, since=since, remakes={}, marks=marks)

    known = anchors.marked()
    assert known[rights.tenant.id].segments == 2
    assert replayed(known).notes > 0
    other = replace(known[rights.tenant.id], mac=bytes(32))
    with pytest.raises(EscrowFailed, match="not the one that the anchors know"):
        replayed({rights.tenant.id: other})
    with rights.house.installation.superuser().begin() as restored:
        restored.execute(text("DELETE FROM erasure_heads"))
    store = journal.store
    store.put(head, old)
    store.delete(last)
    with pytest.raises(EscrowFailed, match="shorter than the anchors know"):
        replayed(known)
    store.put(head, new)


@pytest.mark.parametrize("name", ["erasures/notes/head", f"erasures/{'a' * 32}/last"])
def test_what_is_not_of_the_journal_is_named(rights: Rights, name: str) -> None:
    journal = open_journal(rights.house.custody)
    journal.store.put(name, b"left here")
    for look in (journal.tenants, journal.lengths):
        with pytest.raises(EscrowFailed, match=f"'{name}' is not of its kind"):
            look()


def test_the_journal_names_rows_and_nobody_and_forgets_what_no_backup_has(
    rights: Rights, monkeypatch: pytest.MonkeyPatch
) -> None:
    rights.done(RequestKind.ERASURE)
    notes = [note for one in _export(rights).segments(rights.tenant.id) for note in one.notes]
    assert {note.relation for note in notes} >= {"calls", "contacts", "inquiries", "registrants"}
    for note in notes:
        for row in note.rows:
            assert not any(isinstance(v, str) and v.startswith("\\x") for v in row.values())
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=200))
    with rights.tenant.work() as work:
        object_to(work, rights.tenant, Objection.TELEMARKETING, person=ROBIN)
    rights.done(RequestKind.ERASURE)
    journal = _export(rights)
    head = journal.head(rights.tenant.id)
    assert head is not None
    assert (head.first, head.last) == (2, 2)


def test_what_is_not_an_erasure_writes_no_journal(rights: Rights) -> None:
    with rights.tenant.work() as work:
        work.connection.execute(text("DELETE FROM calls"))
    assert rights.house.installation.count("erasure_journal") == 0


def test_every_table_of_every_holder_is_journaled_or_says_why_not(rights: Rights) -> None:
    triggers = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'erasure_deleted'"
    watched = {str(row[0]) for row in rights.house.rows(triggers) if "_20" not in str(row[0])}
    held = {table for one in HOLDERS for table in one.tables}
    assert held - watched == set(NOT_JOURNALED) & held
    assert watched <= held
