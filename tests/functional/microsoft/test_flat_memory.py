"""Fifty thousand call records in flat memory: the simulator runs in a process of its own."""

import ssl
import threading
import tracemalloc
from pathlib import Path

import pytest

from connector.outbound.client import Outbound
from connector.outbound.recipients import Recipient, Recipients
from connector.providers.microsoft.provider import MicrosoftCallsProvider
from connector.providers.port import Opening
from privacy.core import clock
from tests.functional.simulators.test_microsoft import command

MIB = 1024 * 1024
CALLS = 50_000


@pytest.mark.slow
def test_fifty_thousand_call_records_in_flat_memory(tmp_path: Path) -> None:
    with command(tmp_path, "--customers", "0", "--calls", str(CALLS)) as (url, keys, _):
        context = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
        opening = Opening(
            credential={
                "tenant_id": keys.tenant_id,
                "client_id": keys.client_id,
                "client_secret": keys.client_secret,
                "base_url": url,
            },
            settings={},
            outbound=Outbound(Recipients([Recipient.of(url)]), loopback=True, tls=context),
            alone=threading.Lock,
            renew=lambda _: None,
        )
        connection = MicrosoftCallsProvider().connect(opening)
        seen, largest = set[int](), 0
        tracemalloc.start()
        for page in connection.read("call_records", None, now=clock.now()):
            seen |= {hash(each.external_id) for each in page.received}
            largest = max(largest, len(page.received))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert len(seen) == CALLS
    assert largest <= 200
    assert peak < 24 * MIB
