"""Every page in a real browser: accessible in light and dark, quiet, fit for a telephone."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from connector.http.centre.keys import centre_key
from connector.notices.derive import derive_profile
from connector.notices.publish import publish_notices
from privacy.identities.shapes import Identity
from privacy.profiles.changes import Changes
from privacy.profiles.parts import Objection
from privacy.suppressions.links import link_token
from tenants.http.access import Demand, access_of
from tenants.tenants.create import create_tenant
from tests.browser.sites import sign_in
from tests.functional.console.town import Person, Town

_OPEN = ("/sign-in", "/forgotten-password", "/nowhere")


def _pages(town: Town) -> list[str]:
    """Every page that needs no id, from the URL map."""
    found = []
    for rule in town.app.url_map.iter_rules():
        access = access_of(town.app.view_functions[rule.endpoint])
        if rule.arguments or access is None or "GET" not in (rule.methods or ()):
            continue
        if access.demand is Demand.PERMISSION and not rule.rule.startswith("/api/"):
            found.append(rule.rule)
    return sorted(found)


def _with_ids(page: Page, site: str) -> Iterator[str]:
    """A page of each kind that needs one, found by following links."""
    for index, link in (
        ("/systems", "main tbody a"),
        ("/calls", "main tbody a"),
        ("/people", "main tbody a"),
        ("/contacts", "main tbody a"),
        ("/invoices", "main tbody a"),
        ("/invoices?held=1", "main tbody a"),
        ("/subscriptions", "main tbody a"),
        ("/notices", "main tbody a"),
    ):
        page.goto(site + index)
        if page.locator(link).count():
            yield str(page.locator(link).first.get_attribute("href"))
    page.goto(site + "/calls")
    page.locator("main tbody a").first.click()
    yield str(page.locator("main tbody a").first.get_attribute("href"))


def _complaints(page: Page) -> list[str]:
    found: Any = Axe().run(page).response["violations"]
    return [f"{v['id']}: {[node['target'] for node in v['nodes']][:3]}" for v in found]


def _look_at(page: Page, site: str, paths: list[str]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for path in paths:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.goto(site + path)
            wrong[f"{path} {scheme}"] = _complaints(page)
        page.set_viewport_size({"width": 360, "height": 740})
        wide = page.evaluate("document.documentElement.scrollWidth")
        wrong[f"{path} narrow"] = [] if wide <= 360 else [f"{wide} pixels wide"]
        page.set_viewport_size({"width": 1280, "height": 860})
    return {path: found for path, found in wrong.items() if found}


def test_pages_for_strangers(page: Page, site: str, town: Town) -> None:
    assert _look_at(page, site, [path for path in _OPEN if path != "/nowhere"]) == {}


@pytest.mark.slow
@pytest.mark.parametrize("role", ["alice", "operator"])
def test_pages_of_a_role(page: Page, site: str, town: Town, role: str) -> None:
    person: Person = getattr(town, role)
    sign_in(page, site, person)
    paths = [path for path in _pages(town) if _opens(page, site, path)]
    if role == "alice":
        paths += list(_with_ids(page, site))
    assert len(paths) > 6
    assert _look_at(page, site, paths) == {}


def _opens(page: Page, site: str, path: str) -> bool:
    """Whether it is a page that this person may see; a file is not looked at."""
    answer = page.request.get(site + path, max_redirects=0)
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html")


@pytest.mark.promise("D5")
def test_pages_of_the_privacy_centre(page: Page, site: str, town: Town) -> None:
    """Accessible, narrow, printable; the script shows its work, and no cookie is set."""
    tenant = create_tenant(town.desk, name="Fjord Oy", services=("C", "V"))
    with town.desk.tenant(tenant) as work:
        publish_notices(work, town.desk.ring)
        derive_profile(work, town.desk.ring, service="V", changes=Changes(users_hours=12))
        who, purpose = Identity.email("kim@example.org"), Objection.DIRECT_MARKETING
        link = link_token(work, town.desk.ring, who=who, purpose=purpose)
    place = f"/privacy/{centre_key(tenant)}"
    below = ("", "/versions", "/cookies", "/request", "/objection")
    paths = [place, f"{place}/status", f"/privacy/unsubscribe/{link}?lang=fi"]
    paths += [f"{place}/netversor{path}?lang=de" for path in below]
    assert _look_at(page, site, paths) == {}

    page.goto(f"{site}{place}/netversor/objection?lang=en")
    page.get_by_label("direct marketing").check()
    page.get_by_label("E-mail address").fill("robin@example.org")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Confirm by e-mail").wait_for()
    assert _complaints(page) == []
    page.emulate_media(media="print")
    page.goto(f"{site}{place}/netversor?lang=en")
    assert not page.locator(".contents").is_visible()
    assert page.locator("#kept").is_visible()
    assert page.context.cookies() == []


def test_pages_work_without_a_script(chromium: Browser, site: str, town: Town) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, site, town.alice)
    page.goto(f"{site}/calls")
    page.get_by_label("Telephone number").fill("+1 202 555 0123")
    page.get_by_role("button", name="Search").click()
    assert page.locator("#found").count() == 1
    assert "2025550123" not in page.url
    context.close()
