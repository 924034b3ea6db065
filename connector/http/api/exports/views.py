"""/api/v1/exports: ask for an archive, see how far it is, fetch it once."""

import uuid
from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response
from msgspec import Meta

from connector.exports.ask import (
    ExportUnderWay,
    ask_export,
    delete_export,
    find_export,
    list_exports,
)
from connector.exports.fetch import ExportNotReady, check_export
from connector.http.api.answers import answer
from connector.http.api.exports.shapes import (
    EXPORT_EXAMPLE,
    RECIPIENT_EXAMPLE,
    Export,
    ExportDone,
    Exports,
    ExportWish,
    FetchWish,
    export_of,
)
from connector.http.api.inputs import JSON, read_json, read_query
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.trials import changing_work
from connector.http.archives import MEDIA_TYPE, archive_response
from privacy.core.errors import Forbidden, Gone, Invalid, NotFound
from tenants.http.access import requires
from tenants.http.callers import caller
from tenants.http.services import work_of_caller
from tenants.permissions import Permission
from tenants.principals import Mode

_PATH: Final = {"export_id": "The export's id."}
_Before = Annotated[uuid.UUID, Meta(description="next_before of the page before.")]
_Limit = Annotated[int, Meta(ge=1, le=200, description="The most that a page holds.")]


class ExportQuery(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which exports."""

    before: _Before | None = None
    limit: _Limit = 50


@requires(Permission.EXPORTS_READ)
@describes(
    Operation(
        id="listExports",
        summary="List the archives",
        description="Archives of everything the tenant has, newest first.",
        tag="exports",
        query=ExportQuery,
        answer=Exports,
        example={"exports": [EXPORT_EXAMPLE], "next_before": None},
        problems=(Invalid,),
        mode=True,
    )
)
def list_all() -> Response:
    """The tenant's exports."""
    wanted = read_query(ExportQuery)
    with work_of_caller() as work:
        found = list_exports(work, before=wanted.before, limit=wanted.limit)
    following = found[-1].id if len(found) == wanted.limit else None
    return answer(Exports([export_of(row) for row in found], following))


@requires(Permission.EXPORTS_WRITE)
@describes(
    Operation(
        id="makeExport",
        summary="Make an archive",
        description=(
            "Everything the tenant has, people's data and settings, without credentials. Ask for "
            "it again until it is `ready`. One is made at a time."
        ),
        tag="exports",
        body=Body(
            kinds={JSON: ExportWish},
            examples={JSON: {"recipient": RECIPIENT_EXAMPLE}},
            description="What opens it.",
        ),
        answer=Export,
        example=EXPORT_EXAMPLE | {"state": "waiting", "files": [], "rows_done": 0},
        problems=(ExportUnderWay,),
        mode=True,
    )
)
def create() -> Response:
    """Ask for one."""
    wish = read_json(ExportWish)
    with changing_work() as work:
        export_id = ask_export(work, recipient=wish.recipient)
        made = export_of(find_export(work, export_id))
    return answer(made)


@requires(Permission.EXPORTS_READ)
@describes(
    Operation(
        id="readExport",
        summary="Read how far an archive is",
        description="Its state, counts, and (once it is made) its files with their digests.",
        tag="exports",
        path=_PATH,
        answer=Export,
        example=EXPORT_EXAMPLE,
        problems=(NotFound,),
        mode=True,
    )
)
def read(export_id: uuid.UUID) -> Response:
    """One export."""
    with work_of_caller() as work:
        found = export_of(find_export(work, export_id))
    return answer(found)


@requires(Permission.EXPORTS_WRITE)
@describes(
    Operation(
        id="fetchExport",
        summary="Fetch an archive, once",
        description=(
            "The encrypted file, made while it is sent; afterwards nothing of it is left here, "
            "also where the connection broke: make another one then. With a recipient, send "
            "an empty object; else the passphrase that will open it."
        ),
        tag="exports",
        path=_PATH,
        body=Body(
            kinds={JSON: FetchWish},
            examples={JSON: {"passphrase": "several words that nobody guesses"}},
            description="What will open it.",
        ),
        answer={"type": "string", "format": "binary", "description": "age, of a tar."},
        example={MEDIA_TYPE: "age-encryption.org/v1 …"},
        problems=(NotFound, ExportNotReady, Gone),
        file=True,
        mode=True,
    )
)
def fetch(export_id: uuid.UUID) -> Response:
    """The file."""
    with work_of_caller() as work:
        check_export(work, export_id=export_id)
    wish = read_json(FetchWish)
    if caller().mode is Mode.TEST:
        raise Forbidden("A key for tests fetches nobody's data.")
    return archive_response(export_id, passphrase=wish.passphrase)


@requires(Permission.EXPORTS_WRITE)
@describes(
    Operation(
        id="deleteExport",
        summary="Delete an archive",
        description="With everything that lies aside for it; one that is being made stops.",
        tag="exports",
        path=_PATH,
        answer=ExportDone,
        example={"done": True},
        problems=(NotFound,),
        mode=True,
    )
)
def delete(export_id: uuid.UUID) -> Response:
    """Delete one."""
    with changing_work() as work:
        delete_export(work, export_id=export_id)
    return answer(ExportDone())


def add_routes(api: Blueprint) -> None:
    """Add them to the API."""
    route, one = api.add_url_rule, "/v1/exports/<uuid:export_id>"
    route("/v1/exports", "list_exports", list_all)
    route("/v1/exports", "create_export", create, methods=["POST"])
    route(one, "read_export", read)
    route(one, "remove_export", delete, methods=["DELETE"])
    route(f"{one}/fetch", "fetch_export", fetch, methods=["POST"])
