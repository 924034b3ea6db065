"""Subject requests in the console: recorded by an agent, identified, carried out, answered."""

import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest

from tests.database.subjects.people import EMAIL, NUMBER, Rights, fill_every_room
from tests.functional.console.town import Browser, Town

FORM = {
    "kind": "erasure",
    "service": "T",
    "channel": "telephone",
    "at": "2026-03-02T10:30",
    "email": "",
    "number": NUMBER,
    "name": "Robin Canary",
    "language": "en",
    "wish": "",
}


def _text(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.get_data(as_text=True)


def _record(browser: Browser, **given: str) -> str:
    browser.get("/subject-requests/add")
    entered: dict[str, Any] = FORM | given
    answer = browser.post("/subject-requests/add", **entered)
    assert answer.status_code == 302, _text(browser)
    browser.get(answer.location)
    return str(answer.location)


def _run(town: Town, page: str) -> None:
    rights = Rights(town.house, town.tenancy(town.alices))
    rights.run(uuid.UUID(page.rsplit("/", 1)[1]))


@pytest.fixture(scope="module")
def filled(town: Town) -> Town:
    """Robin is in every room."""
    fill_every_room(town.tenancy(town.alices))
    return town


@pytest.mark.promise("C1")
def test_a_file_is_handed_over_once(filled: Town) -> None:
    town = filled
    browser = town.browser(town.agent)
    page = _record(browser, kind="access", at="")
    browser.post(f"{page}/identify", follow=True, method="in_person")
    _run(town, page)
    browser.get(page)
    file = browser.post(f"{page}/result")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert len(json.loads(archive.read("data.json"))["calls"]) == 3
    browser.page = None
    browser.post(f"{page}/result", follow=True)
    assert "no longer available" in _text(browser)


@pytest.mark.promise("C7")
@pytest.mark.promise("C2")
def test_a_person_known_by_number_is_called_erased_and_told(filled: Town) -> None:
    town = filled
    browser = town.browser(town.agent)
    page = _record(browser, at="")
    assert "Send another code" not in _text(browser), "there is no address"
    browser.post(f"{page}/identify", follow=True, method="call_back")
    assert "Identified. The request runs." in _text(browser)
    _run(town, page)
    browser.get(page)
    for said in ("bookkeeping law", "Certificate", "by letter or telephone", "Proven: number"):
        assert said in _text(browser)
    browser.post(f"{page}/close", follow=True)
    assert "Closed." in _text(browser)


@pytest.mark.promise("C4")
def test_it_is_overdue_in_red_extended_in_time_and_refused_with_reasons(town: Town) -> None:
    browser = town.browser(town.agent)
    page = _record(browser, email=EMAIL, at="")
    browser.post(f"{page}/extend", follow=True, reasons="")
    assert "Give the reasons" in _text(browser)
    browser.post(f"{page}/extend", follow=True, reasons="Many systems.")
    assert "Extended by two months." in _text(browser)
    browser.post(f"{page}/refuse", follow=True, ground="excessive", because="Asked yesterday.")
    for said in ("Refused", "notice not gone out", "Asked yesterday.", "Tietosuojavaltuutetun"):
        assert said in _text(browser)
    _record(browser, at="2026-03-02T10:30")
    browser.get("/subject-requests")
    assert re.search(r'class="state bad">Overdue', _text(browser))


@pytest.mark.promise("C7")
def test_a_wrong_code_is_said_at_its_field_and_nothing_runs(town: Town) -> None:
    browser = town.browser(town.agent)
    page = _record(browser, email=EMAIL, at="")
    answer = browser.post(f"{page}/verify", code="22222-22222")
    assert answer.status_code == 422
    assert "does not open the request" in _text(browser)
    assert "Waits for the code" in _text(browser)


def test_an_auditor_sees_no_request(town: Town) -> None:
    browser = town.browser(town.auditor)
    assert browser.get("/subject-requests").status_code == 403
    assert "Subject requests" not in _text(browser)


@pytest.mark.promise("C3")
def test_what_people_do_is_ticked_off(filled: Town) -> None:
    browser = filled.browser(filled.agent)
    page = _record(browser, kind="rectification", at="", wish="My street is Street 2.")
    browser.post(f"{page}/identify", follow=True, method="documents")
    browser.get(page)
    assert "My street is Street 2." in _text(browser)
    places = re.findall(r'name="place" value="(\d+)"', _text(browser))
    assert places
    for place in places:
        browser.post(f"{page}/tick", follow=True, place=place)
        assert "Ticked off." in _text(browser)
    _run(filled, page)
    browser.get(page)
    assert "We have corrected your personal data" in _text(browser)
