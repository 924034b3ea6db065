"""What systems bring is kept once, changes when it changes, and goes when it goes."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.accounts.kinds import AccountKind
from connector.synced.shapes import (
    Contact,
    Invoice,
    Payer,
    Product,
    RecordKind,
    Subscription,
)
from connector.synced.sinks import Saved
from privacy.core.ids import new_id
from tests.database.records.books import Books, a_contact, an_account, received
from tests.tenancies import House


@pytest.fixture
def books(house: House) -> Books:
    """Alice's customers in Netvisor."""
    return Books(house.alice, an_account(house.alice))


def test_the_same_page_twice_changes_nothing(house: House, books: Books) -> None:
    page = [received(str(n), a_contact(name=f"Company {n}"), document=b"{}") for n in range(300)]
    assert books.save_all(page) == Saved(created=300)
    before = list(house.rows("SELECT id, version, sealed, changed_at FROM contacts ORDER BY id"))
    assert books.save_all(page) == Saved(unchanged=300)
    after = list(house.rows("SELECT id, version, sealed, changed_at FROM contacts ORDER BY id"))
    assert after == before


def test_what_changed_gets_the_next_version_and_its_new_tokens(house: House, books: Books) -> None:
    books.save(received("1", a_contact()))
    [before] = house.rows("SELECT count(*), sum(token) FROM contact_tokens WHERE kind = 'phone'")
    assert books.save(received("1", a_contact(phones=("+12025550124",)))) == Saved(changed=1)
    [after] = house.rows("SELECT count(*), sum(token) FROM contact_tokens WHERE kind = 'phone'")
    assert (before[0], after[0]) == (1, 1)
    assert before[1] != after[1]
    assert list(house.rows("SELECT version FROM contacts")) == [(2,)]


def test_the_highest_version_wins_in_any_order(books: Books) -> None:
    old, new = a_contact(name="Old"), a_contact(name="New")
    assert books.save(received("1", new, version=5)) == Saved(created=1)
    assert books.save(received("1", old, version=4)) == Saved(unchanged=1)
    pair = (received("2", new, version=2), received("2", old, version=1))
    assert books.save(*pair) == Saved(created=1, unchanged=1)
    assert books.save(received("2", new, version=2)) == Saved(unchanged=1)


def test_without_versions_the_later_one_counts(books: Books) -> None:
    first, last = received("1", a_contact(name="First")), received("1", a_contact(name="Last"))
    assert books.save(first, last) == Saved(created=1, unchanged=1)
    assert books.save(last) == Saved(unchanged=1)


def test_what_a_sweep_does_not_see_is_gone(house: House, books: Books) -> None:
    books.save(received("1", a_contact()), received("2", a_contact()))
    sweep = new_id()
    assert books.save(received("1", a_contact()), sweep=sweep) == Saved(unchanged=1)
    assert books.save(received("3", a_contact()), sweep=sweep) == Saved(created=1)
    assert books.end_sweep(sweep) == 1
    assert books.end_sweep(sweep) == 0
    assert house.installation.count("contacts") == 2


def test_a_sweep_leaves_other_streams_and_accounts_alone(house: House, books: Books) -> None:
    Books(house.alice, books.account, stream="suppliers").save(received("1", a_contact()))
    Books(house.alice, an_account(house.alice)).save(received("1", a_contact()))
    Books(house.charlie, an_account(house.charlie)).save(received("1", a_contact()))
    books.save(received("1", a_contact()))
    assert books.end_sweep(new_id()) == 1
    assert house.installation.count("contacts") == 3


def test_what_the_system_deleted_goes_with_its_tokens(house: House, books: Books) -> None:
    books.save(received("1", a_contact()), received("2", a_contact()))
    assert books.remove("1", "1", "never") == 1
    assert books.remove("1") == 0
    assert house.installation.count("contacts") == 1
    assert set(house.rows("SELECT contact_id FROM contact_tokens")) == set(
        house.rows("SELECT id FROM contacts")
    )


@pytest.mark.promise("A7")
def test_a_card_number_is_refused_and_the_earlier_state_stays(house: House, books: Books) -> None:
    books.save(received("1", a_contact()))
    sweep = new_id()
    bad = received("1", a_contact(group="card 4111 1111 1111 1111"))
    hidden = received("2", a_contact(), document=b'{"note": "5105-1051-0510-5100"}')
    assert books.save(bad, hidden, sweep=sweep) == Saved(refused=2)
    assert books.end_sweep(sweep) == 0
    assert house.installation.count("contacts") == 1


@pytest.mark.promise("A12")
def test_fields_that_no_profile_declares_are_stripped(house: House) -> None:
    netvisor = Books(house.alice, an_account(house.alice), RecordKind.INVOICES, stream="invoices")
    bare = Invoice(number="1", dated=date(2026, 1, 2))
    paid = Invoice(number="1", dated=date(2026, 1, 2), payer=Payer(name="Robin Example"))
    assert netvisor.save(received("1", bare)) == Saved(created=1)
    assert netvisor.save(received("1", paid)) == Saved(unchanged=1)


def test_another_kinds_record_is_refused(books: Books) -> None:
    assert books.save(received("1", Product(name="Chair"))) == Saved(refused=1)


def test_each_kind_has_its_own_shelf(house: House) -> None:
    account = an_account(house.alice, AccountKind.MICROSOFT)
    things: dict[RecordKind, object] = {
        RecordKind.CONTACTS: a_contact(),
        RecordKind.PRODUCTS: Product(name="Licence"),
        RecordKind.INVOICES: Invoice(number="7"),
        RecordKind.SUBSCRIPTIONS: Subscription(customer="1", product_name="Licence"),
    }
    for kind, record in things.items():
        shelf = Books(house.alice, account, kind, stream=kind.value)
        assert shelf.save(received("1", record, version=1)) == Saved(created=1)
        assert shelf.save(received("1", record, version=1)) == Saved(unchanged=1)
        assert house.installation.count(kind.value) == 1


@pytest.mark.promise("F2")
def test_nothing_that_was_received_can_be_read_in_the_tables(house: House, books: Books) -> None:
    books.save(received("external-77", a_contact(), document=b'{"name": "Example Ltd"}'))
    for table in ("contacts", "contact_tokens"):
        [(text,)] = house.rows(
            f"SELECT string_agg(encode(t::text::bytea, 'escape'), '') FROM {table} t"
        )
        for word in ("Example", "Robin", "5550123", "external-77", "C-17"):
            assert word not in str(text)
            assert word.encode().hex() not in str(text)


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
_CONTACTS = st.builds(
    Contact,
    name=_TEXT,
    emails=st.lists(_TEXT, max_size=3).map(tuple),
    phones=st.lists(_TEXT, max_size=3).map(tuple),
    vat_id=_TEXT,
    company_register_number=_TEXT,
    code=_TEXT,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    page=st.lists(
        st.tuples(st.sampled_from("abcd"), _CONTACTS, st.none() | st.integers(1, 4)), max_size=9
    )
)
def test_saving_any_page_twice_is_saving_it_once(
    books: Books, page: list[tuple[str, Contact, int | None]]
) -> None:
    things = [received(name, record, version=version) for name, record, version in page]
    first = books.save_all(things)
    assert first.created + first.changed + first.unchanged + first.refused == len(page)
    again = books.save_all(things)
    assert again == Saved(unchanged=len(page) - first.refused, refused=first.refused)
