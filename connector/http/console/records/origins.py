"""Where a record is from, in words."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from connector.accounts.find import list_accounts
from connector.synced.views import RecordView
from privacy.core.db.work import UnitOfWork
from privacy.profiles.data import Source

GROUPS: Final = {
    "customers": "Our customers",
    "customers_of_customers": "Customers and prospects of our customers",
}
SOURCES: Final = {
    Source.CUSTOMER: "Given by the customer",
    Source.PUBLIC: "A public source",
    Source.USE: "The use of the service",
}
_GONE: Final = "a system that is disconnected since"

Names = Mapping[uuid.UUID | None, str]


def account_names(work: UnitOfWork) -> Names:
    """What the tenant calls its systems, by their ids; None stands for what people entered."""
    return {row.id: row.name for row in list_accounts(work)} | {None: "Entered here"}


def origin_of(view: RecordView[Any], names: Names) -> str:
    """`Books`, or `Entered here`."""
    return names.get(view.account_id, _GONE)


def source_of(view: RecordView[Any]) -> str:
    """`A public source: Trade register`."""
    label = SOURCES[Source(view.source)]
    return f"{label}: {view.source_name}" if view.source_name else label
