"""A long body as the application reads it: in a thread, while it arrives."""

import asyncio
import io
from typing import Any

from jobs.edge.bodies import Body
from jobs.edge.refusals import Gone, Refused


class Broken(OSError):
    """The rest of a body does not come. Carries nothing of it."""


class Upload(io.RawIOBase):
    """First what has arrived, then piece by piece, no faster than it is read.

    Call it in a thread that is not the loop's.
    """

    def __init__(self, body: Body, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._body = body
        self._loop = loop
        self._at: memoryview = memoryview(b"")

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, into: Any) -> int:
        """At least one byte, unless it has ended. Raises Broken."""
        view = memoryview(into)
        taken = self._body.content.readinto(view)
        if taken:
            return taken
        while not self._at and not self._body.complete:
            self._at = memoryview(self._next())
        taken = min(len(view), len(self._at))
        view[:taken] = self._at[:taken]
        self._at = self._at[taken:]
        return taken

    def _next(self) -> bytes:
        waited = asyncio.run_coroutine_threadsafe(self._body.more(), self._loop)
        try:
            return waited.result()
        except (Refused, Gone) as error:
            raise Broken(type(error).__name__) from None


def long_input(body: Body) -> io.BufferedReader:
    """`wsgi.input` of a long body. Make it in the loop's thread."""
    return io.BufferedReader(Upload(body, asyncio.get_running_loop()), body.limits.part)
