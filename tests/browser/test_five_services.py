"""Each of the five services, walked through in the console of the demo, over its simulators."""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from jobs.demo.memory import DemoMemory
from jobs.demo.sample_calls import KNOWN
from jobs.demo.simulators import MICROSOFT, MOONTALK, NETVISOR, credential_of
from tests.scenarios.consoles import Someone
from tests.scenarios.stacks import Stack, eventually

pytestmark = pytest.mark.slow

WRONG = "0123456789ABCDEF0123456789ABCDEF"
SOON = 20_000
"""Milliseconds for what a worker does."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """What `make run` starts, its systems connected."""
    stack = Stack(demo=True)
    try:
        stack.start()
        read = "SELECT count(*) FROM account_streams WHERE last_success_at IS NOT NULL"
        eventually(lambda: stack.count(read) == 8, seconds=60)
        yield stack
    finally:
        stack.close()


@pytest.fixture(scope="module")
def cookies(chromium: Browser, stack: Stack) -> list[Any]:
    """Of the owner, signed in once for all: a code works once."""
    memory = memory_of(stack)
    owner = Someone(memory.owner_email, memory.owner_password, secret=memory.owner_secret)
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{stack.site}/sign-in")
    page.get_by_label("E-mail address").fill(owner.email)
    page.get_by_label("Password").fill(owner.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(owner.code())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    found: list[Any] = context.cookies()
    context.close()
    return found


@pytest.fixture
def console(page: Page, cookies: list[Any]) -> Page:
    """The owner's, signed in."""
    page.context.add_cookies(cookies)
    return page


def memory_of(stack: Stack) -> DemoMemory:
    """What the demo remembers."""
    return DemoMemory.load(stack.var / "demo.json")


def system(console: Page, stack: Stack, name: str) -> str:
    """The address of a system's page; it is looked at."""
    account_id = json.loads((stack.var / "demo.json").read_text())["systems"][name]
    address = f"{stack.site}/systems/{account_id}"
    console.goto(address)
    return address


def state(console: Page) -> Locator:
    """The badge in the head of a page."""
    return console.locator(".page-head .state")


def accessible(page: Page, *schemes: Literal["light", "dark"]) -> None:
    """For readers of every kind, and on a telephone."""
    for scheme in schemes or ("light",):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found: Any = Axe().run(page).response["violations"]
        told = [f"{v['id']}: {[node['target'] for node in v['nodes']][:3]}" for v in found]
        assert told == [], page.url
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    page.set_viewport_size({"width": 1280, "height": 860})


def test_netvisor_is_ended_added_repaired_and_read(console: Page, stack: Stack) -> None:
    system(console, stack, NETVISOR)
    expect(state(console)).to_have_text("Connected")
    console.get_by_text("Disconnect this system").click()
    expect(console.get_by_text(re.compile(r"Contacts: \d+ erased at once"))).to_be_visible()
    console.get_by_role("button", name="Disconnect").click()
    expect(console.get_by_text("It is not asked any more.")).to_be_visible()

    console.get_by_role("link", name="Connect a system").first.click()
    console.locator("main").get_by_role("link", name="Netvisor").click()
    typed = {**credential_of(NETVISOR, memory_of(stack))}
    console.get_by_label("Name", exact=True).fill("Books")
    for label, name in (
        ("Business id", "organisation_id"),
        ("Customer id", "customer_id"),
        ("Partner id", "partner_id"),
        ("Partner key", "partner_key"),
        ("Environment", "base_url"),
    ):
        console.get_by_label(label).fill(typed[name])
    console.get_by_label("Customer key").fill(WRONG)
    accessible(console)
    console.get_by_role("button", name="Test and connect").click()
    expect(console.get_by_text("The test call did not work.")).to_be_visible()
    expect(state(console)).to_have_text("Needs a new credential")
    accessible(console)
    console.get_by_label("Customer key").fill(typed["customer_key"])
    console.get_by_role("button", name="Enter and test").click()
    expect(console.get_by_text("The test call worked.")).to_be_visible()

    live = console.locator("[data-polls]")
    expect(live.get_by_text("Up to date")).to_have_count(4, timeout=SOON)
    expect(live.get_by_role("cell", name="60 new").first).to_be_visible()
    accessible(console, "dark", "light")
    live.get_by_role("button", name="Pause: Products").click()
    expect(live.get_by_role("button", name="Resume: Products")).to_be_visible()
    console.get_by_role("button", name="Read everything").click()
    expect(live.get_by_role("cell", name="60 as before").first).to_be_visible(timeout=SOON)
    console.get_by_role("link", name="Whole history").click()
    expect(console.get_by_text("Reading of a connected system requested")).to_be_visible()
    accessible(console)
    with console.expect_download() as download:
        console.go_back()
        console.get_by_role("button", name="Download diagnostics").click()
    assert typed["customer_key"] not in download.value.path().read_text()

    console.goto(f"{stack.site}/contacts")
    console.get_by_label("Telephone number, e-mail address or name").fill("customer0@example.com")
    console.get_by_role("button", name="Search").click()
    console.locator("main tbody a").first.click()
    expect(console.get_by_text("This contact comes from Books")).to_be_visible()


def test_microsofts_subscriptions_and_invoices(console: Page, stack: Stack) -> None:
    system(console, stack, MICROSOFT)
    live = console.locator("[data-polls]")
    expect(live.get_by_text("Up to date")).to_have_count(3, timeout=SOON)
    console.goto(f"{stack.site}/subscriptions")
    console.get_by_role("link", name=re.compile("Microsoft 365")).first.click()
    expect(console.get_by_text("Demo Partner Center")).to_be_visible()
    console.goto(f"{stack.site}/invoices")
    expect(console.locator("main tbody tr").first).to_be_visible()


def test_moontalks_calls_and_the_names_of_callers(console: Page, stack: Stack) -> None:
    system(console, stack, MOONTALK)
    live = console.locator("[data-polls]")
    expect(live.get_by_text("Up to date")).to_have_count(1, timeout=SOON)
    expect(live.get_by_role("cell", name="120 new").first).to_be_visible()
    company, person, number = KNOWN[0]
    console.goto(f"{stack.site}/calls")
    console.get_by_label("Telephone number").fill(number)
    console.get_by_role("button", name="Search").click()
    expect(console.get_by_text(f"{person}, {company}").first).to_be_visible()


def test_an_inquiry_from_the_public_page_is_answered(console: Page, stack: Stack) -> None:
    console.goto(f"{stack.site}/f/{memory_of(stack).form_key}")
    console.get_by_label("Name").fill("Wilma Visitor")
    console.get_by_label("E-mail").fill("wilma@example.org")
    console.get_by_label("Message").fill("Can you look after our mail?")
    console.wait_for_timeout(2_200)
    console.get_by_role("button", name="Send").click()
    expect(console.get_by_label("Message")).to_have_count(0, timeout=SOON)
    console.goto(f"{stack.site}/inquiries")
    console.get_by_role("link", name="Wilma Visitor").click()
    expect(console.get_by_text("Can you look after our mail?")).to_be_visible()
    console.get_by_label("Answer").fill("Gladly. We will call you.")
    console.get_by_label("Replies").fill("office@example.com")
    console.get_by_role("button", name="Send to wilma@example.org").click()
    expect(state(console)).to_have_text("Answered")
    expect(console.get_by_text("Gladly. We will call you.")).to_be_visible()


def test_a_registered_person_signs_in_and_deletes_the_account(page: Page, stack: Stack) -> None:
    memory = memory_of(stack)
    page.goto(f"{stack.site}/account/{memory.register_key}/sign-in")
    page.get_by_label("Login or e-mail address").fill(memory.registrant_login)
    page.get_by_label("Password").fill(memory.registrant_password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.get_by_label("Postcode").fill("20095")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("link", name="Delete the account").click()
    page.get_by_label("Password").fill(memory.registrant_password)
    page.get_by_role("button", name="Delete the account").click()
    expect(page.get_by_text("Your account is deleted.")).to_be_visible()
    left = "SELECT count(*) FROM registrants WHERE state = 'active'"
    assert stack.count(left) == 0
