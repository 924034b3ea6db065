"""Requests to declared recipients: one connection each, within limits, followed nowhere.

A connection is not kept for the next request. So each name is resolved and checked anew, no
answer can come over a connection that was made for another request, and a write never fails
for the reason alone that the other side had closed an idle connection.

No proxy, netrc file, cookie or environment variable is looked at.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

import httpcore
import httpx

from connector.outbound.connections import Exchange, PinnedBackend
from connector.outbound.failures import (
    BadRequest,
    Failure,
    NotDeclared,
    Redirected,
    TimedOut,
    Unreachable,
)
from connector.outbound.messages import decode_body, encode_headers, read_limited
from connector.outbound.recipients import Recipient, Recipients, names_this_machine
from connector.outbound.resolution import Resolve, system_resolve
from privacy.core.clock import monotonic

_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one exchange. Seconds; bytes after inflation; inflated to sent."""

    connect_seconds: float = 10.0
    idle_seconds: float = 30.0
    total_seconds: float = 60.0
    answer_bytes: int = 8 * 1024 * 1024
    ratio: int = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: httpx.URL
    headers: list[tuple[bytes, bytes]] = field(repr=False)
    body: bytes = field(repr=False)
    limits: Limits


class Outbound:
    """The client. Threads may share one.

    Args:
        recipients: whom this service declares (its profile; promise E2).
        loopback: development only: recipients that *are* this machine may be declared, and plain
            http to them. Never opens this machine to any other name.
        resolve, network: how names and connections are made; for tests.
        tls: another trust than the system's, for tests and for private authorities.
    """

    def __init__(
        self,
        recipients: Recipients,
        *,
        loopback: bool = False,
        limits: Limits = Limits(),
        resolve: Resolve = system_resolve,
        tls: ssl.SSLContext | None = None,
        network: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._recipients = recipients
        self._loopback = loopback
        self._limits = limits
        self._resolve = resolve
        self._tls = tls or _system_trust()
        self._network = network or httpcore.SyncBackend()

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        limits: Limits | None = None,
        redirects: int = 0,
    ) -> Answer:
        """One exchange. Any status is an answer, except one that sends us elsewhere.

        `redirects`: how many may be followed, of GETs and within the same scheme, host and port.

        Raises:
            NotDeclared, ForbiddenAddress, BadRequest: nothing was sent.
            NameUnknown, Unreachable, TimedOut; Untrusted, TooBig, Garbled, Redirected: look at
            `maybe_done` before writing again.
        """
        read = self._recipients.check(url)
        sent = encode_headers(headers or {})
        request = _Request(method, read, sent, body, limits or self._limits)
        answer = self._exchange(request)
        while answer.status in _ELSEWHERE:
            if redirects <= 0:
                raise Redirected(log=request.url.host, maybe_done=True)
            redirects -= 1
            request = _follow(request, answer)
            answer = self._exchange(request)
        return answer

    def _exchange(self, request: _Request) -> Answer:
        limits, host = request.limits, request.url.host
        exchange = Exchange(host, ends_at=monotonic() + limits.total_seconds)
        try:
            return self._answer(request, exchange)
        except httpcore.TimeoutException:
            raise TimedOut(log=host, maybe_done=exchange.sent) from None
        except httpcore.LocalProtocolError:
            raise BadRequest(log=host) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            log = f"{host}, {type(error).__name__}"
            raise Unreachable(log=log, maybe_done=exchange.sent) from None
        except Failure as failure:
            failure.maybe_done = failure.maybe_done or exchange.sent
            raise

    def _answer(self, request: _Request, exchange: Exchange) -> Answer:
        limits, host = request.limits, request.url.host
        with self._pool(exchange, host) as pool, pool.stream(**_arguments(request)) as response:
            raw = read_limited(response.iter_stream(), limit=limits.answer_bytes, host=host)
            headers = httpx.Headers(response.headers)
            status = response.status
        body = decode_body(raw, headers, limit=limits.answer_bytes, ratio=limits.ratio, host=host)
        return Answer(status, headers, body)

    def _pool(self, exchange: Exchange, host: str) -> httpcore.ConnectionPool:
        here = names_this_machine(host)
        if here and not self._loopback:
            raise NotDeclared(log="this machine")
        backend = PinnedBackend(
            exchange, resolve=self._resolve, loopback=here, network=self._network
        )
        return httpcore.ConnectionPool(
            ssl_context=self._tls, max_connections=1, retries=0, network_backend=backend
        )


@cache
def _system_trust() -> ssl.SSLContext:
    """Read once a process: reading the system's authorities takes 25 ms of processor time."""
    return ssl.create_default_context()


def _arguments(request: _Request) -> dict[str, Any]:
    limits, url = request.limits, request.url
    times = {
        "connect": limits.connect_seconds,
        "read": limits.idle_seconds,
        "write": limits.idle_seconds,
    }
    return {
        "method": request.method,
        "url": httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        ),
        "headers": request.headers,
        "content": request.body if request.body or request.method != "GET" else None,
        "extensions": {"timeout": times},
    }


def _follow(request: _Request, answer: Answer) -> _Request:
    """The request to where a GET is sent, on the same host. Raises Redirected."""
    refused = Redirected(log=request.url.host, maybe_done=True)
    try:
        url = request.url.join(answer.headers["location"])
        same = Recipient.of(str(url)) == Recipient.of(str(request.url))
    except (KeyError, ValueError, httpx.InvalidURL):
        raise refused from None
    if request.method != "GET" or not same:
        raise refused
    return replace(request, url=url)
