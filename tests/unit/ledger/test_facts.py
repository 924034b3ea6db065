"""What may be said in the ledger, and what may not."""

import uuid

import pytest

from privacy.ledger.record import _checked, _word


@pytest.mark.parametrize(
    "word",
    [
        "admin", "calls", "2026-11-01", "3cx", "moontalk", "calls:read", "T", "v1",
        str(uuid.UUID(int=2**100)), "0123456789abcdef0123456789abcdef",
    ],
)  # fmt: skip
def test_ids_days_and_words_pass(word: str) -> None:
    assert _word("subject", word) == word


@pytest.mark.attack(60)
@pytest.mark.parametrize(
    "telling",
    [
        "alice@example.com", "+12025550143", "12025550143", "Alice Example", "192.0.2.7",
        "2001:db8:0:0::1", "", "x" * 81, "line\nfeed", "Åsa",
    ],
)  # fmt: skip
def test_personal_data_does_not(telling: str) -> None:
    with pytest.raises(ValueError, match="personal data") as caught:
        _word("subject", telling)
    assert not telling or telling not in str(caught.value)


def test_facts_are_words_counts_and_truths() -> None:
    assert _checked({"count": 3, "live": True, "role": "admin"})
    for wrong in ({"Count": 1}, {"a b": 1}, {"": 1}, {"count": 2**60}):
        with pytest.raises(ValueError, match="fact"):
            _checked(wrong)
