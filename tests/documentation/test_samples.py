"""Samples that are typed work on every machine, and name things as the quick start does."""

from tests.architecture.sources import ROOT

PAGES = sorted((ROOT / "docs/integrations").glob("*.md"))


def test_samples_need_no_tool_beside_curl() -> None:
    assert [page.name for page in PAGES if "uuidgen" in page.read_text()] == []


def test_samples_of_the_api_take_address_and_key_from_the_quick_start() -> None:
    for page in PAGES:
        lines = page.read_text().splitlines()
        asked = [line for line in lines if "/api/v1/" in line and "curl" in line]
        assert [line for line in asked if "$SILTA" not in line and "-d" not in line] == [], page
        assert "Bearer $KEY" not in page.read_text(), page
