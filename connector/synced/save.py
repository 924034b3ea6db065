"""Keep a page of received things: few statements, and none where nothing changed."""

import hmac
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from connector.accounts.refs import AccountRef
from connector.providers.port import Received
from connector.synced.columns import RecordState
from connector.synced.declared import declared_of
from connector.synced.drafts import Draft, Drafts, draft_records, is_older
from connector.synced.erasures.remember import refuse_erased
from connector.synced.shelves import Shelf
from connector.synced.sinks import Saved
from connector.synced.statements import statements_of
from connector.synced.writes import Origin, insert_drafts, update_drafts
from privacy.core.db.arrays import Uuids
from privacy.core.db.work import UnitOfWork
from privacy.core.logs import get_log
from privacy.vault.keyring import Keyring

_log = get_log("sync")


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
    declared = declared_of(work, shelf, account.kind)
    drafts = draft_records(
        work,
        vault=vault,
        shelf=shelf,
        declared=declared,
        account=account,
        stream=stream,
        received=received,
    )
    known = _find(work, shelf, sorted(drafts.good))
    # After the rows are locked: whoever erases one of them has finished, or waits for us.
    refuse_erased(work, vault=vault, shelf=shelf, account=account, drafts=drafts)
    sorted_out = _sort_out(drafts, known)
    origin = Origin(account.id, stream, declared.subjects, declared.source)
    written = _write(work, vault, shelf, origin, sorted_out, sweep)
    if sweep is not None:
        _touch(work, shelf, sweep, [i for i in _all_ids(drafts) if i not in written])
    _tell(account, drafts)
    changed, refused = len(sorted_out.news), len(drafts.refused)
    return Saved(len(written) - changed, changed, len(received) - len(written) - refused, refused)


@dataclass(frozen=True, slots=True)
class _SortedOut:
    """What is not there yet, and what says something new of what is; with its next version."""

    new: list[Draft]
    news: list[Draft]
    versions: list[int]


def _sort_out(drafts: Drafts, known: Mapping[bytes, Row[Any]]) -> _SortedOut:
    ordered = [drafts.good[each] for each in sorted(drafts.good)]
    news = [draft for draft in ordered if _is_news(draft, known.get(draft.id))]
    return _SortedOut(
        [draft for draft in ordered if draft.id not in known],
        news,
        [known[draft.id].version + 1 for draft in news],
    )


def _write(
    work: UnitOfWork,
    vault: Keyring,
    shelf: Shelf[Any],
    origin: Origin,
    found: _SortedOut,
    sweep: uuid.UUID | None,
) -> set[bytes]:
    """Ids of the rows that were made or changed."""
    created = insert_drafts(
        work, vault=vault, shelf=shelf, origin=origin, drafts=found.new, sweep=sweep
    )
    update_drafts(
        work,
        vault=vault,
        shelf=shelf,
        drafts=found.news,
        versions=found.versions,
        sweep=sweep,
    )
    return created | {draft.id for draft in found.news}


def _find(work: UnitOfWork, shelf: Shelf[Any], ids: list[bytes]) -> dict[bytes, Row[Any]]:
    if not ids:
        return {}
    given = {"tenant": work.tenant_id, "ids": Uuids.of(ids)}
    statement = statements_of(shelf.table).find
    return {row.id.bytes: row for row in work.connection.execute(statement, given)}


def _is_news(draft: Draft, known: Row[Any] | None) -> bool:
    if known is None or is_older(draft.source_version, known.source_version):
        return False
    same = hmac.compare_digest(known.content_digest, draft.digest)
    return known.state != RecordState.LIVING or not same


def _touch(work: UnitOfWork, shelf: Shelf[Any], sweep: uuid.UUID, ids: Sequence[bytes]) -> None:
    if ids:
        given = {"tenant": work.tenant_id, "ids": Uuids.of(ids), "sweep": sweep}
        work.connection.execute(statements_of(shelf.table).touch, given)


def _all_ids(drafts: Drafts) -> list[bytes]:
    return sorted({*drafts.good, *(identifier for identifier, _ in drafts.refused)})


def _tell(account: AccountRef, drafts: Drafts) -> None:
    """Codes and counts only; what was refused is in no log."""
    for code, count in Counter(code.value for _, code in drafts.refused).items():
        _log.warning("records refused", code=code, count=count, account_id=account.id)
