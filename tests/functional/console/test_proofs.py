"""Registers and proofs in the console: each page opens, and says what was done."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from connector.contacts.write import Entry, create_contact
from connector.stale.find import find_stale
from connector.synced.shapes import Contact
from privacy.checks.advisories import import_report
from privacy.checks.reports import Reported
from privacy.core import clock
from tests.functional.console.town import Browser, Town


def _text(browser: Browser) -> str:
    assert browser.page is not None
    return browser.page.get_data(as_text=True)


@pytest.fixture
def owner(town: Town) -> Browser:
    """Alice, whose organisation has Netversor."""
    with town.house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE tenants SET services = '{T,V}'"))
    return town.browser(town.alice)


@pytest.mark.promise("E3")
def test_what_a_registry_publishes_is_shown_before(owner: Browser) -> None:
    told: dict[str, Any] = {
        "service": "V",
        "ground": "registry",
        "reason": "",
        "reference": "example.test",
        "recipient": "Registry",
        "contact": "whois@example.net",
        "email": "ida@example.org",
        "number": "",
        "name": "Ida Example",
        "fields": "first_name = Ida\nbirth_date = 1990-01-01",
        "at": "",
    }
    owner.get("/disclosures/record")
    owner.post("/disclosures/record", **told)
    assert "does not declare these fields" in _text(owner)
    shown = owner.post("/disclosures/record", **(told | {"fields": "first_name = Ida"}))
    assert shown.status_code == 302
    owner.get(shown.headers["Location"])
    assert "Not published yet" in _text(owner)
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', _text(owner))
    assert found is not None
    owner.post(f"{shown.headers['Location']}/publish", digest="0" * 64)
    assert owner.page is not None
    assert owner.page.status_code == 409
    owner.get(shown.headers["Location"])
    owner.post(f"{shown.headers['Location']}/publish", digest=found[1], follow=True)
    assert "Published, and in the register." in _text(owner)
    owner.get("/disclosures")
    owner.post("/disclosures", who="ida@example.org")
    assert "Registry" in _text(owner)


@pytest.mark.promise("F6")
def test_a_loss_is_recorded_assessed_told_and_settled(owner: Browser) -> None:
    lost = (clock.now() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    fields = ("consequences", "measures", "responsible", "tables", "people", "tenants")
    empty: dict[str, Any] = dict.fromkeys(fields, "")
    owner.get("/breaches/record")
    made = owner.post(
        "/breaches/record",
        service="V",
        discovered_at=lost,
        nature="A laptop was stolen.",
        **empty,
    )
    assert made.status_code == 302, _text(owner)
    place = made.headers["Location"]
    owner.get(place)
    assert "Tell the supervisory authority" in _text(owner)
    exposure: dict[str, Any] = {
        "exposed": "database",
        "since": lost,
        "until": "",
        "which": "",
    } | dict.fromkeys(("first_day", "last_day"), "")
    shown = owner.post(f"{place}/scope", preview="1", **exposure)
    assert shown.status_code == 200, _text(owner)
    assert "What it would reach" in _text(owner)
    assert owner.post(f"{place}/scope", **(exposure | {"exposed": ""})).status_code == 422
    owner.post(f"{place}/scope", follow=True, **exposure)
    assert "What it reached" in _text(owner)
    assert "Bundesbeauftragte" in _text(owner)
    owner.post(f"{place}/close", text="Done.")
    assert "Assess the risk" in _text(owner)
    owner.post(f"{place}/assess", risk="risk", text="Disk was sealed.", follow=True)
    owner.post(f"{place}/authority", at="", text="2026-4", follow=True)
    owner.post(f"{place}/users", audience="people", text="Everybody.", follow=True)
    assert "They are being written to." in _text(owner)
    owner.get("/breaches")
    assert "Running" in _text(owner)
    owner.get("/breaches/register.csv")
    header, *lines = csv.reader(io.StringIO(_text(owner)))
    (line,) = (dict(zip(header, one, strict=True)) for one in lines)
    assert (line["nature"], line["people"], line["risk"]) == ("A laptop was stolen.", "0", "risk")
    assert line["scope"].startswith("Exposed: database")


@pytest.mark.promise("E1")
def test_processors_and_records_of_processing(owner: Browser) -> None:
    first = (clock.now() + timedelta(days=40)).strftime("%Y-%m-%d")
    sent: dict[str, Any] = {
        "service": "V",
        "name": "Rechenzentrum Example",
        "role": "Hosting",
        "country": "US",
        "runs": "server",
        "transfer": "standard_clauses",
        "transfer_valid_until": "",
        "assessed_on": "2026-01-07",
        "assessment_url": "",
        "statement_url": "https://example.com/privacy",
        "agreement_url": "https://example.com/dpa",
        "fields": "email",
        "effective_on": first,
    }
    owner.get("/processors/announce")
    owner.post("/processors/announce", **sent)
    assert "outside" in _text(owner)
    inside = {"country": "DE", "transfer": "eu_eea", "assessed_on": ""}
    owner.post("/processors/announce", **(sent | inside), follow=True)
    assert "Rechenzentrum Example" in _text(owner)
    found = re.search(r"/processors/([0-9a-f-]{36})/object", _text(owner))
    assert found is not None
    owner.post(f"/processors/{found[1]}/object", follow=True)
    assert "You objected" in _text(owner)
    assert "as controller" in owner.get("/processors/records").get_data(as_text=True)
    assert owner.get("/processors/records.csv").mimetype == "text/csv"
    listed = owner.get("/processors/records.json").json
    assert listed is not None
    assert {one["role"] for one in listed["records"]} == {"controller", "processor"}
    owner.get("/processors")
    owner.post(f"/processors/{found[1]}/end", follow=True)
    assert "Ended" in _text(owner)


@pytest.mark.promise("B6")
def test_stale_contacts_wait_for_a_decision(town: Town, owner: Browser) -> None:
    with town.desk.tenant(town.alices) as work:
        made = create_contact(work, vault=town.desk.ring, entry=Entry(Contact(name="Old friend")))
    with town.house.installation.superuser().begin() as connection:
        connection.execute(text("UPDATE contacts SET doubts = 4 WHERE id = :id"), {"id": made})
    with town.desk.tenant(town.alices) as work:
        assert find_stale(work, town.desk.ring) == 1
    page = owner.get("/stale?rule=missing").get_data(as_text=True)
    assert "Old friend" in page
    found = re.search(r'action="(/stale/[0-9a-f-]{36})"', page)
    assert found is not None
    owner.post(found[1], decision="erased", follow=True)
    assert "Old friend" not in _text(owner)
    assert owner.get(f"/contacts/{made}").status_code == 404


@pytest.mark.promise("F8")
@pytest.mark.promise("F11")
def test_an_operator_owns_settles_and_accepts(town: Town) -> None:
    town.enrol(town.operator)
    with town.desk.installation() as work:
        one = Reported("CVE-2026-7", "openssl", "3.0.14", "3.0.15", True)
        import_report(work, source="debian", reported=[one])
    browser = town.browser(town.operator)
    page = browser.get("/checks").get_data(as_text=True)
    assert "CVE-2026-7" in page
    found = re.search(r"/checks/advisories/([0-9a-f-]{36})/own", page)
    assert found is not None
    place = f"/checks/advisories/{found[1]}"
    browser.post(f"{place}/settle", outcome="fixed", reasons="Updated.", follow=True)
    assert "Somebody has to own this advisory first." in _text(browser)
    browser.post(f"{place}/own", follow=True)
    browser.post(f"{place}/settle", outcome="fixed", reasons="Updated.", follow=True)
    assert "Settled lately" in _text(browser)
    browser.post("/checks/configuration/accept", follow=True)
    assert "as accepted" in _text(browser)
    assert browser.get("/promises").status_code == 200
    assert browser.get("/breaches").status_code == 200
    assert browser.get("/processors").status_code == 200
    assert town.browser(town.auditor).get("/checks").status_code == 403
