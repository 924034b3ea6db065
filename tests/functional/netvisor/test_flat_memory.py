"""Ten thousand customers in flat memory: the simulator runs in a process of its own."""

import threading

import pytest

from connector.outbound.client import Outbound
from connector.outbound.recipients import Recipient, Recipients
from connector.providers.netvisor.client import NetvisorClient
from connector.providers.netvisor.connection import CUSTOMERS, NetvisorConnection
from connector.providers.netvisor.credentials import NetvisorCredentials
from connector.simulators.netvisor.keys import Keys
from privacy.core import clock
from tests.functional.simulators.test_netvisor_control import command
from tests.memories import MIB, peaks_of

FEW, MANY = 1_000, 10_000


@pytest.mark.slow
@pytest.mark.no_cover
def test_ten_thousand_customers_in_flat_memory() -> None:
    """All are listed first; reading them takes no more at the end than at the beginning."""
    with command("--customers", str(MANY)) as (url, _):
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
        pages = NetvisorConnection(client, credentials).read(CUSTOMERS, None, now=clock.now())
        peaks = peaks_of((len(page.received) for page in pages), early=FEW)
    assert peaks.read == MANY
    assert peaks.most < peaks.early + MIB
    assert peaks.most < 8 * MIB
