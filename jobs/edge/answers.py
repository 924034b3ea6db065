"""The application's answer, run in a thread: whole when it is short, else part by part."""

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from jobs.edge.limits import Limits

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class Answer:
    """Status, headers, what there is of the body; `ended`: that is all of it."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    head: bytes = b""
    ended: bool = False
    parts: Iterator[bytes] = field(default_factory=lambda: iter(()))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _close: Callable[[], None] | None = None
    failure: Exception | None = None

    def take(self, body: Iterable[bytes]) -> None:
        """What the application returned. Whoever calls this closes it."""
        self._close = getattr(body, "close", None)
        self.parts = iter(body)

    def next_part(self, most: int) -> bytes:
        """More than `most` bytes together, or the last ones; then `ended` is set.

        What was made before a failure is returned; `failure` is set, and nothing comes after.
        """
        with self._lock:
            taken, size = [], 0
            try:
                for piece in self.parts:
                    taken.append(piece)
                    size += len(piece)
                    if size > most:
                        return b"".join(taken)
                self.ended = True
            except Exception as failure:  # noqa: BLE001 - the caller says what becomes of it
                self.failure = failure
            return b"".join(taken)

    def close(self) -> None:
        """Give back what the body holds; once, and not while a part is made."""
        with self._lock:
            close, self._close = self._close, None
        if close is not None:
            close()

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        """`start_response` of PEP 3333; nothing is sent yet, so a second call is fine."""
        self.status = int(status.split(" ", 1)[0])
        self.headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]
        return self._write

    def _write(self, data: bytes) -> None:
        self.head += data

    def length(self) -> int | None:
        """What it says of its length."""
        return next((int(value) for name, value in self.headers if name == b"content-length"), None)


def begin(app: Application, environ: dict[str, Any], limits: Limits) -> Answer:
    """Run `app` until its answer is whole, or longer than `limits.part`.

    Whatever it raises has ended the answer, and nothing of it is left open.
    """
    answer = Answer()
    try:
        answer.take(app(environ, answer.start))
        length = answer.length()
        short = length is not None and length <= limits.fixed
        answer.head += answer.next_part(limits.fixed if short else limits.part)
        if answer.failure:
            raise answer.failure
    except BaseException:
        answer.close()
        raise
    if answer.ended:
        answer.close()
    return answer
