"""Request bodies, read in the loop's thread: in whole, or the beginning of a long one."""

import asyncio
import contextlib
import io
from dataclasses import dataclass, field

from jobs.edge.limits import Limits
from jobs.edge.memory import Memory, Share
from jobs.edge.refusals import Gone, Refused, busy, malformed, too_large
from jobs.edge.scopes import Message, Receive, Scope, announced
from privacy.core.errors import TooSlow


@dataclass(slots=True)
class Body:
    """What has arrived. `complete`: that is all; else `more` gets the next piece."""

    receive: Receive
    limits: Limits
    memory: Memory
    share: Share
    length: int | None
    content: io.BytesIO = field(default_factory=io.BytesIO)
    size: int = 0
    complete: bool = False

    async def more(self) -> bytes:
        """Wait for the next piece, as long as the sender's pace allows.

        Raises:
            Refused: too slow, too long, or no memory; Gone: the sender has left.
        """
        if self.share.evicted:
            raise self._why()
        try:
            async with asyncio.timeout(self.share.pace.begin()) as self.share.deadline:
                message = await self.receive()
        except TimeoutError:
            raise self._why() from None
        finally:
            self.share.deadline = None
        if message["type"] != "http.request":
            raise Gone
        return self._take(message)

    async def fill(self) -> None:
        """Read it in whole, up to `limits.whole`.

        One that says that it is longer, up to its first MiB; one that says nothing is known for
        long when it is. Raises Refused as `more`, and for a body that breaks off.
        """
        most = self.limits.whole
        if self.length is not None and self.length > most:
            most = self.limits.fixed
        while not self.complete and self.size <= most:
            piece = await self._next()
            if not self.memory.grow(self.share, len(piece)):
                raise busy("memory")
            self.content.write(piece)
        self.memory.arrived(self.share)
        self.content.seek(0)

    async def _next(self) -> bytes:
        """As `more`. A body that breaks off was cut, or its framing is wrong: if somebody is still
        there, they are told so, and not that we have failed (RFC 9112, 7.1)."""
        try:
            return await self.more()
        except Gone:
            raise malformed("broken_body") from None

    async def discard(self) -> None:
        """Let go what still comes, for a while: who sends before it reads, shall read."""
        if self.complete:
            return
        with contextlib.suppress(Refused, Gone, TimeoutError):
            async with asyncio.timeout(self.limits.lingering):
                while not self.complete:
                    await self.more()

    def _why(self) -> Refused:
        return busy("memory") if self.share.evicted else Refused(TooSlow(), "slow_body")

    def _take(self, message: Message) -> bytes:
        piece: bytes = message.get("body", b"")
        self.share.pace.end(len(piece))
        self.size += len(piece)
        self.complete = not message.get("more_body", False) or self.size == self.length
        if self.size > self.limits.longest:
            raise too_large()
        return piece


def open_body(scope: Scope, receive: Receive, *, limits: Limits, memory: Memory) -> Body:
    """A body of which nothing was read yet. The caller closes its share. Raises Refused."""
    length = announced(scope)
    if length is not None and length > limits.longest:
        raise too_large()
    return Body(receive, limits, memory, memory.open(), length, complete=length == 0)
