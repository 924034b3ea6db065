"""Prometheus metrics, on a port of their own, never beside the console.

With several web processes `PROMETHEUS_MULTIPROC_DIR` names a folder that they share; whichever
process holds the port answers for all of them, and another takes over when it ends.
"""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from flask import Flask, Response, request
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    Metric,
    make_wsgi_app,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from privacy.core.logs import get_log
from tenants.http.requests import elapsed, route

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
RETRY_SECONDS = 5.0
_log = get_log("web")

REQUESTS = Counter("silta_http_requests_total", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram(
    "silta_http_request_seconds",
    "Time to answer.",
    ("route",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def install(app: Flask) -> None:
    """Measure every request of `app`, by route pattern."""

    @app.after_request
    def _observe(response: Response) -> Response:
        method = request.method if request.method in _METHODS else "other"
        REQUESTS.labels(method, route(), str(response.status_code)).inc()
        SECONDS.labels(route()).observe(elapsed())
        return response


def serve_metrics(bind: str, figures: Collector | None = None) -> Callable[[], None]:
    """Answer `/metrics` on `bind` (`host:port`) from a thread. Returns what stops it.

    A port that is in use is tried again every few seconds: a sister process may hold it.
    `figures` are counted over the installation, whichever process answers.
    """
    host, _, port = bind.rpartition(":")
    over = threading.Event()
    holding: list[WSGIServer] = []

    def run() -> None:
        while not over.is_set():
            try:
                server = make_server(host, int(port), _application(figures), handler_class=_Quiet)
            except OSError:
                over.wait(RETRY_SECONDS)
                continue
            holding.append(server)
            _log.info("metrics_served", process=os.getpid())
            with server:
                server.serve_forever()

    def stop() -> None:
        over.set()
        for server in holding:
            server.shutdown()

    threading.Thread(target=run, name="metrics", daemon=True).start()
    return stop


def _application(figures: Collector | None) -> Any:
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_OfThisProcess())
    if figures is not None:
        registry.register(figures)
    return make_wsgi_app(registry)


class _OfThisProcess(Collector):
    """What this process counted itself."""

    def collect(self) -> Iterable[Metric]:
        """Everything of the library's own registry."""
        return REGISTRY.collect()


class _Quiet(WSGIRequestHandler):
    """No line per scrape."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""
