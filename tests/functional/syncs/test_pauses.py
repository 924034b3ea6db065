"""Streams and accounts that are paused or deleted, before a run and during one."""

import threading
from contextlib import suppress
from typing import Any

import pytest

from connector.accounts.change import delete_account, pause_account, resume_account
from connector.accounts.states import AccountState
from connector.syncs import save_page
from connector.syncs.streams import pause_stream, resume_stream
from privacy.core.errors import NotFound
from tests.functional.syncs.benches import engine
from tests.functional.syncs.counts import living, outcomes
from tests.tenancies import House


def test_paused_streams_and_accounts_are_left_alone(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        with house.alice.work() as work:
            pause_stream(work, account_id=account_id, stream="payments")
        assert "payments" not in outcomes(e.run(account_id))
        with house.alice.work() as work:
            resume_stream(work, account_id=account_id, stream="payments")
        assert outcomes(e.run(account_id)) == {"payments": "done"}
        with house.alice.work() as work:
            pause_account(work, account_id=account_id)
        e.later(hours=7)
        assert e.run(account_id) == {}
        with house.alice.work() as work:
            resume_account(work, account_id=account_id)
        assert e.account(account_id).state == AccountState.TESTING
        assert e.test(account_id, asked=False).worked
        assert len(e.run(account_id)) == 4


def test_a_pause_stops_a_run_after_its_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine(house.alice, customers=250) as e:
        account_id = e.connected()
        real = save_page._keep

        def pauses(*given: Any) -> Any:
            row = given[4]
            if row.stream == "customers":
                row.paused = True
            return real(*given)

        monkeypatch.setattr(save_page, "_keep", pauses)
        assert outcomes(e.run(account_id))["customers"] == "stopped"
        monkeypatch.setattr(save_page, "_keep", real)
        assert living(house, "contacts") == 100
        with house.alice.work() as work:
            resume_stream(work, account_id=account_id, stream="customers")
        assert outcomes(e.run(account_id)) == {"customers": "done"}
        assert living(house, "contacts") == 250


@pytest.mark.promise("B4")
def test_an_account_that_is_deleted_during_a_page_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with engine(house.alice, customers=250) as e:
        account_id, real = e.connected(), save_page._keep

        def delete() -> None:
            with house.alice.work() as work:
                delete_account(work, account_id=account_id)

        deleting = threading.Thread(target=delete)

        def keeps(*given: Any) -> Any:
            if given[4].stream == "customers" and deleting.ident is None:
                deleting.start()
                deleting.join(1.0)
                assert deleting.is_alive(), "it waits for the page"
            return real(*given)

        monkeypatch.setattr(save_page, "_keep", keeps)
        with suppress(NotFound):
            e.run(account_id)
        deleting.join(30.0)
        assert living(house, "contacts") == 0
