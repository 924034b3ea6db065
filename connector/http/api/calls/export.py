"""POST /api/v1/calls/export: calls as a file. Numbers are in the body, where no log keeps them."""

from typing import Annotated

import msgspec
from flask import Response
from msgspec import Meta

from connector.calls.exported import ExportForm
from connector.calls.numbers import DEFAULT_REGION
from connector.calls.queries import Query
from connector.http.api import examples
from connector.http.api.calls.wanted import Number, Purpose, Region, Since, Until, User, check_years
from connector.http.api.inputs import JSON, read_json
from connector.http.api.operations import Body, Operation, describes
from connector.http.exports import MEDIA_TYPES, empty_export, export_response
from connector.http.naming import may_name
from privacy.suppressions.uses import Use
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.permissions import Permission
from tenants.principals import Mode

_Form = Annotated[ExportForm, Meta(description="One JSON object a line, or CSV with a head.")]

_Names = Annotated[
    bool,
    Meta(description="Find names of calls that came without among contacts (contacts:read)."),
]

_DESCRIPTION = """\
Every call that was asked for, oldest day first, as a file that is made while it is sent: read it
as it comes. Without a range, all that is kept. The ledger says who exported, when, and how many
calls at most, before the first byte.

The columns of CSV (RFC 4180, UTF-8) are the fields of a call. A text that a spreadsheet would
take for a formula has an apostrophe in front. `destroyed_at` says when the original ends; your
copy should end then too.

What goes wrong before the first byte is a problem as everywhere. A failure after it breaks
the connection. A file whose last line is `export_broken_off` (in JSON lines: an object with that
`error`) is not whole either: ask again.
"""


class CallExport(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is exported, and how; everything that is given must hold."""

    format: _Form
    number: Number | None = None
    user_id: User | None = None
    since: Since | None = None
    until: Until | None = None
    region: Region = DEFAULT_REGION
    names: _Names = False
    purpose: Purpose = Use.DELIVERY


@requires(Permission.CALLS_EXPORT)
@describes(
    Operation(
        id="exportCalls",
        summary="Export calls",
        description=_DESCRIPTION,
        tag="calls",
        body=Body(
            kinds={JSON: CallExport},
            examples={JSON: {"format": "csv", "since": "2026-11-01T00:00:00Z"}},
            description="What is exported.",
        ),
        answer={"type": "string", "description": "Lines, each of them a call."},
        example=dict(zip(MEDIA_TYPES.values(), examples.EXPORTED, strict=True)),
        file=True,
        mode=True,
    )
)
def post_export() -> Response:
    """The file."""
    wanted = read_json(CallExport)
    check_years(since=wanted.since, until=wanted.until)
    query = Query(
        number=wanted.number,
        user_id=wanted.user_id,
        since=wanted.since,
        until=wanted.until,
        region=wanted.region,
        use=wanted.purpose,
    )
    # As with a search: a test key opens nobody's calls, and there is nothing to say of it.
    if caller().mode is Mode.TEST:
        query.check()
        return empty_export(wanted.format)
    return export_response(query, wanted.format, names=wanted.names and may_name())
