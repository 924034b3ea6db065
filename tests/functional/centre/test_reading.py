"""What everybody can read: notices, versions, differences, cookies; in four languages."""

import hashlib
import re

import pytest

from connector.notices.derive import derive_profile
from privacy.notices.languages import LANGUAGES, speech
from privacy.profiles import load_profiles
from privacy.profiles.changes import Changes
from tests.functional.centre.readers import Reader


@pytest.mark.promise("D3")
@pytest.mark.promise("D4")
@pytest.mark.promise("D5")
def test_every_page_reads_without_a_cookie_and_loads_nothing_from_elsewhere(
    reader: Reader,
) -> None:
    below = ("", "/versions", "/versions/1", "/cookies", "/request", "/objection", "/withdrawal")
    here = ["", "/status", "/code", *(f"/netversor{path}" for path in below)]
    pages = [(language, path) for language in LANGUAGES for path in here]
    others = [rules.slug for rules in load_profiles().values() if rules.slug != "netversor"]
    pages += [("en", f"/{slug}{path}") for slug in others for path in below]
    for language, path in pages:
        text = reader.get(f"{path}?lang={language}")
        assert f'<html lang="{language}">' in text
        assert "style=" not in text
        loaded = re.findall(r'<(?:script|img|link|iframe)[^>]*(?:src|href)="([^"]*)"', text)
        assert all(one.startswith("/") for one in loaded), loaded
        assert "document.cookie" not in text
    assert len(pages) == 68


@pytest.mark.promise("D3")
def test_the_services_have_a_place_of_their_own(reader: Reader) -> None:
    text = reader.client.get("/privacy/").get_data(as_text=True)
    for rules in load_profiles().values():
        assert rules.service in text
    answer = reader.client.get("/privacy/services/netvisor?lang=fi")
    assert "Tietosuojaseloste: Netvisor Connector" in answer.get_data(as_text=True)
    assert reader.client.get("/privacy/services/netvisor/request").status_code == 404
    browser = reader.client.get("/privacy/", headers={"Accept-Language": "sv-FI,sv;q=0.9"})
    assert '<html lang="sv">' in browser.get_data(as_text=True)


@pytest.mark.promise("D3")
def test_a_change_stands_beside_what_was_before(reader: Reader) -> None:
    town = reader.town
    assert speech("en").days(30) in reader.get("/moontalk?lang=en")
    with town.desk.tenant(reader.tenant) as work:
        derive_profile(work, town.desk.ring, service="T", changes=Changes())
        derive_profile(work, town.desk.ring, service="T", changes=Changes(days={"calls": 14}))
    text = reader.get("/moontalk?lang=de")
    assert "14 Tage, den Tag des Anrufs" in text
    assert "Was anders ist als in der Fassung davor" in text
    assert "30 Tage" in text, "in the difference"
    older = reader.get("/moontalk/versions/1?lang=de")
    assert "30 Tage, den Tag des Anrufs" in older
    assert "14 Tage" not in older
    assert "Sie gilt nicht mehr" in older
    versions = reader.get("/moontalk/versions?lang=en")
    assert "Version 2, of" in versions
    assert "Version 1, of 1 September 2025" in versions
    whole = reader.client.get(f"{reader.place}/moontalk/versions/1/digested").data
    assert hashlib.sha256(whole).hexdigest() in older
    for number in ("0", "3", "x"):
        reader.get(f"/moontalk/versions/{number}", status=404)
        reader.get(f"/moontalk/versions/{number}/digested", status=404)


@pytest.mark.promise("D4")
def test_cookies_are_told_by_category(reader: Reader) -> None:
    text = reader.get("/netversor/cookies?lang=en")
    for category in ("analytics", "functional", "social media", "advertising"):
        assert f"<h2>{category}</h2>" in text
    assert text.count("Off until you agree") == 4
    assert "do nothing until you click" in text
    none = reader.get("/cloudvisor/cookies?lang=en")
    assert "set no cookies and use no analytics" in none
    assert "Off until you agree" not in none


def test_programs_find_what_they_look_for(reader: Reader) -> None:
    signal = reader.client.get("/.well-known/gpc.json")
    assert signal.json == {"gpc": True, "lastUpdate": "2026-11-22"}
    told = reader.client.get("/.well-known/security.txt").get_data(as_text=True)
    assert "\nExpires: 20" in told
    assert told.startswith("Contact: http")
    assert reader.client.get("/privacy/services").status_code == 200, "where the contact leads"
    moved = reader.client.get("/.well-known/change-password")
    assert moved.status_code == 302
    assert moved.headers["Location"].endswith("/password")
    assert all("Set-Cookie" not in one.headers for one in (signal, moved))


@pytest.mark.attack(34)
def test_what_is_not_there_is_said_alike(reader: Reader) -> None:
    for path in ("/nothing", "/moontalk/versions/99", "/nothing/request"):
        assert "mistyped" in reader.get(f"{path}?lang=en", status=404)
    for place in ("AAAAAAAAAAAAAAAAAAAAAA", "../x", "AAAAAAAAAAGAAAAAAAAAAQ"):
        answer = reader.client.get(f"/privacy/{place}?lang=en")
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers
