"""The pages of registered people say everything in four languages, what is refused included."""

from datetime import date, timedelta

import pytest

from connector.http.portal.complaints import COMPLAINTS, fields_in, problem_in
from connector.http.portal.words import PORTAL
from connector.registrations.begin import login_taken
from connector.registrations.details import read_details
from connector.registrations.links import _gone
from connector.registrations.sign_in import _refused
from privacy.core.errors import Invalid, NotFound, SiltaError, Unavailable
from privacy.mails.kinds import MailKind
from privacy.mails.letters import write_letter
from tenants.limits.take import too_many
from tenants.passwords.rules import check_password

GOOD = {
    "login": "robin",
    "first_name": "Robin",
    "last_name": "Example",
    "email": "robin@example.com",
    "birth_date": "1990-12-31",
}
TODAY = date(2026, 11, 22)
WRONG = (
    {"login": ""},
    {"first_name": "x" * 201},
    {"last_name": "4111 1111 1111 1111"},
    {"email": "nobody"},
    {"login": "a@b"},
    {"birth_date": "yesterday"},
    {"birth_date": "1790-12-31"},
    {"birth_date": "2020-12-31"},
)
PASSWORDS = ("short", "x" * 129, "abcabcabcabc", "password1234", "robinexample")


def refusals() -> list[SiltaError]:
    """Whatever these pages can be answered with, as the use cases say it."""
    found: list[SiltaError] = [
        login_taken(),
        _gone(),
        _refused(),
        too_many(timedelta(minutes=5)),
        Unavailable(),
        NotFound(),
    ]
    for change in WRONG:
        with pytest.raises(Invalid) as refused:
            read_details("V", GOOD | change, today=TODAY)
        found.append(refused.value)
    for password in PASSWORDS:
        with pytest.raises(Invalid) as refused:
            check_password(password, email="robin@example.com", name="Robin Example")
        found.append(refused.value)
    return found


def test_every_language_says_everything() -> None:
    for catalogue in (PORTAL, COMPLAINTS):
        assert set(catalogue) == {"en", "fi", "sv", "de"}
        english = catalogue["en"]
        for language, words in catalogue.items():
            assert set(words) == set(english), language
            assert all(text.strip() == text and text for text in words.values()), language
            alike = [key for key in words if words[key] == english[key]]
            assert language == "en" or len(alike) < 4, alike


@pytest.mark.parametrize("language", ["fi", "sv", "de"])
def test_no_refusal_is_said_in_english_or_in_general_words(language: str) -> None:
    words = COMPLAINTS[language]
    known = {text.partition("{n}")[0] for key, text in words.items() if key != "other"}
    for refusal in refusals():
        told = dict(fields_in(language, refusal))
        if not told:
            told["problem"] = problem_in(language, refusal)
        english = refusal.details.get("fields") or {"problem": refusal.message}
        assert isinstance(english, dict)
        for name, text in told.items():
            assert text != english[name]
            assert "{n}" not in text
            assert any(text.startswith(beginning) for beginning in known if beginning), text
    assert "200" in fields_in(language, refusals()[7])["first_name"]


def test_english_stays_as_the_use_cases_say_it() -> None:
    for refusal in refusals():
        assert problem_in("en", refusal) == problem_in("xx", refusal) == refusal.message


@pytest.mark.parametrize(
    "kind", [kind for kind in MailKind if kind.value.startswith(("registration_", "registrant_"))]
)
def test_letters_to_registered_people_are_in_the_forms_language(kind: MailKind) -> None:
    names = ("tenant", "link", "days", "text", "until", "minutes", "day", "use", "reference")
    values = {name: f"<{name}>" for name in names}
    letters = {
        language: write_letter(kind, to="a@example.com", language=language, values=values)
        for language in ("en", "fi", "sv", "de")
    }
    assert len({letter.body for letter in letters.values()}) == 4
    assert len({letter.subject for letter in letters.values()}) == 4
    for letter in letters.values():
        for name, value in values.items():
            assert (value in letter.body) == (value in letters["en"].body), name
        assert "$" not in letter.body
