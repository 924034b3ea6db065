"""Lists that grow: by pages, by what was chosen, by a name that is posted and never in a URL."""

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import text

from connector.accounts.kinds import AccountKind
from connector.http.console import turns
from connector.http.console.accounts import views as account_views
from connector.http.console.api_keys import views as key_views
from connector.http.console.operator import tenants as tenant_views
from connector.http.console.people import views as people_views
from tenants.api_keys.create import create_api_key
from tenants.api_keys.revoke import revoke_api_key
from tenants.permissions import Permission, Role
from tenants.tenants import list as tenant_list
from tenants.tenants.create import create_tenant
from tests.functional.console.town import Browser, Town

_NEXT = re.compile(r'href="([^"]+)" rel="next"')


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (turns, account_views, key_views, people_views, tenant_views):
        monkeypatch.setattr(each, "PAGE", 3)


def walked(browser: Browser, path: str, names: list[str]) -> list[list[str]]:
    """Which of `names` stand on each page, from the first on to the last."""
    pages = []
    for _ in range(len(names) + 1):
        shown = browser.get(path).get_data(as_text=True)
        pages.append([name for name in names if f">{name}<" in shown])
        found = _NEXT.search(shown)
        if found is None:
            return pages
        path = found[1].replace("&amp;", "&")
    raise AssertionError("the pages have no end")


def one_time(pages: list[list[str]], names: list[str]) -> bool:
    return sorted(name for page in pages for name in page) == sorted(names) and len(pages) > 1


def posted(browser: Browser, path: str, **fields: Any) -> str:
    browser.get(path)
    return browser.post(path, **fields).get_data(as_text=True)


def test_systems(town: Town) -> None:
    alices, browser = town.tenancy(town.alices), town.browser(town.alice)
    names = [f"Gate {n}" for n in "abcdefg"]
    made = {name: alices.account(AccountKind.FREESWITCH, name) for name in names}
    pages = walked(browser, "/systems", names)
    assert one_time(pages, names)
    assert pages[0] == ["Gate a", "Gate b", "Gate c"]
    browser.get("/systems")
    browser.post(f"/systems/{made['Gate f'].id}/pause")
    assert walked(browser, "/systems?state=disabled", names) == [["Gate f"]]
    assert one_time(walked(browser, "/systems?state=testing", names), names[:5] + names[6:])
    shown = posted(browser, "/systems", words="gATE E")
    assert "Gate e<" in shown
    assert "Gate a<" not in shown
    assert "No system has this name" in posted(browser, "/systems", words="%")
    assert browser.get("/systems?state=bad").status_code == 422
    assert browser.get(f"/systems?after={uuid.uuid4()}").status_code == 404


def test_the_api_pages_systems_too(town: Town) -> None:
    alices = town.tenancy(town.alices)
    for n in range(4):
        alices.account(AccountKind.KAMAILIO, f"Proxy {n}")
    with alices.work() as work:
        scopes = [Permission.ACCOUNTS_READ]
        made = create_api_key(town.desk.ring, work, name="reader", scopes=scopes)
    client, seen, cursor = town.app.test_client(), list[str](), ""
    headers = {"Authorization": f"Bearer {made.text}"}
    for _ in range(3):
        path = f"/api/v1/accounts?kind=kamailio&limit=2{cursor}"
        page = client.get(path, headers=headers).get_json()
        seen += [one["name"] for one in page["accounts"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == [f"Proxy {n}" for n in range(4)]
    wrong = client.get(f"/api/v1/accounts?cursor={uuid.uuid4()}", headers=headers)
    assert wrong.status_code == 422


def test_people(town: Town) -> None:
    browser = town.browser(town.charlie)
    names = [f"Pat-{n}" for n in "abcd"]
    for name in names:
        town.person(name, Role.AGENT, town.charlies)
    town.person("Quentin", Role.AUDITOR, town.charlies)
    everybody = [*(name.capitalize() for name in names), "Quentin"]
    assert one_time(walked(browser, "/people", everybody), everybody)
    assert walked(browser, "/people?role=auditor", everybody) == [["Quentin"]]
    agents = walked(browser, "/people?role=agent", everybody)
    assert one_time(agents, everybody[:4])
    assert ">Pat-b<" in posted(browser, "/people", words="PAT-B")
    assert ">Quentin<" in posted(browser, "/people", words="quentin-")
    assert "Nobody here has" in posted(browser, "/people", words="Olga")
    assert browser.get("/people?after=nonsense").status_code == 422
    assert posted(browser, "/people", words="").count("Enter some letters") >= 1


def test_keys(town: Town) -> None:
    browser, ids = town.browser(town.alice), {}
    names = [f"Program {n}" for n in "abcde"]
    for name in names:
        with town.desk.tenant(town.alices) as work:
            made = create_api_key(town.desk.ring, work, name=name, scopes=[Permission.CALLS_READ])
            ids[name] = made.id
    with town.desk.tenant(town.alices) as work:
        revoke_api_key(work, key_id=ids["Program c"])
    assert one_time(walked(browser, "/api-keys", names), names)
    assert walked(browser, "/api-keys?use=ended", names) == [["Program c"]]
    in_use = walked(browser, "/api-keys?use=in_use", names)
    assert sorted(name for page in in_use for name in page) == [*names[:2], *names[3:]]
    assert "Program d<" in posted(browser, "/api-keys", words="PROGRAM D")


def test_organisations(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"Firm {n}" for n in "abcd"]
    for name in names:
        create_tenant(town.desk, name=name, services=("T",))
    browser = town.browser(town.operator)

    def looked(shown: str) -> list[str]:
        return [name for name in names if f">{name}<" in shown]

    assert one_time(walked(browser, "/organisations", names), names)
    assert looked(posted(browser, "/organisations", words="firm C")) == ["Firm c"]
    monkeypatch.setattr(tenant_list, "LOOKED_THROUGH", 2)
    shown, seen = posted(browser, "/organisations", words="Firm"), list[str]()
    for _ in range(10):
        seen += looked(shown)
        on = re.search(r'name="looked_until" value="([^"]+)"', shown)
        if on is None:
            break
        shown = browser.post("/organisations", words="Firm", looked_until=on[1]).get_data(
            as_text=True
        )
    assert seen == names
    with town.house.installation.superuser().connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM tenant_directory")) == 6
