"""Partner Center tells of changes: its event is proven, then what it is about is read.

Nothing is taken from an event but what to look for. Whoever posts to an address that is none, or
without Microsoft's signature, learns the same.
"""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from ssl import SSLContext, create_default_context
from typing import Final

from cryptography import x509
from sqlalchemy import Engine, select

from connector.accounts.secrets import digest_of
from connector.providers.microsoft.connections import PartnerConnection
from connector.providers.microsoft.signed_events import (
    Event,
    NotMicrosofts,
    Signed,
    chain_of,
    read_signed,
    verify_event,
)
from connector.providers.microsoft.streams import CUSTOMERS, INVOICES, SUBSCRIPTIONS
from connector.syncs.models import AccountStream
from connector.syncs.openings import open_account
from connector.syncs.stations import Station
from connector.syncs.streams import enqueue_run
from connector.watches.models import ChangeWatch
from privacy.core import clock
from privacy.core.db.work import UnitOfWork, lookup
from privacy.core.errors import NotFound
from privacy.core.outbox.names import JobName

PATIENCE: Final = 8.0
"""Seconds in which a certificate has to come."""
SLOT: Final = timedelta(seconds=30)
"""Events of so long are read together."""
_ABOUT: Final = {
    "subscription": SUBSCRIPTIONS.name,
    "invoice": INVOICES.name,
    "customer": CUSTOMERS.name,
    "reseller": CUSTOMERS.name,
    "indirect": CUSTOMERS.name,
}
"""Streams by the first word of an event's name: `subscription-updated`."""


def whose_events(engine: Engine, word: str) -> tuple[uuid.UUID, uuid.UUID]:
    """Tenant and account that an address was made for. Raises NotMicrosofts."""
    digest = digest_of(word)
    statement = select(ChangeWatch.tenant_id, ChangeWatch.account_id)
    with lookup(engine, digest=digest) as session:
        row = session.execute(statement.where(ChangeWatch.digest == digest)).one_or_none()
    if row is None:
        raise NotMicrosofts
    return row.tenant_id, row.account_id


def take_event(
    station: Station, *, account_id: uuid.UUID, body: bytes, headers: Mapping[str, str]
) -> bool:
    """Have what changed be read soon. False where the event is about nothing that we read.

    Raises:
        NotMicrosofts: it is not proven.
        Failure: the certificate could not be fetched; Microsoft sends the event again.
    """
    event = _proven(station, account_id, read_signed(body, headers))
    stream = _ABOUT.get(event.event_name.partition("-")[0].lower())
    if stream is None:
        return False
    with station.work() as work:
        return _read_soon(work, account_id, stream)


def _proven(station: Station, account_id: uuid.UUID, signed: Signed) -> Event:
    try:
        connection = open_account(station, account_id=account_id, patience=PATIENCE).connection
    except NotFound:
        raise NotMicrosofts from None
    if not isinstance(connection, PartnerConnection):
        raise NotMicrosofts
    chain = chain_of(connection.certificate(signed.certificate_url), connection.fetch)
    return verify_event(signed, chain, roots=_roots(station), now=clock.now())


def _roots(station: Station) -> list[x509.Certificate]:
    """Whom the outbound client trusts, and nobody else."""
    given = station.outbound.get("tls")
    context = given if isinstance(given, SSLContext) else create_default_context()
    found = context.get_ca_certs(binary_form=True)
    return [x509.load_der_x509_certificate(data) for data in found]


def _read_soon(work: UnitOfWork, account_id: uuid.UUID, stream: str) -> bool:
    row = work.session.scalar(
        select(AccountStream)
        .where(AccountStream.account_id == account_id, AccountStream.stream == stream)
        .with_for_update()
    )
    if row is None or row.paused or not row.available:
        return False
    row.next_due_at = work.now
    slot = int(work.now.timestamp() // SLOT.total_seconds())
    key = f"{JobName.SYNC_RUN.value}:{account_id}:told:{slot}"
    enqueue_run(work, account_id=account_id, run_at=work.now + SLOT, dedupe_key=key)
    return True
