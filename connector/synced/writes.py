"""Drafts as arrays: sealed under their rows' next versions."""

from collections.abc import Sequence
from typing import Any

from connector.synced.drafts import Draft
from connector.synced.shelves import Shelf
from privacy.core.db.arrays import Byteas, Dates, Int2s, Int4s, Int8s, Uuids
from privacy.core.db.work import UnitOfWork
from privacy.vault.keyring import Keyring
from privacy.vault.sealing import seal_many


def arrays_of(
    work: UnitOfWork,
    vault: Keyring,
    shelf: Shelf[Any],
    drafts: Sequence[Draft],
    versions: Sequence[int],
) -> dict[str, Any]:
    """What differs from record to record. Raises NoKey, SealLimit."""
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
