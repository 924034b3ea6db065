"""The web application behind a real server, one worker, in a process of its own."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from bench.sites import Site

_PATIENCE = 60.0


class Server(StrEnum):
    """Which one serves; `silta web` runs the first."""

    GRANIAN = "granian"
    GUNICORN = "gunicorn"
    WSGI = "granian-wsgi"
    """Without our edge: each thread reads the body of its request itself."""


COMPARED = (Server.GRANIAN, Server.GUNICORN)


class Web:
    """Where it listens."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect(self) -> http.client.HTTPConnection:
        """A connection that is kept alive."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.connect()
        assert connection.sock is not None
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def answers(self) -> bool:
        """Whether the process is up."""
        try:
            return ask(self.connect(), "GET", "/healthz")[0] == 200
        except OSError:
            return False


@contextmanager
def serve(site: Site, server: Server, *, threads: int = 8) -> Iterator[Web]:
    """Start it, wait until it answers, stop it."""
    port = _free_port()
    variables = {
        "SILTA_BIND": f"127.0.0.1:{port}",
        "SILTA_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SILTA_METRICS_BIND": f"127.0.0.1:{_free_port()}",
        "SILTA_WEB_THREADS": str(threads),
    }
    command = [sys.executable, "-m", "wsgi", "web"]
    if server is Server.GUNICORN:
        command = [sys.executable, "-m", "gunicorn", "--workers=1", f"--threads={threads}"]
        command += [f"--bind=127.0.0.1:{port}", "--log-level=warning", "wsgi:create()"]
    if server is Server.WSGI:
        command = [str(Path(sys.executable).with_name("granian")), "--interface=wsgi", "--factory"]
        command += [f"--blocking-threads={threads}", f"--port={port}", "--http=1", "--no-ws"]
        command += ["--backpressure=512", "--log-level=warning", "wsgi:create"]
    place = site.folder / f"{server}.log"
    with place.open("wb") as log:
        child = subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log)
        try:
            web = Web(port)
            _await(web, child, place)
            yield web
        finally:
            child.terminate()
            child.wait()


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> tuple[int, bytes]:
    """Status and body of the answer."""
    connection.request(method, path, body=body, headers=dict(headers or {}))
    answer = connection.getresponse()
    return answer.status, answer.read()


def _await(web: Web, child: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not web.answers():
        if child.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the web server does not start: {log.read_text()[-500:]}")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
