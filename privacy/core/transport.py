"""Promise F1: traffic beyond this machine goes over verified TLS, or the boot stops."""

import ipaddress
from urllib.parse import parse_qs, urlsplit

_VERIFIED = {
    "postgresql": "add sslmode=verify-full to its URL",
    "redis": "use rediss:// and leave certificate checks on",
    "http": "use https://",
    "smtp": "use smtps:// or smtp+starttls://",
}


def require_protected(url: str, *, scheme: str) -> None:
    """Refuse a URL that would carry data in the clear beyond loopback.

    Raises:
        ValueError: with the mend; the URL itself is never in the text.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = _host(parts.hostname, query)
    if _is_local(host) or _is_verified(parts.scheme, query, scheme):
        return
    raise ValueError(f"this {scheme} server is not on loopback: {_VERIFIED[scheme]}")


def _host(hostname: str | None, query: dict[str, list[str]]) -> str:
    return (query.get("host") or [hostname or ""])[0]


def _is_local(host: str) -> bool:
    if host in ("", "localhost") or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_verified(given: str, query: dict[str, list[str]], scheme: str) -> bool:
    if scheme == "postgresql":
        return query.get("sslmode") == ["verify-full"]
    if scheme == "redis":
        return given == "rediss" and query.get("ssl_cert_reqs", ["required"]) == ["required"]
    return given in {"http": ("https",), "smtp": ("smtps", "smtp+starttls")}[scheme]
