"""Systems that are asked, in the console: added, tested, read, paused, repaired, ended."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from connector.outbound.trust import outbound_trust
from connector.syncs.run_account import run_account
from connector.syncs.stations import Station
from privacy.core.db.work import SYSTEM
from tests.databases import Databases
from tests.functional.console.town import Browser, Town
from tests.functional.microsoft import worlds as microsoft
from tests.functional.netvisor.worlds import World, world
from tests.installations import make_installation
from tests.servers import Servers
from tests.tenancies import House

WRONG = "wrong-key-of-a-test-0000"


@pytest.fixture(scope="module")
def town(
    servers: Servers, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """A town whose installation may ask simulators on this machine."""
    with databases.one() as name:
        made = make_installation(
            servers,
            name,
            tmp_path_factory.mktemp("town"),
            outbound_loopback=True,
            outbound_ca_file=microsoft.tls().authority,
        )
        with made.superuser().begin() as connection:
            town = Town(House(made))
            connection.execute(
                text("UPDATE tenants SET services = '{M,N,T}' WHERE services <> '{}'")
            )
        yield town


@pytest.fixture(scope="module")
def netvisor() -> Iterator[World]:
    with world(customers=4) as made:
        yield made


@pytest.fixture
def browser(town: Town) -> Browser:
    return town.browser(town.alice)


def fields(netvisor: World, **changes: str) -> dict[str, Any]:
    """What a person types."""
    keys = netvisor.desk.keys
    typed = {
        "name": "Books",
        "organisation_id": keys.organisation_id,
        "customer_id": keys.customer_id,
        "customer_key": keys.customer_key,
        "partner_id": keys.partner_id,
        "partner_key": keys.partner_key,
        "base_url": netvisor.url,
        "sender": "Silta",
        "language": "EN",
        "algorithm": "HMACSHA256",
        "region": "FI",
        "time_zone": "Europe/Helsinki",
    }
    return typed | changes


def add(browser: Browser, kind: str, typed: dict[str, Any]) -> str:
    """Where the account's page is."""
    browser.get(f"/systems/add/{kind}")
    answer = browser.post(f"/systems/add/{kind}", **typed)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def read(town: Town, path: str) -> None:
    """What the worker does."""
    installed = town.house.installation
    station = Station(
        installed.engines.app,
        town.house.vault,
        town.alices,
        SYSTEM,
        loopback=True,
        outbound=outbound_trust(installed.settings),
    )
    run_account(station, account_id=_id(path))


def end(browser: Browser, path: str) -> None:
    browser.get(path)
    assert browser.post(f"{path}/delete").status_code == 302
    assert browser.get(path).status_code == 404


def _id(path: str) -> uuid.UUID:
    return uuid.UUID(path.rpartition("/")[2])


def test_kinds_are_offered_by_the_services_of_the_tenant(browser: Browser) -> None:
    page = browser.get("/systems/add").text
    for kind in ("netvisor", "microsoft", "microsoft_calls", "freeswitch"):
        assert f'href="/systems/add/{kind}"' in page
    assert browser.get("/systems/add/nothing").status_code == 404


def test_a_form_says_at_the_field_what_is_wrong(browser: Browser, netvisor: World) -> None:
    browser.get("/systems/add/netvisor")
    typed = fields(netvisor, organisation_id="12", customer_id="")
    page = browser.post("/systems/add/netvisor", **typed)
    assert page.status_code == 422
    assert "no Finnish business id" in page.text
    assert "Enter it as Netvisor shows it." in page.text
    for secret in (netvisor.desk.keys.customer_key, netvisor.desk.keys.partner_key):
        assert secret not in page.text


def test_a_wrong_key_is_said_and_entered_again_in_place(
    town: Town, browser: Browser, netvisor: World
) -> None:
    path = add(browser, "netvisor", fields(netvisor, customer_key=WRONG))
    page = browser.get(path).text
    assert "The test call did not work." in page
    assert "Needs a new credential" in page
    assert 'name="customer_key"' in page
    assert WRONG not in page
    browser.post(f"{path}/enter", customer_key=netvisor.desk.keys.customer_key)
    page = browser.get(path).text
    assert "The test call worked." in page
    assert "Waits its turn" in page
    assert 'data-busy="yes"' in page
    read(town, path)
    page = browser.get(path).text
    assert "Up to date" in page
    assert "4 new" in page
    assert "data-busy" not in page
    assert netvisor.desk.keys.customer_key not in page
    assert browser.get("/systems").text.count("Connected</span>") == 1
    end(browser, path)


def test_streams_pause_resume_and_are_read_on_demand(
    town: Town, browser: Browser, netvisor: World
) -> None:
    path = add(browser, "netvisor", fields(netvisor))
    read(town, path)
    browser.get(path)
    assert browser.post(f"{path}/streams/pause", stream="customers").status_code == 302
    fragment = browser.get(f"{path}/progress").text
    assert "Resume: Customers" in fragment
    assert "Pause: Products" in fragment
    assert "<html" not in fragment
    assert browser.post(f"{path}/full").status_code == 302
    read(town, path)
    history = browser.get(f"{path}/history").text
    assert history.count(">everything<") == 7
    assert "Reading of a connected system paused" in history
    browser.get(path)
    assert browser.post(f"{path}/streams/resume", stream="customers").status_code == 302
    browser.get(path)
    assert browser.post(f"{path}/run", stream="products").status_code == 302
    assert "It is read now." in browser.get(path).text
    assert browser.post(f"{path}/run", stream="nothing").status_code == 404
    end(browser, path)


def test_it_is_paused_and_resumed_as_a_whole(browser: Browser, netvisor: World) -> None:
    path = add(browser, "netvisor", fields(netvisor))
    browser.get(path)
    browser.post(f"{path}/pause")
    page = browser.get(path).text
    assert "by your organisation" in page
    assert "Nothing is asked of it until you resume it." in page
    assert browser.post(f"{path}/test").status_code == 409
    browser.get(path)
    browser.post(f"{path}/resume")
    assert "Under test" in browser.get(path).text
    browser.post(f"{path}/test")
    assert "The test call worked." in browser.get(path).text
    end(browser, path)


@pytest.mark.attack(52)
def test_diagnostics_are_a_file_without_secrets(browser: Browser, netvisor: World) -> None:
    path = add(browser, "netvisor", fields(netvisor))
    browser.get(path)
    answer = browser.post(f"{path}/diagnostics")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    bundle = json.loads(answer.text)
    assert bundle["account"]["kind"] == "netvisor"
    assert bundle["versions"]["schema"]
    for secret in (netvisor.desk.keys.customer_key, netvisor.desk.keys.customer_id, "Books"):
        assert secret not in answer.text
    browser.get(path)
    end(browser, path)


@pytest.mark.promise("B3")
@pytest.mark.promise("B4")
def test_before_it_is_deleted_the_page_says_what_goes_and_what_is_held(
    town: Town, browser: Browser
) -> None:
    with microsoft.world(customers=3, calls=0) as made:
        typed = {
            "name": "Partner Center",
            "tenant_id": made.desk.keys.tenant_id,
            "client_id": made.desk.keys.client_id,
            "client_secret": made.desk.keys.client_secret,
            "refresh_token": made.desk.keys.refresh_token,
            "base_url": made.url,
            "region": "FI",
            "time_zone": "Europe/Helsinki",
        }
        path = add(browser, "microsoft", typed)
        assert "The test call worked." in browser.get(path).text
        read(town, path)
        page = browser.get(path).text
    assert "Contacts: 3 erased at once" in page
    assert "held because a law obliges to keep them, the last until" in page
    end(browser, path)


def test_the_same_account_twice_is_refused_in_words(browser: Browser, netvisor: World) -> None:
    first = add(browser, "netvisor", fields(netvisor))
    second = add(browser, "netvisor", fields(netvisor, name="Books again"))
    page = browser.get(second).text
    assert "is connected already" in page
    assert "Delete this one" in page
    end(browser, first)
    end(browser, second)


def test_roles_and_other_tenants(town: Town, browser: Browser, netvisor: World) -> None:
    path = add(browser, "netvisor", fields(netvisor))
    agent, charlie = town.browser(town.agent), town.browser(town.charlie)
    page = agent.get(path).text
    assert "What is read" in page
    assert '<form class="inline-form"' not in page.partition("<main")[2]
    assert 'name="customer_key"' not in page
    for act in ("enter", "run", "full", "streams/pause", "streams/resume", "diagnostics"):
        agent.get(path)
        assert agent.post(f"{path}/{act}").status_code == 403
        charlie.get("/systems")
        assert charlie.post(f"{path}/{act}").status_code == 404
    assert "What was done" not in agent.get(f"{path}/history").text
    for page_path in (path, f"{path}/progress", f"{path}/history"):
        assert charlie.get(page_path).status_code == 404
    browser.get(path)
    end(browser, path)


def test_acts_of_systems_that_are_asked_are_not_for_others(town: Town, browser: Browser) -> None:
    other = f"/systems/{town.tenancy(town.alices).account(name='Programs').id}"
    browser.get("/systems")
    for act in ("enter", "diagnostics", "run"):
        assert browser.post(f"{other}/{act}").status_code == 404
    for page in ("progress", "history"):
        assert browser.get(f"{other}/{page}").status_code == 404


def test_every_page_says_that_simulators_may_be_asked(browser: Browser) -> None:
    assert "SILTA_OUTBOUND_LOOPBACK is set" in browser.get("/systems").text


@pytest.mark.promise("B4")
def test_what_was_disconnected_leaves_no_note_of_its_reading(
    town: Town, browser: Browser, netvisor: World
) -> None:
    path = add(browser, "netvisor", fields(netvisor))
    read(town, path)
    end(browser, path)
    with town.house.installation.superuser().connect() as connection:
        for table in ("account_streams", "sync_runs", "account_connections", "contacts"):
            left = text(f"SELECT count(*) FROM {table} WHERE account_id = :id")
            assert connection.execute(left, {"id": _id(path)}).scalar_one() == 0


def test_what_was_kept_is_read_again_on_demand(
    town: Town, browser: Browser, netvisor: World
) -> None:
    path = add(browser, "netvisor", fields(netvisor))
    read(town, path)
    assert "Read kept documents again" in browser.get(path).text
    assert browser.post(f"{path}/again").status_code == 302
    assert "in the background" in browser.get(path).text
    end(browser, path)


def test_a_listing_that_lost_everything_waits_for_a_person(
    town: Town, browser: Browser, netvisor: World
) -> None:
    path = add(browser, "netvisor", fields(netvisor))
    read(town, path)
    customers = netvisor.desk.books.customers
    kept = dict(customers)
    try:
        customers.clear()
        browser.get(path)
        assert browser.post(f"{path}/full", stream="customers").status_code == 302
        read(town, path)
        page = browser.get(path).text
        assert "Waits for you" in page
        assert "4 of 4 are listed no more" in page
        assert "Confirm removal" in page
        assert "confirm it beside the stream" in page
        browser.post(f"{path}/streams/removal", stream="customers")
        read(town, path)
        page = browser.get(path).text
        assert "Waits for you" not in page
        assert "4 gone" in page
    finally:
        customers.update(kept)
    end(browser, path)
