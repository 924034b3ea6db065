"""Promise F1: traffic beyond this machine goes over verified TLS, or the boot stops."""

import ipaddress
from urllib.parse import parse_qs, urlsplit

_VERIFIED = {
    "postgresql": "add sslmode=verify-full to its URL",
    "redis": "use rediss:// and leave certificate checks on",
    "http": "use https://",
    "smtp": "use smtps:// or smtp+starttls://",
    "imap": "use imaps:// or imap+starttls://",
}


def require_protected(url: str, *, scheme: str) -> None:
    """Refuse a URL that would carry data in the clear beyond loopback.

    Raises:
        ValueError: with the mend; the URL itself is never in the text.
    """
    parts = urlsplit(url)
    query = parse_qs(parts.query, keep_blank_values=True)
    local = all(_is_local(host) for host in _hosts(parts.hostname, query, scheme))
    if local or _is_verified(parts.scheme, query, scheme):
        return
    raise ValueError(f"this {scheme} server is not on loopback: {_VERIFIED[scheme]}")


def listens_locally(bind: str) -> bool:
    """Whether `bind` (`host:port`) is reached from this machine only."""
    host = bind.rpartition(":")[0].strip("[]")
    return bool(host) and not host.startswith("/") and _is_local(host)


def _hosts(hostname: str | None, query: dict[str, list[str]], scheme: str) -> set[str]:
    """Every host that a client could connect to, whichever of them it prefers.

    libpq takes lists of hosts, an address in place of a name, and a service file that names any
    (PostgreSQL, 34.1.2). redis-py takes a parameter `host` where the URL names none. Elsewhere it
    means nothing.
    """
    hosts = {hostname or ""}
    if scheme == "redis":
        hosts |= set(query.get("host", []))
    if scheme == "postgresql":
        named = [*query.get("host", []), *query.get("hostaddr", [])]
        hosts |= {host for value in named for host in value.split(",")}
        hosts |= {"a service file's"} if "service" in query else set()
    return hosts


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
        checked = query.get("ssl_cert_reqs", ["required"]) == ["required"]
        named = all(value.lower() in _YES for value in query.get("ssl_check_hostname", []))
        return given == "rediss" and checked and named
    return given in _PROTECTED[scheme]


_PROTECTED = {
    "http": ("https",),
    "smtp": ("smtps", "smtp+starttls"),
    "imap": ("imaps", "imap+starttls"),
}
_YES = frozenset({"true", "yes", "1"})
