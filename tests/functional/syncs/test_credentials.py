"""Credentials that others rotate: stored before they are used, by one at a time."""

import base64
import threading
import uuid
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import text

from connector.accounts.find import find_account
from connector.accounts.pending import connection_of
from connector.accounts.states import AccountState
from connector.outbound.failures import ConfigurationFailure, CredentialDoubt
from connector.syncs.locks import Busy, locked
from connector.syncs.openings import Held, RenewedElsewhere
from connector.syncs.verdicts import note_failure, note_success
from privacy.core.db.locks import AdvisoryLock
from privacy.core.ids import new_id
from tests.functional.syncs.benches import Engine, engine
from tests.functional.syncs.test_accounts import enter
from tests.tenancies import House


def held(e: Engine, account_id: uuid.UUID, *, pending: bool = False) -> Held:
    made = Held(e.station, account_id, 0, pending)
    made.reread()
    return made


def test_a_renewed_credential_is_stored_at_once_and_once(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        one, other = held(e, account_id), held(e, account_id)
        one.renew(e.credential | {"sender": "one"})
        with pytest.raises(RenewedElsewhere):
            other.renew(e.credential | {"sender": "other"})
        assert other.reread()["sender"] == "one"
        other.renew(e.credential | {"sender": "other"})
        assert one.reread()["sender"] == "other"
        assert len(e.events("account:renewed")) == 2


def test_of_many_that_renew_at_once_one_wins(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        several = [held(e, account_id) for _ in range(6)]
        outcomes: list[str] = []

        def renew(one: Held, credential: Mapping[str, str]) -> None:
            try:
                one.renew(credential)
                outcomes.append("stored")
            except RenewedElsewhere:
                outcomes.append("elsewhere")

        threads = [
            threading.Thread(target=renew, args=(one, e.credential | {"sender": f"s{n}"}))
            for n, one in enumerate(several)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["elsewhere"] * 5 + ["stored"]


def test_a_new_credential_renews_itself_and_not_the_old_one(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        enter(house, account_id, sender="new")
        held(e, account_id, pending=True).renew(e.credential | {"sender": "newer"})
        assert held(e, account_id).reread().get("sender") is None
        assert e.test(account_id).worked
        assert held(e, account_id).reread()["sender"] == "newer"


def test_a_lock_is_one_accounts_own(house: House) -> None:
    app, one = house.installation.engines.app, new_id()
    with locked(app, AdvisoryLock.ACCOUNT_MESSAGE, one):
        with pytest.raises(Busy), locked(app, AdvisoryLock.ACCOUNT_MESSAGE, one, seconds=0.1):
            pass
        with locked(app, AdvisoryLock.ACCOUNT_READING, one):
            pass
        with locked(app, AdvisoryLock.ACCOUNT_MESSAGE, new_id()):
            pass
    with locked(app, AdvisoryLock.ACCOUNT_MESSAGE, one):
        pass


def test_a_doubtful_refusal_counts_once_a_day(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()

        def refuse() -> str:
            with house.alice.work() as work:
                failure = ConfigurationFailure(log="", credential=CredentialDoubt.POSSIBLE)
                account = find_account(work, account_id, lock=True)
                note_failure(work, account, connection_of(work, account_id), failure)
                return account.state

        assert {refuse() for _ in range(20)} == {AccountState.DEGRADED}
        e.later(days=1)
        assert {refuse() for _ in range(20)} == {AccountState.DEGRADED}
        e.later(days=1)
        assert refuse() == AccountState.NEEDS_REAUTH


def test_a_success_between_forgets_the_doubts(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        for _ in range(5):
            with house.alice.work() as work:
                account = find_account(work, account_id, lock=True)
                connection = connection_of(work, account_id)
                failure = ConfigurationFailure(log="", credential=CredentialDoubt.POSSIBLE)
                note_failure(work, account, connection, failure)
                assert connection.not_before is not None
                assert connection.not_before - work.now >= timedelta(seconds=30)
                note_success(work, account, connection)
                assert account.state == AccountState.CONNECTED
            e.later(days=1)


@pytest.mark.attack(52)
def test_no_credential_lies_open_anywhere(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        enter(house, account_id, sender="new")
        e.run(account_id)
        tables = ["connector_accounts", "account_connections", "account_streams", "sync_runs"]
        tables += ["outbox_jobs", "ledger_events", "contacts"]
        with house.installation.superuser().connect() as connection:
            told = "".join(
                str(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in tables
            )
        keys = e.world.desk.keys
        for secret in (keys.customer_key, keys.partner_key):
            for spelling in (secret, secret.encode().hex(), _base64(secret)):
                assert spelling.lower() not in told.lower()


def _base64(secret: str) -> str:
    return base64.b64encode(secret.encode()).decode()


@pytest.mark.attack(46)
@pytest.mark.promise("E2")
def test_without_the_development_setting_this_machine_is_not_asked(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.draft()
        e.station = type(e.station)(
            e.station.engine, e.station.vault, e.station.tenant_id, e.station.actor
        )
        tested = e.test(account_id)
        assert (tested.worked, tested.code) == (False, "recipient_not_declared")
        assert e.world.desk.counts == {}
