"""Requests as they arrive on the wire, well formed and not."""

import http.client
import json
import signal
import socket
import time
from collections.abc import Iterator

import pytest

from tests.jobs.edge_site import PART
from tests.jobs.edges import Server, body_of, drain, eventually, head, serving, status

_CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(threads=4, whole=100_000, fixed=10_000, longest=1_000_000) as server:
        yield server


def chunks(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in [*pieces, b""])


def test_a_body_in_chunks_has_the_length_that_was_read(server: Server) -> None:
    said = body_of(server.ask(head("/echo", _CHUNKED) + chunks(b"x" * 5000, 700)))
    assert (said["size"], said["CONTENT_LENGTH"]) == (5000, "5000")
    assert "HTTP_TRANSFER_ENCODING" not in said


@pytest.mark.parametrize("size", [0, 1, 99_999, 100_001, 999_999])
def test_a_body_arrives_as_it_was_sent(server: Server, size: int) -> None:
    body = bytes(n % 251 for n in range(size))
    whole = body_of(server.post("/echo", body))
    pieces = body_of(server.ask(head("/echo", _CHUNKED) + chunks(body, 8000)))
    assert whole["size"] == pieces["size"] == size
    assert whole["sha"] == pieces["sha"]
    assert whole["CONTENT_LENGTH"] == str(size)


def test_what_is_too_long_is_said_early(server: Server) -> None:
    refused = server.ask(head("/in/echo", "Content-Length: 1000001"))
    assert status(refused) == 413
    assert body_of(refused)["code"] == "too_large"
    assert b"text/plain" in server.ask(head("/echo", "Content-Length: 1000001"))
    for path in ("/in/x", "/marketplace/v1/provision", "/forms/v1/x/inquiries"):
        assert b"application/problem+json" in server.ask(head(path, "Content-Length: 1000001"))


def test_who_sends_all_before_it_reads_gets_to_read_why_not(server: Server) -> None:
    caller = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    caller.request("POST", "/fails", body=bytes(900_000))
    assert caller.getresponse().status == 500
    caller.close()


def test_headers_are_folded_as_cgi_does(server: Server) -> None:
    said = body_of(
        server.post(
            "/echo?a=%20b",
            b"{}",
            "X-A: 1",
            "X-A: 2",
            "Cookie: a=1",
            "Cookie: b=2",
            "X_A: forged",
            "Proxy: forged",
            "Content-Type: application/json",
            "X-B: \xe4",
        )
    )
    assert said["HTTP_X_A"] == "1,2"
    assert said["HTTP_COOKIE"] == "a=1; b=2"
    assert said["CONTENT_TYPE"] == "application/json"
    assert said["HTTP_X_B"] == "\xe4"
    assert said["QUERY_STRING"] == "a=%20b"
    assert said["REMOTE_ADDR"] == "127.0.0.1"
    assert "HTTP_PROXY" not in said
    assert "PATH" not in said  # the environment of the process is not the request's


def test_answers_keep_headers_that_come_twice(server: Server) -> None:
    assert server.post("/echo", b"").count(b"set-cookie: ") == 2


def test_head_has_no_body(server: Server) -> None:
    answer = server.ask(b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert status(answer) == 200
    assert b"content-length: 2" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_expect_continue_is_answered(server: Server) -> None:
    with server.connect(head("/echo", "Content-Length: 3", "Expect: 100-continue")) as caller:
        assert caller.recv(100).startswith(b"HTTP/1.1 100")
        caller.sendall(b"abc")
        assert body_of(drain(caller))["size"] == 3
    too_long = head("/echo", "Content-Length: 1000001", "Expect: 100-continue")
    assert status(server.ask(too_long)) == 413


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    one = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b"
    asked = b"".join(one % (n, b"x" * n) for n in (1, 2, 3))
    last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    got = server.ask(asked + last)
    assert [got.find(b'"size": %d' % n) for n in (1, 2, 3)] == sorted(
        got.find(b'"size": %d' % n) for n in (1, 2, 3)
    )
    assert got.count(b"HTTP/1.1 200") == 4


def test_a_connection_is_used_again(server: Server) -> None:
    caller = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for n in range(3):
        caller.request("POST", "/echo", body=b"x" * n)
        assert json.loads(caller.getresponse().read())["size"] == n
    caller.close()


@pytest.mark.attack(47)
@pytest.mark.parametrize(
    "sent",
    [head("/echo", "Content-Length: 100") + b"half", head("/echo", _CHUNKED) + b"5\r\nhel"],
    ids=["length", "chunks"],
)
def test_half_a_request_never_reaches_the_application(server: Server, sent: bytes) -> None:
    before = server.counts()["asked"]
    server.connect(sent).close()
    time.sleep(0.2)
    assert server.counts()["asked"] == before


@pytest.mark.parametrize("path", ["/a%00b", "/a%0ab", "/a%7fb"])
def test_controls_in_a_path_are_refused(server: Server, path: str) -> None:
    assert status(server.get(path)) == 400


_SMUGGLED = {
    "both": ["Content-Length: 4", _CHUNKED],
    "both, the other way": [_CHUNKED, "Content-Length: 4"],
    "two lengths": ["Content-Length: 4", "Content-Length: 5"],
    "a list of lengths": ["Content-Length: 4, 5"],
    "a sign": ["Content-Length: +4"],
    "hexadecimal": ["Content-Length: 0x4"],
    "folded": ["X-A: b", " Transfer-Encoding: chunked"],
    "folded length": ["Content-Length:", " 4"],
    "space before the colon": ["Transfer-Encoding : chunked"],
    "another coding": ["Transfer-Encoding: gzip, chunked"],
    "chunked twice": [_CHUNKED, _CHUNKED],
    "chunked and not": [_CHUNKED, "Transfer-Encoding: identity"],
    "vertical tab": ["Transfer-Encoding: \x0bchunked"],
    "two hosts": ["Host: y", "Content-Length: 0"],
    "two types": ["Content-Type: a/b", "Content-Type: c/d"],
}


@pytest.mark.attack(47)
@pytest.mark.parametrize("headers", _SMUGGLED.values(), ids=_SMUGGLED.keys())
def test_no_second_request_hides_in_a_first(server: Server, headers: list[str]) -> None:
    """Refused, or answered once and closed: what follows is never read as a request."""
    hidden = b"0\r\n\r\nGET /fails HTTP/1.1\r\nHost: x\r\n\r\n"
    lines = ["POST /echo HTTP/1.1", "Host: x", *headers, "", ""]
    got = server.ask("\r\n".join(lines).encode("latin-1") + hidden)
    assert got.count(b"HTTP/1.1 ") == 1
    assert b"HTTP/1.1 500" not in got


def test_a_request_without_a_host_is_refused(server: Server) -> None:
    assert status(server.ask(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")) == 400


def test_what_fails_says_nothing(server: Server) -> None:
    answer = server.get("/fails")
    assert status(answer) == 500
    assert b"555" not in answer


def test_a_stream_comes_whole(server: Server) -> None:
    answer = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    answer.request("GET", "/stream?50")
    assert answer.getresponse().read() == PART * 50
    answer.close()


def test_a_stream_that_fails_is_not_taken_for_a_whole_one(server: Server) -> None:
    caller = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    caller.request("GET", "/breaks")
    with pytest.raises((http.client.IncompleteRead, ConnectionError)) as broken:
        caller.getresponse().read()
    caller.close()
    if isinstance(broken.value, http.client.IncompleteRead):
        assert broken.value.partial.endswith(b"broken off\n")


def test_running_requests_end_when_the_server_is_told_to() -> None:
    with serving(threads=2) as server:
        ask = b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
        with (
            server.connect(ask) as running,
            server.connect(head("/echo", "Content-Length: 2")) as half,
        ):
            time.sleep(0.3)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.3)
            half.sendall(b"ab")
            assert drain(running).endswith(b"slow")
            assert status(drain(half)) == 200
        assert server.process.wait(20) == 0


def test_several_processes_answer_on_one_port() -> None:
    with serving(workers=2, threads=2) as server:
        seen: set[int] = set()

        def ask() -> bool:
            seen.add(body_of(server.post("/echo", b""))["process"])
            return len(seen) == 2

        eventually(ask)


@pytest.mark.parametrize(
    "broken", [b"zz\r\nhello\r\n", b"-5\r\nhello\r\n", b"5\r\nhelloXX0\r\n\r\n"]
)
def test_wrong_chunks_are_the_senders_fault(server: Server, broken: bytes) -> None:
    answer = server.ask(head("/in/echo", _CHUNKED) + broken)
    assert status(answer) == 400
    assert body_of(answer)["code"] == "bad_input"


def test_who_leaves_in_the_middle_leaves_no_trace(server: Server) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port)) as caller:
            caller.sendall(head("/in/echo", "Content-Length: 5000") + b"half")
    assert status(server.post("/echo", b"whole")) == 200
