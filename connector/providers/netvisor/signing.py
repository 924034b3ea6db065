"""The MAC of a message, and the headers around it.

Joined by `&`: url, sender, customer id, timestamp, language, organisation id, transaction id,
seconds since 1970, customer key, partner key. HMACSHA256 signs all ten under `customerKey&
partnerKey`; the older SHA256 and MD5 are plain hashes of the nine without the seconds. All in
ISO 8859-1, hexadecimal. Neither the partner's id nor the body is covered: TLS protects those.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from connector.providers.netvisor.credentials import Algorithm, NetvisorCredentials

PREFIX: Final = "X-Netvisor-Authentication-"
CHARSET: Final = "latin-1"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes a message this one. `url` is exactly what goes over the wire."""

    url: str
    timestamp: str
    """UTC, `YYYY-MM-DD HH:MM:SS.mmm`."""
    unix: int
    transaction_id: str
    """Unique among all messages of a partner; a repeat is refused."""

    @classmethod
    def at(cls, moment: datetime, *, url: str, transaction_id: str) -> "Stamp":
        """The stamp of a message sent now. `moment` is aware, in UTC."""
        text = f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03d}"
        return cls(url, text, int(moment.timestamp()), transaction_id)


def sign(credentials: NetvisorCredentials, stamp: Stamp, algorithm: Algorithm | None = None) -> str:
    """The MAC, in lower case. Raises UnicodeEncodeError for text beyond ISO 8859-1."""
    algorithm = algorithm or credentials.algorithm
    keys = f"{credentials.customer_key}&{credentials.partner_key}"
    unix = [str(stamp.unix)] if algorithm is Algorithm.HMACSHA256 else []
    parts = [
        *(stamp.url, credentials.sender, credentials.customer_id, stamp.timestamp),
        *(credentials.language.value, credentials.organisation_id, stamp.transaction_id),
        *(*unix, keys),
    ]
    message = "&".join(parts).encode(CHARSET)
    if algorithm is Algorithm.HMACSHA256:
        return hmac.new(keys.encode(CHARSET), message, hashlib.sha256).hexdigest()
    if algorithm is Algorithm.SHA256:
        return hashlib.sha256(message).hexdigest()
    return hashlib.md5(message, usedforsecurity=False).hexdigest()


def signed_headers(credentials: NetvisorCredentials, stamp: Stamp) -> dict[str, str]:
    """All headers of a message. Failures come with an HTTP status, so that a proxy's error page
    is not the only thing that has one."""
    return {
        f"{PREFIX}Sender": credentials.sender,
        f"{PREFIX}CustomerId": credentials.customer_id,
        f"{PREFIX}PartnerId": credentials.partner_id,
        f"{PREFIX}Timestamp": stamp.timestamp,
        f"{PREFIX}TimestampUnix": str(stamp.unix),
        f"{PREFIX}TransactionId": stamp.transaction_id,
        f"{PREFIX}MAC": sign(credentials, stamp),
        f"{PREFIX}MACHashCalculationAlgorithm": credentials.algorithm.value,
        f"{PREFIX}UseHTTPResponseStatusCodes": "1",
        "X-Netvisor-Interface-Language": credentials.language.value,
        "X-Netvisor-Organisation-ID": credentials.organisation_id,
    }


def same_mac(one: str, other: str) -> bool:
    """Whether two MACs are equal; hexadecimal letters come in either case."""
    return hmac.compare_digest(one.strip().lower().encode(), other.strip().lower().encode())
