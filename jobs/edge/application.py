"""An ASGI application around a WSGI one: slow senders and slow readers hold no thread."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from jobs.edge.answers import Answer, Application, begin
from jobs.edge.bodies import Body, open_body
from jobs.edge.environs import check, make_environ
from jobs.edge.limits import Limits
from jobs.edge.measures import REFUSED, STREAMS
from jobs.edge.memory import Memory
from jobs.edge.paces import Pace
from jobs.edge.refusals import BrokenOff, Gone, Refused, busy, plain
from jobs.edge.scopes import Receive, Scope, Send
from jobs.edge.sockets import cut, limit_unread
from jobs.edge.threads import Threads
from jobs.edge.uploads import long_input
from privacy.core.errors import SiltaError
from privacy.core.logs import get_log

_log = get_log("web")


class Edge:
    """Made before the loop runs, in the process that serves."""

    def __init__(self, app: Application, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._memory = Memory(limits)
        self._threads = Threads(limits)
        self._streams = asyncio.Semaphore(limits.streams)
        self._uploads = asyncio.Semaphore(limits.uploads)
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Raises BrokenOff for the server to break the connection."""
        if not self._begun:
            self._begun = True
            limit_unread(self._limits.patience)
        try:
            await self._handle(scope, receive, send)
        except Gone:
            return
        except Refused as refusal:
            REFUSED.labels(refusal.reason).inc()
            await _say(refusal.error, refusal.reason, scope, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        check(scope)
        body = open_body(scope, receive, limits=self._limits, memory=self._memory)
        try:
            answer = await self._ask(scope, body)
        finally:
            self._memory.close(body.share)
            await body.discard()
        if answer.ended:
            await _start(answer, send)
            await send({"type": "http.response.body", "body": answer.head})
        else:
            await self._stream(scope, answer, body, send)

    async def _ask(self, scope: Scope, body: Body) -> Answer:
        await body.fill()
        async with self._room_for(body):
            return await self._begin(scope, body)

    @asynccontextmanager
    async def _room_for(self, body: Body) -> AsyncIterator[None]:
        if body.complete:
            yield
            return
        if self._uploads.locked():
            raise busy("uploads")
        async with self._uploads:
            yield

    async def _begin(self, scope: Scope, body: Body) -> Answer:
        """The answer, as far as it goes at once. Raises Refused, also for the application."""
        given: Any = body.content if body.complete else long_input(body)
        environ = make_environ(
            scope, body=given, length=body.size if body.complete else body.length
        )
        run = partial(begin, self._app, environ, self._limits)
        try:
            return await self._threads.run(run, path=scope["path"])
        except (Refused, Gone):
            raise
        except Exception:  # noqa: BLE001 - whatever it was, its text is nobody's to read
            _log.error("unexpected_error", exc_info=True)
            raise Refused(SiltaError(), "failed") from None

    async def _stream(self, scope: Scope, answer: Answer, body: Body, send: Send) -> None:
        watch = asyncio.create_task(_until_gone(body))
        try:
            if self._streams.locked():
                raise busy("streams")
            async with self._streams:
                with STREAMS.track_inprogress():
                    await self._send_parts(scope, answer, watch, send)
        finally:
            watch.cancel()
            await asyncio.shield(self._threads.run_soon(answer.close))

    async def _send_parts(
        self, scope: Scope, answer: Answer, watch: asyncio.Task[None], send: Send
    ) -> None:
        pace = Pace(self._limits.patience, self._limits.rate)
        await _start(answer, send)
        part, more = answer.head, partial(answer.next_part, self._limits.part)
        await self._send_part(scope, part, pace, watch, send)
        while not (answer.ended or answer.failure):
            part = await self._threads.run_soon(more)
            await self._send_part(scope, part, pace, watch, send)
        if answer.failure:
            _log.warning("answer_broken_off", error=type(answer.failure).__name__)
            raise BrokenOff
        await send({"type": "http.response.body", "body": b""})

    async def _send_part(
        self, scope: Scope, part: bytes, pace: Pace, watch: asyncio.Task[None], send: Send
    ) -> None:
        """Raises Gone, BrokenOff: the reader was too slow, and its connection is cut."""
        if watch.done():
            raise Gone
        try:
            async with asyncio.timeout(pace.begin()):
                await send({"type": "http.response.body", "body": part, "more_body": True})
        except TimeoutError:
            REFUSED.labels("slow_reader").inc()
            cut(scope.get("client"))
            raise BrokenOff from None
        pace.end(len(part))


async def _start(answer: Answer, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})


async def _say(error: SiltaError, reason: str, scope: Scope, send: Send) -> None:
    request_id = secrets.token_hex(16)
    said = plain(error, scope["path"], request_id)
    _log.warning("request_refused", reason=reason, status=said.status, request_id=request_id)
    await send({"type": "http.response.start", "status": said.status, "headers": said.headers})
    await send({"type": "http.response.body", "body": said.body})


async def _until_gone(body: Body) -> None:
    """What is left of the body is not wanted any more; then only the end can come."""
    with contextlib.suppress(asyncio.CancelledError):
        while (await body.receive())["type"] != "http.disconnect":
            pass
