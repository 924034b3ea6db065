"""Five thousand customers in flat memory: the simulator runs in a process of its own."""

import threading
import tracemalloc

import pytest

from connector.outbound.client import Outbound
from connector.outbound.recipients import Recipient, Recipients
from connector.providers.netvisor.client import NetvisorClient
from connector.providers.netvisor.connection import CUSTOMERS, NetvisorConnection
from connector.providers.netvisor.credentials import NetvisorCredentials
from connector.simulators.netvisor.keys import Keys
from privacy.core import clock
from tests.functional.simulators.test_netvisor_control import command

MIB = 1024 * 1024


@pytest.mark.slow
def test_five_thousand_customers_in_flat_memory() -> None:
    with command("--customers", "5000") as (url, _):
        keys = Keys.of(1)
        credentials = NetvisorCredentials(
            customer_id=keys.customer_id,
            customer_key=keys.customer_key,
            partner_id=keys.partner_id,
            partner_key=keys.partner_key,
            organisation_id=keys.organisation_id,
            base_url=url,
        )
        outbound = Outbound(Recipients([Recipient.of(url)]), loopback=True)
        client = NetvisorClient(credentials, outbound, alone=threading.Lock)
        connection = NetvisorConnection(client, credentials)
        tracemalloc.start()
        seen = sum(len(page.received) for page in connection.read(CUSTOMERS, None, now=clock.now()))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert seen == 5_000
    assert peak < 12 * MIB
