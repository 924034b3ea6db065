"""Do something once for each Idempotency-Key, and answer every repetition alike.

The answer is stored in the transaction of the effect: there is both or neither, whenever a
process dies. A lock of that transaction says that the first request is still running. It is
released by the commit itself, so nothing is left to time out (ATTACK 44).
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from connector.idempotency.errors import BadKey, InProgress, KeyReused
from connector.idempotency.models import IdempotentAnswer
from privacy.core.db.work import UnitOfWork

KEPT: Final = timedelta(hours=24)
_KEY = re.compile(r"[!-~]{1,255}")
_LOCK = text("SELECT pg_try_advisory_xact_lock(:name)")


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `replayed` says that nothing was done this time."""

    status: int
    body: bytes
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be done once: the sender's key, and all that makes the request that request."""

    key: str
    route: str
    media_type: str
    body: bytes


def run_once(
    work: UnitOfWork,
    *,
    request: Request,
    keyed: Callable[[bytes], bytes],
    effect: Callable[[], Answer],
) -> Answer:
    """`effect` and its answer, or the stored answer of the same request.

    Args:
        keyed: digest under a key of the tenant. Keys and bodies can hold personal data, so that
            a bare digest could be guessed.

    Raises:
        BadKey, KeyReused (422: other content), InProgress (409). An error of `effect` is not
        stored: with it everything is rolled back, and the same key may be tried again.
    """
    check_key(request.key)
    name, content = keyed(_identity(work, request)), keyed(_content(request))
    if not work.session.execute(_LOCK, {"name": _lock_name(name)}).scalar_one():
        raise InProgress
    stored = _find(work, name)
    if stored is not None:
        if not hmac.compare_digest(stored.payload_digest, content):
            raise KeyReused
        return Answer(stored.status, stored.body, replayed=True)
    answer = effect()
    _keep(work, name, content, answer)
    return answer


def check_key(key: str) -> None:
    """Raise BadKey unless `key` is 1 to 255 visible ASCII characters."""
    if _KEY.fullmatch(key) is None:
        raise BadKey


def _find(work: UnitOfWork, name: bytes) -> IdempotentAnswer | None:
    found: IdempotentAnswer | None = work.session.scalar(
        select(IdempotentAnswer).where(
            IdempotentAnswer.tenant_id == work.tenant_id,
            IdempotentAnswer.key_digest == name,
            IdempotentAnswer.expires_at > work.now,
        )
    )
    return found


def _keep(work: UnitOfWork, name: bytes, content: bytes, answer: Answer) -> None:
    """An expired answer under the same key gives way."""
    kept = {
        "payload_digest": content,
        "status": answer.status,
        "body": answer.body,
        "expires_at": work.now + KEPT,
    }
    row = {"tenant_id": work.tenant_id, "key_digest": name, **kept}
    statement = insert(IdempotentAnswer).values(row)
    work.session.execute(
        statement.on_conflict_do_update(index_elements=["tenant_id", "key_digest"], set_=kept)
    )


def _identity(work: UnitOfWork, request: Request) -> bytes:
    """One sender's key for one route; another API key's "1" is another key."""
    return _joined(str(work.actor.id).encode(), request.route.encode(), request.key.encode())


def _content(request: Request) -> bytes:
    return _joined(request.media_type.encode(), request.body)


def _joined(*parts: bytes) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()


def _lock_name(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big", signed=True)
