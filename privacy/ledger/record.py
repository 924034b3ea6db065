"""Record an act, in the transaction that does it."""

import json
import re
import uuid
from collections.abc import Mapping

from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.ledger.encoding import Fact
from privacy.ledger.events import Event

# One statement, one round trip: the event and the mark that the sequencer looks for.
_APPEND = """
WITH event AS (
    INSERT INTO ledger_events
        (tenant_id, id, at, event, actor_kind, actor_id, subject, facts, commitment)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s)
    RETURNING tenant_id, id
)
INSERT INTO ledger_pending (tenant_id, event_id) SELECT tenant_id, id FROM event
"""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79}")
_TELLING = re.compile(r"\d{7}|\d+\.\d+\.\d+\.\d+|:.*:.*:.*:")
_RANDOM = re.compile(r"[0-9a-f]{16,64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LARGEST = 2**53


def record(
    work: UnitOfWork,
    event: Event,
    *,
    subject: uuid.UUID | str | None = None,
    facts: Mapping[str, Fact] | None = None,
    commitment: bytes | None = None,
) -> uuid.UUID:
    """Append one event of `work`'s tenant and actor; it exists when the transaction commits.

    Args:
        subject: what it was done to: an id, or a word such as a day or a service's key.
        facts: ids, counts and words from closed lists. Never personal data.
        commitment: see `privacy.ledger.commitments`.

    Returns:
        The event's id.

    Raises:
        ValueError: a fact or the subject looks like personal data (spaces, telephone numbers,
            mail and network addresses); the text of it is not repeated.
    """
    event_id = new_id()
    values = (
        work.tenant_id,
        event_id,
        work.now,
        event.value,
        work.actor.kind.value,
        work.actor.id,
        None if subject is None else _word("subject", str(subject)),
        json.dumps(_checked(facts or {})),
        commitment,
    )
    work.driver.execute(_APPEND, values, prepare=True)
    return event_id


def _checked(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {_key(key): _fact(key, value) for key, value in facts.items()}


def _key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("a fact's name is a short word in small letters")
    return key


def _fact(key: str, value: Fact) -> Fact:
    if isinstance(value, str):
        return _word(key, value)
    if abs(value) > _LARGEST:
        raise ValueError(f"{key}: a fact of such size is no count")
    return value


def _word(key: str, value: str) -> str:
    value = str(value)
    if _RANDOM.fullmatch(value):
        return value
    if not _WORD.fullmatch(value) or _TELLING.search(value):
        raise ValueError(f"{key}: the ledger holds ids, counts and words, no personal data")
    return value
