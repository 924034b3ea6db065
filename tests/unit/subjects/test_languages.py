"""The page of an export says everything in each of the four languages."""

import re
from html import unescape
from typing import Any

import pytest

from connector.inquiries.channels import Channel
from connector.inquiries.models import WAYS
from connector.subjects.registry import HOLDERS
from privacy.consents.purposes import ConsentPurpose
from privacy.consents.shapes import ConsentAct, ConsentChannel
from privacy.mails.kinds import MailKind, MailState
from privacy.notices.languages import LANGUAGES, speech
from privacy.profiles import load_profiles
from privacy.profiles.parts import Objection, ObjectionChannel
from privacy.profiles.sharing import Ground
from privacy.subjects.circumstances import about
from privacy.subjects.dictionary import meaning
from privacy.subjects.languages import title_of, words_of
from privacy.subjects.pages import readable
from privacy.subjects.words import RequestChannel, RequestKind, RequestState
from privacy.suppressions.causes import Cause

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


@pytest.mark.promise("C1")
def test_codes_of_closed_lists_are_words_on_the_page() -> None:
    kinds = {one for one in MailKind if one.startswith(("subject_", "registra", "inquiry_"))}
    lists = (RequestKind, RequestChannel, RequestState, MailState, ConsentAct, ConsentChannel)
    more = (ConsentPurpose, Objection, ObjectionChannel, Cause, Ground, Channel)
    codes = {one.value for some in (*lists, *more) for one in some}
    codes |= {*WAYS, "inbound", "outbound", "internal"} | kinds - {MailKind.SUBJECT_FORWARDED}
    assert codes - set(words_of("en")["values"]) == set()
    line = CALL | {"direction": "inbound", "messages": [{"way": "out", "text": "out"}]}
    data = {one.name: [line] if one.name == "calls" else [] for one in HOLDERS}
    text = readable(language="fi", tenant="Fjord Oy", manifest=manifest(), data=data)
    assert "saapuva" in text
    assert "inbound" not in text
    assert ": sinulle<br>" in text
    assert ": out" in text, "what people wrote stays as they wrote it"
