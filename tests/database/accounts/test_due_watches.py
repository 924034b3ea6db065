"""Which subscriptions to changes are looked after: one question, and long before they end."""

import uuid
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import event, update

from connector.accounts.models import ConnectorAccount
from connector.accounts.states import AccountState
from connector.providers.microsoft.provider import MICROSOFT_CALLS
from connector.syncs.draft_account import draft_account
from connector.syncs.models import AccountStream
from connector.watches.find_due import enqueue_due_watches
from connector.watches.keep import RENEWED, is_wanted
from connector.watches.models import ChangeWatch
from jobs.schedule import SCHEDULE
from privacy.core import clock
from privacy.core.db.work import UnitOfWork
from privacy.core.ids import new_id
from privacy.core.outbox.names import JobName
from tests.tenancies import House, Tenancy

AHEAD = timedelta(minutes=15)
CREDENTIAL = {
    "tenant_id": str(uuid.UUID(int=1)),
    "client_id": str(uuid.UUID(int=2)),
    "client_secret": "simulated",
}


def _watch(work: UnitOfWork, account_id: uuid.UUID, ends_in: timedelta) -> ChangeWatch:
    return ChangeWatch(
        tenant_id=work.tenant_id,
        digest=account_id.bytes * 2,
        account_id=account_id,
        outside_id=str(account_id),
        state_digest=b"s" * 32,
        ends_at=work.now + ends_in,
        created_at=work.now,
    )


def an_account(
    tenancy: Tenancy,
    *,
    ends_in: timedelta | None,
    state: AccountState = AccountState.CONNECTED,
    paused: bool = False,
    deleted: bool = False,
) -> uuid.UUID:
    """An account of Graph's calls, with or without a subscription."""
    with tenancy.work() as work:
        account_id = draft_account(
            work,
            vault=tenancy.vault,
            provider=MICROSOFT_CALLS,
            name=f"Teams {new_id()}",
            credential=CREDENTIAL,
        )
        stream = AccountStream(
            tenant_id=work.tenant_id,
            account_id=account_id,
            stream="call_records",
            kind="calls",
            paused=paused,
            next_due_at=work.now,
        )
        work.session.add(stream)
        if ends_in is not None:
            work.session.add(_watch(work, account_id, ends_in))
        work.session.flush()
        ended = work.now if deleted else None
        row = update(ConnectorAccount).where(ConnectorAccount.id == account_id)
        work.session.execute(row.values(state=state.value, deleted_at=ended))
    return account_id


def test_one_question_finds_what_is_due_however_many_were_deleted(house: House) -> None:
    alice, long, short = house.alice, RENEWED + timedelta(hours=1), RENEWED - timedelta(minutes=1)
    due = {
        an_account(alice, ends_in=None),
        an_account(alice, ends_in=short),
        an_account(alice, ends_in=-short),
        an_account(alice, ends_in=long, paused=True),
        an_account(alice, ends_in=long, state=AccountState.DISABLED),
        an_account(alice, ends_in=long, deleted=True),
    }
    not_due = {
        an_account(alice, ends_in=long),
        an_account(alice, ends_in=None, paused=True),
        an_account(alice, ends_in=None, state=AccountState.DRAFT),
        *(an_account(alice, ends_in=None, deleted=True) for _ in range(5)),
    }
    asked: list[str] = []
    engine = house.installation.engines.app
    with alice.work() as work:
        event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
        assert enqueue_due_watches(work) == len(due)
    questions = [one for one in asked if "FROM connector_accounts" in one]
    assert len(questions) == 1
    assert len(asked) <= 1 + len(due), "one question, and a job for each"
    found = house.rows("SELECT payload->>'account_id' FROM outbox_jobs WHERE name = 'watch.keep'")
    assert {uuid.UUID(str(row[0])) for row in found} == due
    with alice.work() as work:
        for account_id in due | not_due:
            watch = work.session.query(ChangeWatch).filter_by(account_id=account_id).one_or_none()
            lasts = watch is not None and watch.ends_at - work.now >= RENEWED
            wanted = is_wanted(work, account_id)
            assert (wanted != lasts and (wanted or watch is not None)) is (account_id in due)


def test_a_subscription_is_renewed_long_before_it_ends_by_the_schedule_alone() -> None:
    [entry] = [one for one in SCHEDULE if one.name is JobName.WATCHES_DUE]
    now = clock.now()
    slots = sorted({entry.slot(now + timedelta(minutes=n)) for n in range(24 * 60)})
    longest = max(after - before for before, after in pairwise(slots))
    # A day of looks, each of which would do: all but the last may fail.
    assert longest <= timedelta(minutes=20)
    assert (RENEWED - AHEAD) // longest >= 70
