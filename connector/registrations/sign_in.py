"""Sign a holder in, by login or address, in the same time for everybody (ATTACK 25, 26)."""

import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select

from connector.registrations.desks import Office
from connector.registrations.models import Registrant
from connector.registrations.seals import email_digest, login_digest, open_password
from connector.registrations.sessions import start_session
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Unauthenticated
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.labels import Index
from tenants.limits.clear import clear_attempts
from tenants.limits.keys import Attempt, Trial, keys_of
from tenants.limits.rules import Bucket
from tenants.limits.take import take_attempt, too_many


@dataclass(frozen=True, slots=True)
class _Candidate:
    keys: dict[bytes, Bucket]
    id: uuid.UUID | None
    encoded: str | None
    version: int


def sign_in_holder(office: Office, *, who: str, password: str, address: str) -> str:
    """A session's token for whoever has this password.

    Raises:
        TooManyRequests: the attempt was not looked at.
        Unauthenticated: something is wrong; what, is not said.
    """
    candidate = _count_and_read(office, who, address)
    verdict = office.desk.hashing.verify(candidate.encoded, password)
    if not verdict.right or candidate.id is None:
        with office.work() as work:
            record(work, Event.REGISTRANT_REFUSED)
        raise _refused()
    with office.work(candidate.id) as work:
        row = work.session.get(Registrant, (work.tenant_id, candidate.id), with_for_update=True)
        if row is None or row.state != "active" or row.password_version != candidate.version:
            raise _refused()
        clear_attempts(work, keys=candidate.keys)
        record(work, Event.REGISTRANT_SIGNED_IN, subject=row.id)
        return start_session(work, registrant_id=row.id)


def find_holder(work: UnitOfWork, office: Office, who: str) -> Registrant | None:
    """The account of a login or an address."""
    return work.session.scalar(
        select(Registrant).where(
            or_(
                Registrant.email_digest == email_digest(work, office.vault, who),
                Registrant.login_digest == login_digest(work, office.vault, who),
            ),
            Registrant.state == "active",
        )
    )


def count_attempt(
    work: UnitOfWork, office: Office, *, trial: Trial, who: str, address: str
) -> dict[bytes, Bucket]:
    """Count an attempt on an account before it is looked at. Raises TooManyRequests."""
    account = email_digest(work, office.vault, who)
    digest = office.vault.tenant_index(work, Index.ADDRESS).digest
    keys = keys_of(Attempt(trial, b"registrant\0" + account, address), digest)
    wait = take_attempt(work, keys=keys, trial=trial.value)
    if wait:
        raise too_many(wait)
    return keys


def _count_and_read(office: Office, who: str, address: str) -> _Candidate:
    with office.work() as work:
        keys = count_attempt(work, office, trial=Trial.PASSWORD, who=who, address=address)
        row = find_holder(work, office, who)
        encoded = open_password(work, office.vault, row)
        return _Candidate(
            keys, row.id if row else None, encoded, row.password_version if row else 0
        )


def _refused() -> Unauthenticated:
    return Unauthenticated("The login or the password is wrong.", code="wrong_credentials")
