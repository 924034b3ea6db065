"""Subject requests in the console: recorded by an agent, identified, carried out, answered."""

import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest
from sqlalchemy import select, text

from connector.subjects.bundles import spread_request
from privacy.core.db.work import SYSTEM
from privacy.subjects.models import SubjectRequest
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
    request_id = uuid.UUID(page.rsplit("/", 1)[1])
    rights.run(request_id)
    if rights.tell(request_id):
        rights.run(request_id)


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
    assert "The limit moves when the notice has left" in _text(browser)
    browser.post(f"{page}/extended", follow=True)
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


@pytest.mark.promise("C5")
@pytest.mark.promise("C7")
def test_doubts_orders_and_restrictions_have_their_places(filled: Town) -> None:
    town = filled
    browser = town.browser(town.agent)
    page = _record(browser, kind="restriction", at="", wish="The number is wrong.")
    browser.post(f"{page}/proof", follow=True, doubt="Is it you?")
    assert "The time limit pauses" in _text(browser)
    browser.post(f"{page}/called", said="22222-22222")
    assert "does not open" in _text(browser)
    browser.post(f"{page}/document", follow=True)
    assert "Choose a file." in _text(browser)
    browser.post(f"{page}/refuse", follow=True, ground="no_ground_to_restrict", because="None.")
    assert "An authority ordered it" in _text(browser)
    assert "Tietosuojavaltuutetun" in _text(browser)
    browser.post(f"{page}/reopen", follow=True, due="2099-01-01", order="TSV/1/2026")
    assert "Reopened" in _text(browser)
    browser.post(f"{page}/identify", follow=True, method="call_back")
    _run(town, page)
    browser.get(page)
    assert "End the restriction" in _text(browser)
    browser.post(f"{page}/lift", follow=True, ending="It was corrected.")
    browser.post(f"{page}/lifted", follow=True)
    assert "The restriction has ended." in _text(browser)
    objecting = _record(browser, kind="processing_objection", at="", wish="I object.")
    browser.post(f"{objecting}/identify", follow=True, method="call_back")
    _run(town, objecting)
    browser.get(objecting)
    browser.post(f"{objecting}/decide", follow=True, outcome="overridden", why="Fraud.")
    browser.get(objecting)
    assert "Refused, notice not gone out" in _text(browser)
    browser.post(f"{objecting}/lifted", follow=True)


@pytest.mark.promise("C2")
def test_a_row_is_held_and_let_go(filled: Town) -> None:
    town = filled
    browser = town.browser(town.agent)
    where = "/subject-requests/holds"
    browser.get(where)
    browser.post(where, relation="contacts", row_id="17", reason="Case 17")
    assert "This is not an id." in _text(browser)
    with town.tenancy(town.alices).work() as work:
        (row,) = work.connection.execute(text("SELECT id FROM invoices LIMIT 1")).all()
    held = {"relation": "invoices", "row_id": str(row[0]), "reason": "Case 17"}
    browser.post(where, follow=True, **held)
    assert "Case 17" in _text(browser)
    end = re.search(rf"{where}/[0-9a-f-]+/end", _text(browser))
    assert end is not None
    browser.post(end[0], follow=True)
    assert "Nothing is held" in _text(browser)


@pytest.mark.promise("C7")
def test_operators_take_a_letter_and_call_the_number_of_who_knows_no_organisation(
    filled: Town,
) -> None:
    """Without an e-mail address: entered, called, and asked of each that holds the number."""
    town, desk = filled, filled.desk
    browser = town.browser(town.operator)
    browser.get("/subject-requests/add")
    marketing: dict[str, Any] = FORM | {"service": "any", "kind": "objection"}
    refused = browser.post("/subject-requests/add", objections="telemarketing", **marketing)
    assert refused.status_code == 422
    page = _record(browser, service="any", kind="access", at="")
    assert "Code for the status" not in _text(browser)
    browser.post(f"{page}/identify", follow=True, method="call_back")
    assert "Identified. The request runs." in _text(browser)
    request_id = uuid.UUID(page.rsplit("/", 1)[1])
    spread_request(desk, actor=SYSTEM, request_id=request_id, sending=False)
    with desk.tenant(town.alices) as work:
        asked = work.session.scalars(
            select(SubjectRequest).where(SubjectRequest.bundle_id == request_id)
        ).one()
        assert asked.proven == ["phone"]
    with desk.tenant(town.charlies) as work:
        held = select(SubjectRequest).where(SubjectRequest.bundle_id == request_id)
        assert work.session.scalar(held) is None
    assert town.browser(town.agent).get(page).status_code == 404
