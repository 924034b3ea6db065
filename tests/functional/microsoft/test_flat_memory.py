"""Call records in flat memory: the simulator runs in a process of its own. `make bench` reads
fifty thousand."""

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
FEW, MANY = 250, 2_500


@pytest.mark.slow
def test_ten_times_the_call_records_take_no_more_memory(tmp_path: Path) -> None:
    few, many = (_peak(tmp_path / str(calls), calls) for calls in (FEW, MANY))
    assert many < few + MIB


def _peak(folder: Path, calls: int) -> int:
    """Bytes at most while all calls are read."""
    folder.mkdir()
    with command(folder, "--customers", "0", "--calls", str(calls)) as (url, keys, _):
        context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
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
    assert len(seen) == calls
    assert largest <= 200
    return peak
