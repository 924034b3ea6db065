"""A receiver of events: a real server that checks signatures by itself, as its author would."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from privacy.core import clock

TOLERANCE = 300


@dataclass
class Receiver:
    """Answers with what `answers` says next (200 when it says nothing), and keeps what came."""

    secrets: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    forged: int = 0
    port: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self.port}/hooks/secret-path"

    def receive(self, head: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Check, keep, answer."""
        if not any(verifies(secret, head, body) for secret in self.secrets):
            self.forged += 1
            return 401, {}
        self.heads.append(head)
        self.taken.append(json.loads(body))
        return self.answers.pop(0) if self.answers else (200, {})


def verifies(secret: str, head: dict[str, str], body: bytes) -> bool:
    """Standard Webhooks, by its text: id, timestamp and body are signed; old ones are refused."""
    if abs(clock.now().timestamp() - int(head["webhook-timestamp"])) > TOLERANCE:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    content = b".".join((head["webhook-id"].encode(), head["webhook-timestamp"].encode(), body))
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    given = [one.partition(",") for one in head["webhook-signature"].split(" ")]
    return any(
        version == "v1" and hmac.compare_digest(signature, expected)
        for version, _, signature in given
    )


@dataclass
class PlainServer:
    """Takes whatever is posted."""

    taken: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/changed"

    def receive(self, head: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """Keep it."""
        self.taken.append((head, json.loads(body)))
        return 204, {}


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver | PlainServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        head = {name.lower(): value for name, value in self.headers.items()}
        status, headers = self.receiver.receive(head, body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent."""


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver for the length of a block."""
    receiver = Receiver(scheme="https" if tls else "http")
    with _serving(receiver, tls):
        yield receiver


@contextmanager
def plain_server() -> Iterator[PlainServer]:
    """A server that checks nothing."""
    server = PlainServer()
    with _serving(server, None):
        yield server


@contextmanager
def _serving(receiver: Receiver | PlainServer, tls: ssl.SSLContext | None) -> Iterator[None]:
    handler = type("Handler", (_Handler,), {"receiver": receiver})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
