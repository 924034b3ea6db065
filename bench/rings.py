"""Many tenants at once: keys in bulk, as `make_days_ahead` makes them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from uuid import UUID

from bench.sites import Site
from connector.calls.keeping import KIND, SERVICE
from privacy.core import clock
from privacy.core.ids import new_id
from privacy.vault.creations import create_keys, tenant_key_names
from privacy.vault.wrapping import KeyKind, KeyName

_AT_ONCE = 20_000


def make_tenants(site: Site, count: int, *, days: int) -> list[UUID]:
    """Tenants with their two keys, and a key for each of the last `days` days."""
    tenants = [new_id() for _ in range(count)]
    names = (name for tenant_id in tenants for name in _names(tenant_id, days))
    house = site.house
    while some := list(islice(names, _AT_ONCE)):
        with house.engines.keeper.begin() as connection:
            create_keys(connection, house.custody, some)
    return tenants


def _names(tenant_id: UUID, days: int) -> Iterator[KeyName]:
    yield from tenant_key_names(tenant_id)
    today = clock.now().date()
    for ago in range(days):
        yield KeyName(tenant_id, KeyKind.DAY, SERVICE, KIND, today - timedelta(days=ago), 1)
