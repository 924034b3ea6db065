"""One form for each number (connector.calls.numbers)."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.calls import countries, numbers
from connector.calls.numbers import canonical, canonical_many, identity_of

EQUIVALENTS = [
    (
        "FI",
        "+442079460018",
        [
            "+44 20 7946 0018",
            "0044 20 7946 0018",
            "+44 (0)20 7946 0018",
            "0044(0)2079460018",
            "+44-20-7946-0018",
            "+44.20.7946.0018",
            "+44/20/7946/0018",
            "+44\u00a020\u20117946\u20110018",
            "\u202a+44 20 7946 0018\u202c",
            "\u200e+442079460018\u200f",
            "＋４４２０７９４６００１８",
            "+٤٤٢٠٧٩٤٦٠٠١٨",
            "+۴۴۲۰۷۹۴۶۰۰۱۸",
            "%2B442079460018",
            "%252B442079460018",
            "tel:+44-20-7946-0018",
            "TEL:+442079460018;ext=12",
            "sip:+442079460018@pbx.example.com",
            "sips:+442079460018@pbx.example.com:5061;transport=tls",
            '"Alice Example" <+442079460018>',
            '"Alice" <sip:+442079460018@pbx.example.com>',
            "*31#+442079460018",
            "+442079460018 ext. 12",
            "  +442079460018\r\n",
        ],
    ),
    ("GB", "+442079460018", ["020 7946 0018", "(020) 7946 0018", "02079460018", "442079460018"]),
    ("SE", "+46313900600", ["031-390 06 00", "0313900600", "0046 31 390 06 00", "46313900600"]),
    ("DE", "+493023125000", ["030 23125 000", "03023125000", "030/23125000", "+49 (030) 23125000"]),
    (
        "US",
        "+12025550100",
        ["(202) 555-0100", "1-202-555-0100", "011 1 202 555 0100", "2025550100"],
    ),
    ("US", "+493023125000", ["00493023125000", "011493023125000"]),
    ("FI", "+3589315810", ["09 315 810", "00358 9 315810", "+358 (0)9 315810", "990 358 9 315810"]),
    ("IT", "+390612345678", ["06 1234 5678", "+39 06 12345678", "0039 06 12345678"]),
    ("RU", "+74951234567", ["8 (495) 123-45-67", "+7 495 123-45-67", "8~10 7 495 1234567"]),
    (
        "FI",
        "sip:alice@pbx.example.com",
        ["SIP:alice@PBX.Example.COM", "<sip:alice@pbx.example.com>"],
    ),
    ("FI", "client:Alice_1", ["Client:Alice_1"]),
    ("FI", "4100", [" 4100 ", "41-00", "４１００"]),
    ("FI", "112", ["112", "1 1 2", "tel:112"]),
    (
        "FI",
        "anonymous",
        ["Anonymous", "sip:anonymous@anonymous.invalid", '"Anonymous" <anonymous>'],
    ),
    ("FI", None, ["", "   ", "-", "+", "\u200e", "()"]),
]


@pytest.mark.attack(14)
@pytest.mark.parametrize(
    ("region", "wanted", "written"),
    [(region, wanted, one) for region, wanted, many in EQUIVALENTS for one in many],
)
def test_equivalents_are_one_number(region: str, wanted: str | None, written: str) -> None:
    assert canonical(written, region) == wanted


@pytest.mark.parametrize(
    "kept", ["112", "116117", "4100", "*97", "#21#", "7001", "Reception", "alice", "0", "09", "s"]
)
def test_what_is_no_subscriber_number_is_kept(kept: str) -> None:
    assert canonical(kept, "FI") == kept
    assert identity_of(canonical(kept, "FI")) == kept


@pytest.mark.parametrize("label", ["Anonymous", "RESTRICTED", "unknown", "+266696687", "Okänd"])
def test_a_withheld_number_is_shown_and_nobody(label: str) -> None:
    assert canonical(label, "FI") == label.casefold()
    assert identity_of(canonical(label, "FI")) is None
    assert identity_of(None) is None


def test_many_keeps_order_and_repeats() -> None:
    sent = ["020 7946 0018", None, "4100", "020 7946 0018"]
    assert canonical_many(sent, "GB") == ["+442079460018", None, "4100", "+442079460018"]


def test_too_long_is_cut() -> None:
    assert len(canonical("x" * 5_000, "FI") or "") <= 128
    assert len(canonical("ﷺ" * 5_000, "FI") or "") <= 128


USUAL = ["+358931581088", "+442079460018", "+12025550100", "+493023125000"]
LIKELY = st.text(alphabet="+0123456789 -()*#%<>@:;.ABsip\u200e٤４", max_size=40)


@pytest.mark.attack(14)
@given(st.one_of(st.text(max_size=200), LIKELY), st.sampled_from(["FI", "US", "IT", "RU", "XX"]))
def test_never_raises_and_is_idempotent(number: str, region: str) -> None:
    once = canonical(number, region)
    assert once is None or len(once) <= 128
    assert canonical(once, region) == once


@given(
    st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)),
    st.text(alphabet="0123456789", min_size=5, max_size=12),
)
def test_recognising_equals_reading(country: int, rest: str) -> None:
    """The fast way never disagrees with libphonenumber on an international number."""
    number = f"+{country}{rest}"
    if countries.E164.match(number):
        assert numbers._international(number) == number


@given(st.lists(st.one_of(LIKELY, st.sampled_from(USUAL)), max_size=8))
def test_recognising_all_at_once_equals_each(sent: list[str]) -> None:
    each = all(countries.E164.match(number) for number in sent)
    assert countries.all_canonical(sent) == each
    assert numbers.canonical_of(set(sent), "FI") == {one: canonical(one, "FI") for one in sent}


def test_two_numbers_in_one_text_are_not_recognised() -> None:
    assert countries.all_canonical(USUAL)
    assert not countries.all_canonical(["\n".join(USUAL)])
    assert not countries.all_canonical([*USUAL, ""])
    assert not countries.all_canonical([f"{USUAL[0]}\n"])


def test_who_is_found_is_the_same_for_many() -> None:
    sent = {*USUAL, *numbers.WITHHELD, "4100", None}
    assert numbers.identities_of(sent) == {identity_of(one) for one in sent} - {None}


def test_usual_numbers_are_recognised() -> None:
    for number in ("+358931581088", "+442079460018", "+12025550100", "+493023125000"):
        assert countries.E164.match(number)
    for number in ("+44020794600", "+1202555010", "+358", "+1", "+4420794600181234567"):
        assert not countries.E164.match(number)
