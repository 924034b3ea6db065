"""Silent connections keep nobody out (ATTACK 47, promise F9)."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

PATIENCE = 2.0
_PROGRAM = """
import sys
from jobs.edge.limits import Limits
from jobs.web_server import make_server
make_server("tests.jobs.tiny_site:create", host="127.0.0.1", port=int(sys.argv[1]),
            workers=1, limits=Limits(threads=2), patience=float(sys.argv[2])).serve()
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    program = [sys.executable, "-c", _PROGRAM, str(number), str(PATIENCE)]
    with subprocess.Popen(program) as server:
        try:
            deadline = time.monotonic() + 30
            while not answers(number) and time.monotonic() < deadline:
                time.sleep(0.1)
            yield number
        finally:
            server.terminate()


def answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
            caller.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return caller.recv(12) == b"HTTP/1.1 200"
    except OSError:
        return False


def is_closed(held: socket.socket) -> bool:
    held.settimeout(5)
    try:
        while held.recv(4096):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


@pytest.mark.attack(47)
@pytest.mark.promise("F9")
@pytest.mark.parametrize(
    "said",
    [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ids=["nothing", "half a head", "a request and no more"],
)
def test_connections_that_say_nothing_keep_nobody_out(port: int, said: bytes) -> None:
    held = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(100)]
    try:
        for each in held:
            each.sendall(said)
        assert answers(port)
        time.sleep(PATIENCE + 0.5)
        assert all(map(is_closed, held))
    finally:
        for each in held:
            each.close()
