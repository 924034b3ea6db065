"""Keep a page of received things: few statements, and none where nothing changed."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from connector.accounts.refs import AccountRef
from connector.providers.port import Received
from connector.synced.columns import RecordState
from connector.synced.declared import Declared, declared_of
from connector.synced.drafts import Draft, Drafts, draft_records, is_older
from connector.synced.shelves import Shelf
from connector.synced.sinks import Saved
from connector.synced.statements import named, statements_of
from connector.synced.writes import arrays_of
from privacy.core.db.arrays import Uuids
from privacy.core.db.work import UnitOfWork
from privacy.core.logs import get_log
from privacy.vault.keyring import Keyring

_log = get_log("sync")


@dataclass(frozen=True, slots=True)
class _Batch:
    """One call of `save_records`."""

    work: UnitOfWork
    vault: Keyring
    shelf: Shelf[Any]
    account: AccountRef
    stream: str
    sweep: uuid.UUID | None


def save_records(
    work: UnitOfWork,
    *,
    vault: Keyring,
    shelf: Shelf[Any],
    account: AccountRef,
    stream: str,
    received: Sequence[Received],
    sweep: uuid.UUID | None,
) -> Saved:
    """See connector.synced.sinks.Sink.save.

    What is refused (a card's number, another kind's record) leaves an earlier state of the same
    record as it is; to a sweep it was seen.

    Raises:
        Misconfigured: the service's profile declares no such data (promise A12).
    """
    batch = _Batch(work, vault, shelf, account, stream, sweep)
    declared = declared_of(shelf, account.kind)
    drafts = draft_records(
        work,
        vault=vault,
        shelf=shelf,
        declared=declared,
        account=account,
        stream=stream,
        received=received,
    )
    known = _find(batch, sorted(drafts.good))
    order = sorted(drafts.good)
    new = [drafts.good[each] for each in order if each not in known]
    news = [drafts.good[each] for each in order if _is_news(drafts.good[each], known.get(each))]
    created = _insert(batch, declared, new)
    _update(batch, news, known)
    _keep_words(batch, [*(draft for draft in new if draft.id in created), *news])
    if sweep is not None:
        written = created | {draft.id for draft in news}
        _touch(batch, [i for i in _all_ids(drafts) if i not in written])
    _tell(batch, drafts)
    refused = len(drafts.refused)
    unchanged = len(received) - len(created) - len(news) - refused
    return Saved(len(created), len(news), unchanged, refused)


def _find(batch: _Batch, ids: list[bytes]) -> dict[bytes, Row[Any]]:
    if not ids:
        return {}
    given = {"tenant": batch.work.tenant_id, "ids": Uuids.of(ids)}
    statement = statements_of(batch.shelf.table).find
    return {row.id.bytes: row for row in batch.work.connection.execute(statement, given)}


def _is_news(draft: Draft, known: Row[Any] | None) -> bool:
    if known is None or is_older(draft.source_version, known.source_version):
        return False
    return known.state != RecordState.LIVING or bytes(known.content_digest) != draft.digest


def _insert(batch: _Batch, declared: Declared, new: Sequence[Draft]) -> set[bytes]:
    """The ids that were not there: another writer's, committed meanwhile, stay as they are."""
    if not new:
        return set()
    arrays = arrays_of(batch.work, batch.vault, batch.shelf, new, [1] * len(new))
    fixed = {
        "account_id": batch.account.id,
        "stream": batch.stream,
        "subject_group": declared.subjects.value,
        "source": declared.source.value,
        "seen_sweep": batch.sweep,
    }
    given = named(arrays | fixed) | {"tenant": batch.work.tenant_id, "now": batch.work.now}
    rows = batch.work.connection.execute(statements_of(batch.shelf.table).insert, given)
    return {row.id.bytes for row in rows}


def _update(batch: _Batch, news: Sequence[Draft], known: Mapping[bytes, Row[Any]]) -> None:
    if not news:
        return
    versions = [known[draft.id].version + 1 for draft in news]
    arrays = arrays_of(batch.work, batch.vault, batch.shelf, news, versions)
    given = named(arrays | {"seen_sweep": batch.sweep})
    given |= {"tenant": batch.work.tenant_id, "now": batch.work.now}
    batch.work.connection.execute(statements_of(batch.shelf.table).update, given)


def _keep_words(batch: _Batch, written: Sequence[Draft]) -> None:
    if written:
        words = {draft.id: draft.findings.words for draft in written}
        batch.shelf.keep_words(batch.work, batch.vault, words)


def _touch(batch: _Batch, ids: Sequence[bytes]) -> None:
    if ids:
        given = {"tenant": batch.work.tenant_id, "ids": Uuids.of(ids), "sweep": batch.sweep}
        batch.work.connection.execute(statements_of(batch.shelf.table).touch, given)


def _all_ids(drafts: Drafts) -> list[bytes]:
    return sorted({*drafts.good, *(identifier for identifier, _ in drafts.refused)})


def _tell(batch: _Batch, drafts: Drafts) -> None:
    """Codes and counts only; what was refused is in no log."""
    for code, count in Counter(code.value for _, code in drafts.refused).items():
        _log.warning("records refused", code=code, count=count, account_id=batch.account.id)
