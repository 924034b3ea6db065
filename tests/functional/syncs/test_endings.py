"""An account that is disconnected takes everything along that was only about reading it."""

import uuid
from typing import Any

import pytest

from connector.accounts.change import delete_account
from connector.contacts.erase import erase_contact
from connector.mappings.models import AccountMapping
from tests.functional.syncs.benches import Engine, engine
from tests.functional.syncs.charges import a_charge, ask
from tests.tenancies import House

_ENDED = (
    "account_streams",
    "sync_runs",
    "account_connections",
    "account_mappings",
    "outgoing_documents",
    "erased_records",
    "contacts",
    "contact_tokens",
    "products",
    "invoices",
    "payments",
)


@pytest.mark.promise("B4")
def test_nothing_of_its_reading_stays(house: House) -> None:
    with engine(house.alice, customers=4) as e, engine(house.charlie, customers=4) as other:
        account_id = e.connected()
        e.run(account_id)
        other.run(other.connected())
        ask(e, account_id, a_charge(e))
        [(contact_id,), *_] = house.rows(
            f"SELECT id FROM contacts WHERE tenant_id = '{house.alice.id}'"
        )
        with house.alice.work() as work:
            erase_contact(work, vault=house.vault, contact_id=contact_id)  # type: ignore[arg-type]
            row = AccountMapping(
                tenant_id=work.tenant_id,
                account_id=account_id,
                version=1,
                settings={},
                saved_at=work.now,
            )
            work.session.add(row)
        with house.alice.work() as work:
            delete_account(work, account_id=account_id)
        for table in _ENDED:
            left = house.rows(f"SELECT 1 FROM {table} WHERE tenant_id = '{house.alice.id}'")
            assert list(left) == [], table
        assert house.installation.count("contacts") == 4, "Charlie's"
        assert house.installation.count("account_streams") == 4


def test_a_run_that_is_under_way_stops_and_writes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine(house.alice, customers=250) as e:
        account_id = e.connected()
        pages = broken_off(e, account_id, after=1)
        monkeypatch.setattr("connector.syncs.run_stream._pages", pages)
        ended = e.run(account_id)
        assert ended["customers"].outcome.value == "stopped"
        for table in ("contacts", "account_streams", "sync_runs"):
            assert house.installation.count(table) == 0


def broken_off(e: Engine, account_id: uuid.UUID, *, after: int) -> Any:
    """The provider's pages; somebody disconnects the account after so many."""

    def pages(opened: Any, stream: str, begun: Any) -> Any:
        for n, page in enumerate(opened.connection.read(stream, begun.cursor, now=begun.now)):
            if n == after:
                with e.tenant.work() as work:
                    delete_account(work, account_id=account_id)
            yield page

    return pages
