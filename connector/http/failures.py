"""Whatever went wrong in a request, as an error that may be shown. Both faces ask here."""

from http import HTTPStatus
from typing import Final

import psycopg
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from privacy.core.errors import Misconfigured, SiltaError, Unavailable
from privacy.core.logs import get_log
from tenants.http.requests import request_id

_log = get_log("web")
CLOSED_SECONDS: Final = 30
"""When to come back while the database moves: half of what a switch may take."""


def shown(error: SiltaError) -> SiltaError:
    """What is our fault is logged; what an operator has to change is for operators to read."""
    if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        name, code = type(error).__name__, error.code
        _log.error("failed", error=name, code=code, request_id=request_id(), exc_info=True)
    return SiltaError() if isinstance(error, Misconfigured) else error


def translate_unknown(error: Exception) -> SiltaError:
    """What nobody expected is logged by type and place, never by text."""
    name = type(error).__name__
    if _is_closed(error):
        _log.warning("database_closed", error=name, request_id=request_id())
        return Unavailable(retry_after=CLOSED_SECONDS)
    if _is_away(error):
        _log.warning("database_away", error=name, request_id=request_id())
        return Unavailable()
    _log.error("unexpected_error", error=name, request_id=request_id(), exc_info=True)
    return SiltaError()


def _is_closed(error: Exception) -> bool:
    """The database moves to another server, and nothing is written meanwhile."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, ReadOnlySqlTransaction)


def _is_away(error: Exception) -> bool:
    """A lost connection, none free, a deadlock, a lock not got in time: trying again is right."""
    if isinstance(error, OperationalError | psycopg.OperationalError | NoConnectionFree):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
