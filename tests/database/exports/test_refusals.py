"""What may not come back does not: erased people, later words, days that are over."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.exports.arrive import Arriving, foresee_import, import_archive
from connector.exports.outcomes import Fate
from privacy.backups.errors import ArchiveDamaged, SchemaNewer
from privacy.core.db.work import SYSTEM
from privacy.core.errors import NotFound
from privacy.erasures.export import export_all
from privacy.erasures.journals import open_journal
from privacy.identities.people import Person
from privacy.profiles.parts import Objection
from privacy.subjects.words import RequestKind
from tests.database.exports.houses import Sealed, brought, exported, rows
from tests.database.registers.people import object_to
from tests.database.subjects.people import EMAIL, OTHER_EMAIL, Rights, desk_of
from tests.tenancies import House, Tenancy

ROOMS = ("contacts", "inquiries", "calls", "registrants", "consents")
UNKNOWN = uuid.UUID("0198c0de-0000-7000-8000-00000000dead")


def _fingerprint(house: House) -> list[Any]:
    tables = ("contacts", "calls", "inquiries", "consents", "ledger_events", "tenants")
    return [next(house.rows(f"SELECT count(*) FROM {one}")) for one in tables]


@pytest.mark.promise("C2")
@pytest.mark.attack(64)
def test_erased_people_do_not_come_back(house: House, tenant: Tenancy) -> None:
    """Whether the journal still lies here or is in escrow already."""
    sealed = exported(house, tenant)
    Rights(house, tenant).done(RequestKind.ERASURE)
    left = {name: len(rows(tenant, name, "id")) for name in ROOMS}
    outcome = brought(house, sealed).outcome
    assert outcome.total(Fate.ERASED) >= 5
    assert left == {name: len(rows(tenant, name, "id")) for name in left}
    assert outcome.counts["contacts"] == {Fate.ERASED: 1, Fate.UNCHANGED: 1}
    assert outcome.counts["calls"][Fate.ERASED] == 3
    with tenant.work() as work:
        assert export_all(work, open_journal(house.custody))
    assert brought(house, sealed).outcome.counts == outcome.counts
    files = exported(house, tenant).files()
    assert EMAIL.encode() not in files["records/contacts.jsonl"]
    assert OTHER_EMAIL.encode() in files["records/contacts.jsonl"]


@pytest.mark.promise("C6")
def test_a_later_word_keeps_a_person_out(house: House, tenant: Tenancy, other: Tenancy) -> None:
    sealed = exported(house, tenant)
    with other.work() as work:
        sam = Person(email=OTHER_EMAIL, name="Sam")
        object_to(work, other, Objection.DIRECT_MARKETING, person=sam)
    outcome = brought(house, sealed, other.id).outcome
    assert outcome.counts["contacts"] == {Fate.SUPPRESSED: 1, Fate.CREATED: 1}


@pytest.mark.promise("B1")
@pytest.mark.attack(65)
def test_days_that_are_over_do_not_come_back(house: House, tenant: Tenancy) -> None:
    sealed = exported(house, tenant)
    with house.installation.superuser().begin() as connection:
        mine = {"t": tenant.id}
        shorter = "UPDATE tenants SET retention_days_calls = 5 WHERE tenant_id = :t"
        connection.execute(text(shorter), mine)
        connection.execute(text("DELETE FROM calls WHERE tenant_id = :t"), mine)
    arriving = Arriving(sealed.opener, SYSTEM, {sealed.manifest().schema})
    foreseen = foresee_import(desk_of(house), io.BytesIO(sealed.content), arriving)
    outcome = brought(house, sealed).outcome
    for one in (foreseen.outcome, outcome):
        assert one.counts["calls"][Fate.EXPIRED] == 1
        assert one.counts["calls"][Fate.CREATED] == 3
        assert len(one.expired_days) == 1
    [ended] = [one for one in sealed.manifest().members if one.day == outcome.expired_days[0]]
    assert ended.ends_at is not None
    assert ended.day is not None
    assert ended.ends_at.date() - ended.day == timedelta(days=30)


@pytest.mark.attack(61)
def test_nothing_is_written_of_what_is_refused(house: House, tenant: Tenancy) -> None:
    sealed, desk = exported(house, tenant), desk_of(house)
    with house.installation.superuser().begin() as connection:
        gone = "DELETE FROM contacts WHERE tenant_id = :t"
        connection.execute(text(gone), {"t": tenant.id})
    before = _fingerprint(house)
    cut = Sealed(sealed.content[:-1], sealed.opener)
    with pytest.raises(ArchiveDamaged):
        brought(house, cut)
    for arriving, refusal in (
        (Arriving(sealed.opener, SYSTEM, {"0001_core"}), SchemaNewer),
        (Arriving(sealed.opener, SYSTEM, {sealed.manifest().schema}, UNKNOWN), NotFound),
    ):
        with pytest.raises(refusal):
            import_archive(desk, io.BytesIO(sealed.content), arriving)
    arriving = Arriving(sealed.opener, SYSTEM, {sealed.manifest().schema})
    foreseen = foresee_import(desk, io.BytesIO(sealed.content), arriving)
    assert foreseen.outcome.counts["contacts"] == {Fate.CREATED: 2}
    assert _fingerprint(house) == before
    assert brought(house, sealed).outcome.counts["contacts"] == {Fate.CREATED: 2}
