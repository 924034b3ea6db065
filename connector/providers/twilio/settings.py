"""What an account says about its Twilio."""

from typing import Literal

from connector.providers.settings import AccountSettings


class TwilioSettings(AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A call that is dialled on has a child call for each party; `a` keeps the parent only."""

    legs: Literal["a", "both"] = "a"
