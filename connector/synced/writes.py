"""Write drafts: sealed under their rows' next versions, a batch in one statement."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connector.synced.drafts import Draft
from connector.synced.shelves import Shelf
from connector.synced.statements import named, statements_of
from privacy.core.db.arrays import Byteas, Dates, Int2s, Int4s, Int8s, Uuids
from privacy.core.db.declarations import Subjects
from privacy.core.db.work import UnitOfWork
from privacy.profiles.data import Source
from privacy.vault.keyring import Keyring
from privacy.vault.sealing import seal_many


@dataclass(frozen=True, slots=True)
class Origin:
    """What a batch has in common: whose, of whom, from where (promises A1, A6).

    Args:
        account_id: None for what people enter themselves.
        source_name: which public source, where it is one.
    """

    account_id: uuid.UUID | None
    stream: str
    subjects: Subjects
    source: Source
    source_name: str | None = None


def insert_drafts(
    work: UnitOfWork,
    *,
    vault: Keyring,
    shelf: Shelf[Any],
    origin: Origin,
    drafts: Sequence[Draft],
    sweep: uuid.UUID | None = None,
) -> set[bytes]:
    """Write new records, and what they are found by.

    Returns:
        The ids that were not there: another writer's, committed meanwhile, stay as they are.
    """
    if not drafts:
        return set()
    fixed = {
        "account_id": origin.account_id,
        "stream": origin.stream,
        "subject_group": origin.subjects.value,
        "source": origin.source.value,
        "source_name": origin.source_name,
        "seen_sweep": sweep,
    }
    arrays = _arrays(work, vault, shelf, drafts, [1] * len(drafts))
    given = named(arrays | fixed) | {"tenant": work.tenant_id, "now": work.now}
    rows = work.connection.execute(statements_of(shelf.table).insert, given)
    created = {row.id.bytes for row in rows}
    _keep_words(work, vault, shelf, [draft for draft in drafts if draft.id in created])
    return created


def update_drafts(
    work: UnitOfWork,
    *,
    vault: Keyring,
    shelf: Shelf[Any],
    drafts: Sequence[Draft],
    versions: Sequence[int],
    sweep: uuid.UUID | None = None,
) -> None:
    """Write records over what is stored, as `versions`, and what they are found by."""
    if not drafts:
        return
    arrays = _arrays(work, vault, shelf, drafts, versions)
    given = named(arrays | {"seen_sweep": sweep}) | {"tenant": work.tenant_id, "now": work.now}
    work.connection.execute(statements_of(shelf.table).update, given)
    _keep_words(work, vault, shelf, drafts)


def _keep_words(
    work: UnitOfWork, vault: Keyring, shelf: Shelf[Any], written: Sequence[Draft]
) -> None:
    if written:
        shelf.keep_words(work, vault, {draft.id: draft.findings.words for draft in written})


def _arrays(
    work: UnitOfWork,
    vault: Keyring,
    shelf: Shelf[Any],
    drafts: Sequence[Draft],
    versions: Sequence[int],
) -> dict[str, Any]:
    """What differs from record to record."""
    ids = [draft.id for draft in drafts]
    return {
        "id": Uuids.of(ids),
        "version": Int4s.of(versions),
        "source_version": Int8s.of([draft.source_version for draft in drafts]),
        "content_digest": Byteas.of([draft.digest for draft in drafts]),
        "about_token": Int8s.of([draft.about for draft in drafts]),
        "doubts": Int2s.of([int(draft.findings.doubts) for draft in drafts]),
        "hold_until": Dates.of([draft.findings.hold_until for draft in drafts]),
        "sealed": Byteas.of(_sealed(work, vault, shelf, drafts, versions)),
        "document_sealed": Byteas.of(_documents(work, vault, shelf, drafts, versions)),
    }


def _sealed(
    work: UnitOfWork,
    vault: Keyring,
    shelf: Shelf[Any],
    drafts: Sequence[Draft],
    versions: Sequence[int],
) -> list[bytes]:
    key = vault.scope_key(work, shelf.scope)
    aads = shelf.place(work.tenant_id).aads([draft.id for draft in drafts], versions)
    return seal_many(key, aads, [draft.plain for draft in drafts])


def _documents(
    work: UnitOfWork,
    vault: Keyring,
    shelf: Shelf[Any],
    drafts: Sequence[Draft],
    versions: Sequence[int],
) -> list[bytes | None]:
    """Sealed documents; None where there is none."""
    key = vault.scope_key(work, shelf.scope)
    place = shelf.place(work.tenant_id, "document_sealed")
    some = [n for n, draft in enumerate(drafts) if draft.document]
    aads = place.aads([drafts[n].id for n in some], [versions[n] for n in some])
    sealed: list[bytes | None] = [None] * len(drafts)
    for n, blob in zip(some, seal_many(key, aads, [drafts[n].document for n in some]), strict=True):
        sealed[n] = blob
    return sealed
