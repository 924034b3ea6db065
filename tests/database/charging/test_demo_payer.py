"""The demo's calls are paid for by a company of its books, once those were read."""

from connector.accounts.kinds import AccountKind
from connector.charging.payers import payers, set_payer
from jobs.demo.paying import name_payer
from tests.database.records.books import Books, a_contact, an_account, received
from tests.tenancies import House


def test_a_company_pays_as_soon_as_the_books_were_read(house: House) -> None:
    alice = house.alice
    exchange, account = alice.account(AccountKind.FREESWITCH), an_account(alice)
    books = Books(alice, account)

    def named() -> bool:
        with alice.work() as work:
            return name_payer(work, vault=alice.vault, books=account.id)

    assert not named(), "nothing was read yet"
    books.save(received("78", a_contact(code="P-1", is_person=True, vat_id="")))
    assert not named(), "a person pays for no calls"
    books.save(received("77", a_contact(code="Z-17", is_person=False)))
    assert named()
    with alice.work() as work:
        assert list(payers(work)) == [exchange.id]
        set_payer(work, vault=alice.vault, account_id=exchange.id, customer_number="")
        set_payer(work, vault=alice.vault, account_id=exchange.id, customer_number="Z-17")
        before = payers(work)
    assert named()
    with alice.work() as work:
        assert payers(work) == before
