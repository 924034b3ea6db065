"""Save one page: its things, what is gone, the cursor and the run's counts, all or nothing."""

from connector.accounts.refs import AccountRef
from connector.providers.port import Page
from connector.synced.shapes import RecordKind
from connector.synced.sinks import Saved, Sink
from connector.syncs.models import AccountStream, SyncRun
from connector.syncs.removals import end_sweep
from connector.syncs.stations import Station
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id


def save_page(
    work: UnitOfWork,
    station: Station,
    account: AccountRef,
    *,
    row: AccountStream,
    run: SyncRun,
    page: Page,
) -> None:
    """`row` is locked, `run` is its present one."""
    sink = station.sinks[RecordKind(row.kind)]
    if page.sweep_begins:
        row.sweep_id, run.mode = new_id(), "full"
    saved = _keep(work, station, sink, account, row, page)
    run.removed += _remove(work, station, sink, account, row, page)
    row.cursor = dict(page.cursor)
    run.pages += 1
    run.created += saved.created
    run.changed += saved.changed
    run.unchanged += saved.unchanged
    run.refused += saved.refused
    run.unread += page.unread
    run.estimated = run.estimated if page.estimated is None else page.estimated
    run.progressed_at = work.now


def _keep(
    work: UnitOfWork,
    station: Station,
    sink: Sink,
    account: AccountRef,
    row: AccountStream,
    page: Page,
) -> Saved:
    if not page.received:
        return Saved()
    return sink.save(
        work,
        vault=station.vault,
        account=account,
        stream=row.stream,
        received=page.received,
        sweep=row.sweep_id,
    )


def _remove(
    work: UnitOfWork,
    station: Station,
    sink: Sink,
    account: AccountRef,
    row: AccountStream,
    page: Page,
) -> int:
    gone = 0
    if page.gone:
        gone = sink.remove(
            work,
            vault=station.vault,
            account=account,
            stream=row.stream,
            external_ids=page.gone,
        )
    # A sweep whose beginning was not seen has not seen everything: it removes nothing.
    if page.sweep_ends and row.sweep_id is not None:
        gone += end_sweep(work, sink, account, row, row.sweep_id)
    return gone
