"""Single posts of a FreeSWITCH, 200 a second."""

import random
from collections.abc import Callable, Iterator

from bench.contexts import Context
from bench.generators import Send, latencies
from bench.reports import report
from bench.results import Better, Goal, Result
from bench.rounds import percentile
from bench.servers import COMPARED, Server, Web, ask, serve
from connector.accounts.kinds import AccountKind


def measure(context: Context) -> Iterator[Result]:
    """Each post is committed before it is answered; latency counts from when it was due."""
    site, sizes = context.site, context.sizes
    for server in COMPARED:
        _, made = site.account(site.tenant(), AccountKind.FREESWITCH)
        chance = random.Random(9)
        rate, seconds = sizes.posts_per_second, sizes.post_seconds
        bodies = [report(chance) for _ in range(rate * (seconds + 2))]
        with serve(site, server) as web:
            path, warm = f"/in/{made.secret}", 2 * rate
            latencies(_sender(web, path, bodies[:warm]), rate=rate, seconds=2)
            took = latencies(_sender(web, path, bodies[warm:]), rate=rate, seconds=seconds)
        yield _result(server, rate, took)


def _result(server: Server, rate: int, took: list[float]) -> Result:
    middle, most = percentile(took, 0.5), percentile(took, 0.99)
    return Result(
        f"single posts at {rate}/s, {server}",
        f"p99 {most:.1f} ms (median {middle:.1f}, worst {max(took):.1f})",
        f"{len(took):,} posts",
        most,
        Goal(50, 50, Better.LOWER) if server is Server.GRANIAN else None,
        "a commit is one flush of the log: 0.3 ms on this disk",
    )


def _sender(web: Web, path: str, bodies: list[bytes]) -> Callable[[], Send]:
    headers = {"Content-Type": "application/json"}

    def make() -> Send:
        connection = web.connect()

        def send(ticket: int) -> None:
            status, answer = ask(connection, "POST", path, bodies[ticket], headers)
            assert status == 200, (status, answer)

        return send

    return make
