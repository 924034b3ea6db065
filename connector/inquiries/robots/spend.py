"""Use a challenge up: in the transaction that takes what came with it, so both or neither."""

import hashlib

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from connector.inquiries.forms.models import SpentChallenge
from connector.inquiries.robots.challenges import Challenge
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict


class AlreadySent(Conflict):
    """The same form was sent twice; the first time counted."""

    code = "already_sent"
    message = "This was received before. There is no need to send it again."


def spend(work: UnitOfWork, challenge: Challenge) -> None:
    """Remember that it was used, until it would have ended. Raises AlreadySent.

    Of two that come at once the database lets one in: the second waits for the first, and fails
    if that one commits.
    """
    digest = hashlib.sha256(b"silta challenge\0" + challenge.salt).digest()
    row = {"tenant_id": work.tenant_id, "digest": digest, "expires_at": challenge.ends_at}
    written = insert(SpentChallenge).values(row).on_conflict_do_nothing()
    if work.connection.execute(written.returning(SpentChallenge.digest)).scalar() is None:
        raise AlreadySent


def sweep_challenges(work: UnitOfWork) -> int:
    """Forget challenges that have ended by themselves. Returns how many."""
    gone = work.connection.execute(
        delete(SpentChallenge).where(
            SpentChallenge.tenant_id == work.tenant_id, SpentChallenge.expires_at <= work.now
        )
    )
    return gone.rowcount
