"""A tenant's archive as a download, encrypted while it is sent. Both faces answer with it."""

import uuid
from collections.abc import Generator
from contextlib import closing
from functools import partial
from typing import Final

from flask import Response

from connector.exports.fetch import Fetched, fetch_export
from privacy.core.db.work import unit_of_work
from privacy.core.logs import get_log
from tenants.http.callers import caller
from tenants.http.requests import request_id
from tenants.http.services import services

MEDIA_TYPE: Final = "application/octet-stream"
_log = get_log("web")


def archive_response(export_id: uuid.UUID, *, passphrase: str | None = None) -> Response:
    """The caller's export as a file; claimed, and said in the ledger, before a byte leaves.

    Raises:
        NotFound, ExportNotReady, Gone; Invalid: the passphrase.
    """
    who = caller()
    # What is sent after the request is over asks Flask for nothing.
    work = partial(unit_of_work, services().engines.app, tenant_id=who.tenant_id, actor=who.actor)
    fetched = fetch_export(
        work, services().vault, export_id=export_id, passphrase=passphrase or None
    )
    response = Response(_parts(fetched, request_id()), content_type=MEDIA_TYPE)
    name = f'attachment; filename="{fetched.file_name}"'
    response.headers["Content-Disposition"] = name
    return response


def _parts(fetched: Fetched, request: str) -> Generator[bytes]:
    """Broken off, the connection is, too: age shows whoever opens it that the end is missing."""
    with closing(fetched.parts()) as parts:
        try:
            yield from parts
        except Exception:
            _log.error("export_broken_off", request_id=request, exc_info=True)
            raise
