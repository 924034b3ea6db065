"""Accounts that are asked, from draft to connected and through every kind of trouble."""

import uuid

import pytest

from connector.accounts.states import AccountState
from connector.marketplace.drafts import draft_ordered
from connector.providers.netvisor.provider import NETVISOR
from connector.syncs.enter_credential import enter_credential
from privacy.core.errors import Invalid, NotFound
from tests.functional.syncs.benches import engine
from tests.tenancies import House

WRONG = "0123456789ABCDEF0123456789ABCDEF"


def test_nothing_is_connected_before_a_test_call_worked(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.draft()
        assert e.account(account_id).state == AccountState.DRAFT
        assert e.run(account_id) == {}
        assert e.world.desk.counts == {}
        tested = e.test(account_id)
        assert (tested.state, tested.worked) == (AccountState.CONNECTED, True)
        assert set(e.streams(account_id)) == {"customers", "products", "invoices", "payments"}
        assert "1967543-8" in e.account(account_id).external_key


def test_the_same_outside_account_is_not_added_twice(house: House) -> None:
    with engine(house.alice) as e:
        first = e.connected()
        second = e.draft("Books again")
        tested = e.test(second)
        assert (tested.worked, tested.code) == (False, "account_exists")
        assert e.account(second).state == AccountState.ERROR
        assert e.account(first).state == AccountState.CONNECTED
    with engine(house.charlie) as other:
        assert other.test(other.draft()).worked


def test_a_wrong_key_needs_to_be_entered_again(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.draft(customer_key=WRONG)
        tested = e.test(account_id)
        assert tested.state is AccountState.NEEDS_REAUTH
        assert "credentials" in tested.message
        e.draft("Another")
        with house.alice.work() as work:
            enter_credential(
                work,
                vault=house.vault,
                provider=NETVISOR,
                account_id=account_id,
                credential={"customer_key": e.world.desk.keys.customer_key},
            )
        assert e.test(account_id).worked


def enter(house: House, account_id: uuid.UUID, **credential: str) -> None:
    with house.alice.work() as work:
        enter_credential(
            work,
            vault=house.vault,
            provider=NETVISOR,
            account_id=account_id,
            credential=credential,
        )


def test_the_old_credential_stays_until_the_new_one_worked(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        enter(house, account_id, customer_key=WRONG)
        assert e.connection(account_id).pending_sealed is not None
        assert {each.outcome.value for each in e.run(account_id).values()} == {"done"}
        tested = e.test(account_id)
        assert not tested.worked
        assert tested.state is AccountState.CONNECTED
        assert e.connection(account_id).pending_sealed is None
        assert e.account(account_id).credential_version == 1
        assert e.test(account_id).worked
        enter(house, account_id, sender="Silta two")
        assert e.test(account_id).worked
        assert e.account(account_id).credential_version == 2


def test_a_new_credential_waits_out_an_outage(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        enter(house, account_id, sender="Silta two")
        e.world.fault("500", times=-1)
        tested = e.test(account_id)
        assert (tested.later, tested.state) == (True, AccountState.CONNECTED)
        assert e.connection(account_id).pending_sealed is not None
        e.world.desk.faults.clear()
        assert e.test(account_id, asked=False).worked
        assert e.account(account_id).credential_version == 2


def test_credentials_of_another_account_are_refused(house: House) -> None:
    with engine(house.alice) as e, engine(house.alice, seed=7) as other:
        account_id = e.connected()
        enter(house, account_id, **other.credential)
        tested = e.test(account_id)
        assert tested.code == "another_account"
        assert e.account(account_id).state == AccountState.CONNECTED


def test_a_secret_is_not_sent_to_another_address(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        with pytest.raises(Invalid) as refused:
            enter(house, account_id, base_url="https://isvapi.netvisor.fi")
        assert set(refused.value.details["fields"]) == {"customer_key", "partner_key"}  # type: ignore[call-overload]


@pytest.mark.attack(34)
def test_charlie_neither_tests_nor_enters_nor_runs(house: House) -> None:
    with engine(house.alice) as e, engine(house.charlie) as c:
        account_id = e.connected()
        for act in (c.test, c.run, c.connection, c.account):
            with pytest.raises(NotFound):
                act(account_id)
        assert c.streams(account_id) == {}


def test_a_draft_without_a_credential_is_completed(house: House) -> None:
    """As a marketplace leaves it: a kind and a name."""
    with engine(house.alice) as e:
        with house.alice.work() as work:
            made = draft_ordered(work, service="N", name="ordered-7", parameters={})
        assert made is not None
        assert e.test(made).code == "credential_incomplete"
        enter(house, made, **e.credential)
        assert e.test(made).worked
        assert len(e.run(made)) == 4
