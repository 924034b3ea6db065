"""What an account says about its Kamailio."""

from connector.providers.settings import AccountSettings


class KamailioSettings(AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Names of the extra columns (acc, `log_extra` or `acc_extra`) that hold the two parties."""

    caller_fields: tuple[str, ...] = ("caller", "src_user", "from_user", "fU", "src")
    called_fields: tuple[str, ...] = ("callee", "dst_ouser", "dst_user", "to_user", "rU", "dst")
    user_fields: tuple[str, ...] = ("user_id", "auth_user", "au")
