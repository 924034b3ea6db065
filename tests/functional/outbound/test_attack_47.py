"""Answers that are bombs: gzip, endless, slow (ATTACK 47)."""

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from connector.outbound.client import Limits, Outbound
from connector.outbound.failures import (
    Failure,
    Garbled,
    TimedOut,
    TooBig,
    Unreachable,
)
from connector.outbound.recipients import Recipient, Recipients
from tests.functional.outbound.servers import HEAD, Server, Talk, saying, serving, whole

pytestmark = pytest.mark.attack(47)
MIB = 1024 * 1024
SHORT = Limits(connect_seconds=1, idle_seconds=0.4, total_seconds=1.0, answer_bytes=MIB)


def fetch(server: Server, limits: Limits = SHORT, method: str = "GET") -> bytes:
    client = Outbound(Recipients([Recipient.of(server.url)]), loopback=True, limits=limits)
    return client.send(method, server.url, body=b"x" if method == "POST" else b"").body


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB))
    return packed + packer.flush()


def test_gzip_is_read() -> None:
    body = gzip.compress(b"<Root/>" * 100)
    with serving(saying(whole(body, b"Content-Encoding: gzip"))) as server:
        assert fetch(server) == b"<Root/>" * 100


@pytest.mark.parametrize("size", [2 * MIB, 200 * MIB])
def test_a_gzip_bomb(size: int) -> None:
    packed = bomb(size)
    with serving(saying(whole(packed, b"Content-Encoding: gzip"))) as server:
        tracemalloc.start()
        with pytest.raises(TooBig):
            fetch(server)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8 * MIB


def test_a_ratio_bomb_below_the_size_limit() -> None:
    limits = Limits(answer_bytes=64 * MIB, ratio=100)
    with serving(saying(whole(bomb(32 * MIB), b"Content-Encoding: gzip"))) as server:
        with pytest.raises(TooBig, match="larger than allowed") as failed:
            fetch(server, limits)
        assert "suspicious_ratio" in failed.value.log


@pytest.mark.parametrize("encoding", [b"br", b"zstd", b"deflate", b"gzip, gzip", b"x"])
def test_an_encoding_that_was_not_asked_for(encoding: bytes) -> None:
    with (
        serving(saying(whole(b"xxxx", b"Content-Encoding: " + encoding))) as server,
        pytest.raises(Garbled),
    ):
        fetch(server)


def test_broken_gzip() -> None:
    body = gzip.compress(b"x" * 1000)[:-9]
    with serving(saying(whole(body, b"Content-Encoding: gzip"))) as server, pytest.raises(Garbled):
        fetch(server)


def _endless(opening: bytes, part: bytes) -> Talk:
    def talk(connection: socket.socket, _: bytes) -> None:
        connection.sendall(opening)
        while True:
            connection.sendall(part)

    return talk


@pytest.mark.parametrize(
    ("opening", "part"),
    [
        (HEAD + b"\r\n", b"x" * 65_536),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        (HEAD + b"Content-Length: 99999999999\r\n\r\n", b"x" * 65_536),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"x" * 4096),
        (HEAD, b"X-Header: " + b"x" * 4096 + b"\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 ", b"x" * 4096),
    ],
    ids=["to_eof", "chunked", "declared", "extension", "headers", "continue", "status_line"],
)
def test_an_endless_answer(opening: bytes, part: bytes) -> None:
    began = time.monotonic()
    with serving(_endless(opening, part)) as server:
        tracemalloc.start()
        with pytest.raises(Failure):
            fetch(server)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert time.monotonic() - began < 8
    assert peak < 8 * MIB


def _dripping(opening: bytes, part: bytes) -> Talk:
    def talk(connection: socket.socket, _: bytes) -> None:
        connection.sendall(opening)
        for _again in range(100):
            time.sleep(0.1)
            connection.sendall(part)

    return talk


@pytest.mark.parametrize(
    ("opening", "part"),
    [
        (HEAD + b"Content-Length: 1000\r\n\r\n", b"x"),
        (HEAD, b"X: y\r\n"),
        (b"", b"H"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["body", "headers", "status_line", "continue", "chunks"],
)
def test_a_slow_drip_ends_with_the_whole_time(opening: bytes, part: bytes) -> None:
    began = time.monotonic()
    with serving(_dripping(opening, part)) as server, pytest.raises((TimedOut, Unreachable)):
        fetch(server)
    assert time.monotonic() - began < 6, "the drip would last for ten seconds"


def test_silence_after_the_request_is_maybe_done() -> None:
    with serving(lambda *_: time.sleep(2)) as server:
        with pytest.raises(TimedOut) as failed:
            fetch(server, method="POST")
        assert failed.value.maybe_done


@pytest.mark.parametrize(
    "part",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour", b"not http at all\r\n\r\n"],
)
def test_an_answer_cut_short_is_maybe_done(part: bytes) -> None:
    with serving(saying(part)) as server:
        with pytest.raises(Unreachable) as failed:
            fetch(server, method="POST")
        assert failed.value.maybe_done


def _tasks() -> list[tuple[str, Callable[[bytes], bytes]]]:
    return [("length", whole), ("eof", lambda body: HEAD + b"\r\n" + body)]


@pytest.mark.parametrize(("_", "make"), _tasks())
def test_up_to_the_limit(_: str, make: Callable[[bytes], bytes]) -> None:
    with serving(saying(make(b"x" * MIB))) as server:
        assert len(fetch(server)) == MIB
    with serving(saying(make(b"x" * (MIB + 1)))) as server, pytest.raises(TooBig):
        fetch(server)
