"""A person, a telephone with an authenticator, a thousand calls, and a month that passes."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from privacy.core import clock
from tenants.permissions import Role
from tenants.totp.codes import authenticator_time, step_of
from tests.browser.sites import serving
from tests.functional.console.town import PASSWORD, Person, Town

NEEDLE = "+12025550188"
MONTH = timedelta(days=31)


@pytest.fixture
def fresh_site(town: Town) -> Iterator[str]:
    """A console without a call; the clock goes back to today afterwards."""
    before = clock.offset()
    with serving(town) as address:
        yield address
    clock.set_offset(before)


@pytest.mark.slow
@pytest.mark.promise("B1")
def test_a_call_from_sign_up_to_destruction(page: Page, fresh_site: str, town: Town) -> None:
    person = town.person("sanna", Role.OWNER, town.alices)
    _sign_in(page, fresh_site, person)
    page.get_by_role("link", name="Sanna").click()
    telephone, recovery_code = _set_up_second_factor(page)
    page.get_by_role("button", name="Sign out").click()
    _sign_in(page, fresh_site, person)
    page.get_by_label("Code").fill(telephone.code())
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Three steps to your first call")).to_be_visible()

    _connect_a_program(page, fresh_site)
    taken = _post(page, fresh_site, _create_key(page, fresh_site), _thousand())
    assert taken == {"accepted": 1000, "duplicates": 0, "expired": 0, "rejected": []}

    place = _find(page, fresh_site)
    expect(page.get_by_text("Destroyed on")).to_be_visible()
    expect(page.get_by_text("Ingrid Berg")).to_be_visible()

    clock.set_offset(clock.offset() + MONTH)
    _sign_in(page, fresh_site, person)
    page.get_by_role("link", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(recovery_code)
    page.get_by_role("button", name="Continue").click()
    _search(page, fresh_site)
    expect(page.get_by_text("No call with this number")).to_be_visible()
    assert page.request.get(place).status == 404


def _sign_in(page: Page, site: str, person: Person) -> None:
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


class Telephone:
    """An authenticator that never shows a code twice."""

    def __init__(self, secret: str) -> None:
        self._totp = pyotp.TOTP(secret)
        self._last = 0

    def code(self) -> str:
        """A code of now, or of the next step where this one was shown already."""
        self._last = max(step_of(authenticator_time()), self._last + 1)
        while self._last > step_of(authenticator_time()) + 1:
            time.sleep(0.5)
        return self._totp.generate_otp(self._last)


def _set_up_second_factor(page: Page) -> tuple[Telephone, str]:
    page.get_by_role("link", name="Set up").click()
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("I cannot scan it").click()
    telephone = Telephone(page.locator("#totp-secret").inner_text().replace(" ", ""))
    page.get_by_label("Code").fill(telephone.code())
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("#codes li")).to_have_count(10)
    recovery_code = page.locator("#codes li").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    return telephone, recovery_code


def _connect_a_program(page: Page, site: str) -> None:
    page.goto(f"{site}/systems/add")
    page.get_by_role("link", name=re.compile("Own program")).click()
    page.get_by_label("Name", exact=True).fill("Booking system")
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("heading", name="Booking system")).to_be_visible()


def _create_key(page: Page, site: str) -> str:
    page.goto(f"{site}/api-keys/add")
    page.get_by_label("Name", exact=True).fill("Booking system")
    page.get_by_role("button", name="Create").click()
    return page.locator("#key").inner_text()


def _thousand() -> list[dict[str, str]]:
    began = clock.now() - timedelta(minutes=20)
    numbers = [f"+1202555{100 + n % 80:04}" for n in range(999)]
    calls = [_call(n, number, began.isoformat()) for n, number in enumerate(numbers)]
    return [*calls, _call(999, NEEDLE, began.isoformat()) | {"contact_person": "Ingrid Berg"}]


def _call(number: int, caller: str, began: str) -> dict[str, str]:
    return {
        "source_id": f"story-{number}",
        "direction": "inbound",
        "caller": caller,
        "called": "+442079460018",
        "started_at": began,
    }


def _post(page: Page, site: str, key: str, calls: list[dict[str, str]]) -> object:
    answer = page.request.post(
        f"{site}/api/v1/calls", data=calls, headers={"Authorization": f"Bearer {key}"}
    )
    return answer.json()


def _search(page: Page, site: str) -> None:
    page.goto(f"{site}/calls")
    page.get_by_label("Telephone number").fill(NEEDLE)
    page.get_by_role("button", name="Search").click()
    assert NEEDLE.lstrip("+") not in page.url


def _find(page: Page, site: str) -> str:
    _search(page, site)
    expect(page.get_by_role("heading", name="1 call", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("Call of")).click()
    return page.url
