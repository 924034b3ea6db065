"""Web forms in a real browser: hosted and embedded, under the strictest policy, by keyboard."""

import threading
import uuid
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug import Request, Response
from werkzeug.serving import make_server

from connector.inquiries.find import Wanted
from connector.inquiries.robots import judge
from connector.inquiries.views import view_page
from tests.functional.console.town import Town
from tests.functional.forms.visitors import new_form


class Elsewhere:
    """A page of the tenant's, on an origin of its own, with a policy as strict as ours."""

    def __init__(self) -> None:
        self.snippet, self.silta = "", ""
        self._server = make_server("127.0.0.1", 0, Request.application(self._answer), threaded=True)
        self.origin = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, _: Request) -> Response:
        head = '<!doctype html><html lang="en"><title>Shop</title><main><h1>Shop</h1>'
        page = f"{head}{self.snippet}</main>"
        policy = f"default-src 'none'; script-src {self.silta}; connect-src {self.silta}"
        return Response(page, mimetype="text/html", headers={"Content-Security-Policy": policy})


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Page]:
    """A page whose console may say that a request was refused: that is what is tried."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    made = Elsewhere()
    yield made
    made.close()


@pytest.fixture
def consultants(town: Town) -> uuid.UUID:
    with town.desk.tenant(town.alices) as work:
        work.connection.exec_driver_sql("UPDATE tenants SET services = '{T,V}'")
    return town.alices


def names(town: Town, tenant: uuid.UUID) -> list[str]:
    with town.desk.tenant(tenant) as work:
        page = view_page(work, vault=town.desk.ring, wanted=Wanted(), cursor=None, limit=50)
    return [one.contact.name for one in page.inquiries]


def complaints(page: Page) -> list[str]:
    return [v["id"] for v in Axe().run(page).response["violations"]]


@pytest.mark.promise("D7")
def test_the_hosted_page_proves_itself_by_keyboard_alone(
    page: Page, site: str, town: Town, consultants: uuid.UUID
) -> None:
    form = new_form(town, consultants, service="V")
    page.goto(f"{site}/f/{form.key}")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert complaints(page) == []
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_label("Name").focus()
    page.keyboard.type("Keyboard Kim")
    page.keyboard.press("Tab")
    page.keyboard.type("kim@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Hello")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible(timeout=20_000)
    assert "Keyboard Kim" in names(town, consultants)
    assert page.context.cookies() == []


@pytest.mark.promise("D7")
@pytest.mark.promise("E2")
def test_an_embedded_form_talks_to_us_and_nobody_else(
    reader: Page, site: str, town: Town, consultants: uuid.UUID, elsewhere: Elsewhere
) -> None:
    form = new_form(town, consultants, service="V", origins=(elsewhere.origin,))
    elsewhere.silta = site
    elsewhere.snippet = (
        f'<div data-silta-form="{form.key}" data-language="en"><a href="{site}/f/{form.key}">'
        f'Contact</a></div><script src="{site}/forms/embed.js" async></script>'
    )
    asked: list[str] = []
    failed: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    reader.goto(elsewhere.origin)
    reader.get_by_label("Name").fill("Embedded Elin")
    reader.get_by_label("E-mail address").fill("nobody")
    reader.get_by_label("Message").fill("Hello")
    reader.get_by_role("button", name="Send").click()
    kept = "Nothing that you typed is lost"
    expect(reader.get_by_role("alert")).to_contain_text(kept, timeout=20_000)
    assert reader.get_by_label("Name").input_value() == "Embedded Elin"
    assert complaints(reader) == []
    reader.get_by_label("E-mail address").fill("elin@example.org")
    reader.get_by_role("button", name="Send").click()
    expect(reader.get_by_text("Thank you")).to_be_visible(timeout=20_000)
    assert "Embedded Elin" in names(town, consultants)
    assert all(url.startswith((site, elsewhere.origin)) for url in asked)
    assert [text for text in failed if "422" not in text and "favicon" not in text] == []
    assert reader.context.cookies() == []
    assert reader.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_page_of_nobodys_keeps_its_link(
    reader: Page, site: str, town: Town, consultants: uuid.UUID, elsewhere: Elsewhere
) -> None:
    form = new_form(town, consultants, service="V")
    elsewhere.silta = site
    elsewhere.snippet = (
        f'<div data-silta-form="{form.key}"></div><script src="{site}/forms/embed.js"></script>'
    )
    reader.goto(elsewhere.origin)
    expect(reader.get_by_role("link")).to_have_attribute("href", f"{site}/f/{form.key}")


@pytest.mark.promise("D5")
def test_without_a_script_the_page_works_after_a_wait(
    chromium: Browser,
    site: str,
    town: Town,
    consultants: uuid.UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judge, "SOONEST_WITHOUT_PROOF", judge.SOONEST / 100)
    form = new_form(town, consultants, service="V")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/f/{form.key}")
    assert "quarter of a minute" in page.content()
    page.get_by_label("Name").fill("Scriptless Sam")
    page.get_by_label("E-mail address").fill("sam@example.org")
    page.get_by_label("Message").fill("Hello")
    page.get_by_role("button", name="Send").click()
    assert page.get_by_role("heading", name="Thank you").count() == 1
    assert context.cookies() == []
    context.close()
    assert "Scriptless Sam" in names(town, consultants)
