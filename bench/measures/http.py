"""Batches of 1,000 over HTTP, one web worker, against the same batches in one process."""

import json
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import local

from bench.contexts import Context
from bench.keys import api_key
from bench.results import Goal, Result
from bench.rounds import Series, alternate
from bench.samples import BATCH, Feed, Samples
from bench.sealed import Sealed
from bench.servers import COMPARED, Server, Web, ask, serve


def measure(context: Context) -> Iterator[Result]:
    """Two senders, each one batch after the other; in process, two threads."""
    for server in COMPARED:
        with serve(context.site, server) as web:
            served, ours = _rounds(context, web)
        yield Result(
            f"ingest over HTTP, {server}",
            served.text("rec/s"),
            ours.text("rec/s"),
            served.over(ours),
            Goal(0.5, 0.8) if server is Server.GRANIAN else None,
            "the sender shares the two cores with worker and PostgreSQL",
        )


class _Sender:
    """Sends bodies on a connection for each thread."""

    def __init__(self, web: Web, headers: dict[str, str]) -> None:
        self._web, self._headers, self._own = web, headers, local()

    def send(self, body: bytes) -> None:
        if not hasattr(self._own, "connection"):
            self._own.connection = self._web.connect()
        answer = ask(self._own.connection, "POST", "/api/v1/calls", body, self._headers)
        assert answer[0] == 200, answer
        assert json.loads(answer[1])["accepted"] == BATCH, answer


def _rounds(context: Context, web: Web) -> tuple[Series, Series]:
    site, sizes = context.site, context.sizes
    samples, near, far = Samples(8), site.tenant(), site.tenant()
    bodies = [samples.body() for _ in range(sizes.http_batches * (sizes.rounds + 1))]
    within, over = (Feed(bodies, at_once=sizes.http_batches) for _ in range(2))
    site.account(far)
    sealed, sender = Sealed(site.house, site.account(near)[0]), _Sender(web, api_key(site, far))
    with ThreadPoolExecutor(2) as threads:
        served, ours = alternate(
            [
                lambda: deque(threads.map(sender.send, over.take())),
                lambda: deque(threads.map(sealed.ingest, within.take())),
            ],
            rounds=sizes.rounds,
            amount=sizes.http_batches * BATCH,
        )
    return served, ours
