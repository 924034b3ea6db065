"""What arriving documents say of their account, and who waits for whom."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.accounts.find import find_account
from connector.accounts.received import note_received
from connector.accounts.refs import AccountRef, ref_of
from connector.accounts.states import AccountState
from privacy.core import clock
from tests.tenancies import House


def now(house: House, account: AccountRef) -> AccountRef:
    with house.alice.work() as work:
        return ref_of(find_account(work, account.id))


def test_the_first_document_connects_and_later_ones_move_the_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = house.alice.account()
    with house.alice.work() as work:
        note_received(work, account)
    first = now(house, account)
    assert (first.state, first.last_received_at) == (AccountState.CONNECTED, work.now)
    monkeypatch.setattr(clock, "_offset", timedelta(minutes=2))
    with house.alice.work() as work:
        note_received(work, first)
    assert now(house, account).last_received_at == work.now


def test_a_document_never_waits_for_anothers_note_of_the_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = house.alice.account()
    with house.alice.work() as work:
        note_received(work, account)
    account = now(house, account)
    monkeypatch.setattr(clock, "_offset", timedelta(minutes=2))
    with house.alice.work() as slow:
        note_received(slow, account)
        with house.alice.work() as quick:
            quick.connection.execute(text("SET LOCAL lock_timeout = '200ms'"))
            note_received(quick, account)
    assert now(house, account).last_received_at == slow.now


def test_what_holds_no_call_connects_nothing_under_test(house: House) -> None:
    account = house.alice.account()
    with house.alice.work() as work:
        note_received(work, account, proven=False)
    seen = now(house, account)
    assert (seen.state, seen.last_received_at) == (AccountState.TESTING, work.now)
