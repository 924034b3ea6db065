"""A marketplace's calls: ordered once, answered alike, refused where they are wrong."""

import threading
from typing import Any

import pytest

from connector.marketplace import provision as provisioning
from privacy.core.errors import TooManyRequests
from privacy.mails.list_mails import list_kept
from privacy.mails.read_kept import read_kept
from tenants.marketplace_keys.create import create_marketplace_key, revoke_marketplace_key
from tenants.marketplace_keys.text import is_well_formed, new_key
from tenants.permissions import Role
from tests.functional.marketplace.markets import Market


def test_what_can_be_ordered(market: Market) -> None:
    answer = market.call("getServiceParameters")
    assert answer.status_code == 200
    assert answer.json is not None
    services = {one["service"]: one for one in answer.json["services"]}
    assert set(services) == {"N", "M", "T", "C", "V"}
    known = {one["name"]: one for one in services["T"]["parameters"]}
    assert known["retention_days"]["maximum"] == 30
    assert "moontalk" in known["account_kind"]["choices"]


def test_an_order_makes_a_tenant_a_draft_and_an_invitation(market: Market) -> None:
    order = market.order(parameters={"retention_days": 14, "account_name": "Head office"})
    made = market.call("provision", order).json
    assert made is not None
    assert (made["state"], made["service"]) == ("active", "T")
    tenancy = market.tenancy(made)
    row = "SELECT {} FROM {} WHERE tenant_id = :t"
    assert market.one(row.format("retention_days_calls", "tenants"), t=tenancy.id) == 14
    assert market.one(row.format("state", "connector_accounts"), t=tenancy.id) == "draft"
    assert market.one(row.format("name", "connector_accounts"), t=tenancy.id) == "Head office"
    with market.town.desk.installation() as work:
        letters = [
            read_kept(work, market.town.desk.ring, mail_id=mail.id) for mail in list_kept(work)
        ]
    assert order["owner"]["email"] in {letter.to for letter in letters}
    event = "SELECT actor_kind FROM ledger_events WHERE tenant_id = :t AND event = :e"
    name = "marketplace:subscription:provisioned"
    assert market.one(event, t=tenancy.id, e=name) == "marketplace"


@pytest.mark.attack(44)
def test_an_order_is_done_once(market: Market) -> None:
    order = market.order()
    first, again = market.call("provision", order), market.call("provision", order)
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    other = market.call("provision", order | {"parameters": {"retention_days": 3}})
    assert (other.status_code, other.json and other.json["code"]) == (422, "order_id_reused")
    assert first.json is not None
    act = {"order_id": order["order_id"], "subscription_id": first.json["subscription_id"]}
    assert market.call("suspend", act).status_code == 422
    subscriptions = "SELECT count(*) FROM service_subscriptions WHERE tenant_id = :t"
    assert market.one(subscriptions, t=first.json["tenant_id"]) == 1
    stored = market.one("SELECT string_agg(t::text, '') FROM marketplace_orders t")
    assert order["order_id"] not in stored
    assert order["customer"]["id"].encode().hex() not in stored


@pytest.mark.attack(44)
def test_many_at_once_are_one(market: Market) -> None:
    order, answers = market.order(), list[Any]()

    def send() -> None:
        client = market.town.app.test_client()
        headers = {"x-api-key": market.key}
        answers.append(client.post("/marketplace/v1/provision", json=order, headers=headers))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {200, 409}
    made = [answer.json for answer in answers if answer.status_code == 200]
    assert made
    assert all(one == made[0] for one in made)
    held = "SELECT count(*) FROM service_subscriptions WHERE tenant_id = :t"
    assert market.one(held, t=made[0]["tenant_id"]) == 1


def test_what_died_half_way_is_finished_by_a_repetition(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = market.order()

    def die(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(provisioning, "_invite_owner", die)
        assert market.call("provision", order).status_code == 500
    done = market.call("provision", order)
    assert done.status_code == 200
    assert done.json is not None
    for table in ("service_subscriptions", "connector_accounts", "invitations"):
        held = f"SELECT count(*) FROM {table} WHERE tenant_id = :t"
        assert market.one(held, t=done.json["tenant_id"]) == 1


def test_a_customer_keeps_the_tenant_and_its_owner(market: Market) -> None:
    order = market.order()
    first = market.call("provision", order).json
    assert first is not None
    tenancy = market.tenancy(first)
    market.town.person("otto", Role.OWNER, tenancy.id)
    invited = "SELECT count(*) FROM invitations WHERE tenant_id = :t"
    before = market.one(invited, t=tenancy.id)
    second = market.provision(
        service="N", customer=order["customer"], owner={"email": "stranger@example.com"}
    )
    assert second["tenant_id"] == first["tenant_id"]
    assert market.one(invited, t=tenancy.id) == before, "nobody is put above its owner"
    services = market.one("SELECT services FROM tenants WHERE tenant_id = :t", t=tenancy.id)
    assert services == ["N", "T"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"service": "X"}, "/service"),
        ({"parameters": {"retention_days": 31}}, "/parameters/retention_days"),
        ({"parameters": {"retention_days": True}}, "/parameters/retention_days"),
        ({"parameters": {"account_kind": "netvisor"}}, "/parameters/account_kind"),
        ({"parameters": {"password": "x"}}, "/parameters"),
        ({"owner": {"email": "no address"}}, "/email"),
        ({"owner": {"email": "a@example.com", "role": "operator"}}, "/owner"),
    ],
)
def test_wrong_orders_are_refused_and_may_be_corrected(
    market: Market, wrong: dict[str, Any], pointer: str
) -> None:
    order = market.order()
    refused = market.call("provision", order | wrong)
    assert refused.status_code == 422
    assert refused.json is not None
    assert [one["pointer"] for one in refused.json["errors"]] == [pointer]
    assert market.call("provision", order).status_code == 200


@pytest.mark.attack(34)
def test_without_a_key_of_a_marketplace_there_is_nothing(market: Market) -> None:
    path = "/marketplace/v1/getServiceParameters"
    town = market.town
    for headers in (
        {},
        {"x-api-key": new_key()},
        {"x-api-key": "silta_L" + "0" * 39},
        {"x-api-key": market.key[:-1] + "x"},
        {"Authorization": f"Bearer {market.key}"},
    ):
        assert market.client.get(path, headers=headers).status_code == 401
    api = {"Authorization": f"Bearer {market.key}", "x-api-key": market.key}
    assert market.client.get("/api/v1/me", headers=api).status_code == 401
    operator = town.browser(town.operator)
    assert operator.client.get(path).status_code == 401, "a cookie is nothing here"
    assert is_well_formed(market.key)
    assert market.key.isalnum()
    stored = market.one("SELECT string_agg(t::text, '') FROM marketplace_keys t")
    assert market.key not in stored


@pytest.mark.attack(34)
def test_a_closed_key_is_closed_at_once(market: Market) -> None:
    other = Market(market.town)
    assert other.call("getServiceParameters").status_code == 200
    with market.installation() as work:
        revoke_marketplace_key(work, key_id=other.key_id)
    assert other.call("getServiceParameters").status_code == 401


def test_plain_http_is_for_this_machine_in_development(market: Market) -> None:
    far = {"REMOTE_ADDR": "192.0.2.7"}
    refused = market.call("getServiceParameters", environ_overrides=far)
    assert (refused.status_code, refused.json and refused.json["code"]) == (403, "tls_required")
    https = far | {"wsgi.url_scheme": "https"}
    assert market.call("getServiceParameters", environ_overrides=https).status_code == 200


def test_a_subscription_that_is_not_there(market: Market) -> None:
    nobody = {"subscription_id": "0198c0de-0000-7000-8000-00000000dead"}
    for method in ("suspend", "resume", "terminate"):
        assert market.call(method, {"order_id": f"x-{method}", **nobody}).status_code == 404
    assert market.call("usage", {"month": "2026-11", **nobody}).status_code == 404


@pytest.mark.attack(34)
def test_what_another_marketplace_sold_is_out_of_reach(market: Market) -> None:
    order = market.order()
    ours = market.call("provision", order).json
    assert ours is not None
    with market.installation() as work:
        rival = {"x-api-key": create_marketplace_key(work, name="Rival").text}
        renewed = {"x-api-key": create_marketplace_key(work, name=" market").text}

    def post(method: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        return market.client.post(f"/marketplace/v1/{method}", json=body, headers=headers)

    wish = {"subscription_id": ours["subscription_id"], "month": "2026-11"}
    assert post("usage", wish, rival).status_code == 404
    assert post("usage", wish, renewed).status_code == 200
    for method in ("suspend", "resume", "terminate"):
        assert post(method, market.about(ours), rival).status_code == 404
    assert post("changeParameters", market.about(ours, parameters={}), rival).status_code == 404
    # The same words of two marketplaces are two orders, of two customers.
    theirs = post("provision", order, rival)
    assert "Idempotent-Replayed" not in theirs.headers
    assert theirs.json["tenant_id"] != ours["tenant_id"]
    assert post("provision", order, renewed).headers["Idempotent-Replayed"] == "true"


@pytest.mark.attack(44)
def test_an_order_that_came_too_often_is_finished_by_a_repetition(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = market.order()

    def refuse(*_: object, **__: object) -> None:
        raise TooManyRequests(retry_after=1)

    with monkeypatch.context() as patch:
        patch.setattr(provisioning, "_invite_owner", refuse)
        assert market.call("provision", order).status_code == 429
    done = market.call("provision", order).json
    assert done is not None
    held = "SELECT count(*) FROM service_subscriptions WHERE tenant_id = :t"
    assert market.one(held, t=done["tenant_id"]) == 1
