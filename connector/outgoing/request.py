"""Ask for something to be added in an outside system: noted now, sent by a job."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from connector.accounts.find import find_account
from connector.accounts.pending import connection_of
from connector.outgoing.abouts import refuse_if_restricted
from connector.outgoing.contents import digest_of, seal_content
from connector.outgoing.models import OutgoingDocument
from connector.outgoing.shapes import Outgoing, OutgoingCustomer, OutgoingInvoice, OutgoingKind
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict, Invalid, NotFound
from privacy.core.ids import new_id
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring

SETTLED: Final = timedelta(minutes=4)
"""After an attempt whose end nobody knows, before anybody looks."""
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}")


class ReferenceTaken(Conflict):
    """One reference, two contents: one of them would be lost."""

    code = "reference_taken"
    message = "Something else was sent under this reference already. Use another reference."


@dataclass(frozen=True, slots=True)
class Requested:
    """A document as it stands. `external_id`: the outside system's number once it is there."""

    id: uuid.UUID
    state: str
    external_id: str | None


def send_customer(
    work: UnitOfWork,
    *,
    vault: Keyring,
    account_id: uuid.UUID,
    reference: str,
    customer: OutgoingCustomer,
) -> Requested:
    """Add a customer once; see `request_document`."""
    return request_document(
        work, vault=vault, account_id=account_id, reference=reference, thing=customer
    )


def send_invoice(
    work: UnitOfWork,
    *,
    vault: Keyring,
    account_id: uuid.UUID,
    reference: str,
    invoice: OutgoingInvoice,
) -> Requested:
    """Add a sales invoice once; see `request_document`."""
    return request_document(
        work, vault=vault, account_id=account_id, reference=reference, thing=invoice
    )


def request_document(
    work: UnitOfWork, *, vault: Keyring, account_id: uuid.UUID, reference: str, thing: Outgoing
) -> Requested:
    """Note it, and have a job send it.

    Args:
        reference: the asker's own name for it, ASCII without spaces, nothing personal. The same
            thing under the same reference is added once, however often it is asked for.

    Raises:
        NotFound: no such account, or none that is asked.
        Invalid: the reference cannot be one, or an invoice has no lines.
        ReferenceTaken: something else has this reference.
        ProcessingRestricted: it is about a person whose data is stored only.
    """
    find_account(work, account_id)
    connection_of(work, account_id)
    _check(reference, thing)
    kind = OutgoingKind.CUSTOMER if isinstance(thing, OutgoingCustomer) else OutgoingKind.INVOICE
    known = _known(work, account_id, kind, reference)
    if known is None:
        refuse_if_restricted(work, vault, account_id, thing)
        known = _add(work, vault, account_id, kind, reference, thing)
    if not compare_digest(known.content_digest, digest_of(work, vault, thing)):
        raise ReferenceTaken
    return Requested(known.id, known.state, known.external_id)


def find_document(
    work: UnitOfWork, document_id: uuid.UUID, *, lock: bool = False
) -> OutgoingDocument:
    """One document of the bound tenant. Raises NotFound."""
    statement = select(OutgoingDocument).where(OutgoingDocument.id == document_id)
    found = work.session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound
    return found


def retry_document(work: UnitOfWork, *, document_id: uuid.UUID) -> None:
    """Send one that failed, now that what was wrong is mended. Raises NotFound."""
    row = find_document(work, document_id, lock=True)
    if row.state == "failed" and row.content_sealed is not None:
        row.state, row.attempts = "waiting", 0
        settles = row.tried_at + SETTLED if row.maybe_done and row.tried_at else work.now
        enqueue_sending(work, row, at=max(settles, work.now))


def enqueue_sending(work: UnitOfWork, row: OutgoingDocument, *, at: datetime) -> None:
    """Let it be sent at a moment, and not before: whichever job comes, the row's moment counts."""
    row.next_at = at
    payload = {"document_id": str(row.id)}
    key = f"{JobName.OUTGOING_SEND.value}:{row.id}:{at.timestamp():.3f}"
    enqueue(work, name=JobName.OUTGOING_SEND, payload=payload, run_at=at, dedupe_key=key)


def _check(reference: str, thing: Outgoing) -> None:
    wrong: dict[str, str] = {}
    if not _REFERENCE.fullmatch(reference):
        wrong["reference"] = "Use up to 100 letters, digits and . _ : / - without spaces."
    if isinstance(thing, OutgoingInvoice) and not thing.lines:
        wrong["lines"] = "An invoice has at least one line."
    if isinstance(thing, OutgoingCustomer) and not (thing.code.strip() and thing.name.strip()):
        wrong["code"] = "A customer has a code and a name."
    if wrong:
        raise Invalid(fields=wrong)


def _known(
    work: UnitOfWork, account_id: uuid.UUID, kind: OutgoingKind, reference: str
) -> OutgoingDocument | None:
    found: OutgoingDocument | None = work.session.scalar(
        select(OutgoingDocument).where(
            OutgoingDocument.account_id == account_id,
            OutgoingDocument.kind == kind.value,
            OutgoingDocument.reference == reference,
        )
    )
    return found


def _add(
    work: UnitOfWork,
    vault: Keyring,
    account_id: uuid.UUID,
    kind: OutgoingKind,
    reference: str,
    thing: Outgoing,
) -> OutgoingDocument:
    row = OutgoingDocument(
        tenant_id=work.tenant_id,
        id=new_id(),
        account_id=account_id,
        kind=kind.value,
        reference=reference,
        state="waiting",
        created_at=work.now,
    )
    seal_content(work, vault, row, thing)
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        known = _known(work, account_id, kind, reference)
        if known is None:
            raise
        return known
    record(work, Event.DOCUMENT_REQUESTED, subject=row.id, facts={"kind": kind.value})
    enqueue_sending(work, row, at=work.now)
    return row
