"""What an account says about its Asterisk."""

from connector.providers.settings import AccountSettings


class AsteriskSettings(AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`time_zone` is the zone of the exchange's clock: Master.csv does not say it."""

    inbound_contexts: tuple[str, ...] = (
        "from-trunk",
        "from-pstn",
        "from-pstn-toheader",
        "from-did-direct",
        "ext-did",
        "incoming",
        "inbound",
    )
    """Dial plan contexts in which calls from outside arrive."""
