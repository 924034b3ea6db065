"""Every mail has a text, and values cannot break out of it."""

import string
from importlib.resources import files

import pytest

from privacy.mails.compose import kept_for
from privacy.mails.kinds import MailKind
from privacy.mails.letters import write_letter
from privacy.profiles import profile

VALUES = {
    "kind": "access",
    "tenant": "Example Ltd", "link": "https://silta.example.com/invitations/abc", "days": "7",
    "minutes": "30", "key": "silta_live_1a2b", "reference": "K7Q2-9XHM-4", "text": "Yes.",
    "until": "2030-01-01", "endpoint": "Warehouse", "service": "Netvisor Connector",
    "day": "2030-01-01", "reason": "it does not answer.", "due": "2030-02-01", "hours": "48",
    "code": "K7Q29-XHM4R", "authority": "Office of the Ombudsman",
}  # fmt: skip


BY_PEOPLE = {MailKind.INQUIRY_ANSWER}
"""Letters that begin with what somebody wrote."""


@pytest.mark.parametrize("kind", list(MailKind))
def test_every_kind_has_a_template_that_fits_a_terminal(kind: MailKind) -> None:
    letter = write_letter(kind, to="a@example.com", language="en", values=VALUES)
    assert letter.subject
    assert "$" not in letter.subject + letter.body
    assert letter.body.startswith("Hello,\n\n") or kind in BY_PEOPLE
    text = files("privacy.mails").joinpath(f"templates/{kind}.txt").read_text()
    assert all(len(line) <= 78 for line in text.splitlines())
    named = set(string.Template(text).get_identifiers())
    assert named <= set(VALUES)
    assert all(VALUES[name] in letter.subject + letter.body for name in named)


def test_there_is_no_template_without_a_kind() -> None:
    folder = files("privacy.mails").joinpath("templates")
    names = {entry.name for entry in folder.iterdir() if entry.name.endswith(".txt")}
    untranslated = {name for name in names if name.count(".") == 1}
    assert untranslated == {f"{kind}.txt" for kind in MailKind}
    for name in names - untranslated:
        kind, language, _ = name.split(".")
        assert f"{kind}.txt" in untranslated
        assert language in ("fi", "sv", "de")


def test_translations_say_the_same() -> None:
    folder = files("privacy.mails").joinpath("templates")
    for entry in folder.iterdir():
        kind, _, language = entry.name.removesuffix(".txt").partition(".")
        if not language:
            continue
        original = folder.joinpath(f"{kind}.txt").read_text()
        named = set(string.Template(original).get_identifiers())
        assert set(string.Template(entry.read_text()).get_identifiers()) == named, entry.name


def test_a_language_without_templates_gets_english() -> None:
    for language in ("fi", "", "../../etc/passwd"):
        letter = write_letter(
            MailKind.PASSWORD_CHANGED, to="a@example.com", language=language, values={}
        )
        assert letter.subject == "Your password was changed"


@pytest.mark.attack(53)
def test_a_value_begins_no_line_of_its_own() -> None:
    tenant = "Ltd\r\nBcc: eve@example.net\n\nPay here\u2028now $link ${key}\x1b[0m"
    letter = write_letter(
        MailKind.INVITATION, to="a@example.com", language="en", values=VALUES | {"tenant": tenant}
    )
    assert "\n" not in letter.subject
    assert "\r" not in letter.body
    assert "\x1b" not in letter.body
    assert "$link" in letter.subject  # a value is not a template


@pytest.mark.attack(53)
def test_what_a_person_wrote_keeps_its_lines_and_makes_no_header() -> None:
    text = "Dear Robin,\nyes.\rBcc: eve@example.net\n\nSincerely\x00 $tenant"
    letter = write_letter(
        MailKind.INQUIRY_ANSWER, to="a@example.com", language="en", values=VALUES | {"text": text},
        reply_to="desk@example.com",
    )  # fmt: skip
    assert letter.body.startswith("Dear Robin,\nyes. Bcc: eve@example.net\n\nSincerely  $tenant")
    assert "\n" not in letter.subject
    assert letter.reply_to == "desk@example.com"
    assert "desk" not in repr(letter)


def test_a_missing_value_is_an_error_at_once() -> None:
    with pytest.raises(KeyError):
        write_letter(MailKind.INVITATION, to="a@example.com", language="en", values={})


def test_a_letter_does_not_print() -> None:
    letter = write_letter(MailKind.EMAIL_CHANGED, to="a@example.com", language="en", values={})
    assert "example" not in repr(letter)


def test_mails_are_kept_as_long_as_the_profile_says() -> None:
    assert kept_for().days == profile("T").retention_days("mails")
