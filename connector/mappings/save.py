"""Save a mapping: from the next document on it is what counts."""

import uuid
from collections.abc import Mapping
from typing import Any

from connector.mappings.models import AccountMapping
from connector.mappings.read import find_version, list_versions, mapped_account
from connector.mappings.settings import parts_of, typed, without_mapping
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Conflict
from privacy.core.outbox.enqueue import enqueue
from privacy.core.outbox.names import JobName
from privacy.ledger.events import Event
from privacy.ledger.record import record


class MappingChanged(Conflict):
    """Two people at the same page."""

    code = "mapping_changed"
    message = "Somebody else has saved this mapping meanwhile. Reload the page and look again."


def save_mapping(
    work: UnitOfWork, *, account_id: uuid.UUID, mapping: Mapping[str, Any], based_on: int
) -> int:
    """Put `mapping` (see settings.PARTS) in the place of the present one.

    Args:
        based_on: the version that was changed; 0 for the usual places.

    Returns:
        The new version; the present one where nothing differs.

    Raises:
        NotFound: no such account, or one without a mapping. Invalid: it cannot be used.
        MappingChanged: another version was saved since.
    """
    account = mapped_account(work, account_id, lock=True)
    versions = list_versions(work, account_id)
    present = versions[0].version if versions else 0
    if present != based_on:
        raise MappingChanged
    parts = parts_of(typed(account, mapping))
    if parts == parts_of(typed(account)):
        return present
    account.settings = without_mapping(account.settings) | parts
    row = AccountMapping(
        tenant_id=work.tenant_id,
        account_id=account_id,
        version=present + 1,
        settings=parts,
        saved_at=work.now,
        saved_by=work.actor.id,
    )
    work.session.add(row)
    work.session.flush()
    record(work, Event.ACCOUNT_MAPPED, subject=account_id, facts={"version": row.version})
    return row.version


def restore_mapping(work: UnitOfWork, *, account_id: uuid.UUID, version: int, based_on: int) -> int:
    """Save an earlier version again, as a new one; version 0 is the usual places.

    Raises as save_mapping does.
    """
    mapped_account(work, account_id, lock=True)
    earlier = find_version(work, account_id, version) if version else {}
    return save_mapping(work, account_id=account_id, mapping=earlier, based_on=based_on)


def request_remap(work: UnitOfWork, *, account_id: uuid.UUID) -> None:
    """Have the account's kept documents read again by the present mapping. Raises NotFound."""
    mapped_account(work, account_id)
    enqueue(work, name=JobName.CALLS_REMAP, payload={"account_id": str(account_id)})
