"""Kinds of accounts that tell of changes, and of which streams."""

from collections.abc import Mapping
from types import MappingProxyType

from connector.accounts.kinds import AccountKind
from connector.providers.microsoft.streams import (
    CALL_RECORDS,
    CUSTOMERS,
    INVOICES,
    SUBSCRIPTIONS,
)

TOLD: Mapping[AccountKind, frozenset[str]] = MappingProxyType(
    {
        AccountKind.MICROSOFT_CALLS: frozenset({CALL_RECORDS.name}),
        AccountKind.MICROSOFT: frozenset({CUSTOMERS.name, SUBSCRIPTIONS.name, INVOICES.name}),
    }
)
