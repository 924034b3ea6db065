"""The sequencer: the only writer of the chain.

One run has two transactions, and any of them can be killed anywhere:

1. chain: pending events become links, each tenant's head is signed, marks go; one commit.
   Killed before it: nothing happened, the marks are still there.
2. anchor: heads that are not anchored yet go to the anchors, then are marked as anchored.
   Killed after 1: the database is ahead of the anchors, and the next run begins here.
   Killed after the anchors took them: the next run offers the same heads again, which is
   nothing new to them.

So the anchors are never ahead of a database that has not lost anything: when they are, the
chain was truncated, and that is no false alarm. A tenant whose chain contradicts its anchors or
its signature is left alone, its events stay pending and its age grows where operators see it;
the others go on.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from privacy.core.clock import database_now
from privacy.core.db.locks import AdvisoryLock
from privacy.core.logs import get_log
from privacy.ledger.anchors import Anchors
from privacy.ledger.chains import Chained, extend
from privacy.ledger.encoding import Head, StoredEvent
from privacy.ledger.events import Event
from privacy.ledger.journal_marks import JournalMark
from privacy.ledger.pending import Pending, take, write
from privacy.ledger.signing import Signer
from privacy.ledger.trust import trusted_heads

_LOCK = int(AdvisoryLock.SEQUENCER)
"""Advisory lock of the session: it ends with the process, however that ends."""

LIMIT = 5_000


def sequence(engine: Engine, signer: Signer, anchors: Anchors, *, limit: int = LIMIT) -> int:
    """Chain up to `limit` pending events of all tenants, sign, anchor.

    Args:
        engine: of the role silta_sequencer.

    Returns:
        How many were chained; 0 also while another sequencer is at work.
    """
    with engine.connect() as connection, _alone(connection) as alone:
        if not alone:
            return 0
        count = _chain(connection, signer, anchors, limit)
        _anchor(connection, signer, anchors)
        return count


def _chain(connection: Connection, signer: Signer, anchors: Anchors, limit: int) -> int:
    with connection.begin():
        # What the anchors will be told must survive a crash of the database.
        connection.execute(text("SET LOCAL synchronous_commit = on"))
        try:
            with connection.begin_nested():
                return _chain_batch(connection, signer, anchors, limit, unchained=False)
        except IntegrityError:
            return _chain_batch(connection, signer, anchors, limit, unchained=True)


def _chain_batch(
    connection: Connection, signer: Signer, anchors: Anchors, limit: int, *, unchained: bool
) -> int:
    halted: set[uuid.UUID] = set()
    while pending := take(connection, limit=limit, without=halted, unchained=unchained):
        heads = trusted_heads(connection, signer.identity, anchors, _tenants(pending))
        refused = _tenants(pending) - set(heads)
        if not refused:
            _mark(anchors, pending)
            return _write(connection, signer, heads, pending)
        _tell(refused)
        halted |= refused
    return 0


def _mark(anchors: Anchors, pending: Sequence[Pending]) -> None:
    """Before the commit: escrow is ahead of it, and a mark that is kept twice does no harm."""
    escrowed = [one.event for one in pending if one.event.event == Event.JOURNAL_ESCROWED]
    if marks := [mark for event in escrowed if (mark := _mark_of(event))]:
        anchors.mark(marks)


def _mark_of(event: StoredEvent) -> JournalMark | None:
    """None where the event was not made by us: it must not stop everybody's chain."""
    facts = event.facts
    try:
        mac = bytes.fromhex(str(facts["head"]))
        return JournalMark(event.tenant_id, int(str(facts["segments"])), mac)
    except (KeyError, ValueError):
        return None


def _write(
    connection: Connection,
    signer: Signer,
    heads: dict[uuid.UUID, Head],
    pending: Sequence[Pending],
) -> int:
    origin, now = signer.identity.origin, database_now(connection)
    ordered = sorted(pending, key=lambda one: (one.event.tenant_id, one.arrival))
    chained = [
        extend(origin, heads[tenant_id], [one.event for one in events])
        for tenant_id, events in groupby(ordered, key=lambda one: one.event.tenant_id)
    ]
    write(connection, ordered, chained)
    _write_heads(connection, [_signed(signer, one, now) for one in chained])
    return len(ordered)


def _signed(signer: Signer, chained: Chained, now: datetime) -> Head:
    head = Head(chained.tenant_id, chained.position, chained.digest, now)
    return replace(head, signature=signer.sign(head))


def _anchor(connection: Connection, signer: Signer, anchors: Anchors) -> None:
    with connection.begin():
        heads = [Head(*row) for row in connection.execute(_UNANCHORED)]
        ours = [head for head in heads if signer.identity.signed(head)]
        theirs = {head.tenant_id for head in heads} - {head.tenant_id for head in ours}
        refused = theirs | {head.tenant_id for head in anchors.append(ours)}
        _tell(refused)
        kept = [head for head in ours if head.tenant_id not in refused]
        if kept:
            connection.execute(
                _ANCHORED,
                {
                    "tenants": [head.tenant_id for head in kept],
                    "positions": [head.position for head in kept],
                },
            )


def _write_heads(connection: Connection, heads: Sequence[Head]) -> None:
    connection.execute(
        _HEADS,
        {
            "tenants": [head.tenant_id for head in heads],
            "positions": [head.position for head in heads],
            "digests": [head.digest for head in heads],
            "moments": [head.signed_at for head in heads],
            "signatures": [head.signature for head in heads],
        },
    )


def _tenants(pending: Sequence[Pending]) -> set[uuid.UUID]:
    return {one.event.tenant_id for one in pending}


def _tell(tenants: set[uuid.UUID]) -> None:
    log = get_log("sequencer")
    for tenant_id in sorted(tenants):
        log.error("ledger_halted", tenant_id=str(tenant_id), code="ledger_broken")


@contextmanager
def _alone(connection: Connection) -> Iterator[bool]:
    """Hold the session's lock over both transactions, so that two can neither fork nor race."""
    taken = bool(connection.execute(text("SELECT pg_try_advisory_lock(:l)"), {"l": _LOCK}).scalar())
    connection.rollback()
    try:
        yield taken
    finally:
        if taken:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()


_HEADS = text(
    """
    INSERT INTO ledger_heads (tenant_id, position, digest, signed_at, signature)
    SELECT * FROM unnest(CAST(:tenants AS uuid[]), CAST(:positions AS bigint[]),
        CAST(:digests AS bytea[]), CAST(:moments AS timestamptz[]), CAST(:signatures AS bytea[]))
    ON CONFLICT (tenant_id) DO UPDATE SET position = excluded.position,
        digest = excluded.digest, signed_at = excluded.signed_at, signature = excluded.signature
    """
)

_UNANCHORED = text(
    "SELECT tenant_id, position, digest, signed_at, signature FROM ledger_heads "
    "WHERE anchored < position"
)

_ANCHORED = text(
    """
    UPDATE ledger_heads SET anchored = done.position
    FROM unnest(CAST(:tenants AS uuid[]), CAST(:positions AS bigint[])) AS done (tenant, position)
    WHERE tenant_id = done.tenant AND ledger_heads.position = done.position
    """
)
