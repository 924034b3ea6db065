"""Slow senders and slow readers keep nobody waiting, and are let go (ATTACK 47, promise F9)."""

import contextlib
import socket
import time
from collections.abc import Iterator

import pytest

from tests.jobs.edges import Server, drain, eventually, head, serving, status

pytestmark = [pytest.mark.attack(47), pytest.mark.promise("F9")]
PATIENCE = 2.0


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(threads=4, patience=PATIENCE, wait=1.0, rate=1 << 20) as server:
        yield server


def quick(server: Server) -> bool:
    began = time.monotonic()
    return status(server.get("/echo")) == 200 and time.monotonic() - began < 1


def test_forty_trickling_bodies_keep_nobody_waiting(server: Server) -> None:
    with contextlib.ExitStack() as held:
        slow = [
            held.enter_context(server.connect(head("/echo", "Content-Length: 500") + b"x"))
            for _ in range(40)
        ]
        for _ in range(5):
            for each in slow:
                each.sendall(b"x")
            assert quick(server)
        time.sleep(PATIENCE)
        answers = [drain(each) for each in slow]
    assert {status(answer) for answer in answers} == {408}
    assert quick(server)


def test_a_slow_reader_is_cut_and_what_it_held_is_freed(server: Server) -> None:
    before = server.counts()["closed"]
    with server.connect(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n", window=4096) as reader:
        eventually(lambda: server.counts()["closed"] == before + 1)
        got = drain(reader)
    assert got.startswith(b"HTTP/1.1 200")
    assert not got.endswith(b"0\r\n\r\n")
    assert quick(server)


def test_a_reader_that_leaves_frees_what_it_held(server: Server) -> None:
    before = server.counts()["closed"]
    with server.connect(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n") as reader:
        reader.recv(1000)
    eventually(lambda: server.counts()["closed"] == before + 1, seconds=PATIENCE + 1)


def test_too_many_streams_are_refused_at_once(server: Server) -> None:
    before = server.counts()
    ask = b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"
    with contextlib.ExitStack() as held:
        for _ in range(2):  # half of the threads
            held.enter_context(server.connect(ask, window=4096)).recv(1000)
        refused = server.get("/stream")
        assert status(refused) == 503
        assert b"retry-after: " in refused.lower()
        assert quick(server)
    eventually(lambda: server.counts()["closed"] == before["closed"] + 3)


def test_who_takes_nothing_does_not_keep_the_connection(server: Server) -> None:
    """Answers that fit in no window pile up: the kernel gives such a connection up."""
    ask = b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n" * 2000
    with server.connect(window=4096) as reader:
        reader.settimeout(0.3)
        with contextlib.suppress(TimeoutError, ConnectionError):
            for _ in range(100):
                reader.sendall(ask)
        reader.settimeout(10)
        eventually(lambda: _is_gone(reader), seconds=PATIENCE + 8)


def _is_gone(reader: socket.socket) -> bool:
    return reader.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] != 1


def test_a_thread_is_waited_for_and_not_for_long() -> None:
    with serving(threads=2, wait=0.5) as server, contextlib.ExitStack() as held:
        ask = b"GET /hold HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        holding = [held.enter_context(server.connect(ask)) for _ in range(2)]
        time.sleep(0.3)
        began = time.monotonic()
        refused = server.get("/echo")
        assert status(refused) == 503
        assert time.monotonic() - began < 2
        assert status(server.get("/healthz")) == 200
        for each in holding:
            each.close()


def test_memory_for_bodies_is_bounded_and_the_idle_give_way() -> None:
    big = 256 * 1024
    with serving(threads=2, held=2 * big, free=1024, stalled=0.5) as server:
        begun = head("/echo", f"Content-Length: {big + 4096}") + bytes(big)
        with server.connect(begun) as one, server.connect(begun) as other:
            time.sleep(0.2)
            assert status(server.post("/in/echo", bytes(big))) == 503
            assert status(server.post("/echo", bytes(1000))) == 200
            time.sleep(0.6)
            assert status(server.post("/in/echo", bytes(big))) == 200
            assert sorted([status(_what_came(one)), status(_what_came(other))]) == [0, 503]
        assert status(server.post("/in/echo", bytes(big))) == 200


def _what_came(caller: socket.socket) -> bytes:
    caller.settimeout(0.5)
    try:
        return caller.recv(4096)
    except TimeoutError:
        return b""
