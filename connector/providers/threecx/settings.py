"""What an account says about its 3CX."""

from typing import Final

from connector.providers.settings import AccountSettings

DEFAULT_FIELDS: Final = (
    *("historyid", "callid", "duration", "time-start", "time-answered", "time-end"),
    *("reason-terminated", "from-no", "to-no", "from-dn", "to-dn", "dial-no"),
    *("reason-changed", "final-number", "final-dn", "bill-code", "bill-rate", "bill-cost"),
    *("bill-name", "chain"),
)


class ThreeCxSettings(AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`fields` is the order of the fields as configured in the exchange's CDR settings."""

    fields: tuple[str, ...] = DEFAULT_FIELDS
    delimiter: str = ","

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.delimiter) != 1 or self.delimiter in '"\r\n' or not self.delimiter.isascii():
            raise ValueError("delimiter is one character, like a comma or a semicolon")
        if "time-start" not in self.fields:
            raise ValueError("fields must have time-start: without a start there is no record")
