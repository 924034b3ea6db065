"""GET /api/v1/promises: how each promise stands, by the last examination."""

from datetime import datetime
from typing import Any, Final

import msgspec
from flask import Response

from connector.http.api.answers import answer
from connector.http.api.operations import Operation, describes
from privacy.promises.catalogue import promises
from privacy.promises.examine import Looked
from privacy.promises.keep import RunView, latest_run
from privacy.promises.outcomes import Outcome
from tenants.http.access import requires
from tenants.http.services import work_of_caller
from tenants.permissions import Permission


class Look(msgspec.Struct, frozen=True):
    """One look. `evidence` is counts, dates and words: nobody is in it."""

    probe: str
    scope: str
    outcome: Outcome
    evidence: dict[str, str | int | bool]


class PromiseStanding(msgspec.Struct, frozen=True):
    """One promise of the privacy policies."""

    id: str
    outcome: Outcome
    promise: str
    mechanism: str
    gap: str | None
    looks: list[Look]


class Promises(msgspec.Struct, frozen=True):
    """The last examination; `examined_at` is null before the first."""

    examined_at: datetime | None
    well: bool
    promises: list[PromiseStanding]


_EXAMPLE: Final[dict[str, Any]] = {
    "examined_at": "2026-11-22T04:37:09Z",
    "well": True,
    "promises": [
        {
            "id": "B1",
            "outcome": "kept",
            "promise": "Call data and session data are kept for 30 days",
            "mechanism": "Each day is sealed under a key of its own.",
            "gap": None,
            "looks": [
                {
                    "probe": "calls_end",
                    "scope": "tenant",
                    "outcome": "kept",
                    "evidence": {"oldest_call": "2026-10-24", "seen": 1204, "wrong": 0},
                }
            ],
        }
    ],
}


@requires(Permission.PROMISES_READ)
@describes(
    Operation(
        id="readPromises",
        summary="Read how the promises stand",
        description=(
            "Each promise of the privacy policies with its mechanism, and what the last "
            "examination of the running service found: kept, broken, or not testable here."
        ),
        tag="promises",
        answer=Promises,
        example=_EXAMPLE,
        mode=True,
    )
)
def read_promises() -> Response:
    """The tenant's last examination."""
    with work_of_caller() as work:
        latest = latest_run(work)
    if latest is None:
        return answer(Promises(None, True, []))
    listed = [_standing(latest, key) for key in promises()]
    return answer(Promises(latest.at, not latest.broken, listed))


def _standing(run: RunView, key: str) -> PromiseStanding:
    promise, report = promises()[key], run.report
    looks = [_look(one) for one in report.looked if one.promise == key]
    outcome = report.of(key)
    return PromiseStanding(key, outcome, promise.short, promise.mechanism, promise.gap, looks)


def _look(one: Looked) -> Look:
    return Look(one.probe, one.scope, one.finding.outcome, dict(one.finding.evidence))
