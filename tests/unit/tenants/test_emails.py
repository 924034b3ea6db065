"""One spelling for each mailbox."""

import pytest

from privacy.core.errors import Invalid
from tenants.emails import checked, folded


@pytest.mark.parametrize("typed", ["alice@example.com", " Alice@Example.COM ", "ALICE@example.com"])
def test_one_mailbox_has_one_spelling(typed: str) -> None:
    assert folded(typed) == "alice@example.com"


@pytest.mark.parametrize("typed", ["alice", "@example.com", "a b@example.com", "a@b@c.test", ""])
def test_what_is_no_address_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(typed)
    assert not typed or typed not in refused.value.message


def test_an_address_keeps_its_spelling_for_the_mail() -> None:
    assert checked("Alice@Example.com") == "Alice@example.com"
