"""What there is to be read, and which of it an account wants."""

from collections.abc import Mapping
from typing import Final

from connector.providers.port import CredentialField, Stream
from connector.synced.shapes import RecordKind

CUSTOMERS: Final = Stream("customers", RecordKind.CONTACTS, "Customers")
SUBSCRIPTIONS: Final = Stream("subscriptions", RecordKind.SUBSCRIPTIONS, "Subscriptions")
INVOICES: Final = Stream("invoices", RecordKind.INVOICES, "Invoices")
CALL_RECORDS: Final = Stream("call_records", RecordKind.CALLS, "Teams calls")
PSTN_CALLS: Final = Stream("pstn_calls", RecordKind.CALLS, "Telephone calls")
BOTH: Final = "both"
CALLS: Final = CredentialField(
    "calls",
    "Which calls",
    secret=False,
    help="call_records: all of Teams. pstn_calls: the log of telephone calls. both: calls with a "
    "telephone then come from that log alone, so that none is kept twice.",
    default=CALL_RECORDS.name,
    choices=(CALL_RECORDS.name, PSTN_CALLS.name, BOTH),
)


def wanted_calls(credential: Mapping[str, str]) -> str:
    """The name of a stream of calls, or BOTH."""
    return credential.get("calls", "").strip() or CALL_RECORDS.name
