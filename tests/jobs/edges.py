"""A server with a small site behind the edge, and callers with plain sockets."""

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_PROGRAM = """
import sys
from jobs.edge.limits import Limits
from jobs.web_server import make_server
make_server("tests.jobs.edge_site:create", host="127.0.0.1", port=int(sys.argv[1]),
            workers=int(sys.argv[2]), limits=Limits(**eval(sys.argv[3]))).serve()
"""


class Server:
    """It listens on `port`."""

    def __init__(self, port: int, process: subprocess.Popen[bytes]) -> None:
        self.port = port
        self.process = process

    def connect(self, sent: bytes = b"", *, window: int | None = None) -> socket.socket:
        """A connection on which `sent` was sent; a small `window` makes a slow reader."""
        caller = socket.socket()
        if window is not None:
            caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        caller.settimeout(10)
        try:
            caller.connect(("127.0.0.1", self.port))
            caller.sendall(sent)
        except OSError:
            caller.close()
            raise
        return caller

    def ask(self, sent: bytes) -> bytes:
        """All that comes back until the server closes; `Connection: close` is for the caller."""
        with self.connect(sent) as caller:
            return drain(caller)

    def get(self, path: str) -> bytes:
        """The whole answer to a GET."""
        return self.ask(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())

    def post(self, path: str, body: bytes, *headers: str) -> bytes:
        """The whole answer to a POST."""
        return self.ask(head(path, f"Content-Length: {len(body)}", *headers) + body)

    def counts(self) -> dict[str, int]:
        """What the site has counted."""
        counted: dict[str, int] = body_of(self.get("/counts"))
        return counted


@contextmanager
def serving(*, workers: int = 1, **limits: Any) -> Iterator[Server]:
    """A server of its own, for as long as the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    program = [sys.executable, "-c", _PROGRAM, str(port), str(workers), repr(limits)]
    with subprocess.Popen(program, stderr=subprocess.DEVNULL) as process:
        server = Server(port, process)
        try:
            eventually(lambda: status(server.get("/")) == 200)
            yield server
        finally:
            process.terminate()


def head(path: str, *headers: str) -> bytes:
    """The head of a POST after which the connection closes."""
    lines = [f"POST {path} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def drain(caller: socket.socket) -> bytes:
    """What comes until the end, however it ends."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while piece := caller.recv(1 << 16):
            got += piece
    return got


def status(answer: bytes) -> int:
    """Of the first answer in `answer`; 0 for none."""
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


def body_of(answer: bytes) -> Any:
    """The JSON of an answer that was not cut into chunks."""
    return json.loads(answer.partition(b"\r\n\r\n")[2])


def eventually(holds: Callable[[], bool], *, seconds: float = 20) -> None:
    """Ask until it holds."""
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError):
            if holds():
                return
        assert time.monotonic() < deadline, "it does not come to that"
        time.sleep(0.05)
