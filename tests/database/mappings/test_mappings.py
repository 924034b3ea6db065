"""A mapping is saved as a version, counts from then on, and reaches kept documents."""

import json
from datetime import timedelta

import pytest

from connector.accounts.find import find_account
from connector.accounts.kinds import AccountKind
from connector.accounts.refs import AccountRef, ref_of
from connector.calls.ingest import ingest_calls
from connector.calls.queries import Query
from connector.calls.search import search_calls
from connector.calls.shapes import CallRecord
from connector.http.intake.readings import read_delivery
from connector.mappings.read import read_mapping
from connector.mappings.save import MappingChanged, restore_mapping, save_mapping
from connector.providers.base import Delivery
from connector.providers.choices import mapping_of, settings_of
from connector.remaps.run import remap_calls
from privacy.core.clock import now
from privacy.core.db.work import SYSTEM
from privacy.core.errors import Invalid, NotFound
from tests.tenancies import House, Tenancy


def account_of(tenant: Tenancy, known: AccountRef) -> AccountRef:
    with tenant.work() as work:
        return ref_of(find_account(work, known.id))


def post(tenant: Tenancy, known: AccountRef, document: object) -> None:
    account = account_of(tenant, known)
    delivery = Delivery(body=json.dumps(document).encode())
    reading = read_delivery(mapping_of(account), delivery, settings_of(account))
    with tenant.work() as work:
        ingest_calls(
            work,
            vault=tenant.vault,
            account=account,
            calls=reading.calls,
            sources=reading.sources,
        )


def only(tenant: Tenancy) -> CallRecord:
    with tenant.work() as work:
        [view] = search_calls(work, vault=tenant.vault, query=Query()).calls
        return view.record


def test_versions_count_and_can_be_restored(house: House) -> None:
    alice = house.alice
    account = alice.account(AccountKind.MOONTALK)
    with alice.work() as work:
        assert read_mapping(work, account_id=account.id).version == 0
        paths = {"caller": ["who.nr"]}
        assert save_mapping(
            work, account_id=account.id, mapping={"paths": paths}, based_on=0
        ) == 1  # fmt: skip
    with alice.work() as work:
        same = save_mapping(work, account_id=account.id, mapping={"paths": paths}, based_on=1)
        assert same == 1
        with pytest.raises(MappingChanged):
            save_mapping(work, account_id=account.id, mapping={}, based_on=0)
    with alice.work() as work:
        save_mapping(work, account_id=account.id, mapping={"times": "epoch_s"}, based_on=1)
    with alice.work() as work:
        assert restore_mapping(work, account_id=account.id, version=1, based_on=2) == 3
    with alice.work() as work:
        view = read_mapping(work, account_id=account.id)
    assert view.settings.paths == {"caller": ("who.nr",)}
    assert view.settings.times == "any"
    assert [each.version for each in view.history] == [3, 2, 1]
    events = [e for (e,) in house.rows("SELECT event FROM ledger_events") if "mapped" in str(e)]
    assert len(events) == 3


def test_what_cannot_be_used_is_not_saved(house: House) -> None:
    alice = house.alice
    account = alice.account(AccountKind.MOONTALK)
    with alice.work() as work, pytest.raises(Invalid):
        save_mapping(work, account_id=account.id, mapping={"times": "never"}, based_on=0)
    exchange = alice.account(AccountKind.TWILIO)
    with alice.work() as work, pytest.raises(NotFound):
        save_mapping(work, account_id=exchange.id, mapping={}, based_on=0)
    with house.charlie.work() as work, pytest.raises(NotFound):
        save_mapping(work, account_id=account.id, mapping={}, based_on=0)


@pytest.mark.promise("A12")
def test_a_better_mapping_reaches_kept_documents_and_only_what_was_declared(house: House) -> None:
    alice = house.alice
    account = alice.account(AccountKind.MOONTALK)
    start = int((now() - timedelta(hours=1)).timestamp())
    document = {"id": "m-1", "start": start, "from": "Front desk", "to": "+442079460018",
                "caller_id": "+12025550143", "note": "canary"}  # fmt: skip
    post(alice, account, document)
    assert only(alice).caller == "Front desk"
    mapping = {"paths": {"caller": ["caller_id"]}}
    with alice.work() as work:
        save_mapping(work, account_id=account.id, mapping=mapping, based_on=0)

    def again() -> tuple[int, int]:
        done = remap_calls(
            house.installation.engines.app,
            vault=alice.vault,
            tenant_id=alice.id,
            actor=SYSTEM,
            account_id=account.id,
        )
        return done.read, done.changed

    assert again() == (1, 1)
    assert again() == (1, 0)
    assert only(alice).caller == "+12025550143"
