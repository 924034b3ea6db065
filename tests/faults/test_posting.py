"""Each fault of a telephone exchange × each exchange: where accounts end, nothing lost, nothing
twice."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.accounts.credentials import seal_credential
from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.secrets import issue_secret
from connector.http.intake import refusals
from connector.http.rates.counters import MemoryCounter
from connector.simulators.exchanges.calls import make_call
from connector.simulators.exchanges.exchange import Exchange, FaultName, Kind
from connector.simulators.servers import LocalServer
from privacy.core import clock
from tests.faults.posting import CELLS, ends_of
from tests.functional.api.programs import Programs
from tests.tenancies import House

TOKEN = "token-of-a-test"
MINUTES, CALLS = 3, 2


@pytest.fixture(scope="module")
def server(shared: House) -> Iterator[LocalServer]:
    """Twilio signs the address that it posts to, so the installation is told its own."""
    with LocalServer(Programs(shared).app) as running, pytest.MonkeyPatch.context() as patch:
        patch.setitem(vars(shared.installation.settings), "public_url", running.url)
        yield running


@pytest.mark.parametrize(("kind", "fault"), CELLS)
def test_a_fault_of_an_exchange(
    shared: House,
    server: LocalServer,
    kind: Kind,
    fault: FaultName,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = shared.alice.account(AccountKind(kind.value), f"{kind}-{fault}")
    with shared.alice.work() as work:
        if kind is Kind.TWILIO:
            row = find_account(work, account.id, lock=True)
            seal_credential(work, shared.alice.vault, row, TOKEN)
        url = f"{server.url}/in/{issue_secret(work, account.id)}"
    well = exchange(kind, url)
    ended = clock.now() - timedelta(hours=1)
    calls = [make_call(5, number, ended=ended) for number in range(CALLS)]
    assert well.send(calls[0]), well.sender.counts
    assert (state(shared, account.id), count(shared, account.id)) == ("connected", 1)

    ill = exchange(kind, url, fault)
    for minute in range(MINUTES):
        monkeypatch.setattr(clock, "_offset", timedelta(minutes=minute + 1, seconds=minute))
        monkeypatch.setattr(refusals, "_said", MemoryCounter())
        for call in calls[1:]:
            ill.send(call)
    assert state(shared, account.id) == ends_of(kind, fault)
    for call in calls:
        assert well.send(call), well.sender.counts
    assert (state(shared, account.id), count(shared, account.id)) == ("connected", CALLS)


def exchange(kind: Kind, url: str, *faults: FaultName) -> Exchange:
    made = Exchange(kind, url, token=TOKEN, faults=frozenset(faults))
    made.sender.pause = lambda _: None
    return made


def state(house: House, account_id: uuid.UUID) -> str:
    with house.alice.work() as work:
        return str(find_account(work, account_id).state)


def count(house: House, account_id: uuid.UUID) -> int:
    with house.installation.superuser().connect() as connection:
        found = "SELECT count(*) FROM calls WHERE account_id = :id"
        return int(connection.execute(text(found), {"id": account_id}).scalar_one())
