"""Take calls in: check, normalise, seal, store, count; all in the caller's transaction."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from connector.accounts.kinds import KINDS
from connector.accounts.refs import AccountRef
from connector.calls.announce import announce
from connector.calls.arrange import arrange
from connector.calls.checks import check_many
from connector.calls.keeping import call_key, kept_days
from connector.calls.minutes import count_posts
from connector.calls.outcomes import IngestOutcome
from connector.calls.posts import are_first, post_calls
from connector.calls.rejections import Rejection, RejectionCode, reject
from connector.calls.rows import CallRows, seal_rows
from connector.calls.shapes import CallRecord, IncomingCall, normalise_many
from connector.calls.sources import documents_of, keep_sources
from connector.calls.store import PORTION, Written, store_rows
from connector.calls.taken import Group, Keyed, Taken
from connector.calls.tallies import add_tallies
from connector.calls.versions import settle_versions
from privacy.core.db.work import UnitOfWork
from privacy.ledger.events import Event
from privacy.ledger.record import record
from privacy.vault.keyring import Keyring
from privacy.vault.keys import DayKey


def ingest_calls(
    work: UnitOfWork,
    *,
    vault: Keyring,
    account: AccountRef,
    calls: Sequence[IncomingCall],
    sources: Sequence[bytes | None] | None = None,
    indexes: Sequence[int] | None = None,
    single: bool = False,
) -> IngestOutcome:
    """Store the calls of one account.

    Args:
        sources: raw documents (declared fields only), one beside each call, kept sealed so that
            a better mapping can be run again; None where there is none.
        indexes: each call's place in what was sent, for rejections; 0, 1, 2 … by default.
        single: a single post; the ledger then says it per minute instead of per batch.

    Returns:
        What became of each record. Redelivered records are duplicates; one with a higher
        version replaces what is stored and counts as accepted. Records older than the
        retention are expired.

    Raises:
        OpenError, SealLimit, Unavailable: from the vault; nothing is stored.
    """
    taken, rejections = _check(work, account, calls, sources, indexes)
    merging = KINDS[account.kind].merges
    kept = kept_days(work)
    days, expired = arrange(work, vault, account, taken, kept, merging=merging)
    settle_versions(work, vault, account, days, kept, merging=merging)
    keyed = {call_key(work, vault, day): days[day] for day in sorted(days) if days[day]}
    unless_new = IngestOutcome(0, len(taken) - expired, expired, rejections)
    if single and keyed and are_first(days):
        written = post_calls(work, account.id, keyed, unless_new)
    else:
        written = _write(work, account, keyed, unless_new, single=single)
    announce(work, account.id, written, single=single)
    return _with(written, unless_new)


def _check(
    work: UnitOfWork,
    account: AccountRef,
    calls: Sequence[IncomingCall],
    sources: Sequence[bytes | None] | None,
    indexes: Sequence[int] | None,
) -> tuple[list[Taken], list[Rejection]]:
    places = list(indexes) if indexes is not None else list(range(len(calls)))
    if not account.receiving:
        return [], [reject(RejectionCode.ACCOUNT_PAUSED, index=place) for place in places]
    found = check_many(calls, now=work.now, indexes=places)
    good = [n for n, rejection in enumerate(found) if rejection is None]
    records = normalise_many([calls[n] for n in good], account.region)
    raw = [() if source is None else (source,) for source in sources or [None] * len(calls)]
    taken = [Taken(places[n], made, raw[n]) for n, made in zip(good, records, strict=True)]
    return taken, [rejection for rejection in found if rejection is not None]


def _write(
    work: UnitOfWork,
    account: AccountRef,
    keyed: Keyed,
    unless_new: IngestOutcome,
    *,
    single: bool,
) -> Written:
    """Step by step: what there is much of, or what may be news of known calls."""

    def follow(written: Written) -> None:
        documents = {key: documents_of(group) for key, group in keyed.items()}
        keep_sources(work, account.id, documents)
        add_tallies(work, account.id, _new(keyed, written))
        if not single:
            _say(work, account, _with(written, unless_new), written)

    sealing = (rows for key, group in keyed.items() for rows in _sealed(work, key, group))
    written = store_rows(work, account.id, sealing, follow) if keyed else {}
    if single:
        count_posts(work, account.id, _with(written, unless_new))
    elif not keyed:
        _say(work, account, unless_new, written)
    return written


def _new(keyed: Keyed, written: Written) -> dict[date, list[CallRecord]]:
    return {
        key.day: [item.record for identifier, item in group.items() if written.get(identifier)]
        for key, group in keyed.items()
    }


def _with(written: Written, unless_new: IngestOutcome) -> IngestOutcome:
    return replace(
        unless_new,
        accepted=len(written),
        duplicates=unless_new.duplicates - len(written),
    )


def _sealed(work: UnitOfWork, key: DayKey, group: Group) -> Iterator[CallRows]:
    ids = sorted(group)
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        yield seal_rows(key, work.tenant_id, some, [group[each].record for each in some])


def _say(work: UnitOfWork, account: AccountRef, outcome: IngestOutcome, written: Written) -> None:
    facts = {
        "accepted": outcome.accepted,
        "duplicates": outcome.duplicates,
        "expired": outcome.expired,
        "rejected": len(outcome.rejections),
    }
    proof = _commitment(written)
    record(work, Event.CALLS_INGESTED, subject=account.id, facts=facts, commitment=proof)


def _commitment(written: Written) -> bytes:
    """To what was written: over ids, each of which is a digest under its day's key."""
    return hashlib.sha256(b"".join(sorted(written))).digest()
