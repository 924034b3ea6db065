"""Thousands of customers through the whole engine; the simulator is a process of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from connector.providers.netvisor.provider import NETVISOR
from connector.simulators.netvisor.keys import Keys
from connector.syncs.draft_account import draft_account
from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from connector.syncs.try_account import try_account
from privacy.core.db.work import SYSTEM
from tests.functional.simulators.test_netvisor_control import command
from tests.tenancies import House

MIB = 1024 * 1024


@contextmanager
def grown() -> Iterator[list[int]]:
    """By how many bytes this process grows at most."""
    process, over = psutil.Process(), threading.Event()
    begun, most = process.memory_info().rss, [0]

    def look() -> None:
        while not over.wait(0.05):
            most[0] = max(most[0], process.memory_info().rss - begun)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield most
    finally:
        over.set()
        looking.join()


@pytest.mark.slow
def test_thousands_of_customers_are_kept_in_flat_memory(house: House) -> None:
    alice, keys = house.alice, Keys.of(1)
    with command("--customers", "3000") as (url, _):
        with alice.work() as work:
            account_id = draft_account(
                work,
                vault=house.vault,
                provider=NETVISOR,
                name="Books",
                credential={
                    "customer_id": keys.customer_id,
                    "customer_key": keys.customer_key,
                    "partner_id": keys.partner_id,
                    "partner_key": keys.partner_key,
                    "organisation_id": keys.organisation_id,
                    "base_url": url,
                },
            )
        station = Station(
            house.installation.engines.app,
            house.vault,
            alice.id,
            SYSTEM,
            loopback=True,
            pause=lambda _: None,
        )
        assert try_account(station, account_id=account_id).worked
        with grown() as most:
            ended = run_account(station, account_id=account_id)
    assert {each.outcome.value for each in ended} == {"done"}
    [(count,)] = house.rows("SELECT count(*) FROM contacts")
    assert count == 3_000
    assert most[0] < 48 * MIB
