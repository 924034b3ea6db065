"""A stream that is pushed, as one that is pulled: a thread writes, whoever reads waits for it.

The age library calls our reader and our writer; a web server and a reader of lines want to call.
"""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Final

from privacy.backups.seals import Writable

_WAITING: Final = 8
"""Chunks between the two: memory stays flat, whoever is faster."""
_END: Final = b""


class Stopped(Exception):
    """Whoever reads has gone."""


class Pump:
    """What `run` writes, in chunks. Close it: else its thread waits for ever."""

    def __init__(self, run: Callable[[Writable], None]) -> None:
        self._run = run
        self._chunks: queue.Queue[bytes] = queue.Queue(_WAITING)
        self._stopped = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="export", daemon=True)
        self._rest = b""
        self._over = False

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read():
            yield chunk

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, or whatever comes next; none at the end. Raises what `run` raised."""
        if not self._rest:
            self._rest = self._next()
        cut = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:cut], self._rest[cut:]
        return given

    def close(self) -> None:
        """Nobody reads any more; what is being written is broken off."""
        self._stopped.set()
        if self._thread.ident is None:
            return
        while self._thread.is_alive():
            self._drain()
            self._thread.join(0.01)

    def write(self, data: bytes, /) -> int:
        """For `run`."""
        if data:
            self._put(bytes(data))
        return len(data)

    def flush(self) -> None:
        """For `run`; nothing is kept back."""

    def _next(self) -> bytes:
        if self._over:
            return b""
        if self._thread.ident is None:
            self._thread.start()
        chunk = self._chunks.get()
        if chunk != _END:
            return chunk
        self._over = True
        if self._error is not None:
            raise self._error
        return b""

    def _work(self) -> None:
        try:
            self._run(self)
        except Stopped:
            return
        except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
            self._error = error
        try:
            self._put(_END)
        except Stopped:
            return

    def _put(self, chunk: bytes) -> None:
        while not self._stopped.is_set():
            try:
                self._chunks.put(chunk, timeout=0.1)
            except queue.Full:
                continue
            return
        raise Stopped

    def _drain(self) -> None:
        try:
            while True:
                self._chunks.get_nowait()
        except queue.Empty:
            return
