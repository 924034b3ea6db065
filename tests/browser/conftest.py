"""A browser, and a console that it can reach."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.sites import CHROMIUM, fill, has_chromium, serving
from tests.functional.console.conftest import town

__all__ = ["town"]
from tests.functional.console.town import Town


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    if not has_chromium():
        pytest.fail("Chromium is not installed: `make browser` installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(town: Town) -> Iterator[str]:
    """The address of a console with a month of calls."""
    fill(town)
    with serving(town) as address:
        yield address


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A fresh page; what its console complains of fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []
