"""Save a mapping, or try one on a sample."""

import uuid
from datetime import datetime
from typing import Any, Final

from flask import Response

from connector.accounts.models import ConnectorAccount
from connector.http.api.answers import answer
from connector.http.api.inputs import JSON, read_json
from connector.http.api.mappings.read import PATH
from connector.http.api.mappings.shapes import (
    MAPPING,
    MappingWish,
    Outcome,
    SavedVersion,
    TrialWish,
    outcome_of,
    parts_in,
)
from connector.http.api.operations import Body, Operation, describes
from connector.http.api.trials import changing_work
from connector.mappings.read import mapped_account
from connector.mappings.save import MappingChanged, save_mapping
from connector.mappings.settings import typed
from connector.mappings.trial import try_mapping
from privacy.core.errors import Invalid, NotFound
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission

_LARGEST: Final = 1024 * 1024
"""Bytes of a sample with its mapping; a sample's 200,000 characters have up to four each."""
_CALL: Final[dict[str, Any]] = {
    "direction": "inbound",
    "caller": "+12025550143",
    "called": "+442079460018",
    "started_at": "2026-03-29T10:00:00Z",
}


@requires(Permission.MAPPINGS_WRITE)
@describes(
    Operation(
        id="saveMapping",
        summary="Save a mapping",
        description="From the next document on it is what counts. The answer names the new "
        "version; it is the present one where nothing is different.",
        tag="accounts",
        path=PATH,
        body=Body(
            kinds={JSON: MappingWish},
            examples={JSON: {"mapping": MAPPING, "based_on": 1}},
            description="The whole mapping, and the version that it was made from.",
        ),
        answer=SavedVersion,
        example={"version": 2},
        problems=(Invalid, NotFound, MappingChanged),
        mode=True,
    )
)
def save(account_id: uuid.UUID) -> Response:
    """A new version."""
    _find(account_id)
    wish = read_json(MappingWish)
    with changing_work() as work:
        version = save_mapping(
            work, account_id=account_id, mapping=parts_in(wish.mapping), based_on=wish.based_on
        )
    return answer(SavedVersion(version))


@requires(Permission.MAPPINGS_WRITE)
@describes(
    Operation(
        id="tryMapping",
        summary="Try a mapping on a sample",
        description="What would become of each call of a document, and of each of its fields. "
        "Nothing of it is stored.",
        tag="accounts",
        path=PATH,
        body=Body(
            kinds={JSON: TrialWish},
            examples={JSON: {"sample": '{"von": "+12025550143"}', "mapping": MAPPING}},
            description="A sample, and the mapping to try.",
        ),
        answer=Outcome,
        example={
            "count": 1,
            "calls": [{"index": 0, "call": _CALL, "rejection": None, "fields": []}],
            "paths": {"von": "caller"},
            "problem": None,
        },
        problems=(Invalid, NotFound),
        mode=True,
    )
)
def try_out(account_id: uuid.UUID) -> Response:
    """What a sample says."""
    account, now = _find(account_id)
    wish = read_json(TrialWish, limit=_LARGEST)
    settings = typed(account, parts_in(wish.mapping) if wish.mapping else None)
    return answer(outcome_of(try_mapping(settings, wish.sample, now=now)))


def _find(account_id: uuid.UUID) -> tuple[ConnectorAccount, datetime]:
    """Before the body is looked at: what is not there is 404, whatever is sent to it."""
    with work_of_caller() as work:
        return mapped_account(work, account_id), work.now
