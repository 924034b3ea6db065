"""Microsoft's accounts in the engine: from a draft to stored things, and what failures make of
them."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from connector.accounts.credentials import open_fields
from connector.accounts.find import find_account
from connector.accounts.states import AccountState
from connector.providers.microsoft.provider import MICROSOFT, MICROSOFT_CALLS
from connector.syncs.draft_account import draft_account
from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from connector.syncs.streams import list_streams, request_run
from connector.syncs.try_account import try_account
from privacy.core.db.work import SYSTEM
from tests.functional.microsoft.worlds import World, trust, world
from tests.tenancies import House


@dataclass
class Engine:
    """Alice's account, and the engine over it."""

    world: World
    station: Station
    account_id: uuid.UUID

    def run(self) -> dict[str, str]:
        with self.station.work() as work:
            request_run(work, account_id=self.account_id)
        ended = run_account(self.station, account_id=self.account_id)
        return {each.stream: each.outcome.value for each in ended}

    def state(self) -> AccountState:
        with self.station.work() as work:
            return AccountState(find_account(work, self.account_id).state)

    def credential(self) -> dict[str, str]:
        with self.station.work() as work:
            return open_fields(work, self.station.vault, find_account(work, self.account_id))

    def count(self, statement: str) -> int:
        with self.station.work() as work:
            return int(work.connection.execute(text(statement)).scalar_one())

    def new_process(self) -> None:
        """One that remembers no token."""
        for provider in (MICROSOFT, MICROSOFT_CALLS):
            provider.memory.__init__()  # type: ignore[misc]


@contextmanager
def engine(house: House, kind: str = "partner") -> Iterator[Engine]:
    with world(customers=7, calls=9) as made:
        if kind == "partner":
            made.with_user()
        alice = house.alice
        station = Station(
            alice.installation.engines.app,
            alice.vault,
            alice.id,
            SYSTEM,
            loopback=True,
            pause=lambda _: None,
            outbound={"tls": trust()},
        )
        with station.work() as work:
            account_id = draft_account(
                work,
                vault=alice.vault,
                provider=MICROSOFT if kind == "partner" else MICROSOFT_CALLS,
                name="Microsoft",
                credential=made.stored,
            )
        tested = try_account(station, account_id=account_id)
        assert tested.worked, tested
        yield Engine(made, station, account_id)


def test_everything_that_service_m_declares_is_kept(house: House) -> None:
    with engine(house) as e:
        assert e.run() == {"customers": "done", "subscriptions": "done", "invoices": "done"}
        assert e.count("SELECT count(*) FROM contacts") == 7
        assert e.count("SELECT count(*) FROM invoices") == 24
        stored = sum(map(len, e.world.desk.books.subscriptions.values()))
        assert e.count("SELECT count(*) FROM subscriptions") == stored
        assert e.count("SELECT count(*) FROM calls") == 0
        assert e.run() == {"customers": "done", "subscriptions": "done", "invoices": "done"}
        assert e.count("SELECT count(*) FROM contacts") == 7
        assert e.state() is AccountState.CONNECTED


@pytest.mark.promise("A12")
def test_an_account_of_service_m_has_no_stream_of_calls(house: House) -> None:
    with engine(house) as e, e.station.work() as work:
        kinds = {row.kind for row in list_streams(work, e.account_id)}
        assert kinds == {"contacts", "subscriptions", "invoices"}


def test_calls_are_kept_under_service_t(house: House) -> None:
    with engine(house, "calls") as e:
        assert e.run() == {"call_records": "done"}
        assert e.count("SELECT count(*) FROM calls") == 9
        assert e.run() == {"call_records": "done"}
        assert e.count("SELECT count(*) FROM calls") == 9


def test_a_rotated_token_outlives_its_process(house: House) -> None:
    with engine(house) as e:
        seen = set()
        for _ in range(3):
            e.new_process()
            assert set(e.run().values()) == {"done"}
            assert e.credential()["refresh_token"] == e.world.desk.sign_in.refresh_token
            seen.add(e.credential()["refresh_token"])
        assert len(seen) == 3


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("invalid_grant", AccountState.NEEDS_REAUTH),
        ("invalid_client", AccountState.NEEDS_REAUTH),
        ("500", AccountState.CONNECTED),
        ("429", AccountState.CONNECTED),
        ("lost_answer", AccountState.CONNECTED),
        ("temporarily_unavailable", AccountState.CONNECTED),
    ],
)
def test_what_the_sign_in_says_decides(house: House, fault: str, state: AccountState) -> None:
    with engine(house) as e:
        e.run()
        e.new_process()
        e.world.fault(fault, times=-1, resource="token")
        e.run()
        assert e.state() is state
        assert e.count("SELECT count(*) FROM contacts") == 7
        e.world.desk.faults.clear()
        e.new_process()
        assert try_account(e.station, account_id=e.account_id).worked
        assert e.state() is AccountState.CONNECTED
