"""Exports of calls as a file that is made while it is sent. Both faces answer with it."""

import uuid
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from flask import Response
from sqlalchemy import Engine

from connector.calls.export import export_calls, say_export
from connector.calls.exported import ExportForm, head_of
from connector.calls.queries import Query
from connector.contacts.naming import Names
from privacy.core.db.work import Actor, unit_of_work
from privacy.core.logs import get_log
from privacy.vault.keyring import Keyring
from tenants.http.callers import caller
from tenants.http.requests import request_id
from tenants.http.services import services, work_of_caller

MEDIA_TYPES: Final = {
    ExportForm.JSON_LINES: "application/x-ndjson",
    ExportForm.CSV: "text/csv",
}
BROKEN_OFF: Final = {
    ExportForm.JSON_LINES: b'{"error":"export_broken_off"}\n',
    ExportForm.CSV: b"export_broken_off\r\n",
}
"""The last line of a file that could not be made to its end."""

_log = get_log("web")


class ExportBrokenOff(Exception):
    """An export failed after its first byte, when no status can say so any more."""


@dataclass(frozen=True, slots=True)
class Download:
    """What an export needs after its request is over: it asks Flask for nothing."""

    engine: Engine
    vault: Keyring
    tenant_id: uuid.UUID
    actor: Actor
    query: Query
    form: ExportForm
    request_id: str
    names: bool = False

    def parts(self) -> Generator[bytes]:
        """The file, in parts of whole lines.

        The unit of work opens with the first part that is asked for and lives as long as this
        generator: the server (jobs.edge, or any that keeps PEP 3333) closes it when all was sent
        and when the client has gone away, which rolls back and gives the connection to the pool.
        A generator that was never begun holds nothing.

        Raises:
            ExportBrokenOff: after a last line that says so. Our edge breaks the connection then;
                a server or proxy that ends the answer cleanly would hide it.
        """
        with closing(self._calls()) as parts:
            try:
                # An empty part would be the end of a chunked answer (RFC 9112, §7.1).
                yield from filter(None, parts)
            # Everything, on purpose: the head of the answer is gone, so no error page can say it.
            # The last line does, and it is raised anew for the server to break the connection.
            except Exception:  # noqa: BLE001
                _log.error("export_broken_off", request_id=self.request_id, exc_info=True)
                yield BROKEN_OFF[self.form]
                raise ExportBrokenOff from None

    def _calls(self) -> Generator[bytes]:
        """By itself, so that what fails while it is closed is no part of the file."""
        with (
            unit_of_work(self.engine, tenant_id=self.tenant_id, actor=self.actor) as work,
            closing(
                export_calls(
                    work,
                    vault=self.vault,
                    query=self.query,
                    form=self.form,
                    names=Names(work, self.vault).give if self.names else None,
                )
            ) as parts,
        ):
            yield from parts


def export_response(query: Query, form: ExportForm, *, names: bool = False) -> Response:
    """The caller's calls as a file; the ledger knows of it before a byte of it is there.

    Args:
        names: give names from contacts to calls that came without.

    Raises:
        Invalid: nothing can be found by `query`.
    """
    with work_of_caller() as work:
        say_export(work, vault=services().vault, query=query, form=form)
    who = caller()
    made = Download(
        engine=services().engines.app,
        vault=services().vault,
        tenant_id=who.tenant_id,
        actor=who.actor,
        query=query,
        form=form,
        request_id=request_id(),
        names=names,
    )
    return _file(made.parts(), form)


def empty_export(form: ExportForm) -> Response:
    """A file of no calls."""
    return _file(iter([head_of(form)]), form)


def _file(parts: Iterator[bytes], form: ExportForm) -> Response:
    """As a download; the name holds nothing that was looked for."""
    response = Response(parts, content_type=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="calls.{form.value}"'
    return response
