"""What an account says about its FreeSWITCH."""

from typing import Literal

from connector.providers.settings import AccountSettings


class FreeSwitchSettings(AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """FreeSWITCH reports each leg of a call; one record a call means the a-leg's report."""

    legs: Literal["a", "both"] = "a"
