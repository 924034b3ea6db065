"""What is decided without a database: texts, fields, origins, proofs, words."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.http.forms.requests import page_of
from connector.http.forms.words import WORDS, complaint_key
from connector.inquiries.change import checked_text
from connector.inquiries.channels import Topic
from connector.inquiries.declared import CARD, NotDeclared, read_fields
from connector.inquiries.forms.keys import KEY, new_key
from connector.inquiries.forms.origins import checked_origins
from connector.inquiries.references import new_reference
from connector.inquiries.robots.proofs import EASY, HARD, bits_for, is_proof
from connector.inquiries.texts import many_lines, one_line
from privacy.core.errors import Invalid

GOOD = {"name": "Robin", "email": "robin@example.org", "message": "Hello"}


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    tidy = one_line(text)
    assert tidy == one_line(tidy)
    assert all(c.isprintable() or c == "\u200d" or not c.isascii() for c in tidy)
    assert not set(tidy) & set("\r\n\t\0\x1b\u2028\u202e")
    tidy.encode()


@given(st.text())
def test_many_lines_keep_their_lines_only(text: str) -> None:
    tidy = many_lines(text)
    assert tidy == many_lines(tidy)
    assert not set(tidy) & set("\r\0\x1b\u2028\u202e")
    tidy.encode()


@pytest.mark.promise("A12")
@pytest.mark.parametrize("name", ["birth_date", "card_number", "channel", "answer", "ip_address"])
@pytest.mark.parametrize("service", ["C", "V"])
def test_a_field_that_is_not_declared_is_refused(service: str, name: str) -> None:
    with pytest.raises(NotDeclared) as refused:
        read_fields(service, GOOD | {name: "x"})
    assert "not declared" in str(refused.value.details)


def test_services_without_inquiries_take_none() -> None:
    with pytest.raises(Invalid):
        read_fields("T", GOOD)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"message": " \n "}, "message"),
        ({"email": ""}, "email"),
        ({"email": "nobody"}, "email"),
        ({"email": "", "telephone": "call me"}, "telephone"),
        ({"message": "x" * 5001}, "message"),
        ({"name": "x" * 201}, "name"),
        ({"topic": "gossip"}, "topic"),
        ({"message": "My card: 4111 1111 1111 1111, 05/29"}, "message"),
        ({"name": "4111\u200b1111\u200b1111\u200b1111"}, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(change: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_fields("C", GOOD | change)
    fields = refused.value.details["fields"]
    assert isinstance(fields, dict)
    assert field in fields
    assert all(complaint_key(text) in WORDS["en"] for text in fields.values())


@pytest.mark.promise("A7")
def test_card_numbers_do_not_enter_by_a_form_or_an_answer() -> None:
    for name in ("name", "telephone", "company", "message"):
        with pytest.raises(Invalid) as refused:
            read_fields("C", GOOD | {name: "４１１１ 1111 1111 1111"})
        assert refused.value.details["fields"] == {name: CARD}
        assert complaint_key(CARD) == "card"
    with pytest.raises(Invalid):
        checked_text("She read me 4111-1111-1111-1111.")


def test_every_complaint_has_words_of_its_own() -> None:
    told = []
    for change in ({"name": ""}, {"email": "nobody"}, {"email": ""}, {"topic": "gossip"},
                   {"message": "x" * 5001}, {"email": "", "telephone": "no"}):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            read_fields("C", GOOD | change)
        fields = refused.value.details["fields"]
        assert isinstance(fields, dict)
        told.append(complaint_key(next(iter(fields.values()))))
    assert told == ["required", "bad_email", "no_contact", "bad_topic", "too_long", "bad_telephone"]


def test_every_language_says_everything() -> None:
    english = WORDS["en"]
    assert {f"topic.{topic}" for topic in Topic} <= set(english)
    for language, words in WORDS.items():
        assert set(words) == set(english), language
        assert all(text.strip() == text and text for text in words.values()), language
        alike = [key for key in words if words[key] == english[key]]
        assert language == "en" or len(alike) < 4, alike


@pytest.mark.promise("D7")
def test_a_proof_is_checked_with_one_hash() -> None:
    number = next(
        str(n) for n in range(10**6) if hashlib.sha256(f"abc:{n}".encode()).digest()[:1] == b"\0"
    )
    assert is_proof("abc", number, bits=8)
    assert not is_proof("abd", number, bits=8)
    for bad in ("", "-1", " 1", "1 ", "٣", "1" * 16, "0x1", f"{number}.0"):
        assert not is_proof("abc", bad, bits=0), bad


def test_work_doubles_with_the_crowd_and_has_an_end() -> None:
    assert [bits_for(n) for n in (0, 1, 30, 31, 60, 61, 120, 240)] == [
        EASY, EASY, EASY, EASY + 1, EASY + 1, EASY + 2, EASY + 2, EASY + 3,
    ]  # fmt: skip
    assert bits_for(10**9) == HARD


def test_origins_are_as_browsers_send_them() -> None:
    assert checked_origins(["HTTPS://WWW.Example.com/", "https://a.example:8443", ""]) == [
        "https://a.example:8443",
        "https://www.example.com",
    ]
    assert checked_origins(["https://a.example:443", "http://localhost:5000"]) == [
        "http://localhost:5000",
        "https://a.example",
    ]
    for bad in (
        *("http://www.example.com", "https://a.example/path", "*", "null", "https://*.a.test"),
        *("https://u@a.example", "https://a.example?x", "javascript:1", "https://a b.c"),
    ):
        with pytest.raises(Invalid):
            checked_origins([bad])


def test_a_page_is_kept_without_what_it_was_asked() -> None:
    assert page_of("https://www.example.com/a?email=x#y") == "https://www.example.com/a"
    assert page_of("https://u:p@www.example.com/") == "https://www.example.com/"
    for bad in (None, "", "javascript:alert(1)", "file:///etc/passwd", "//x", "https://["):
        assert page_of(bad) is None


def test_keys_and_references_are_random() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(KEY.fullmatch(key) for key in keys)
    assert len({new_reference() for _ in range(100)}) == 100
