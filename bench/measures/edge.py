"""What the edge costs: the same posts through it, and to threads that read bodies themselves."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import local

from bench.contexts import Context
from bench.keys import api_key
from bench.reports import report
from bench.results import Goal, Result
from bench.rounds import Series, alternate
from bench.samples import Feed, Samples
from bench.servers import Server, Web, ask, serve
from connector.accounts.kinds import AccountKind

SENDERS, RECORDS = 4, 800
_JSON = {"Content-Type": "application/json"}


def measure(context: Context) -> Iterator[Result]:
    """Both servers run all the time, and are asked in turns."""
    with serve(context.site, Server.GRANIAN) as edge, serve(context.site, Server.WSGI) as plain:
        yield _result("posts of 6 KB", *_small(context, (edge, plain)))
        yield _result("posts of 230 KB", *_large(context, (edge, plain)))


def _result(what: str, edge: Series, plain: Series) -> Result:
    return Result(
        f"{what}, through the edge",
        edge.text("req/s"),
        plain.text("req/s"),
        edge.over(plain),
        Goal(0.9, 1.0),
        "against granian's WSGI with as many threads",
    )


def _small(context: Context, webs: tuple[Web, ...]) -> list[Series]:
    site, sizes, chance = context.site, context.sizes, random.Random(21)
    _, made = site.account(site.tenant(), AccountKind.FREESWITCH)
    count = sizes.posts_per_second
    bodies = [report(chance) for _ in range(count * len(webs) * (sizes.rounds + 1))]
    return _in_turns(webs, f"/in/{made.secret}", _JSON, bodies, count, sizes.rounds)


def _large(context: Context, webs: tuple[Web, ...]) -> list[Series]:
    site, sizes, samples = context.site, context.sizes, Samples(22)
    tenant = site.tenant()
    site.account(tenant)
    count = sizes.http_batches
    every = count * len(webs) * (sizes.rounds + 1)
    bodies = [samples.body(count=RECORDS) for _ in range(every)]
    return _in_turns(webs, "/api/v1/calls", api_key(site, tenant), bodies, count, sizes.rounds)


def _in_turns(
    webs: tuple[Web, ...],
    path: str,
    headers: dict[str, str],
    bodies: list[bytes],
    count: int,
    rounds: int,
) -> list[Series]:
    feed = Feed(bodies, at_once=count)
    with ThreadPoolExecutor(SENDERS) as threads:
        senders = [_sender(web, path, headers) for web in webs]
        blocks = [lambda send=send: list(threads.map(send, feed.take())) for send in senders]
        return alternate(blocks, rounds=rounds, amount=count)


def _sender(web: Web, path: str, headers: dict[str, str]) -> Callable[[bytes], None]:
    own = local()

    def send(body: bytes) -> None:
        if not hasattr(own, "connection"):
            own.connection = web.connect()
        status, answer = ask(own.connection, "POST", path, body, headers)
        assert status == 200, (status, answer)

    return send
