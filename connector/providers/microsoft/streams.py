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
DIRECT_CALLS: Final = Stream("direct_calls", RecordKind.CALLS, "Telephone calls over own trunks")
"""Direct routing: telephone calls over the customer's own provider; those of Microsoft's calling
plans and operators stand in the other log."""
LOGS: Final = (PSTN_CALLS, DIRECT_CALLS)
BOTH: Final = "both"
CALLS: Final = CredentialField(
    "calls",
    "Which calls",
    secret=False,
    help="call_records: all of Teams. pstn_calls: the logs of telephone calls, by calling plans "
    "and by direct routing. both: calls with a telephone then come from those logs alone, so that "
    "none is kept twice.",
    default=CALL_RECORDS.name,
    choices=(CALL_RECORDS.name, PSTN_CALLS.name, BOTH),
)


def wanted_streams(credential: Mapping[str, str]) -> tuple[Stream, ...]:
    """What an account wants to be asked for."""
    wanted = wanted_calls(credential)
    records = (CALL_RECORDS,) if wanted in (CALL_RECORDS.name, BOTH) else ()
    return (*records, *LOGS) if wanted in (PSTN_CALLS.name, BOTH) else records


def wanted_calls(credential: Mapping[str, str]) -> str:
    """The name of a stream of calls, or BOTH."""
    return credential.get("calls", "").strip() or CALL_RECORDS.name
