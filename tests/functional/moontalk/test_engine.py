"""A Moontalk that is asked, through the engine: from a draft to calls that are found."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from connector.accounts.find import find_account
from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.calls.views import CallView
from connector.outbound.client import Limits
from connector.providers.moontalk.provider import MOONTALK_PULL
from connector.providers.moontalk.ways import Paging, SignIn
from connector.simulators.moontalk.faults import Fault, FaultName
from connector.syncs import try_account as tests_of
from connector.syncs.draft_account import draft_account
from connector.syncs.run_account import run_account
from connector.syncs.run_stream import Ended, RunOutcome
from connector.syncs.stations import Station
from connector.syncs.streams import request_run
from privacy.core import clock
from privacy.core.db.work import SYSTEM
from tests.functional.moontalk.worlds import World, world
from tests.tenancies import House, Tenancy

LIMITS = Limits(connect_seconds=5, idle_seconds=5, total_seconds=10)


@dataclass
class Engine:
    """Alice's account, and the engine over it."""

    tenant: Tenancy
    world: World

    @property
    def station(self) -> Station:
        return Station(
            self.tenant.installation.engines.app,
            self.tenant.vault,
            self.tenant.id,
            SYSTEM,
            loopback=True,
            pause=lambda _: None,
            outbound={"limits": LIMITS},
        )

    def draft(self, **changes: str) -> uuid.UUID:
        with self.tenant.work() as work:
            return draft_account(
                work,
                vault=self.tenant.vault,
                provider=MOONTALK_PULL,
                name="Telephones",
                credential=self.world.credential | changes,
            )

    def test(self, account_id: uuid.UUID) -> tests_of.Tested:
        return tests_of.try_account(self.station, account_id=account_id, patience=20.0)

    def run(self, account_id: uuid.UUID) -> Ended:
        with self.tenant.work() as work:
            request_run(work, account_id=account_id)
        [ended] = run_account(self.station, account_id=account_id)
        return ended

    def account(self, account_id: uuid.UUID) -> ConnectorAccount:
        with self.tenant.work() as work:
            return find_account(work, account_id)

    def calls(self) -> list[CallView]:
        with self.tenant.work() as work:
            page = search_calls(work, vault=self.tenant.vault, query=Query(), limit=100)
            return list(page.calls)


@pytest.fixture(params=list(Paging), ids=lambda each: each.value)
def engine(house: House, request: pytest.FixtureRequest) -> Iterator[Engine]:
    before = clock.offset()
    try:
        with world(calls=60, paging=request.param, sign_in=SignIn.BASIC) as made:
            yield Engine(house.alice, made)
    finally:
        clock.set_offset(before)


def test_from_a_draft_to_calls_and_their_changes(engine: Engine) -> None:
    account_id = engine.draft()
    assert engine.account(account_id).state == AccountState.DRAFT
    assert engine.test(account_id).worked
    assert engine.account(account_id).state == AccountState.CONNECTED
    assert engine.run(account_id).outcome is RunOutcome.DONE
    books = engine.world.desk.books
    assert {view.record.source_id for view in engine.calls()} == set(books.calls)

    clock.set_offset(clock.offset() + timedelta(minutes=30))
    changed, added = min(books.calls), books.add(clock.now())
    books.change(changed, clock.now())
    assert engine.run(account_id).outcome is RunOutcome.DONE
    found = {view.record.source_id: view.record for view in engine.calls()}
    assert set(found) == set(books.calls)
    assert added in found
    assert found[changed].contact_person == books.calls[changed]["contact_person"]


def test_the_same_outside_account_is_connected_once(engine: Engine) -> None:
    assert engine.test(engine.draft()).worked
    second = engine.test(engine.draft())
    assert (second.worked, second.code) == (False, "account_exists")
    assert engine.test(engine.draft(account="another")).worked


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("429", AccountState.CONNECTED),
        ("500", AccountState.CONNECTED),
        ("503", AccountState.CONNECTED),
        ("lost_request", AccountState.CONNECTED),
        ("lost_answer", AccountState.CONNECTED),
        ("latency", AccountState.CONNECTED),
        ("wrong_key", AccountState.NEEDS_REAUTH),
        ("denied", AccountState.DEGRADED),
        ("html_page", AccountState.ERROR),
        ("malformed_json", AccountState.ERROR),
        ("truncated_json", AccountState.ERROR),
        ("empty_answer", AccountState.ERROR),
        ("wrong_shape", AccountState.ERROR),
        ("another_host", AccountState.ERROR),
    ],
)
def test_faults_lose_nothing_and_store_nothing_twice(
    house: House, fault: str, state: AccountState
) -> None:
    before = clock.offset()
    try:
        with world(calls=60, paging=Paging.CURSOR) as made:
            engine = Engine(house.alice, made)
            account_id = engine.draft()
            assert engine.test(account_id).worked
            made.desk.faults.order(_order(fault))
            engine.run(account_id)
            assert engine.account(account_id).state == state
            made.desk.faults.clear()
            clock.set_offset(clock.offset() + timedelta(hours=1))
            assert engine.test(account_id).worked
            engine.run(account_id)
            found = [view.record.source_id for view in engine.calls()]
            assert sorted(map(str, found)) == sorted(made.desk.books.calls)
            assert engine.account(account_id).state == AccountState.CONNECTED
    finally:
        clock.set_offset(before)


def _order(fault: str) -> Fault:
    lasting = fault in ("429", "500", "503", "lost_request", "lost_answer")
    return Fault(FaultName(fault), times=10 if lasting else 1, seconds=0.2)
