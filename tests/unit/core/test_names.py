"""Names that say what they show, and end nobody's line (ATTACKS 42, 53)."""

import pytest

from connector.accounts.facts import wrong_facts
from privacy.core.writings import is_name

BAD = ["", "  ", "a\x00b", "Example\nBcc: somebody@example.org", "a\tb", "exa\u202eelpm", "\ud800"]


@pytest.mark.attack(53)
@pytest.mark.parametrize("text", [*BAD, "x" * 11])
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text, longest=10 if "x" in text else 120)


@pytest.mark.parametrize("text", ["Mäki\u00a0Oy", " Ex & Co. ", "שלום", "n\u200dj", "x" * 10])
def test_what_is_one(text: str) -> None:
    assert is_name(text, longest=10)


@pytest.mark.attack(42)
@pytest.mark.parametrize("text", BAD)
def test_systems_are_called_so_neither(text: str) -> None:
    """The database would answer a NUL with an error of its own."""
    assert "name" in wrong_facts(text, "FI", "Europe/Helsinki")
