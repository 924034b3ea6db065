"""What may not come back: rows that were erased here, and what is about those erased."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import select

from connector.synced.erasures.models import ErasedRecord
from privacy.core.db.work import UnitOfWork
from privacy.erasures.journals import Journal
from privacy.erasures.models import Act, ErasureNote
from privacy.erasures.segments import Note
from privacy.suppressions.models import Suppression


class Erased:
    """Ids of rows that were erased for people in this tenant, by table: journal and escrow."""

    def __init__(self, work: UnitOfWork, journal: Journal) -> None:
        self._ids: dict[str, set[uuid.UUID]] = defaultdict(set)
        for note in work.session.scalars(select(ErasureNote)):
            self._add(note)
        for segment in journal.segments(work.tenant_id):
            for one in segment.notes:
                self._add(one)

    def has(self, table: str, ids: Iterable[uuid.UUID | None]) -> bool:
        """Whether one of these rows was erased."""
        gone = self._ids.get(table, set())
        return any(one in gone for one in ids)

    def _add(self, note: ErasureNote | Note) -> None:
        if note.act == Act.ENDED:
            return
        for row in note.rows:
            if isinstance(row.get("id"), str):
                self._ids[note.relation].add(uuid.UUID(row["id"]))


def erased_tokens(work: UnitOfWork, tokens: Collection[int]) -> set[int]:
    """Of these tokens, those that lead to an erased record."""
    if not tokens:
        return set()
    found = select(ErasedRecord.token).where(ErasedRecord.token.in_(tokens))
    return set(work.session.scalars(found))


def suppressed_since(work: UnitOfWork, tokens: Collection[bytes], since: object) -> set[bytes]:
    """Of these identities, those that are suppressed here by a later word than the archive's."""
    if not tokens:
        return set()
    found = select(Suppression.token).where(
        Suppression.token.in_(tokens), Suppression.created_at > since
    )
    return {bytes(token) for token in work.session.scalars(found)}
