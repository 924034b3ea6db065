"""A site for the test of the server: it reads what comes and says ok."""

from collections.abc import Callable, Iterable
from typing import Any


def create() -> Callable[..., Iterable[bytes]]:
    return _answer


def _answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Length", "3")])
    return [b"ok\n"]
