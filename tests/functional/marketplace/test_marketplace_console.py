"""Keys of marketplaces in the console, for operators alone."""

import re

import pytest

from tests.functional.marketplace.markets import Market


def test_an_operator_makes_a_key_says_where_to_announce_and_closes_it(market: Market) -> None:
    browser = market.town.browser(market.town.operator)
    assert "Market" in browser.get("/marketplaces").get_data(as_text=True)
    shown = browser.post("/marketplaces/add", name="Second market").get_data(as_text=True)
    found = re.search(r"siltam[0-9A-Za-z]{40}", shown)
    assert found is not None
    there = market.client.get(
        "/marketplace/v1/getServiceParameters", headers={"x-api-key": found[0]}
    )
    assert there.status_code == 200
    listed = browser.get("/marketplaces").get_data(as_text=True)
    assert found[0] not in listed
    [key_id] = re.findall(r"/marketplaces/([0-9a-f-]{36})/callback", listed)[:1]
    path, url = f"/marketplaces/{key_id}/callback", "https://market.example.com/changed"
    assert "Announce" in browser.get(path).get_data(as_text=True)
    refused = browser.post(path, url="https://127.0.0.1/", key=found[0])
    assert "in the internet" in refused.get_data(as_text=True)
    wrong = browser.post(path, url=url, key="x")
    assert "Enter the key itself" in wrong.get_data(as_text=True)
    assert browser.post(path, url=url, key=found[0]).status_code == 302
    assert url in browser.get("/marketplaces").get_data(as_text=True)
    browser.post(f"/marketplaces/{key_id}/revoke")
    gone = market.client.get(
        "/marketplace/v1/getServiceParameters", headers={"x-api-key": found[0]}
    )
    assert gone.status_code == 401


@pytest.mark.attack(34)
def test_tenants_see_nothing_of_it(market: Market) -> None:
    owner = market.town.browser(market.town.alice)
    assert owner.get("/marketplaces").status_code == 403
    assert owner.post("/marketplaces/add", name="Mine").status_code == 403
