"""What a measurement is given, and what several of them share."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from bench.plain import Plain
from bench.samples import BATCH, Samples
from bench.sealed import Sealed
from bench.sites import Site
from bench.sizes import Sizes

DAYS = 30


@dataclass
class Context:
    """The installation, the sizes, and a large tenant made when first asked for."""

    site: Site
    sizes: Sizes

    @cached_property
    def plain(self) -> Plain:
        """The yardstick's table."""
        made = Plain(self.site)
        made.create()
        return made

    @cached_property
    def stock(self) -> UUID:
        """A tenant with `sizes.stock` calls, spread evenly over 30 days, the last ones included."""
        tenant_id = self.site.tenant("Stock Oy")
        account, _ = self.site.account(tenant_id)
        sealed, samples = Sealed(self.site.house, account), Samples(7)
        with ThreadPoolExecutor(2) as threads:
            waiting = []
            for number in range(self.sizes.stock // BATCH):
                body = samples.body(day=number % (DAYS - 1))
                waiting.append(threads.submit(sealed.ingest, body))
                if len(waiting) > 4:
                    waiting.pop(0).result()
            for each in waiting:
                each.result()
        self.site.analyse()
        return tenant_id
