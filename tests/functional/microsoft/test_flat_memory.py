"""Call records in flat memory: the simulator runs in a process of its own. `make bench` reads
fifty thousand."""

import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.outbound.client import Outbound
from connector.outbound.recipients import Recipient, Recipients
from connector.providers.microsoft.provider import MicrosoftCallsProvider
from connector.providers.port import Opening
from privacy.core import clock
from tests.functional.simulators.test_microsoft import command
from tests.memories import MIB, peaks_of

FEW, MANY = 250, 2_500


@pytest.mark.slow
@pytest.mark.no_cover
def test_ten_times_the_call_records_take_no_more_memory(tmp_path: Path) -> None:
    with command(tmp_path, "--customers", "0", "--calls", str(MANY)) as (url, keys, _):
        opening = Opening(
            credential={
                "tenant_id": keys.tenant_id,
                "client_id": keys.client_id,
                "client_secret": keys.client_secret,
                "base_url": url,
            },
            settings={},
            outbound=_outbound(url, tmp_path / "authority.pem"),
            alone=threading.Lock,
            renew=lambda _: None,
        )
        peaks = peaks_of(_sizes(opening), early=FEW)
    assert peaks.read == MANY
    assert peaks.most < peaks.early + MIB
    assert peaks.most < 4 * MIB


def _outbound(url: str, authority: Path) -> Outbound:
    tls = ssl.create_default_context(cafile=str(authority))
    return Outbound(Recipients([Recipient.of(url)]), loopback=True, tls=tls)


def _sizes(opening: Opening) -> Iterator[int]:
    """How many records that nobody had seen each page has; none is large."""
    seen = set[int]()
    connection = MicrosoftCallsProvider().connect(opening)
    for page in connection.read("call_records", None, now=clock.now()):
        assert len(page.received) <= 200
        before = len(seen)
        seen |= {hash(each.external_id) for each in page.received}
        yield len(seen) - before
