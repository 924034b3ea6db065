"""Every path that lists, searches or exports people leaves out who objected to what it is for."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from connector.calls.export import export_calls
from connector.calls.exported import ExportForm
from connector.calls.ingest import ingest_calls
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.contacts.kinds import TokenKind
from connector.contacts.search import ContactQuery, search_contacts
from connector.contacts.shelf import CONTACTS
from connector.contacts.write import Entry, create_contact
from connector.invoices.shelf import INVOICES
from connector.synced.read import Listing, list_records
from connector.synced.shapes import Contact, Invoice, RecordKind
from privacy.consents.purposes import ConsentPurpose
from privacy.core.errors import Invalid
from privacy.identities.people import Person
from privacy.suppressions.purposes import OBJECTED
from privacy.suppressions.uses import OBJECTABLE, Use, known_ways, standing_for
from tests.database.records.books import Books, an_account, received
from tests.database.registers.people import agree, object_to
from tests.database.subjects.people import Rights
from tests.factories import a_call
from tests.tenancies import House, Tenancy

SAYS_NO = Person(email="no@example.org", phone="+12025550143", name="Nora No")
SAYS_YES = Person(email="yes@example.org", phone="+12025550177", name="Yusuf Yes")
PEOPLE = (SAYS_NO, SAYS_YES)
DESK = "+442079460345"
pytestmark = [pytest.mark.promise("A13"), pytest.mark.promise("C6")]
Reader = Callable[[Tenancy, Use], str]


@pytest.fixture
def tenant(house: House) -> Tenancy:
    """Knows both, as contacts and from calls."""
    made = Rights(house, house.alice).tenant
    account = made.account()
    with made.work() as work:
        for person in PEOPLE:
            entry = Entry(Contact(name=person.name, emails=(person.email,), phones=(person.phone,)))
            create_contact(work, vault=made.vault, entry=entry)
        calls = [a_call(caller=one.phone, called=DESK, contact_person=one.name) for one in PEOPLE]
        ingest_calls(work, vault=made.vault, account=account, calls=calls)
    return made


def _serve(house: House, *services: str) -> None:
    with house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE tenants SET services = :s"), {"s": list(services)})


def _listed(tenant: Tenancy, use: Use) -> str:
    with tenant.work() as work:
        listing = Listing(use=use)
        return repr(list_records(work, vault=tenant.vault, shelf=CONTACTS, listing=listing))


def _looked_up(tenant: Tenancy, use: Use) -> str:
    with tenant.work() as work:
        queries = [ContactQuery(TokenKind.EMAIL, one.email, use=use) for one in PEOPLE]
        return repr([search_contacts(work, vault=tenant.vault, query=one) for one in queries])


def _searched(tenant: Tenancy, use: Use) -> str:
    with tenant.work() as work:
        return repr(search_calls(work, vault=tenant.vault, query=Query(use=use)).calls)


def _exported(tenant: Tenancy, use: Use) -> str:
    with tenant.work() as work:
        parts = export_calls(
            work, vault=tenant.vault, query=Query(use=use), form=ExportForm.JSON_LINES
        )
        return b"".join(parts).decode()


READERS: tuple[Reader, ...] = (_listed, _looked_up, _searched, _exported)


def _seen(tenant: Tenancy, use: Use) -> Iterator[tuple[bool, bool]]:
    for reader in READERS:
        said = reader(tenant, use)
        yield tuple(one.name in said for one in PEOPLE)  # type: ignore[misc]


@pytest.mark.parametrize("use", OBJECTABLE)
def test_who_objected_to_a_use_is_in_nothing_that_is_read_for_it(
    house: House, tenant: Tenancy, use: Use
) -> None:
    service = "C" if use is Use.FUTURE_COMMUNICATION else "T"
    _serve(house, service)
    purpose = OBJECTED[OBJECTABLE[use]]
    with tenant.work() as work:
        for person in PEOPLE if service == "T" else ():
            agree(work, tenant, service="T", purpose=ConsentPurpose(purpose), person=person)
    assert set(_seen(tenant, use)) == {(True, True)}
    with tenant.work() as work:
        object_to(work, tenant, purpose, person=SAYS_NO)
    assert set(_seen(tenant, use)) == {(False, True)}
    assert set(_seen(tenant, Use.DELIVERY)) == {(True, True)}, "the service itself goes on"
    others = [one for one in OBJECTABLE if OBJECTED[OBJECTABLE[one]] is not purpose]
    with tenant.work() as work:
        for person in PEOPLE if service == "T" else ():
            for other in others:
                wanted = ConsentPurpose(OBJECTED[OBJECTABLE[other]])
                agree(work, tenant, service="T", purpose=wanted, person=person)
    if service == "T":
        other = next(one for one in others if one is not Use.FUTURE_COMMUNICATION)
        assert set(_seen(tenant, other)) == {(True, True)}, "each on its own"


def test_where_nothing_may_be_sent_nobody_is_listed_for_it(house: House, tenant: Tenancy) -> None:
    _serve(house, "C")
    assert set(_seen(tenant, Use.DIRECT_MARKETING)) == {(False, False)}
    _serve(house, "T")
    assert set(_seen(tenant, Use.FUTURE_COMMUNICATION)) == {(False, False)}, "T declares no such"


def test_what_names_nobody_is_listed_for_no_such_use(tenant: Tenancy) -> None:
    books = Books(tenant, an_account(tenant), RecordKind.INVOICES, stream="invoices")
    books.save(received("i-1", Invoice(number="1", customer="c-1")))
    with tenant.work() as work:
        listing = Listing(use=Use.TELEMARKETING)
        with pytest.raises(Invalid):
            list_records(work, vault=tenant.vault, shelf=INVOICES, listing=listing)
        with pytest.raises(Invalid):
            standing_for(work, tenant.vault, use=Use.OPINION_POLLS)
    assert known_ways(emails=["nobody", ""], phones=["x"]) == frozenset()
