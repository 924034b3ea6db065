"""Participants of call records: lists leave them out, so they are asked for, twenty at a time.

A batch is answered with 200 whatever became of its parts. Those that have to wait are asked for
again; a record that is gone meanwhile (they last 30 days) is left out.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from connector.outbound.failures import Failure, TransientFailure
from connector.providers.microsoft.client import MicrosoftClient
from connector.providers.microsoft.documents import Values, objects_in
from connector.providers.microsoft.failures import UnreadableJson

AT_ONCE: Final = 20
"""As many as Graph takes."""
_LONGEST_WAIT: Final = 86_400.0

Record = dict[str, Any]


def with_participants(client: MicrosoftClient, records: list[Record]) -> list[Record]:
    """The same records, in order, each with its participants. Raises Failure."""
    wanted = [str(each.get("id")) for each in records if "participants_v2" not in each]
    found: dict[str, Record | None] = {}
    for start in range(0, len(wanted), AT_ONCE):
        found |= _some(client, wanted[start : start + AT_ONCE])
    whole = (found.get(str(each.get("id")), each) for each in records)
    return [each for each in whole if each is not None]


def _some(client: MicrosoftClient, keys: list[str]) -> dict[str, Record | None]:
    found: dict[str, Record | None] = {}
    for seconds in (*client.patience.pauses, None):
        waits = list(_batch(client, [key for key in keys if key not in found], found))
        if not waits:
            return found
        failure = TransientFailure(log="call records, parts of a batch", retry_after=max(waits))
        if seconds is None or not client.patience.wait(failure, seconds):
            raise failure
    raise AssertionError("the last attempt returns or raises")


def _batch(
    client: MicrosoftClient, keys: list[str], found: dict[str, Record | None]
) -> Iterator[float]:
    """Ask once. Seconds to wait for each that has no answer yet."""
    keys = list(dict.fromkeys(keys))
    questions = [
        {"id": str(place), "method": "GET", "url": _address(key)} for place, key in enumerate(keys)
    ]
    said = client.send(
        "POST", "/v1.0/$batch", {"requests": questions}, where="call records", again=True
    )
    answers = {
        Values(each).string("id"): each
        for each in objects_in(said, "responses", where="call records")
    }
    for place, key in enumerate(keys):
        answer = answers.get(str(place), {})
        wait = _take(key, answer, found)
        if wait is not None:
            yield wait


def _take(key: str, answer: Record, found: dict[str, Record | None]) -> float | None:
    status, body = Values(answer).whole("status"), answer.get("body")
    if status == 200 and isinstance(body, dict):
        found[key] = body
    elif status == 404:
        found[key] = None
    elif status in (None, 429) or status >= 500:
        said = Values(answer).at("headers")
        wait = said.decimal("Retry-After") or said.decimal("retry-after")
        return min(float(wait or 0), _LONGEST_WAIT)
    else:
        raise _unexpected(status)
    return None


def _unexpected(status: int) -> Failure:
    return UnreadableJson(log=f"call records, status {status} in a batch")


def _address(key: str) -> str:
    return f"/communications/callRecords/{quote(key, safe='')}?$expand=participants_v2"
