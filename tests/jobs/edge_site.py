"""A site for the tests of the edge: it echoes, sleeps, streams, fails and counts."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Start = Callable[..., Any]
PART = bytes(64 * 1024)
_counts = {"open": 0, "closed": 0, "asked": 0}


def create() -> Callable[[dict[str, Any], Start], Iterable[bytes]]:
    return answer


def answer(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    return _VIEWS[environ["PATH_INFO"]](environ, start)


def _echo(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    _counts["asked"] += 1
    body = environ["wsgi.input"].read()
    said: dict[str, object] = {
        name: value for name, value in environ.items() if isinstance(value, str)
    }
    said |= {"size": len(body), "sha": hashlib.sha256(body).hexdigest(), "process": os.getpid()}
    start(
        "200 OK",
        [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")],
    )
    return iter([json.dumps(said).encode()])


def _text(text: Callable[[], str]) -> Callable[..., Iterable[bytes]]:
    def view(_: dict[str, Any], start: Start) -> Iterable[bytes]:
        said = text().encode()
        start("200 OK", [("Content-Length", str(len(said)))])
        return [said]

    return view


def _hold() -> str:
    time.sleep(3)
    return "held"


def _slow() -> str:
    time.sleep(1.5)
    return "slow"


def _stream(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return _parts(int(environ["QUERY_STRING"] or 10**6))


def _parts(count: int) -> Iterator[bytes]:
    _counts["open"] += 1
    try:
        for _ in range(count):
            yield PART
    finally:
        _counts["closed"] += 1


def _breaks(environ: dict[str, Any], start: Start) -> Iterator[bytes]:
    start("200 OK", [])
    yield from [PART] * 8
    yield b"broken off\n"
    raise ValueError("+1 202 555 0100")


def _fails(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    raise ValueError("+1 202 555 0100")


_VIEWS: dict[str, Callable[..., Iterable[bytes]]] = {
    "/": _text(lambda: "ok"),
    "/healthz": _text(lambda: "ok"),
    "/echo": _echo,
    "/in/echo": _echo,
    "/slow": _text(_slow),
    "/hold": _text(_hold),
    "/counts": _text(lambda: json.dumps(_counts)),
    "/stream": _stream,
    "/breaks": _breaks,
    "/fails": _fails,
}
