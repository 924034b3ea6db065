"""Long words and rows of buttons fit a telephone of 360 pixels."""

from playwright.sync_api import Page
from sqlalchemy import update

from connector.notices.publish import publish_notices
from tenants.tenants.models import Tenant
from tests.browser.sites import sign_in
from tests.functional.console.town import Town


def test_notices_reference_and_filters_are_as_narrow_as_it(
    page: Page, site: str, town: Town
) -> None:
    with town.desk.tenant(town.alices) as work:
        work.connection.execute(update(Tenant).values(services=["M", "N", "T", "V"]))
        publish_notices(work, town.desk.ring)
    sign_in(page, site, town.alice)
    page.goto(f"{site}/notices")
    links = [str(one.get_attribute("href")) for one in page.locator("main tbody a").all()]
    assert "/notices/microsoft" in links
    page.set_viewport_size({"width": 360, "height": 740})
    wide = {path: _width(page, site + path) for path in [*links, "/api/docs", "/registrations"]}
    assert {path: pixels for path, pixels in wide.items() if pixels > 360} == {}
    chips = [one.bounding_box() for one in page.locator("nav.filters a").all()]
    rows = {round(box["y"]) for box in chips if box}
    assert len(rows) < len(chips) > 2


def _width(page: Page, address: str) -> int:
    page.goto(address)
    return int(page.evaluate("document.documentElement.scrollWidth"))
