"""Who may be sent to: a list of hosts from a service's profile, and URLs held against it.

One parser reads a URL, and what it read is what is connected to: no second opinion about where
the host begins (ATTACK 46). Only plain spellings pass; a declared name has no need of others.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import httpx

from connector.outbound.failures import NotDeclared

_URL = re.compile(r"[!-~]+", re.ASCII)
_HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)(?:\.[a-z0-9-]{1,63})*"
)
_NUMBER_AT_THE_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)\Z")
_LOOPBACK_HOSTS: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One declared host. `http` is for loopback alone, in development."""

    host: str
    port: int = 443
    scheme: str = "https"

    def __post_init__(self) -> None:
        object.__setattr__(self, "host", _canonical(self.host))
        if self.scheme not in _PORTS or not 0 < self.port < 65_536:
            raise ValueError("a recipient is reached by https, at a port")
        if names_this_machine(self.host):
            return
        if self.scheme != "https":
            raise ValueError("a recipient is reached by https")
        if not _HOST.fullmatch(self.host) or _NUMBER_AT_THE_END.search(self.host):
            raise ValueError("a recipient is declared by its full name")

    @classmethod
    def of(cls, url: str) -> Self:
        """The recipient that a URL names, for a declaration. Raises ValueError."""
        read = _read(url)
        if read is None:
            raise ValueError("not a plain https URL")
        return cls(read.host, _port(read), read.scheme)


def names_this_machine(host: str) -> bool:
    """Whether a recipient of this name is a simulator in development, or nothing at all."""
    return host in _LOOPBACK_HOSTS


class Recipients:
    """The allow-list of one service (promise E2)."""

    def __init__(self, declared: Iterable[Recipient]) -> None:
        self._declared = frozenset(declared)

    def check(self, url: str) -> httpx.URL:
        """The URL, read once. Raises NotDeclared."""
        read = _read(url)
        if read is None:
            raise NotDeclared(log="a URL in no plain spelling")
        try:
            recipient = Recipient(read.host, _port(read), read.scheme)
        except ValueError:
            raise NotDeclared(log="a URL that no recipient can have") from None
        if recipient not in self._declared:
            raise NotDeclared(log="a host, port or scheme that is not declared")
        return read


def _read(url: str) -> httpx.URL | None:
    """None for user information, fragments, backslashes, spaces, what is not ASCII, and paths
    that would go out otherwise than they were given: signatures cover the URL."""
    if not _URL.fullmatch(url) or "\\" in url or "#" in url:
        return None
    try:
        read = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        return None
    authority, slash, path = url.partition("://")[2].partition("/")
    plain = "@" not in authority and (slash + path or "/").encode() == read.raw_path
    return read if plain and read.scheme in _PORTS and read.host else None


def _port(url: httpx.URL) -> int:
    return url.port or _PORTS[url.scheme]


def _canonical(host: str) -> str:
    """Lower case, and IDNA for a name with other letters (RFC 5891). No trailing dot is taken off:
    certificates and cookies treat the two names as different, so do we."""
    if host.isascii():
        return host.lower()
    return httpx.URL(f"https://{host}/").raw_host.decode("ascii")
