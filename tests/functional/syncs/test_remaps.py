"""Kept documents are read again, with progress in the history, and nothing asked outside."""

import uuid

import pytest
from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from connector.providers.netvisor.provider import NETVISOR
from connector.providers.rereading import NothingKept
from connector.remaps.run import remap_calls
from connector.syncs.describe_account import describe_account
from connector.syncs.remap_account import (
    remap_account,
    remap_job_of,
    request_remap,
)
from privacy.core.errors import NotFound
from privacy.core.outbox.names import JobName
from tests.functional.syncs.benches import engine
from tests.tenancies import House


def test_every_kept_record_is_read_again_and_nothing_is_asked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        asked = dict(e.world.desk.counts)
        before = len(e.runs())
        same = remap_account(e.station, account_id=account_id)
        assert (same.changed, same.refused) == (0, 0)
        assert same.unchanged > 12
        real = type(NETVISOR).remap

        def better(self: object, stream: str, document: bytes) -> object:
            made = real(NETVISOR, stream, document)
            return None if stream == "invoices" else made

        monkeypatch.setattr(type(NETVISOR), "remap", better)
        fewer = remap_account(e.station, account_id=account_id)
        assert fewer.unchanged < same.unchanged
        assert dict(e.world.desk.counts) == asked
        runs = e.runs()[before:]
        assert {run.stream for run in runs} == {"customers", "invoices", "payments", "products"}
        assert {(run.mode, run.outcome) for run in runs} == {("remap", "done")}
        with house.alice.work() as work:
            view = describe_account(work, account_id)
        assert all(stream.running is None for stream in view.streams)


def test_a_killed_one_is_buried_by_the_next(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        with house.alice.work() as work:
            work.connection.execute(
                text(
                    "UPDATE sync_runs SET mode = 'remap', outcome = 'running', ended_at = NULL "
                    "WHERE stream = 'products'"
                )
            )
        remap_account(e.station, account_id=account_id)
        told = [run.outcome for run in e.runs() if run.mode == "remap"]
        assert sorted(told) == ["done", "done", "done", "done", "interrupted"]


def test_it_is_asked_for_once_and_only_where_something_is_kept(house: House) -> None:
    assert remap_job_of(AccountKind.NETVISOR) is JobName.RECORDS_REMAP
    assert remap_job_of(AccountKind.MICROSOFT) is JobName.RECORDS_REMAP
    assert remap_job_of(AccountKind.FREESWITCH) is JobName.CALLS_REMAP
    with engine(house.alice) as e:
        account_id, own = e.connected(), house.alice.account().id
        with house.alice.work() as work:
            request_remap(work, account_id=account_id)
            request_remap(work, account_id=account_id)
            with pytest.raises(NothingKept):
                request_remap(work, account_id=own)
        with pytest.raises(NothingKept):
            remap_calls(
                e.station.engine,
                vault=house.vault,
                tenant_id=house.alice.id,
                actor=e.station.actor,
                account_id=own,
            )
        [(count,)] = house.rows("SELECT count(*) FROM outbox_jobs WHERE name = 'records.remap'")
        assert count == 1
        with house.charlie.work() as work, pytest.raises(NotFound):
            request_remap(work, account_id=account_id)
        with pytest.raises(NotFound):
            remap_account(e.station, account_id=uuid.uuid4())
