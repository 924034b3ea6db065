"""How an account's exchange tells about calls."""

from typing import Any

from connector.accounts.refs import AccountRef
from connector.providers.base import CallMapping
from connector.providers.registry import MAPPINGS
from connector.providers.settings import AccountSettings, read_settings


def mapping_of(account: AccountRef) -> CallMapping[Any]:
    """The mapping of the account's kind. Raises KeyError for one that posts nothing."""
    return MAPPINGS[account.kind.value]


def settings_of(account: AccountRef) -> AccountSettings:
    """The account's typed settings. Raises Invalid when what is stored is not usable."""
    given = {"region": account.region, "time_zone": account.time_zone, **account.settings}
    settings: AccountSettings = read_settings(mapping_of(account).settings_type, given)
    return settings
