"""What of an account's settings is its mapping, and whose accounts have one."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.providers.moontalk.settings import MoontalkSettings
from connector.providers.settings import read_settings

MAPPED: Final = frozenset({AccountKind.MOONTALK, AccountKind.MOONTALK_PULL})
"""Kinds whose documents nobody has described, so that a tenant says what is what."""

PARTS: Final = (
    *("paths", "records", "times", "directions", "direction", "called"),
    *("own_numbers", "extension_digits"),
)
"""Settings that are edited together; the others are the account's own."""


def is_mapped(account: ConnectorAccount) -> bool:
    """Whether the account has a mapping to edit."""
    return AccountKind(account.kind) in MAPPED


def typed(account: ConnectorAccount, mapping: Mapping[str, Any] | None = None) -> MoontalkSettings:
    """The account's settings, with `mapping` in place of the present one if it is given.

    Raises:
        Invalid: they cannot be used; the message is for whoever entered them.
    """
    stored = dict(account.settings)
    if mapping is not None:
        stored = without_mapping(stored) | {
            name: value for name, value in mapping.items() if name in PARTS
        }
    given = {"region": account.region, "time_zone": account.time_zone, **stored}
    return read_settings(MoontalkSettings, given)


def without_mapping(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What stays when the mapping changes."""
    return {name: value for name, value in stored.items() if name not in PARTS}


def parts_of(settings: MoontalkSettings) -> dict[str, Any]:
    """The mapping as JSON: what differs from the usual."""
    usual = msgspec.to_builtins(MoontalkSettings())
    chosen = msgspec.to_builtins(settings)
    return {name: chosen[name] for name in PARTS if chosen[name] != usual[name]}
