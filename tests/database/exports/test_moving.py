"""A tenant moves between two installations: the same data there, and nobody else's."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from connector.calls.numbers import canonical
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.contacts.kinds import TokenKind
from connector.contacts.tokens import contacts_with
from connector.exports.decisions import TAKEN
from connector.exports.outcomes import Fate
from connector.free_fields.declare import Declaration, declare_field
from connector.free_fields.kinds import About, FieldType
from connector.free_fields.records import fields_of, fill_fields
from connector.synced.shapes import RecordKind
from privacy.core.db.declarations import LegalBasis, Purpose
from privacy.core.ids import new_id
from privacy.documents.models import CONTENT
from privacy.holds.hold import begin_hold
from privacy.holds.models import Holdable
from privacy.subjects.words import RequestKind
from privacy.suppressions.purposes import Sending
from privacy.suppressions.verdicts import Reason
from tests.database.exports.houses import brought, exported, rows
from tests.database.records.books import Books, a_contact, an_account, received
from tests.database.registers.people import verdict
from tests.database.subjects.people import EMAIL, NUMBER, Rights
from tests.databases import Databases
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House, Tenancy

CANARY = "charlie.canary@example.net"
SCAN = b"%PDF-\xff\x00 a scan"
RECORDS = ("contacts", "invoices", "payments", "products", "subscriptions")
HERE_ONLY = {"state", "state_reason"}
"""Of accounts and endpoints: they arrive without credentials."""


@pytest.fixture
def elsewhere(servers: Servers, databases: Databases, tmp_path: Path) -> Iterator[House]:
    """Another installation: its own database, keys and escrow."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with databases.one() as name:
        made = make_installation(servers, name, folder)
        yield House(made)


def _live(house: House, tenant: Tenancy, other: Tenancy) -> None:
    """Beside what is in every room; and Charlie's."""
    rights = Rights(house, tenant)
    waiting = rights.ask(RequestKind.ACCESS).id
    contact = contact_of(tenant, EMAIL)
    with tenant.work() as work:
        reason = "A claim is open."
        begin_hold(work, tenant.vault, relation=Holdable.CONTACTS, row_id=contact, reason=reason)
        declared = Declaration(
            *(About.CONTACT, "meter", "Meter", FieldType.TEXT),
            *(Purpose.DELIVERY, LegalBasis.CONTRACT),
        )
        declare_field(work, declaration=declared)
        given = {"meter": "FI-4711"}
        about = About.CONTACT
        fill_fields(work, vault=tenant.vault, about=about, record_id=contact, given=given)
        document_id = new_id()
        document: dict[str, Any] = {
            "tenant": tenant.id,
            "id": document_id,
            "about": waiting,
            "use": "identification_of_requester",
            "sealed": CONTENT.seal(work, tenant.vault, document_id, SCAN),
        }
        work.connection.execute(
            text(
                "INSERT INTO identity_documents (tenant_id, id, subject_id, use, media, "
                "content_sealed, given_at) VALUES (:tenant, :id, :about, :use, "
                "'application/pdf', :sealed, now())"
            ),
            document,
        )
    books = Books(other, an_account(other))
    books.save(received("c-9", a_contact(name="Charlie Canary", emails=(CANARY,))))


def contact_of(tenant: Tenancy, email: str) -> Any:
    """The id of the contact with this address."""
    with tenant.work() as work:
        [found] = contacts_with(work, tenant.vault, kind=TokenKind.EMAIL, text=email)
    return found


@pytest.mark.attack(34)
def test_the_same_is_there_record_by_record_and_nothing_of_charlies(
    house: House, elsewhere: House, tenant: Tenancy, other: Tenancy
) -> None:
    _live(house, tenant, other)
    sealed = exported(house, tenant)
    files = sealed.files()
    assert CANARY.encode() not in b"".join(files.values())
    assert str(other.id).encode() not in b"".join(files.values())

    arrived = brought(elsewhere, sealed)
    assert arrived.created
    assert arrived.tenant_id == tenant.id
    assert {fate for one in arrived.outcome.counts.values() for fate in one} == {
        Fate.CREATED,
        Fate.EVIDENCE,
    }
    there = Tenancy(elsewhere.installation, elsewhere.vault, tenant.id)
    _compare(files, exported(elsewhere, there).files())
    _found_there(there)
    _nothing_left_over(tenant, there)

    again = brought(elsewhere, sealed).outcome
    assert again.total(Fate.CREATED) == 0
    assert again.total(Fate.UNCHANGED) == arrived.outcome.total(Fate.CREATED)


def _compare(here: dict[str, bytes], there: dict[str, bytes]) -> None:
    """Every file that is brought in, line by line; ids of records are other digests there."""
    names = _renamed(here, there)
    compared = 0
    for path, content in here.items():
        name = Path(path).stem
        evidence = name in TAKEN and TAKEN[name].evidence
        if path in ("README.txt", "manifest.json", "records/people.jsonl") or evidence:
            continue
        if path.startswith("attachments/"):
            assert there[path] == content == SCAN
            continue
        told = content.decode()
        for old, new in names.items():
            told = told.replace(old, new)
        assert _plain(path, told) == _plain(path, there[path].decode()), path
        compared += len(told.splitlines())
    assert compared > 35


def _plain(path: str, told: str) -> list[str]:
    left = {"id"} if path.startswith("calls/") else set()
    left |= HERE_ONLY if path == "records/connector_accounts.jsonl" else set()
    found = [json.loads(line) for line in told.splitlines()]
    for line in found:
        line.get("documents", []).sort(key=str)
    return sorted(
        json.dumps({key: value for key, value in line.items() if key not in left}, sort_keys=True)
        for line in found
    )


def _renamed(here: dict[str, bytes], there: dict[str, bytes]) -> dict[str, str]:
    """Ids of records here and there, by what is in them."""
    names = dict[str, str]()
    for table in RECORDS:
        one, other = (
            {line["sealed"]["data"][0]: line["id"] for line in map(json.loads, told.splitlines())}
            for told in (here[f"records/{table}.jsonl"], there[f"records/{table}.jsonl"])
        )
        assert one.keys() == other.keys()
        assert not set(one.values()) & set(other.values()), "made by other keys"
        names |= {one[key]: other[key] for key in one}
    return names


def _found_there(there: Tenancy) -> None:
    """Tokens were made anew: what is looked for is found, and what was said is honoured."""
    contact = contact_of(there, EMAIL)
    with there.work() as work:
        number = canonical(NUMBER, "FI")
        page = search_calls(work, vault=there.vault, query=Query(number=number))
        assert len(page.calls) == 3
        assert contacts_with(work, there.vault, kind=TokenKind.PHONE, text=NUMBER) == [contact]
        about = About.CONTACT
        [field] = fields_of(work, vault=there.vault, about=about, record_id=contact)
        assert field.value == "FI-4711"
    assert rows(there, "legal_holds", "row_id") == [(str(contact),)]
    assert verdict(there, Sending.TELEMARKETING, number=NUMBER) == (False, Reason.OBJECTED)
    account = an_account_of(there)
    books = Books(there, account, RecordKind.CONTACTS, stream="contacts")
    assert len(rows(there, "contacts", "id")) == 2
    assert account.state == "needs_reauth"
    assert books.tenant.id == there.id


def an_account_of(there: Tenancy) -> Any:
    """The system that has the contacts."""
    with there.work() as work:
        found = work.connection.execute(
            text("SELECT state FROM connector_accounts WHERE kind = 'microsoft'")
        )
        return found.one()


def _nothing_left_over(tenant: Tenancy, there: Tenancy) -> None:
    """No credential went, no row of another tenant came, and no token is the same."""
    assert rows(there, "connector_accounts", "credential_sealed") == [(None,), (None,)]
    assert [one for one in there_rows(there, "registrants", "password_sealed") if one] == []
    for table in ("contact_tokens", "objection_tokens", "consent_tokens"):
        here, now = rows(tenant, table, "token"), rows(there, table, "token")
        assert len(here) == len(now) > 0
        assert not set(here) & set(now), table
    with there.installation.superuser().connect() as connection:
        owners = text("SELECT DISTINCT tenant_id FROM contacts")
        assert connection.execute(owners).scalars().all() == [there.id]


def there_rows(there: Tenancy, table: str, column: str) -> list[Any]:
    """One column."""
    return [value for (value,) in rows(there, table, column)]


@pytest.mark.attack(34)
def test_into_another_tenant_beside_others_changes_nothing_of_theirs(
    house: House, tenant: Tenancy, other: Tenancy
) -> None:
    sealed = exported(house, tenant)
    before = rows(tenant, "contacts", "id", "content_digest"), rows(tenant, "calls", "id")
    arrived = brought(house, sealed, other.id)
    assert not arrived.created
    assert arrived.outcome.total(Fate.CREATED) > 20
    assert before == (rows(tenant, "contacts", "id", "content_digest"), rows(tenant, "calls", "id"))
    assert contact_of(other, EMAIL) != contact_of(tenant, EMAIL)
