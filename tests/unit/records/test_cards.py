"""Card numbers are seen however they are written; other long numbers pass."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from connector.synced.cards import holds_card

CARDS = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "5105105105105100",
    "2223003122003222",
    "378282246310005",
    "3782 822463 10005",
    "30569309025904",
    "6011111111111117",
    "3530111333300000",
    "6200000000000005",
    "2200000000000004",
]


@pytest.mark.promise("A7")
@pytest.mark.parametrize("card", CARDS)
def test_every_issuers_numbers_are_seen(card: str) -> None:
    assert holds_card([card])
    assert holds_card(["nothing", f"Paid with {card}, valid until 05/29."])
    assert holds_card([f"ref 12 {card} 05/29"])


@pytest.mark.promise("A7")
@pytest.mark.parametrize(
    "hidden",
    [
        "4111\u00a01111\u202f1111\u20091111",
        "４１１１１１１１１１１１１１１１",
        "٤١١١١١١١١١١١١١١١",
        "4111.1111.1111.1111",
        "4111_1111_1111_1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "+4111 1111 1111 1111",
        "card4111111111111111x",
        "4111\n1111\n1111\n1111",
        "4111 — 1111 — 1111 — 1111",
        "4111,1111,1111,1111",
        "4111:1111:1111:1111",
        "4111*1111*1111*1111",
        "4111|1111|1111|1111",
        "(4111)(1111)(1111)(1111)",
        "3782' 822463' 10005",
        "4111    1111    1111    1111",
        "4111\u200b1111\u200b1111\u200b1111",
        "4111\u00ad1111\u20601111\ufe0f1111",
        "4111\u202d1111\u202c11111111",
        "4\u03011\u03011\u03011\u0301 1111 1111 1111",
        "4111\u28001111\u31641111\u11601111",
    ],
)
def test_no_spelling_hides_one(hidden: str) -> None:
    assert holds_card([hidden])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+358 40 123 4567",
        "+49 1511 1234567",
        "0049 30 23125 678",
        "FI21 1234 5600 0007 85",
        "DE89 3704 0044 0532 0130 00",
        "RF18 5390 0754 7034",
        "4111 1111 1111 1112",
        "2026-11-22 10:00:00 2026-12-31",
        "5f3c1c1e-4111-1111-1111-111111111111",
        "1234 5678 9012 3452",
        "30 00:15:00, 2026-12-01, 4500,00 | 4600,00 | 1250,00",
        "4111,1111,1111,1112",
        "12345678901234567890123456",
    ],
)
def test_other_numbers_pass(text: str) -> None:
    assert not holds_card([text])


@given(st.from_regex(r"(4[0-9]{14}|5[1-5][0-9]{13})", fullmatch=True), st.text(max_size=5))
def test_any_number_of_the_large_issuers_is_seen(body: str, around: str) -> None:
    card = body + luhn.calc_check_digit(body)
    letters = "".join(c for c in around if c.isalpha() and not c.isdigit())
    assert holds_card([f"{letters} {card} {letters}"])


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    assert holds_card([text]) in (True, False)


_NO_ACCOUNT = "AA11" + "A" * 31 + "_ "


@pytest.mark.attack(47)
@pytest.mark.parametrize(
    ("unit", "times"), [("1 ", 20_000), ("4 ", 4_000), ("1...", 5_000), (_NO_ACCOUNT, 2_000)]
)
def test_a_hostile_text_is_read_in_no_time(unit: str, times: int) -> None:
    began = process_time()
    assert not holds_card(("1" * 14 + " " + unit * times,))
    assert process_time() - began < 1.5
