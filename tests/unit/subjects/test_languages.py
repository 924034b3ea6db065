"""The page of an export says everything in each of the four languages."""

import re
from html import unescape
from typing import Any

import pytest

from connector.subjects.registry import HOLDERS
from privacy.notices.languages import LANGUAGES, speech
from privacy.profiles import load_profiles
from privacy.subjects.circumstances import about
from privacy.subjects.dictionary import meaning
from privacy.subjects.languages import title_of, words_of
from privacy.subjects.pages import readable

CALL: dict[str, Any] = {
    "caller": "+12025550143",
    "messages": [{"text": "<b>Hej</b>", "nobody_said": True}],
    "source": "the telephone system",
    "kept_until": "2026-12-22",
}


def manifest() -> dict[str, Any]:
    holders = [
        {"name": one.name, "recipients": list(one.recipients), **about(one)} for one in HOLDERS
    ]
    return {
        "reference": "R-K7Q2-9XHM",
        "holders": holders,
        "told": ["Registrar & Co", "WHOIS and the registrar"],
        "controller": {"name": "Example GmbH", "reached": ["info@example.com"]},
        "processors": [
            {"name": "Cloud Inc", "country": "US", "role": "Hosting", "transfer": "adequacy"}
        ],
        "transfers": ["US"],
        "authority": "IMY",
    }


def page(language: str) -> str:
    data = {one.name: [CALL] if one.name == "calls" else [] for one in HOLDERS}
    return readable(language=language, tenant="Fjord Oy", manifest=manifest(), data=data)


@pytest.mark.promise("C1")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    words, english = words_of(language), words_of("en")
    assert {name: set(some) for name, some in words.items()} == {
        name: set(some) for name, some in english.items()
    }
    assert set(words["holders"]) == {one.name for one in HOLDERS}
    assert {one.title for one in HOLDERS} == set(english["holders"].values())
    assert {to for one in HOLDERS for to in one.recipients} <= set(words["recipients"])
    fields = (f for one in load_profiles().values() for kind in one.data for f in kind.fields)
    assert [one.meaning for one in fields if not speech(language).knows(one.meaning)] == []
    for key, said in words["page"].items():
        names = set(re.findall(r"{(\w+)}", said))
        assert names == set(re.findall(r"{(\w+)}", english["page"][key])), key


@pytest.mark.promise("C1")
@pytest.mark.attack(50)
def test_the_page_is_in_the_persons_language_and_takes_nothing_for_markup() -> None:
    said = {
        "en": ("Purposes", "the telephone system", "United States", "Registrar & Co"),
        "fi": ("Käyttötarkoitukset", "puhelinjärjestelmä", "Yhdysvallat", "Soittajan"),
        "sv": ("Ändamål", "telefonsystemet", "USA", "Registrar & Co"),
        "de": ("Zwecke", "das Telefonsystem", "Vereinigte Staaten", "Ihre Rechte"),
    }
    for language, words in said.items():
        text = page(language)
        assert f'<html lang="{language}">' in text
        assert "<b>" not in text
        assert "&lt;b&gt;Hej" in text
        plain = unescape(text)
        assert "nobody said" in plain
        missing = [word for word in words if word.lower() not in plain.lower()]
        assert missing == [], language
    assert "Purposes" not in page("fi")
    assert title_of("de", "calls") == "Anrufe"
    assert title_of("fi", "calls") == "puhelut"
    assert meaning("no_such_field", "sv") == ""
