"""Request bodies, read by the loop: in whole, or the beginning of a long one."""

import asyncio
import io
from dataclasses import dataclass, field

from jobs.edge.limits import Limits
from jobs.edge.memory import Memory, Share
from jobs.edge.refusals import Gone, Refused, busy, too_large
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


async def read(scope: Scope, receive: Receive, *, limits: Limits, memory: Memory) -> Body:
    """The body, in whole up to `limits.whole`. The caller closes its share.

    A body that says that it is longer begins with its first MiB; one that says nothing is known
    for long when it is. Raises Refused, Gone.
    """
    length = announced(scope)
    if length is not None and length > limits.longest:
        raise too_large()
    body = Body(receive, limits, memory, memory.open(), length, complete=length == 0)
    upto = limits.fixed if length is not None and length > limits.whole else limits.whole
    try:
        while not body.complete and body.size <= upto:
            piece = await body.more()
            if not memory.grow(body.share, len(piece)):
                raise busy("memory")
            body.content.write(piece)
    except BaseException:
        memory.close(body.share)
        raise
    memory.arrived(body.share)
    body.content.seek(0)
    return body
