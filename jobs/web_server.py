"""The HTTP server in front of the application, set up so that whoever only holds connections
open keeps nobody out (ATTACK 47).

The server counts connections, not requests, and an idle one is one of them: few allowed and no
end to waiting would let some dozens of silent sockets stop the service. HTTP/1.1 only, for the
server waits without end for the first bytes where it has to guess the version.

A body is read by the thread that answers. Slow ones have to be waited for by the proxy: see
docs/operators.
"""

from typing import Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

CONNECTIONS: Final = 512
"""At once, in each web process; well below the usual 1,024 open files."""
PATIENCE: Final = 15.0
"""Seconds for a request's head to arrive, and for a connection to rest between two requests."""


def make_server(
    target: str, *, host: str, port: int, workers: int, threads: int, patience: float = PATIENCE
) -> MPServer:
    """A server for the application that `target` (`module:function`) makes in each worker."""
    return MPServer(
        target,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=round(1000 * patience)),
        backpressure=CONNECTIONS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    )
