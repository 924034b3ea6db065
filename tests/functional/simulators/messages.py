"""A client of Netvisor that shares nothing with ours: headers and MAC put together by hand."""

import hashlib
import hmac
import time
import uuid
from typing import Any

import httpx

from connector.simulators.netvisor.keys import Keys


def _mac(algorithm: str, parts: list[str], unix: int, customer: str, partner: str) -> str:
    if algorithm == "HMACSHA256":
        text = "&".join([*parts, str(unix), customer, partner])
        key = f"{customer}&{partner}".encode("latin-1")
        return hmac.new(key, text.encode("latin-1"), hashlib.sha256).hexdigest()
    text = "&".join([*parts, customer, partner])
    digest = {"SHA256": hashlib.sha256, "MD5": hashlib.md5}[algorithm]
    return digest(text.encode("latin-1")).hexdigest()


def send(
    base: str,
    target: str,
    keys: Keys,
    *,
    method: str = "GET",
    body: str = "",
    signed: str | None = None,
    algorithm: str = "HMACSHA256",
    **changes: Any,
) -> httpx.Response:
    """Sends `target` (path and query) as it stands. `signed`: sign another one instead.

    Changes: `sender`, `language`, `unix`, `transaction_id`, `customer_key`, …, or a header to
    leave out (`without`).
    """
    unix = changes.get("unix", int(time.time()))
    at = changes.get("timestamp") or time.strftime("%Y-%m-%d %H:%M:%S.000", time.gmtime(unix))
    sender, language = changes.get("sender", "Foreign"), changes.get("language", "FI")
    organisation = changes.get("organisation_id", keys.organisation_id)
    transaction = changes.get("transaction_id", uuid.uuid4().hex)
    customer, partner = changes.get("customer_key", keys.customer_key), keys.partner_key
    url = base + (signed or target)
    parts = [url, sender, keys.customer_id, at, language, organisation, transaction]
    mac = _mac(algorithm, parts, unix, customer, partner)
    auth = "X-Netvisor-Authentication-"
    headers = {
        f"{auth}Sender": sender,
        f"{auth}CustomerId": keys.customer_id,
        f"{auth}PartnerId": changes.get("partner_id", keys.partner_id),
        f"{auth}Timestamp": at,
        f"{auth}TimestampUnix": str(unix),
        f"{auth}TransactionId": transaction,
        f"{auth}MAC": changes.get("mac", mac),
        f"{auth}MACHashCalculationAlgorithm": algorithm,
        "X-Netvisor-Interface-Language": language,
        "X-Netvisor-Organisation-ID": organisation,
    } | changes.get("headers", {})
    for name in changes.get("without", ()):
        headers.pop(name)
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    return httpx.request(method, base + target, headers=raw, content=body.encode())
