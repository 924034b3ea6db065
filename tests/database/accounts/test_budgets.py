"""A budget of requests that every process shares."""

import threading
from datetime import timedelta

import pytest

from connector.outbound.failures import TimedOut
from connector.providers.microsoft.provider import MICROSOFT_CALLS
from connector.syncs.budgets import SharedTurns
from connector.syncs.draft_account import draft_account
from connector.syncs.stations import Station
from privacy.core import clock
from privacy.core.db.work import SYSTEM
from tests.database.accounts.test_due_watches import CREDENTIAL
from tests.tenancies import House


@pytest.fixture
def turns(house: House) -> SharedTurns:
    """Ten a minute."""
    alice = house.alice
    with alice.work() as work:
        account_id = draft_account(
            work,
            vault=alice.vault,
            provider=MICROSOFT_CALLS,
            name="Teams",
            credential=CREDENTIAL,
        )
    station = Station(house.installation.engines.app, alice.vault, alice.id, SYSTEM)
    return SharedTurns(station, account_id, 10)


def test_processes_share_one_budget(turns: SharedTurns) -> None:
    """Each thread is what another process would be: it knows nothing but the database."""
    waits: list[float] = []

    def some() -> None:
        waits.extend(turns.take(None) for _ in range(6))

    threads = [threading.Thread(target=some) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waits) == 24
    ordered = sorted(waits)
    assert ordered[:10] == [0.0] * 10
    assert all(50 < wait <= 60 for wait in ordered[10:20])
    assert all(110 < wait <= 120 for wait in ordered[20:])


def test_a_turn_that_is_too_far_away_is_not_taken(
    turns: SharedTurns, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        assert turns.take(5.0) == 0.0
    for _ in range(3):
        with pytest.raises(TimedOut):
            turns.take(5.0)
    monkeypatch.setattr(clock, "_offset", clock.offset() + timedelta(seconds=61))
    assert [turns.take(5.0) for _ in range(10)] == [0.0] * 10
    with pytest.raises(TimedOut):
        turns.take(5.0)
