"""After a proof of identity nobody is led elsewhere."""

import pytest

from tenants.http.proofs import local
from tests.functional.console.town import Town


@pytest.mark.attack(33)
@pytest.mark.parametrize(
    "given",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/static/..//evil.example",
        "/calls/../..//evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
    ],
)
def test_no_address_leads_elsewhere(town: Town, given: str) -> None:
    with town.app.test_request_context():
        assert local(given) == "/"


def test_pages_of_ours_are_kept(town: Town) -> None:
    with town.app.test_request_context():
        assert local("/people/invite?role=agent") == "/people/invite"
