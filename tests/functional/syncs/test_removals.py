"""A system that suddenly lists nothing, or much less, erases nothing before somebody says so."""

import uuid

import pytest

from connector.accounts.states import AccountState
from connector.synced.sinks import Unseen
from connector.syncs.describe_account import AccountView, describe_account
from connector.syncs.removals import NothingWaits, confirm_removal, is_doubtful
from connector.syncs.repairs import Act
from connector.syncs.streams import request_run
from privacy.core.errors import NotFound
from tests.functional.syncs.benches import Engine, engine
from tests.functional.syncs.counts import living
from tests.tenancies import House


def described(e: Engine, account_id: uuid.UUID) -> AccountView:
    with e.tenant.work() as work:
        return describe_account(work, account_id)


def list_again(e: Engine, account_id: uuid.UUID) -> None:
    with e.tenant.work() as work:
        request_run(work, account_id=account_id, full=True)
    e.run(account_id)


def confirm(e: Engine, account_id: uuid.UUID) -> None:
    with e.tenant.work() as work:
        confirm_removal(work, account_id=account_id, stream="customers")


def lose(e: Engine, *, all_but: int) -> None:
    customers = e.world.desk.books.customers
    for key in list(customers)[all_but:]:
        del customers[key]


@pytest.mark.parametrize(
    ("gone", "living", "doubtful"),
    [
        (0, 0, False),
        (0, 500, False),
        (1, 1, True),
        (99, 100, False),
        (100, 100, True),
        (50, 101, False),
        (51, 101, True),
        (5_000, 10_000, False),
        (5_001, 10_000, True),
    ],
)
def test_only_all_or_most_of_many_is_doubted(gone: int, living: int, *, doubtful: bool) -> None:
    assert is_doubtful(Unseen(gone, living)) is doubtful


def test_most_of_many_waits_for_a_word_and_goes_after_it(house: House) -> None:
    with engine(house.alice, customers=120) as e:
        account_id = e.connected()
        e.run(account_id)
        lose(e, all_but=20)
        list_again(e, account_id)
        assert living(house, "contacts") == 120
        view = described(e, account_id)
        assert (view.state, view.state_reason) == (AccountState.DEGRADED, "removal_doubtful")
        assert view.repair is not None
        assert Act.CONFIRM in view.repair.acts
        waiting = {one.name: one for one in view.streams}["customers"]
        assert (waiting.removal_waits, waiting.removal_of) == (100, 120)
        assert waiting.failure_code == "removal_doubtful"
        e.later(hours=2)
        e.run(account_id)
        assert living(house, "contacts") == 120, "reading changes meanwhile says nothing"
        assert described(e, account_id).state is AccountState.DEGRADED
        confirm(e, account_id)
        assert living(house, "contacts") == 120
        e.run(account_id)
        assert living(house, "contacts") == 20
        view = described(e, account_id)
        assert (view.state, view.repair) == (AccountState.CONNECTED, None)
        [(_, held)] = e.events("removal:held")
        assert held == {"stream": "customers", "missing": 100, "records": 120}
        assert len(e.events("removal:confirmed")) == 1


def test_what_comes_back_needs_no_word(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        kept = dict(e.world.desk.books.customers)
        lose(e, all_but=0)
        list_again(e, account_id)
        assert living(house, "contacts") == 12
        e.world.desk.books.customers.update(kept)
        list_again(e, account_id)
        assert living(house, "contacts") == 12
        assert described(e, account_id).state is AccountState.CONNECTED
        with e.tenant.work() as work, pytest.raises(NothingWaits):
            confirm_removal(work, account_id=account_id, stream="customers")


def test_a_word_is_for_what_was_shown_and_not_for_more(house: House) -> None:
    with engine(house.alice, customers=120) as e:
        account_id = e.connected()
        e.run(account_id)
        lose(e, all_but=40)
        list_again(e, account_id)
        confirm(e, account_id)
        lose(e, all_but=10)
        e.run(account_id)
        assert living(house, "contacts") == 120
        waiting = {one.name: one for one in described(e, account_id).streams}["customers"]
        assert waiting.removal_waits == 110


def test_a_few_go_unasked(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        lose(e, all_but=1)
        list_again(e, account_id)
        assert living(house, "contacts") == 1


def test_nobody_confirms_for_another(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        lose(e, all_but=0)
        list_again(e, account_id)
        with house.charlie.work() as work, pytest.raises(NotFound):
            confirm_removal(work, account_id=account_id, stream="customers")
        with house.alice.work() as work, pytest.raises(NotFound):
            confirm_removal(work, account_id=uuid.uuid4(), stream="customers")
