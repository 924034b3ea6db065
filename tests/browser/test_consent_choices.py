"""Consent choices in a real browser, on a site of its own: nothing before somebody agrees."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import text

from connector.http.centre.keys import centre_key
from tests.browser.sites import serving
from tests.browser.test_web_forms import Elsewhere
from tests.functional.console.town import Town

_COUNTER = '<script type="text/plain" data-consent="{}" src="{}/forms/embed.js?{}"></script>'


@pytest.fixture
def shop(town: Town) -> Iterator[Elsewhere]:
    """A page with two scripts that wait for a consent each."""
    with town.desk.tenant(town.alices) as work:
        work.connection.exec_driver_sql("UPDATE tenants SET services = '{T,V}'")
    made = Elsewhere()
    with serving(town) as address:
        key = centre_key(town.alices)
        waiting = [_COUNTER.format(one, address, one) for one in ("analytics", "advertising")]
        script = f'<script src="{address}/forms/consent.js" data-centre="{key}" '
        made.silta = address
        made.snippet = "".join(waiting) + script + 'data-service="netversor" async></script>'
        yield made
    made.close()


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    """Somebody who comes for the first time."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.promise("D4")
def test_nothing_runs_before_it_is_agreed_to_and_it_ends_as_easily(
    town: Town, shop: Elsewhere, visitor: Page
) -> None:
    asked = list[str]()
    visitor.on("request", lambda request: asked.append(request.url))
    visitor.goto(shop.origin)
    dialog = visitor.get_by_role("dialog", name="Cookies")
    expect(dialog).to_be_visible()
    assert not [url for url in asked if "embed.js" in url]
    assert all(url.startswith((shop.origin, shop.silta)) for url in asked), "no third party"
    assert visitor.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    assert Axe().run(visitor, context=".silta-consent").violations_count == 0
    assert not dialog.get_by_role("checkbox", checked=True).count()

    dialog.get_by_label("analytics").check()
    dialog.get_by_role("button", name="Keep my choice").click()
    expect(dialog).to_have_count(0)
    visitor.wait_for_function("document.querySelectorAll('script[src*=embed]').length === 3")
    assert {url.rpartition("?")[2] for url in asked if "embed.js" in url} == {"analytics"}
    assert _standing(town) == ["cookies_analytics"]

    visitor.get_by_role("button", name="Cookie choices").click()
    with visitor.expect_navigation():
        dialog.get_by_role("button", name="Refuse all").click()
    asked.clear()
    visitor.reload()
    expect(visitor.get_by_role("button", name="Cookie choices")).to_be_visible()
    expect(dialog).to_have_count(0)
    assert not [url for url in asked if "embed.js" in url]
    assert _standing(town) == []


_BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("blocked", "SecurityError"); } })"""


@pytest.mark.promise("D4")
@pytest.mark.promise("D5")
def test_nothing_is_agreed_to_that_could_not_be_taken_back(
    town: Town, shop: Elsewhere, visitor: Page
) -> None:
    dialog = visitor.get_by_role("dialog", name="Cookies")
    visitor.goto(shop.origin)
    visitor.route("**/choices/**", lambda route: _lost(route))
    dialog.get_by_role("button", name="Agree to all").click()
    expect(dialog.get_by_role("status")).not_to_be_empty()
    visitor.unroute("**/choices/**")
    assert len(_standing(town)) > 1, "it arrived, and its answer was lost"
    visitor.reload()
    assert not visitor.locator("script[src*=embed][data-released]").count()
    dialog.get_by_role("button", name="Agree to all").click()
    expect(dialog).to_have_count(0)

    visitor.route("**/choices/**", lambda route: _away(route))
    visitor.get_by_role("button", name="Cookie choices").click()
    with visitor.expect_navigation():
        dialog.get_by_role("button", name="Refuse all").click()
    expect(visitor.get_by_role("button", name="Cookie choices")).to_be_visible()
    assert not visitor.locator("script[src*=embed][data-released]").count(), "here it ends at once"
    assert _standing(town)
    visitor.unroute("**/choices/**")
    with visitor.expect_response(lambda answer: answer.request.method == "POST"):
        visitor.reload()
    assert _standing(town) == [], "and is told as soon as that goes"

    visitor.add_init_script(_BLOCKED)
    visitor.goto(shop.origin)
    dialog.get_by_role("button", name="Agree to all").click()
    expect(dialog.get_by_role("status")).not_to_be_empty()
    assert _standing(town) == []
    dialog.get_by_role("button", name="Refuse all").click()
    expect(dialog).to_have_count(0)

    with town.desk.tenant(town.alices) as work:
        work.connection.exec_driver_sql("UPDATE tenants SET services = '{T,V,C}'")
    shop.snippet = shop.snippet.replace("netversor", "cloudvisor")
    with visitor.expect_response("**/choices/**"):
        visitor.goto(shop.origin)
    visitor.wait_for_load_state("networkidle")
    expect(visitor.locator(".silta-consent, .silta-consent-open")).to_have_count(0)


def _away(route: Route) -> None:
    """Nothing can be recorded."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


def _lost(route: Route) -> None:
    """What is sent arrives, and its answer does not."""
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def _standing(town: Town) -> list[str]:
    statement = text(
        "SELECT purpose FROM consents c WHERE NOT EXISTS (SELECT FROM consent_events e "
        "WHERE e.tenant_id = c.tenant_id AND e.consent_id = c.id AND e.act = 'withdrawn')"
    )
    with town.desk.tenant(town.alices) as work:
        return list(work.connection.execute(statement).scalars())
