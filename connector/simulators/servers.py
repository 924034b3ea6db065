"""Running a simulator: on a loopback address only, quietly, in this thread or another."""

import socket
import ssl
import threading
from types import TracebackType
from typing import Any, Self
from wsgiref.types import WSGIApplication

from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class _Quiet(WSGIRequestHandler):
    """Keeps addresses and queries out of the log, and connections out of each other's way."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Nothing: queries hold names of customers."""


class LocalServer:
    """A server from its making on; port 0 takes any free one. With `tls` it speaks nothing else."""

    def __init__(
        self, app: WSGIApplication, port: int = 0, *, tls: ssl.SSLContext | None = None
    ) -> None:
        self._scheme = "http" if tls is None else "https"
        # Bound here: werkzeug would print lines of its own where the port is taken, and exit.
        with socket.create_server((HOST, port)) as bound:
            self._server = make_server(
                *(HOST, bound.getsockname()[1], app),
                threaded=True,
                request_handler=_Quiet,
                ssl_context=tls,
                fd=bound.fileno(),
            )
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"{self._scheme}://{HOST}:{self._server.port}"

    def serve(self) -> None:
        """Answer until `stop`, or an interrupt."""
        try:
            self._server.serve_forever(poll_interval=0.1)
        finally:
            self._server.server_close()

    def stop(self) -> None:
        """End `serve`, from another thread."""
        self._server.shutdown()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        if self._thread is not None:
            self._thread.join(5)
