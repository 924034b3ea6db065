"""GET /api/v1/accounts/{id}/mapping, and what was saved before."""

import uuid
from typing import Final

from flask import Response

from connector.http.api import examples
from connector.http.api.answers import answer
from connector.http.api.inputs import read_query
from connector.http.api.mappings.shapes import (
    MAPPING,
    StoredMapping,
    Version,
    VersionQuery,
    Versions,
    mapping_of,
)
from connector.http.api.operations import Operation, describes
from connector.mappings.read import mapped_account, page_versions, read_mapping
from connector.providers.moontalk.settings import TARGETS
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission

PATH: Final = {"account_id": "The account's id."}


@requires(Permission.ACCOUNTS_READ)
@describes(
    Operation(
        id="readMapping",
        summary="Read a mapping",
        description="Where an account's documents have what, as it counts now. An account of a "
        "kind without a mapping is 404.",
        tag="accounts",
        path=PATH,
        answer=StoredMapping,
        example={
            "account": examples.ACCOUNT_ID,
            "version": 2,
            "mapping": MAPPING,
            "usual": {"caller": ["caller", "caller_number"]},
        },
        problems=(NotFound,),
        mode=True,
    )
)
def read(account_id: uuid.UUID) -> Response:
    """The mapping of one account."""
    with work_of_caller() as work:
        view = read_mapping(work, account_id=account_id)
    usual = {field: list(places) for field, places in TARGETS.items()}
    return answer(StoredMapping(account_id, view.version, mapping_of(view), usual))


@requires(Permission.ACCOUNTS_READ)
@describes(
    Operation(
        id="listMappingVersions",
        summary="List what was saved",
        description="Every version, the newest first: what differed from the usual. To put an "
        "earlier one back, save it again.",
        tag="accounts",
        path=PATH,
        query=VersionQuery,
        answer=Versions,
        example={
            "versions": [
                {
                    "version": 2,
                    "saved_at": "2026-11-22T09:15:00Z",
                    "saved_by": None,
                    "mapping": MAPPING,
                }
            ],
            "next_cursor": None,
        },
        problems=(Invalid, NotFound),
        mode=True,
    )
)
def list_versions(account_id: uuid.UUID) -> Response:
    """A page of versions."""
    wanted: VersionQuery = read_query(VersionQuery)
    with work_of_caller() as work:
        mapped_account(work, account_id)
        rows = page_versions(work, account_id, before=wanted.cursor, limit=wanted.limit + 1)
    shown = [
        Version(row.version, row.saved_at, row.saved_by, dict(row.settings))
        for row in rows[: wanted.limit]
    ]
    return answer(Versions(shown, shown[-1].version if len(rows) > wanted.limit else None))
