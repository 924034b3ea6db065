"""Look at the same thing in the installation and in each tenant, one wall after the other."""

import uuid
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from tenants.http.callers import caller
from tenants.http.services import services
from tenants.tenants.list import tenant_ids

T = TypeVar("T")
MOST: Final = 500
"""Tenants that one page visits; the command line visits all."""


def visit_all(look: Callable[[UnitOfWork], T]) -> Iterator[tuple[uuid.UUID, T]]:
    """`look`'s answer for the installation first, then for each tenant."""
    desk, actor = services().desk, caller().actor
    with desk.installation(actor) as work:
        ids = tenant_ids(work, limit=MOST)
    for tenant_id in [INSTALLATION_ID, *(one for one in ids if one != INSTALLATION_ID)]:
        with desk.tenant(tenant_id, actor) as work:
            yield tenant_id, look(work)
