"""Four languages that say the same things, and nothing of which is left untranslated."""

from collections.abc import Iterator
from enum import StrEnum
from string import Formatter

import pytest

from privacy.core.db.declarations import LegalBasis, Purpose, Retention, Subjects
from privacy.notices.languages import LANGUAGES, speech
from privacy.notices.render import Version, render_notice
from privacy.profiles import Profile, load_profiles
from privacy.profiles.data import Role, Source
from privacy.profiles.model import REGIONS
from privacy.profiles.parts import (
    CookieCategory,
    DocumentUse,
    Objection,
    ObjectionChannel,
    Term,
    UnofficialChannel,
)
from privacy.profiles.sharing import AuthorityReason, Ground, Transfer

CLOSED: dict[str, type[StrEnum]] = {
    "whose": Subjects,
    "role": Role,
    "source": Source,
    "purpose": Purpose,
    "basis": LegalBasis,
    "retention": Retention,
    "objection": Objection,
    "channel": ObjectionChannel,
    "cookie": CookieCategory,
    "transfer": Transfer,
    "ground": Ground,
    "reason": AuthorityReason,
    "term": Term,
    "documents": DocumentUse,
    "unofficial": UnofficialChannel,
}
"""Section of the words → the closed list that it puts into words."""


def _holes(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def _texts(rules: Profile) -> Iterator[str]:
    """Everything that a profile says in English of its own."""
    yield rules.description
    for kind in rules.data:
        yield kind.name
        yield from (field.meaning for field in kind.fields)
    yield from (one.role for one in rules.processors)
    yield from (one.role for one in (*rules.recipients, *rules.tenant_recipients))
    yield from (one.purpose for one in rules.cookies)
    yield from filter(None, (rules.controller.contact, rules.controller.register_type))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_sentences_with_the_same_holes(language: str) -> None:
    english, spoken = speech("en").words, speech(language).words
    assert set(spoken) - {"texts"} == set(english)
    for section, sentences in english.items():
        assert set(spoken[section]) == set(sentences), section
        for key, sentence in sentences.items():
            assert _holes(spoken[section][key]) == _holes(sentence), (section, key)
            same = spoken[section][key] == sentence and language != "en"
            assert not same or len(sentence) < 30, (section, key)


def test_every_word_of_a_closed_list_can_be_said() -> None:
    for language in LANGUAGES:
        for section, words in CLOSED.items():
            assert {one.value for one in words} <= set(speech(language).words[section]), section
        assert set(REGIONS) <= set(speech(language).words["place"])


@pytest.mark.promise("A13")
@pytest.mark.parametrize("key", sorted(load_profiles()))
def test_every_text_of_a_profile_is_translated(key: str) -> None:
    texts = set(_texts(load_profiles()[key]))
    for language in LANGUAGES:
        missing = {text for text in texts if not speech(language).knows(text)}
        assert missing == set(), language


@pytest.mark.promise("D3")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_profile_is_rendered_whole(language: str) -> None:
    for rules in load_profiles().values():
        version = Version(3, rules.policy.dated)
        document = render_notice(rules, language=language, version=version, organisation="Fjord")
        text = document.text()
        assert document.language == language
        assert "{" not in text
        assert "Fjord" in text
        assert rules.controller.name in text
        for kind in rules.data:
            assert speech(language).translate(kind.name) in text
        for processor in rules.processors:
            assert processor.name in text
            assert speech(language).country(processor.country) in text
            assert processor.agreement_url in text
        assert speech(language).day(rules.policy.next_review) in text


def test_dates_and_durations_are_the_language_s_own() -> None:
    said = {one: speech(one).days(730) for one in LANGUAGES}
    assert said == {"en": "2 years", "fi": "2 vuotta", "sv": "2 år", "de": "2 Jahre"}
    assert speech("fi").days(30) == "30 päivää"
    assert speech("de").country("SE") == "Schweden"
    assert speech("xx").language == "en"
