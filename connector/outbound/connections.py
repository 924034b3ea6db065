"""Connections that go where the check looked, and end when their time is over.

httpcore asks a backend for a connection to a *name*. This one resolves the name once, checks
all addresses, connects to one of these very addresses and looks at the peer afterwards. The
name itself stays in the Host header, in SNI and in the check of the certificate (ATTACK 46).
"""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from connector.outbound.addresses import parse_address
from connector.outbound.failures import ForbiddenAddress, TimedOut, Untrusted
from connector.outbound.resolution import Resolve, checked_addresses
from privacy.core.clock import monotonic


@dataclass(slots=True)
class Exchange:
    """One request and its answer: how long they may take, and whether anything went out."""

    host: str
    ends_at: float
    sent: bool = False

    def left(self, step: float | None) -> float:
        """Seconds for the next step. Raises TimedOut when the exchange's time is over."""
        rest = self.ends_at - monotonic()
        if rest <= 0:
            raise TimedOut(log=self.host, maybe_done=self.sent)
        return rest if step is None else min(step, rest)


class PinnedBackend(httpcore.NetworkBackend):
    """Makes the connection of one exchange."""

    def __init__(
        self,
        exchange: Exchange,
        *,
        resolve: Resolve,
        loopback: bool,
        network: httpcore.NetworkBackend,
    ) -> None:
        self._exchange = exchange
        self._resolve = resolve
        self._loopback = loopback
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to one of the name's addresses; the next one is tried if one is down."""
        addresses = checked_addresses(host, port, resolve=self._resolve, loopback=self._loopback)
        options = list(socket_options or ())
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, timeout, options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, timeout, options)

    def _connect(
        self,
        address: str,
        port: int,
        timeout: float | None,
        options: list[httpcore.SOCKET_OPTION],
    ) -> httpcore.NetworkStream:
        seconds = self._exchange.left(timeout)
        stream = self._network.connect_tcp(address, port, seconds, None, options)
        peer = stream.get_extra_info("server_addr")
        if not peer or parse_address(str(peer[0])) != parse_address(address):
            stream.close()
            raise ForbiddenAddress(log=f"{self._exchange.host}, another peer")
        return _TimedStream(stream, self._exchange)


class _TimedStream(httpcore.NetworkStream):
    """Each step gets what is left of the whole: a slow drip does not renew it (ATTACK 47)."""

    def __init__(self, stream: httpcore.NetworkStream, exchange: Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._exchange.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        seconds = self._exchange.left(timeout)
        self._exchange.sent = True
        self._stream.write(buffer, seconds)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        seconds = self._exchange.left(timeout)
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise Untrusted(log=self._exchange.host) from None
            raise
        return _TimedStream(stream, self._exchange)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
