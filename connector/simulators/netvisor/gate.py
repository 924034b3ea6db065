"""Who may come in: headers, clock, MAC, and no message twice.

Checked as documented: partner, customer, company, language, both times, the MAC in each of the
three ways, and that the transaction id was never used by this partner. Real clients disagree
whether the query is signed as it stands on the wire or before it was encoded; both pass, as
both are in use against the real one.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import unquote, unquote_plus

from connector.providers.netvisor.credentials import Algorithm, Language, NetvisorCredentials
from connector.providers.netvisor.signing import PREFIX, Stamp, same_mac, sign
from connector.providers.netvisor.values import read_moment
from connector.simulators.netvisor.keys import Keys
from connector.simulators.netvisor.refusals import Refusal

SKEW: Final = timedelta(minutes=10)
_MOST_IDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Claim:
    """What a message says of itself."""

    credentials: NetvisorCredentials
    partner_id: str
    timestamp: str
    unix: str
    transaction_id: str
    mac: str

    @classmethod
    def of(cls, headers: Mapping[str, str], keys: Keys) -> "Claim":
        """From headers whose names are in lower case. Raises Refusal. No algorithm named means
        the oldest."""

        def header(name: str, default: str = "") -> str:
            return headers.get((PREFIX + name).lower(), default).strip()

        try:
            credentials = NetvisorCredentials(
                customer_id=header("CustomerId"),
                customer_key=keys.customer_key,
                partner_id=header("PartnerId"),
                partner_key=keys.partner_key,
                organisation_id=headers.get("x-netvisor-organisation-id", ""),
                sender=header("Sender"),
                language=Language(headers.get("x-netvisor-interface-language", "")),
                algorithm=Algorithm(header("MACHashCalculationAlgorithm", "MD5").upper()),
            )
        except ValueError:
            raise _denied("A header is missing, or its value is none of those allowed") from None
        times = header("Timestamp"), header("TimestampUnix")
        return cls(credentials, header("PartnerId"), *times, header("TransactionId"), header("MAC"))


class Gate:
    """Remembers the transaction ids of its partner."""

    def __init__(self, keys: Keys, *, skew: timedelta = SKEW) -> None:
        self._keys = keys
        self._skew = skew
        self._used: set[str] = set()
        self._lock = threading.Lock()

    def check(self, claim: Claim, *, url: str, now: datetime) -> None:
        """`url`: as on the wire. Raises Refusal."""
        keys, said = self._keys, claim.credentials
        if claim.partner_id != keys.partner_id:
            raise _denied("Integration partner was not found")
        if said.customer_id != keys.customer_id:
            raise _denied("Customer was not found")
        if said.organisation_id != keys.organisation_id:
            raise _denied("Company was not found by its business id")
        self._check_times(claim, now)
        if not any(_signed(claim, variant) for variant in _variants(url)):
            raise _denied("MAC does not match")
        self._check_unique(claim.transaction_id)

    def _check_times(self, claim: Claim, now: datetime) -> None:
        try:
            said = read_moment(claim.timestamp)
        except ValueError:
            said = None
        if said is None or abs(said.replace(tzinfo=UTC) - now) > self._skew:
            raise _denied("Timestamp is missing or too far from the server's time")
        if claim.credentials.algorithm is not Algorithm.HMACSHA256:
            return
        unix = claim.unix
        if not unix.isdigit() or abs(int(unix) - now.timestamp()) > self._skew.total_seconds():
            raise _denied("TimestampUnix is missing or too far from the server's time")

    def _check_unique(self, transaction_id: str) -> None:
        with self._lock:
            if not transaction_id or transaction_id in self._used:
                raise Refusal("REQUEST_NOT_UNIQUE", "Transaction id has been used before")
            if len(self._used) >= _MOST_IDS:
                self._used.clear()
            self._used.add(transaction_id)


def _signed(claim: Claim, url: str) -> bool:
    unix = int(claim.unix) if claim.unix.isdigit() else 0
    stamp = Stamp(url, claim.timestamp, unix, claim.transaction_id)
    try:
        return same_mac(claim.mac, sign(claim.credentials, stamp))
    except UnicodeEncodeError:
        return False


def _variants(url: str) -> list[str]:
    return [url, unquote(url), unquote_plus(url)]


def _denied(text: str) -> Refusal:
    return Refusal("AUTHENTICATION_FAILED", text)
