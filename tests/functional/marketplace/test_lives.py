"""Subscriptions from suspension to the end of the data; usage; announcements."""

import uuid
from datetime import timedelta
from typing import Any, cast

import pytest

from connector.accounts.change import start_test
from connector.accounts.find import list_accounts
from connector.accounts.kinds import AccountKind
from connector.accounts.models import ConnectorAccount
from connector.accounts.move import move_account
from connector.accounts.received import note_received
from connector.accounts.states import AccountState
from connector.calls.ingest import ingest_calls
from connector.marketplace import endings, turns
from connector.marketplace.certificates import certify_destruction
from connector.marketplace.change import EXPORT_DAYS
from connector.marketplace.gate import NotSubscribed
from jobs.contexts import House as HouseOfTasks
from jobs.contexts import TaskContext
from jobs.tasks import marketplaces
from migrations.metadata import metadata
from privacy.core.db.tenancy import INSTALLATION_ID
from privacy.core.db.work import UnitOfWork
from privacy.core.errors import Invalid, NotFound
from privacy.mails.list_mails import list_kept
from privacy.mails.read_kept import read_kept
from privacy.subjects.certificates import BadCertificate, verify_certificate
from tenants.marketplace_keys.create import set_callback
from tenants.permissions import Role
from tenants.principals import Principal, PrincipalKind
from tenants.tenants.list import list_tenants
from tests.database.events_out.receivers import plain_server
from tests.factories import a_call
from tests.functional.marketplace.markets import Market
from tests.jobs.test_tasks import TaskHouse
from tests.rows import RowMaker


def _context(market: Market, tenant: uuid.UUID = INSTALLATION_ID, **payload: object) -> TaskContext:
    house = cast(HouseOfTasks, TaskHouse(market.town.house))
    return TaskContext(house, uuid.uuid4(), tenant, "test", 0, payload)


def _account(work: UnitOfWork) -> ConnectorAccount:
    (account,) = list_accounts(work)
    return account


def _tenant_state(market: Market, subscription: dict[str, object]) -> object:
    query = "SELECT state FROM tenants WHERE tenant_id = :t"
    return market.one(query, t=subscription["tenant_id"])


def test_suspended_and_resumed(market: Market) -> None:
    made = market.provision()
    tenancy = market.tenancy(made)
    with tenancy.work() as work:
        start_test(work, account_id=_account(work).id)
    answer = market.call("suspend", market.about(made))
    assert (answer.status_code, answer.json and answer.json["state"]) == (200, "suspended")
    assert _tenant_state(market, made) == "suspended"
    with tenancy.work() as work:
        account = _account(work)
        assert (account.state, account.disabled_by) == ("disabled", "operator")
    assert market.call("suspend", market.about(made)).status_code == 200
    other = market.provision(service="N", customer={"id": "same", "name": "Same"})
    again = market.provision(service="T", customer={"id": "same", "name": "Same"})
    assert other["tenant_id"] == again["tenant_id"]
    market.call("suspend", market.about(other))
    assert _tenant_state(market, other) == "active", "another subscription is active"
    answer = market.call("resume", market.about(made))
    assert answer.json is not None
    assert answer.json["state"] == "active"
    assert _tenant_state(market, made) == "active"
    with tenancy.work() as work:
        assert _account(work).state == "testing"


def test_an_operators_own_suspension_is_not_undone_by_a_change(market: Market) -> None:
    made = market.provision()
    with market.town.house.installation.superuser().begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE tenants SET state = 'suspended' WHERE tenant_id = '{made['tenant_id']}'"
        )
    market.call("changeParameters", market.about(made, parameters={"retention_days": 9}))
    assert _tenant_state(market, made) == "suspended"


def test_parameters_are_changed_on_both_sides(market: Market) -> None:
    made = market.provision(parameters={"retention_days": 20})
    answer = market.call("changeParameters", market.about(made, parameters={"retention_days": 7}))
    assert answer.json is not None
    assert answer.json["parameters"] == {"retention_days": 7}
    kept = "SELECT retention_days_calls FROM tenants WHERE tenant_id = :t"
    assert market.one(kept, t=made["tenant_id"]) == 7
    wrong = market.about(made, parameters={"account_kind": "moontalk"})
    assert market.call("changeParameters", wrong).status_code == 422
    owner = market.town.person("olaf", Role.OWNER, uuid.UUID(made["tenant_id"]))
    browser = market.town.browser(owner)
    browser.get("/settings")
    saved = browser.post("/settings", name="Customer", retention_days="5")
    assert saved.status_code == 302, saved.get_data(as_text=True)
    job = "SELECT payload->>'change' FROM outbox_jobs WHERE tenant_id = :t AND name = :n"
    name = "marketplace.announce"
    assert market.one(job, t=made["tenant_id"], n=name) == "parameters_changed"


def test_what_was_not_ordered_cannot_be_connected(market: Market) -> None:
    tenancy = market.tenancy(market.provision(service="N"))
    with pytest.raises(NotSubscribed):
        tenancy.account(AccountKind.API)
    other = market.provision()
    assert market.tenancy(other).account(AccountKind.API).receiving
    market.call("terminate", market.about(other))
    with pytest.raises(NotSubscribed):
        market.tenancy(other).account(AccountKind.API, name="One more")


def test_usage_counts_and_names_nobody(market: Market) -> None:
    made = market.provision()
    tenancy = market.tenancy(made)
    market.town.person("ada", Role.OWNER, tenancy.id)
    account = tenancy.account(AccountKind.API)
    with tenancy.work() as work:
        ingest_calls(work, vault=tenancy.vault, account=account, calls=[a_call() for _ in range(4)])
        note_received(work, account)
        month = f"{work.today:%Y-%m}"
    asked = {"subscription_id": made["subscription_id"], "month": month}
    assert market.call("usage", asked).json == {
        **asked,
        "calls": 4,
        "seconds": 240,
        "accounts": 1,
        "seats": 1,
    }
    before = asked | {"month": "2020-01"}
    assert market.call("usage", before).json == {
        **before,
        "calls": 0,
        "seconds": 0,
        "accounts": 0,
        "seats": 0,
    }
    assert market.call("usage", asked | {"month": "2026-13"}).status_code == 422


def test_a_draft_costs_nothing_though_it_was_paused(market: Market) -> None:
    made = market.provision()
    with market.tenancy(made).work() as work:
        asked = {"subscription_id": made["subscription_id"], "month": f"{work.today:%Y-%m}"}
    for step in ("suspend", "resume"):
        assert market.call(step, market.about(made)).status_code == 200
        used = market.call("usage", asked).get_json()
        assert used["accounts"] == 0


@pytest.mark.promise("B4")
def test_the_end_of_a_subscription_ends_the_data(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    town, made = market.town, market.provision()
    tenancy = market.tenancy(made)
    only_here = town.person("oona", Role.OWNER, tenancy.id)
    elsewhere = town.person("eve", Role.ADMIN, tenancy.id)
    town.join(elsewhere.id, Role.AGENT, town.alices)
    account = tenancy.account(AccountKind.API)
    with tenancy.work() as work:
        ingest_calls(work, vault=tenancy.vault, account=account, calls=[a_call()])
    ending = market.call("terminate", market.about(made)).json
    assert ending is not None
    assert ending["state"] == "ending"
    marketplaces.notify(
        _context(market, tenancy.id, subscription_id=made["subscription_id"], what="ending")
    )
    assert _letters(market, "subscription_ending") == {only_here.email, elsewhere.email}
    with tenancy.work() as work:
        assert {one.state for one in list_accounts(work)} == {"disabled"}
    browser = town.browser(only_here)
    assert "Export what you need" in browser.get("/overview").get_data(as_text=True)
    assert "Ending" in browser.get("/settings").get_data(as_text=True)
    shift = monkeypatch.setattr
    shift("privacy.core.clock._offset", timedelta(days=EXPORT_DAYS - 1))
    marketplaces.end(_context(market))
    assert _tenant_state(market, made) == "active"
    shift("privacy.core.clock._offset", timedelta(days=EXPORT_DAYS, minutes=1))
    for _ in range(2):
        marketplaces.end(_context(market))
    assert _letters(market, "subscription_ended") == {only_here.email, elsewhere.email}
    assert market.one("SELECT count(*) FROM key_ring WHERE tenant_id = :t", t=tenancy.id) == 0
    for table in ("calls", "connector_accounts", "tenants", "memberships", "invitations"):
        held = f"SELECT count(*) FROM {table} WHERE tenant_id = :t"
        assert market.one(held, t=tenancy.id) == 0, table
    users = "SELECT count(*) FROM users WHERE id = :u"
    assert market.one(users, u=only_here.id) == 0
    assert market.one(users, u=elsewhere.id) == 1, "she belongs to another tenant, too"
    said = "SELECT count(*) FROM ledger_events WHERE tenant_id = :t AND event = :e"
    assert market.one(said, t=tenancy.id, e="jobs:tenant:destroyed") == 1
    state = "SELECT state FROM service_subscriptions WHERE tenant_id = :t"
    assert market.one(state, t=tenancy.id) == "ended"
    operator = Principal(
        PrincipalKind.USER, INSTALLATION_ID, town.operator.id, role=Role.OPERATOR.value
    )
    assert tenancy.id not in {one.id for one in list_tenants(town.desk, principal=operator)}
    assert market.call("resume", market.about(made)).status_code == 409
    _certified(market, tenancy.id)


def _certified(market: Market, tenant_id: uuid.UUID) -> None:
    """The end is certified, and a table that still holds something would be named."""
    house = TaskHouse(market.town.house)
    owner, signer = house.engines.owner, house.signer
    text = certify_destruction(owner, signer, metadata=metadata, tenant_id=tenant_id)
    said = verify_certificate(text, signer.identity)
    assert (said["tenant"], said["found_afterwards"]) == (str(tenant_id), {})
    assert said["keys"] > 0
    assert said["rows"] > 0
    with pytest.raises(BadCertificate):
        verify_certificate(text.replace('"keys": ', '"keys": 1'), signer.identity)
    with market.town.house.installation.superuser().begin() as connection:
        RowMaker(connection, tenant_id).fill(["tenants"])
    text = certify_destruction(owner, signer, metadata=metadata, tenant_id=tenant_id)
    assert verify_certificate(text, signer.identity)["found_afterwards"] == {"tenants": 1}
    with pytest.raises(NotFound):
        certify_destruction(owner, signer, metadata=metadata, tenant_id=market.town.alices)


def test_an_end_that_dies_spares_the_others_and_is_finished_by_the_next_run(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [market.provision(customer={"id": name, "name": name}) for name in ("one", "two")]
    for each in made:
        market.call("terminate", market.about(each))
    first = min(each["tenant_id"] for each in made)
    delete_rows = endings._delete_rows

    def die_for_the_first(*given: Any) -> int:
        if str(given[2]) == first:
            raise ConnectionError
        return delete_rows(*given)

    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=EXPORT_DAYS, minutes=1))
    monkeypatch.setattr(endings, "_delete_rows", die_for_the_first)
    with pytest.raises(endings.EndingsIncomplete):
        marketplaces.end(_context(market))
    left = "SELECT count(*) FROM tenants WHERE tenant_id = :t"
    assert [market.one(left, t=each["tenant_id"]) for each in made].count(0) == 1
    monkeypatch.setattr(endings, "_delete_rows", delete_rows)
    marketplaces.end(_context(market))
    assert [market.one(left, t=each["tenant_id"]) for each in made] == [0, 0]


def test_a_new_order_and_the_end_of_all_others_take_turns(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ordered after the end has looked, and before it destroys: one of the two waits."""
    customer = {"id": "returning", "name": "Returning Oy"}
    made = market.provision(customer=customer)
    market.call("terminate", market.about(made))
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=EXPORT_DAYS, minutes=1))
    monkeypatch.setattr(turns, "WAITS", 0.0)
    order, told = market.order(service="N", customer=customer), []
    destroy = endings.destroy_everything

    def destroy_later(*given: Any, **said: Any) -> None:
        told.append(market.call("provision", order))
        destroy(*given, **said)

    monkeypatch.setattr(endings, "destroy_everything", destroy_later)
    marketplaces.end(_context(market))
    assert [answer.status_code for answer in told] == [503]
    again = market.call("provision", order)
    assert (again.status_code, again.json["state"]) == (200, "active")  # type: ignore[index]
    assert again.json["tenant_id"] != made["tenant_id"]  # type: ignore[index]
    with market.tenancy(cast(dict[str, Any], again.json)).work() as work:
        assert [one.service for one in list_accounts(work)] == ["N"]


def test_an_order_is_not_given_to_a_tenant_that_is_half_destroyed(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = {"id": "half", "name": "Half Oy"}
    made = market.provision(customer=customer)
    market.call("terminate", market.about(made))
    monkeypatch.setattr("privacy.core.clock._offset", timedelta(days=EXPORT_DAYS, minutes=1))
    delete_rows = endings._delete_rows

    def die(*given: Any) -> int:
        raise ConnectionError

    monkeypatch.setattr(endings, "_delete_rows", die)
    with pytest.raises(endings.EndingsIncomplete):
        marketplaces.end(_context(market))
    order = market.order(service="N", customer=customer)
    assert market.call("provision", order).status_code == 503
    monkeypatch.setattr(endings, "_delete_rows", delete_rows)
    marketplaces.end(_context(market))
    assert market.call("provision", order).status_code == 200


def test_one_service_of_two_ends_alone_and_the_rest_is_said(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = {"id": "two", "name": "Two Oy"}
    first = market.provision(service="T", customer=customer)
    second = market.provision(service="N", customer=customer)
    market.call("terminate", market.about(first))
    shift = timedelta(days=EXPORT_DAYS, minutes=1)
    monkeypatch.setattr("privacy.core.clock._offset", shift)
    marketplaces.end(_context(market))
    services = "SELECT services FROM tenants WHERE tenant_id = :t"
    assert market.one(services, t=second["tenant_id"]) == ["N"]
    said = (
        "SELECT facts->>'left_to_operator' FROM ledger_events WHERE tenant_id = :t AND event = :e"
    )
    assert market.one(said, t=second["tenant_id"], e="jobs:subscription:ended") == "true"
    with market.tenancy(second).work() as work:
        assert {one.service for one in list_accounts(work)} == {"N"}


def test_a_connected_account_is_announced_with_the_same_key(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = market.town.house.installation.settings
    monkeypatch.setitem(settings.__dict__, "outbound_loopback", True)
    made = market.provision()
    tenancy, vault = market.tenancy(made), market.town.desk.ring
    with tenancy.work() as work:
        account = _account(work)
        move_account(work, account, to=AccountState.TESTING)
        move_account(work, account, to=AccountState.CONNECTED)
    payload = market.one(
        "SELECT payload FROM outbox_jobs WHERE tenant_id = :t AND name = :n",
        t=tenancy.id,
        n="marketplace.announce",
    )
    with plain_server() as server:
        with market.installation() as work, pytest.raises(Invalid):
            set_callback(work, vault=vault, key_id=market.key_id, url=server.url, key="x")
        with market.installation() as work:
            set_callback(work, vault=vault, key_id=market.key_id, url=server.url, key=market.key)
        marketplaces.announce(_context(market, tenancy.id, **payload))
    ((head, told),) = server.taken
    assert head["x-api-key"] == market.key
    assert told["change"] == "account_connected"
    assert told["subscription_id"] == made["subscription_id"]
    assert told["account_id"] == made["account_id"]
    stored = market.one("SELECT string_agg(t::text, '') FROM marketplace_keys t")
    assert market.key.encode().hex() not in stored


def _letters(market: Market, kind: str) -> set[str]:
    with market.town.desk.installation() as work:
        return {
            read_kept(work, market.town.desk.ring, mail_id=mail.id).to
            for mail in list_kept(work)
            if mail.kind == kind
        }
