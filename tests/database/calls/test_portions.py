"""A batch goes to the database in portions, and is stored as one all the same."""

import pytest

from connector.accounts.refs import AccountRef
from connector.calls.ingest import ingest_calls
from connector.calls.outcomes import IngestOutcome
from connector.calls.shapes import IncomingCall
from connector.calls.store import PORTION
from privacy.ledger.events import Event
from tests.factories import a_call, days_ago
from tests.tenancies import House, Tenancy

COUNT = 2 * PORTION + 100


def send(tenant: Tenancy, account: AccountRef, calls: list[IncomingCall]) -> IngestOutcome:
    with tenant.work() as work:
        return ingest_calls(work, vault=tenant.vault, account=account, calls=calls)


@pytest.mark.parametrize("known", [0, COUNT // 2, COUNT - 1])
def test_redelivery_in_any_portion_leaves_the_rest_new(house: House, known: int) -> None:
    alice = house.alice
    account, calls = alice.account(), [a_call() for _ in range(COUNT)]
    assert send(alice, account, [calls[known]]) == IngestOutcome(1)
    assert send(alice, account, calls) == IngestOutcome(COUNT - 1, 1)
    assert send(alice, account, calls) == IngestOutcome(0, COUNT)
    assert house.installation.count("calls") == COUNT


def test_many_small_days_share_portions(house: House) -> None:
    alice = house.alice
    calls = [a_call(started_at=days_ago(1 + n % 28)) for n in range(COUNT)]
    assert send(alice, alice.account(), calls) == IngestOutcome(COUNT)
    assert house.installation.count("calls") == COUNT


def test_a_redelivery_hides_no_error_behind_another(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The driver warns when the end of a pipeline fails too, for one of two errors is lost."""
    alice = house.alice
    account, calls = alice.account(), [a_call() for _ in range(COUNT)]
    send(alice, account, calls)
    assert send(alice, account, calls) == IngestOutcome(0, COUNT)
    assert [one.getMessage() for one in caplog.records if one.name.startswith("psycopg")] == []


def test_what_was_sent_along_with_rows_that_were_known_is_said_once(house: House) -> None:
    """Counts and event go ahead with the rows; taken back with them, they are not said twice."""
    alice = house.alice
    account, calls = alice.account(), [a_call() for _ in range(3)]
    send(alice, account, calls[:2])
    before = house.installation.count("ledger_events")
    assert send(alice, account, calls) == IngestOutcome(1, 2)
    assert house.installation.count("ledger_events") == before + 1
    with alice.work() as work:
        newest = (
            "SELECT facts FROM ledger_events WHERE event = %s ORDER BY at DESC, id DESC LIMIT 1"
        )
        [(facts,)] = work.driver.execute(newest, (Event.CALLS_INGESTED.value,))
        [(counted,)] = work.driver.execute("SELECT sum(calls) FROM call_tallies")
    assert (facts["accepted"], facts["duplicates"], counted) == (1, 2, 3)
