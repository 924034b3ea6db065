"""Logs: one JSON object a line, to standard error, with allow-listed fields only.

A field that is not on the list is replaced by its name alone: what somebody forgets to
declare cannot leak (ASVS 16.2.5). JSON escapes control characters, so a value cannot forge a
line (ASVS 16.4.1). Exceptions are logged by type and place, never by text.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from privacy.core.clock import now

FIELDS = frozenset(
    {
        "event", "level", "at", "logger", "process", "request_id", "tenant_id", "actor_kind",
        "actor_id", "route", "method", "status", "code", "duration_ms", "job", "job_id", "attempt",
        "queue", "count", "accepted", "duplicates", "rejected", "expired", "epoch", "day", "days",
        "step", "position", "error", "where", "version", "revision", "seconds", "signal",
        "account_id",
        "service", "kind", "state", "port", "pending", "key_id", "bytes", "reason",
    }
)  # fmt: skip


def _stamp(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    fields["at"] = now().isoformat()
    return fields


def _failure(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if fields.pop("exc_info", None):
        kind, _error, trace = sys.exc_info()
        if kind is not None:
            fields["error"] = kind.__name__
            frames = traceback.extract_tb(trace)[-4:]
            fields["where"] = [f"{frame.filename}:{frame.lineno}" for frame in frames]
    return fields


def _allow(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    refused = sorted(set(fields) - FIELDS)
    kept = {name: value for name, value in fields.items() if name in FIELDS}
    if refused:
        kept["undeclared"] = refused
    return kept


class _Foreign(logging.Handler):
    """Other libraries' messages keep level and origin; their text could hold anything."""

    def emit(self, record: logging.LogRecord) -> None:
        where = f"{record.pathname}:{record.lineno}"
        structlog.get_logger().log(record.levelno, "library", logger=record.name, where=where)


def configure_logs(level: str = "INFO") -> None:
    """Set up this process's logs. Safe to call twice."""
    number = logging.getLevelName(level)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _stamp,
            _failure,
            _allow,
            structlog.processors.JSONRenderer(default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    root = logging.getLogger()
    root.handlers = [_Foreign()]
    root.setLevel(max(number, logging.WARNING))


def get_log(process: str) -> Any:
    """A logger that says which part of the service is speaking."""
    # A lazy logger: one bound at import would miss what is configured at boot.
    return structlog.get_logger(process=process)
