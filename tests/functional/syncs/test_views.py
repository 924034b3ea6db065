"""What pages and helpers are told of an account: everything but a secret."""

import base64
import json
from dataclasses import asdict

import pytest

from connector.accounts.states import AccountState
from connector.syncs.describe_account import describe_account, list_runs
from connector.syncs.diagnose import diagnose
from connector.syncs.forget_runs import forget_runs
from connector.syncs.repairs import Act
from privacy.core.errors import NotFound
from tests.functional.syncs.benches import Engine, engine
from tests.functional.syncs.test_accounts import WRONG, enter
from tests.tenancies import House


def test_a_page_is_told_state_streams_and_runs(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        with house.alice.work() as work:
            view = describe_account(work, account_id)
        assert view.state is AccountState.CONNECTED
        assert view.repair is None
        assert view.display_name == "1967543-8"
        assert [s.label for s in view.streams] == [
            "Customers",
            "Sales invoices",
            "Payments",
            "Products",
        ]
        assert {run.outcome for run in view.runs} == {"done"}
        assert all(run.seen == run.estimated for run in view.runs)
        with house.alice.work() as work:
            assert len(list_runs(work, account_id, stream="customers")) == 1


def test_the_repair_card_says_what_to_enter_again(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.draft(customer_key=WRONG)
        with house.alice.work() as work:
            draft = describe_account(work, account_id)
        assert draft.external_key == ""
        assert draft.repair is not None
        assert Act.TEST in draft.repair.acts
        e.test(account_id)
        with house.alice.work() as work:
            repair = describe_account(work, account_id).repair
        assert repair is not None
        assert "credentials" in repair.what
        assert repair.acts[0] is Act.ENTER
        assert "customer_key" in {field.name for field in repair.fields}
        enter(house, account_id, customer_key=e.world.desk.keys.customer_key)
        e.test(account_id)
        with house.alice.work() as work:
            assert describe_account(work, account_id).repair is None


def test_an_outage_is_to_be_waited_out(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.world.fault("500", times=-1)
        e.run(account_id)
        with house.alice.work() as work:
            repair = describe_account(work, account_id).repair
        assert repair is not None
        assert repair.to_do.startswith("Nothing.")


@pytest.mark.attack(52)
def test_diagnostics_hold_no_secret_and_no_name(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.world.fault("wrong_mac", resource="salesinvoicelist")
        e.run(account_id)
        with house.alice.work() as work:
            told = json.dumps(diagnose(work, account_id=account_id))
            told += str(asdict(describe_account(work, account_id)))
        assert "done" in told
        for secret in _secrets(e):
            assert secret not in told
        for customer in e.world.desk.books.customers.values():
            assert customer.said("name") not in told
        assert "Books" not in json.dumps(_bundle(house, account_id))
        assert len(e.events("account:diagnosed")) == 2


def _bundle(house: House, account_id: object) -> object:
    with house.alice.work() as work:
        return diagnose(work, account_id=account_id)  # type: ignore[arg-type]


def _secrets(e: Engine) -> list[str]:
    keys = e.world.desk.keys
    raw = [keys.customer_key, keys.partner_key]
    return (
        raw + [s.encode().hex() for s in raw] + [base64.b64encode(s.encode()).decode() for s in raw]
    )


def test_old_runs_are_forgotten(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        e.later(days=91)
        with house.alice.work() as work:
            assert forget_runs(work) == 4


@pytest.mark.attack(34)
def test_charlie_is_told_nothing(house: House) -> None:
    with engine(house.alice) as e:
        account_id = e.connected()
        e.run(account_id)
        with house.charlie.work() as work:
            for ask in (describe_account, lambda w, a: diagnose(w, account_id=a)):
                with pytest.raises(NotFound):
                    ask(work, account_id)
            assert list_runs(work, account_id) == []
