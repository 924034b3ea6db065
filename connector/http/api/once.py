"""A POST that makes something: read strictly, done once for each Idempotency-Key."""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from flask import Response, request

from connector.http.api.answers import raw_answer
from connector.http.api.inputs import BODY_LIMIT, JSON, decode, raw_body
from connector.http.api.trials import changing_work
from connector.idempotency.errors import BadKey, InProgress, KeyReused
from connector.idempotency.run_once import Answer, Request, check_key, run_once
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import UnsupportedMedia
from privacy.vault.labels import Index
from tenants.http.services import services

T = TypeVar("T")
PROBLEMS = (BadKey, InProgress, KeyReused)
"""What such an operation can answer with, besides its own."""


def made_once(shape: type[T], make: Callable[[UnitOfWork, T], Any]) -> Response:
    """What `make` returns, as JSON; a repetition gets the same answer and does nothing.

    Raises:
        BadKey, KeyReused, InProgress; Invalid and the rest of what a body can be refused for.
    """
    key = request.headers.get("Idempotency-Key")
    if key is not None:
        check_key(key)
    if request.mimetype != JSON:
        raise UnsupportedMedia("Send the body as application/json.")
    body = raw_body(BODY_LIMIT)
    sent = decode(shape, body)
    with changing_work() as work:
        done = done_once(work, key, body, lambda: _answer(make(work, sent)))
    return answered(done)


def done_once(
    work: UnitOfWork, key: str | None, body: bytes, effect: Callable[[], Answer]
) -> Answer:
    """`effect`, once for each key; without one, each time. `body`: what the request says, as it was
    before it was compressed. Raises as `run_once`."""
    if key is None:
        return effect()
    asked = Request(key, f"{request.method} {request.path}", request.mimetype, body)
    keyed = services().vault.tenant_index(work, Index.CONTENT).digest
    return run_once(work, request=asked, keyed=keyed, effect=effect)


def answered(done: Answer) -> Response:
    """The response; it says whether it is a repetition's."""
    response = raw_answer(done.body, status=done.status)
    if done.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _answer(made: Any) -> Answer:
    return Answer(200, msgspec.json.encode(made))
