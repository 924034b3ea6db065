"""What a contact is found by, and what is doubted of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.contacts.findings import findings_of
from connector.contacts.registers import register_number_is_valid, vat_id_is_valid
from connector.synced.columns import Doubt
from connector.synced.shapes import Address, Contact
from connector.synced.shelves import Circumstances
from privacy.core import clock

SEEN = Circumstances(region="FI", today=clock.now().date())


def in_country(country: str, **given: object) -> Contact:
    return Contact(name="Example", address=Address(country=country), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("country", "phone", "number"),
    [
        ("", "09 31 581 088", "+358931581088"),
        ("SE", "031-390 06 50", "+46313900650"),
        ("DE", "030 23125 111", "+493023125111"),
        ("SE", "+44 20 7946 0345", "+442079460345"),
        ("QQ", "001 202 555 0123", "+12025550123"),
    ],
)
def test_national_numbers_are_of_the_contacts_own_country(
    country: str, phone: str, number: str
) -> None:
    found = findings_of(in_country(country, phones=(phone, phone)), "1", SEEN)
    assert found.numbers == (number,)
    assert ("phone", number) in found.words


def test_short_numbers_find_nobody() -> None:
    found = findings_of(in_country("FI", phones=("112", "anonymous", "")), "1", SEEN)
    assert found.numbers == ()
    assert [kind for kind, _ in found.words] == ["name"]


def test_words_are_in_one_spelling() -> None:
    contact = Contact(
        name="  Example   LTD ",
        contact_person="Robin Example",
        emails=("Robin@Example.COM", "robin@example.com"),
        vat_id="fi-2077474 0",
        code="c 17",
    )
    assert set(findings_of(contact, "1", SEEN).words) == {
        ("email", "robin@example.com"),
        ("name", "example ltd"),
        ("name", "robin example"),
        ("vat_id", "FI20774740"),
        ("code", "C17"),
    }


@pytest.mark.promise("A5")
@pytest.mark.parametrize(
    ("vat_id", "country", "valid"),
    [
        ("FI20774740", "", True),
        ("FI 20774740", "FI", True),
        ("20774740", "FI", True),
        ("FI20774741", "FI", False),
        ("SE556188840401", "", True),
        ("DE136695976", "", True),
        ("DE136695977", "", False),
        ("EL094259216", "", True),
        ("GB980780684", "", True),
        ("nonsense", "FI", False),
        ("12", "QQ", False),
    ],
)
def test_vat_ids_are_judged_by_their_country(vat_id: str, country: str, valid: bool) -> None:
    assert vat_id_is_valid(vat_id, country) is valid


@pytest.mark.promise("A5")
@pytest.mark.parametrize(
    ("number", "country", "valid"),
    [
        ("2077474-0", "FI", True),
        ("2077474-1", "FI", False),
        ("556188-8404", "SE", True),
        ("556188-8405", "SE", False),
        ("HRB 1", "DE", None),
        ("1", "", None),
    ],
)
def test_register_numbers_are_judged_where_a_rule_is_known(
    number: str, country: str, valid: bool | None
) -> None:
    assert register_number_is_valid(number, country) is valid


@pytest.mark.promise("B6")
def test_doubts_are_what_the_rules_clean_up_by() -> None:
    wrong = in_country("FI", vat_id="FI20774741", company_register_number="2077474-1")
    doubts = findings_of(wrong, "1", SEEN).doubts
    assert doubts == Doubt.VAT_ID | Doubt.REGISTER_NUMBER | Doubt.UNREACHABLE
    right = in_country("FI", vat_id="FI20774740", emails=("robin@example.com",))
    assert findings_of(right, "1", SEEN).doubts == Doubt.NONE


_TEXTS = st.lists(st.text(max_size=30), max_size=4).map(tuple)


@given(
    st.builds(
        Contact,
        name=st.text(max_size=30),
        phones=_TEXTS,
        emails=_TEXTS,
        vat_id=st.text(max_size=16),
        company_register_number=st.text(max_size=16),
        address=st.none() | st.builds(Address, country=st.text(max_size=3)),
    )
)
def test_any_contact_can_be_read(contact: Contact) -> None:
    assert all(text for _, text in findings_of(contact, "1", SEEN).words)
