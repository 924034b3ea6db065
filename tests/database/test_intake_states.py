"""How an account that posts comes into trouble, and out of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.received import note_received
from connector.accounts.refs import AccountRef, ref_of
from connector.accounts.refused import TROUBLED_AFTER, note_refused
from connector.calls.models import CallTally
from connector.calls.quiet import degrade_quiet, is_quiet
from privacy.core import clock
from tests.tenancies import House, Tenancy


def look(tenant: Tenancy, account: AccountRef) -> ConnectorAccount:
    with tenant.work() as work:
        return find_account(work, account.id)


def refuse(tenant: Tenancy, account: AccountRef, times: int) -> None:
    for _ in range(times):
        with tenant.work() as work:
            note_refused(work, account_id=account.id, code="unreadable")


def take(tenant: Tenancy, account: AccountRef) -> None:
    with tenant.work() as work:
        note_received(work, ref_of(find_account(work, account.id)))


def test_a_row_of_refusals_is_an_error_that_a_good_document_ends(house: House) -> None:
    alice = house.alice
    account = alice.account(AccountKind.FREESWITCH)
    take(alice, account)
    refuse(alice, account, TROUBLED_AFTER)
    found = look(alice, account)
    assert (found.state, found.state_reason) == ("error", "unreadable")
    assert ref_of(found).receiving
    take(alice, account)
    assert look(alice, account).state == "connected"
    refuse(alice, account, TROUBLED_AFTER - 1)
    assert look(alice, account).state == "connected"


def test_refusals_between_good_documents_are_no_row(house: House) -> None:
    alice, before = house.alice, clock.offset()
    account = alice.account(AccountKind.FREESWITCH)
    try:
        for _ in range(TROUBLED_AFTER + 2):
            refuse(alice, account, 1)
            clock.set_offset(clock.offset() + timedelta(minutes=2))
            take(alice, account)
    finally:
        clock.set_offset(before)
    assert look(alice, account).state == "connected"


def _workdays(last: date, weeks: int = 4) -> list[date]:
    days = [last - timedelta(days=number) for number in range(weeks * 7)]
    return sorted(day for day in days if day.weekday() < 5)


@pytest.mark.parametrize(
    ("days", "silent", "quiet"),
    [
        (_workdays(date(2026, 3, 27)), timedelta(days=3), False),
        (_workdays(date(2026, 3, 27)), timedelta(days=4, hours=1), True),
        ([date(2026, 3, 1) + timedelta(days=n) for n in range(27)], timedelta(days=2.1), True),
        ([date(2026, 3, 1) + timedelta(days=n) for n in range(27)], timedelta(days=1.9), False),
        ([date(2026, 3, 1), date(2026, 3, 20)], timedelta(days=300), False),
        ([], timedelta(days=300), False),
    ],
)
def test_silence_is_told_by_the_rhythm(days: list[date], silent: timedelta, quiet: bool) -> None:
    last = datetime(2026, 3, 27, 15, tzinfo=UTC)
    assert is_quiet(days, last=last, now=last + silent) is quiet


def test_a_quiet_account_is_troubled_until_it_speaks(house: House) -> None:
    alice = house.alice
    account = alice.account(AccountKind.FREESWITCH)
    take(alice, account)
    with alice.work() as work:
        for number in range(3, 20):
            day = work.today - timedelta(days=number)
            tally = {"direction": "inbound", "shard": 0, "calls": 3, "seconds": 9}
            work.session.add(CallTally(tenant_id=alice.id, account_id=account.id, day=day, **tally))
        assert degrade_quiet(work) == 0
        silent = work.now - timedelta(days=3)
        work.session.execute(update(ConnectorAccount).values(last_received_at=silent))
    with alice.work() as work:
        assert degrade_quiet(work) == 1
        assert degrade_quiet(work) == 0
    found = look(alice, account)
    assert (found.state, found.state_reason) == ("degraded", "quiet")
    take(alice, account)
    assert look(alice, account).state == "connected"
