"""The HTTP server in front of the application, set up so that whoever only holds connections
open keeps nobody out (ATTACK 47).

The server counts connections, not requests, and an idle one is one of them: few allowed and no
end to waiting would let some dozens of silent sockets stop the service. HTTP/1.1 only, for the
server waits without end for the first bytes where it has to guess the version.

It parses HTTP and looks after processes; `jobs.edge` takes bodies in and runs the application.
"""

from functools import partial
from importlib import import_module
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces, TaskImpl
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer

from jobs.edge.application import Edge
from jobs.edge.limits import Limits

CONNECTIONS: Final = 512
"""At once, in each web process; well below the usual 1,024 open files."""
PATIENCE: Final = 15.0
"""Seconds for a request's head to arrive, and for a connection to rest between two requests."""


class WebServer(MPServer):
    """Processes that each make the application (`module:function`) for themselves."""

    def __init__(self, target: str, limits: Limits, **options: Any) -> None:
        super().__init__(target, interface=Interfaces.ASGINL, **options)
        self._limits = limits

    def serve(self, *_: Any, **__: Any) -> None:
        """Until SIGTERM or SIGINT; running requests end first."""
        loader = partial(load, self.target, self._limits)
        super().serve(target_loader=loader, wrap_loader=False)


def make_server(
    target: str,
    *,
    host: str,
    port: int,
    workers: int,
    limits: Limits,
    patience: float = PATIENCE,
) -> WebServer:
    """A server for the application that `target` (`module:function`) makes in each worker.

    Tasks are asyncio's own: the server's cannot be cancelled, and no deadline would hold.
    """
    return WebServer(
        target,
        limits,
        address=host,
        port=port,
        workers=workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=round(1000 * patience)),
        backpressure=CONNECTIONS,
        task_impl=TaskImpl.asyncio,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    )


def load(target: str, limits: Limits) -> Edge:
    """The application behind its edge; called in a process that serves, after the fork."""
    module, _, name = target.partition(":")
    return Edge(getattr(import_module(module), name)(), limits)
